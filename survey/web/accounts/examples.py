"""A page of examples of every part the staff pages are made of, for those who work on them; there only in debug."""

from __future__ import annotations

from flask import abort, current_app, render_template

from survey.accounts.permissions import Permission
from survey.web.accounts.forms import ChangePassword
from survey.web.accounts.views import blueprint
from survey.web.security import requires


@requires(Permission.ACCOUNT)
@blueprint.get("/components")
def components() -> str:
    """Tags, messages, fields, tables, figures: each as it looks in use."""
    if not current_app.debug:
        abort(404)
    form = ChangePassword(formdata=None)
    form.old.errors = [form.old.validators[0].message]
    return render_template("staff/components.html", form=form)
