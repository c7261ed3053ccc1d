"""Forms about collectors."""

from __future__ import annotations

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import AnyOf

from survey.services.collectors import Kind, Slip
from survey.services.single_use import MOST
from survey.texts import LANGUAGES
from survey.web.fields import Form, clock, day, line, people, t, whole

HANGING = tuple(kind for kind in Kind if kind is not Kind.IMPORT)
"""Kinds that staff add; import makes its own."""


class NewCollector(Form):
    """A new collector."""

    name = line(t("Name"), 200, required=t("Name the place where the code hangs."))
    kind = StringField(t("Kind"), [AnyOf(HANGING, t("There is no such kind of collector."))], default=str(Kind.POSTER))
    opens_on = day(t("First day"))
    closes_on = day(t("Last day"))
    single_use = BooleanField(t("Only with single-use codes"))


class CollectorTraits(Form):
    """What a collector is called and carries. Fixed answers are fields of their own, one a question."""

    name = line(t("Name"), 200, required=t("Name the place where the code hangs."))
    place = line(t("Place"), 200)
    unit = line(t("Office"), 300)
    slip = StringField(t("Handed out with"), [AnyOf(("", *Slip), t("There is no such kind of slip."))], default="")
    language = StringField(
        t("Language the form opens in"),
        [AnyOf(("", *LANGUAGES), t("The pages do not speak this language."))],
        default="",
    )
    opens_on = day(t("First day"))
    closes_on = day(t("Last day"))
    hours_from = clock(t("Open from"))
    hours_to = clock(t("Open until"))
    expected_per_day = people(t("Answers on a busy day"))
    most_answers = people(t("Most answers"))


class Codes(Form):
    """How many single-use codes are made, and what they come as."""

    number = whole(t("Number of codes"), 1, MOST, t("Between 1 and 100,000 codes can be made at once."))
    note = line(t("Remark"), 200)
    form = StringField(t("As"), [AnyOf(("csv", "labels"))], default="csv")
    sheet = StringField(default="L7160")
    language = StringField(default="vi")


class Lead(Form):
    """Which survey a printed code opens from now on."""

    slug = line(t("Survey"), 64, required=t("Choose a survey."))


class Labels(Form):
    """A label sheet. It comes by GET and changes nothing but the audit trail, so it needs no token."""

    class Meta(Form.Meta):
        csrf = False

    sheet = StringField(default="L7160")
    skip = whole(t("Labels to leave out at the beginning"), 0, 200, t("Write a whole number in digits."), default=0)
    outlines = BooleanField()
    counted = BooleanField()


class Sites(Form):
    """Websites that may show the form."""

    sites = TextAreaField(t("Websites"))
