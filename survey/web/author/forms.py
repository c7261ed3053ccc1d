"""Forms about surveys."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from wtforms import StringField
from wtforms.validators import AnyOf

from survey.services.particulars import LAYOUTS, Particulars
from survey.web.fields import Form, day, line, people, t

FIELDS = tuple(field.name for field in fields(Particulars))


class Template(Form):
    """What a new survey starts from."""

    template = line(t("Template"), 64, required=t("Choose a template."))
    slug = line(t("Short name"), 64)


class Names(Form):
    """What stands in the questionnaire itself."""

    title = line(t("Title"), 500)
    title_en = line(t("Title in English"), 500)
    office = line(t("Office"), 300, required=t("Write which office asks."))
    office_en = line(t("Name of the office in English"), 300)
    superior = line(t("Superior body"), 300)
    phone = line(t("Phone"), 100)
    email = line(t("E-mail"), 254)
    website = line(t("Website"), 300)


class Plan(Form):
    """What may be changed at any time before a survey closes."""

    opens_on = day(t("First day"))
    closes_on = day(t("Last day"))
    population = people(t("Population (N)"))
    target = people(t("Answers needed"))
    layout = StringField(
        t("Questions on a phone"), [AnyOf(("", *LAYOUTS), t("There is no such layout."))], default="page"
    )

    def said(self) -> Particulars:
        """What was typed, as services take it."""
        given: dict[str, Any] = {name: self[name].data for name in FIELDS if name in self}
        return Particulars(**{name: value for name, value in given.items() if value not in (None, "")})


class Details(Names, Plan):
    """Both. Fields come in the order their classes stand here, which is that of the page; so do the errors."""


class NewSurvey(Template, Details):
    """A new survey from a template."""


class Act(Form):
    """A button."""
