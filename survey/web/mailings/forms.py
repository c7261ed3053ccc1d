"""Forms about mailings."""

from __future__ import annotations

from typing import Any

from wtforms import FileField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from survey.services.mailing import LONGEST_BODY, Wording
from survey.web.fields import Form, line, t


def _body(label: str) -> TextAreaField:
    rules: list[Any] = [
        InputRequired(t("Write the letter.")),
        Length(max=LONGEST_BODY, message=t("This text is too long.")),
    ]
    return TextAreaField(label, rules)


class Words(Form):
    """What a mailing says."""

    language = StringField(t("Language"))
    subject = line(t("Subject"), 200, required=t("Write one line that says what it is about."))
    body = _body(t("Letter"))
    reminder_subject = line(t("Subject of the reminder"), 200, required=t("Write one line that says what it is about."))
    reminder_body = _body(t("Reminder"))

    def said(self) -> Wording:
        """What was typed, as services take it."""
        names = ("language", "subject", "body", "reminder_subject", "reminder_body")
        return Wording(*(self[name].data or "" for name in names))


class Addresses(Form):
    """A list of addresses, pasted or as a file."""

    addresses = TextAreaField(t("E-mail addresses"))
    file = FileField(t("File"))
