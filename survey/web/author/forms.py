"""Forms about surveys."""

from __future__ import annotations

from typing import Any

from survey.services.particulars import Particulars
from survey.web.fields import Form, day, line, people, t

FIELDS = ("title", "office", "superior", "phone", "email", "website", "opens_on", "closes_on", "population", "target")


class Plan(Form):
    """What may be changed at any time before a survey closes."""

    opens_on = day()
    closes_on = day()
    population = people()
    target = people()

    def said(self) -> Particulars:
        """What was typed, as services take it."""
        given: dict[str, Any] = {name: self[name].data for name in FIELDS if name in self}
        return Particulars(**{name: value for name, value in given.items() if value not in (None, "")})


class Details(Plan):
    """The same with what stands in the questionnaire itself."""

    title = line(500)
    office = line(300, required=t("Write which office asks."))
    superior = line(300)
    phone = line(100)
    email = line(254)
    website = line(300)


class NewSurvey(Details):
    """A new survey from a template."""

    template = line(64, required=t("Choose a template."))
    slug = line(64)


class Act(Form):
    """A button."""
