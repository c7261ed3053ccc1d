"""Form fields of the staff pages. Messages are English message ids; templates translate them where they show them."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from survey.errors import PhieuError


def t(message: str) -> str:
    """Marks a message for translation; it is translated when it is shown."""
    return message


class Form(FlaskForm):
    """A form with its CSRF token, which can carry what a service found wrong."""

    def blame(self, error: PhieuError, **codes: tuple[str, ...]) -> None:
        """Shows a service's error: beside the field whose codes name it (``slug=("slug_taken",)``), else above all."""
        messages = [error.message, *([error.remedy] if error.remedy else [])]
        for name, known in codes.items():
            if error.code in known:
                field: Field = self[name]
                field.errors = [*field.errors, *messages]
                return
        self.form_errors.extend(messages)


def line(most: int, *, required: str = "") -> StringField:
    """One line of text; ``required`` is the message for an empty one."""
    rules: list[Any] = [Length(max=most, message=t("This text is too long."))]
    rules.insert(0, InputRequired(required) if required else Optional())
    return StringField(validators=rules)


def day() -> DateField:
    """A local calendar day, as browsers send it or as people write it; may be left empty."""
    return _Day(format=["%Y-%m-%d", "%d/%m/%Y"], validators=[Optional()])


def people() -> IntegerField:
    """A number of people; may be left empty."""
    message = t("The number of people must lie between 1 and 100 million.")
    return _People(validators=[Optional(), NumberRange(1, 100_000_000, message)])


class _Day(DateField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(t("This is no day of the calendar; write it like 16/10/2026.")) from error


class _People(IntegerField):
    widget = TextInput()  # a number box drops what is no number, so people could not see what they typed

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(["".join(valuelist[0].split()).replace(".", "")] if valuelist else valuelist)
        except ValueError as error:
            raise ValueError(t("Write a whole number in digits.")) from error
