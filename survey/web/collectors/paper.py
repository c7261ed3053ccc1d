"""Paper forms of a collector: printed by POST, since each print run takes serials that no other may have."""

from __future__ import annotations

from flask import Response
from wtforms import IntegerField, StringField
from wtforms.validators import AnyOf

from survey.accounts.permissions import Permission
from survey.errors import PhieuError
from survey.printing.form import MOST_COPIES
from survey.services import paper_forms
from survey.texts import LANGUAGES
from survey.web.collectors.blueprint import blueprint
from survey.web.fields import Form, line, t, whole
from survey.web.security import actor, requires, runtime
from survey.web.workbench import download


class PaperForms(Form):
    """How many, from which serial on, in which language."""

    copies: IntegerField = whole(t("Copies"), 1, MOST_COPIES, t("Print between 1 and 500 copies."), default=1)
    first: StringField = line(t("Print again from serial"), 40)
    language = StringField(t("Language"), [AnyOf(LANGUAGES)], default=LANGUAGES[0])


@requires(Permission.PRINT)
@blueprint.post("/collectors/<code>/form.pdf")
def forms(code: str) -> Response:
    """Numbered paper forms, for two-sided printing."""
    form = PaperForms()
    if not form.validate():
        raise PhieuError(
            "copies_unusable", "So many copies cannot be printed at once.", "Print between 1 and 500 copies."
        )
    made = paper_forms.forms(
        runtime(),
        actor(),
        code,
        form.language.data or LANGUAGES[0],
        copies=form.copies.data or 1,
        first=form.first.data or "",
    )
    name = "".join(c for c in f"form-{code[:16]}-{made.first}-{made.last}" if c.isascii() and (c.isalnum() or c == "-"))
    return download(made.pdf, "application/pdf", f"{name}.pdf")
