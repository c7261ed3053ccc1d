"""Forms about collectors."""

from __future__ import annotations

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import AnyOf

from survey.services.collectors import Kind
from survey.web.fields import Form, day, line, t, whole

HANGING = tuple(kind for kind in Kind if kind is not Kind.IMPORT)
"""Kinds that staff add; import makes its own."""


class NewCollector(Form):
    """A new collector."""

    name = line(t("Name"), 200, required=t("Name the place where the code hangs."))
    kind = StringField(t("Kind"), [AnyOf(HANGING, t("There is no such kind of collector."))], default=str(Kind.POSTER))
    opens_on = day(t("First day"))
    closes_on = day(t("Last day"))


class Labels(Form):
    """A label sheet. It comes by GET and changes nothing but the audit trail, so it needs no token."""

    class Meta(Form.Meta):
        csrf = False

    sheet = StringField(default="L7160")
    skip = whole(t("Labels to leave out at the beginning"), 0, 200, t("Write a whole number in digits."), default=0)
    outlines = BooleanField()


class Sites(Form):
    """Websites that may show the form."""

    sites = TextAreaField(t("Websites"))
