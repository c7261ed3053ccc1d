"""Form fields of the staff pages. Messages are English message ids; templates translate them where they show them."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from survey.errors import PhieuError

LONGEST_NUMBER = 15
"""Digits; WTForms compares numbers as floats, which longer ones overflow."""


def t(message: str) -> str:
    """Marks a message for translation; it is translated when it is shown."""
    return message


class Form(FlaskForm):
    """A form with its CSRF token, which can carry what a service found wrong. Only a form's own fields are read: bodies
    of other types, which Flask-WTF would parse too, are nobody's here."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was given, else the posted fields."""
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            return request.form if request.method == "POST" else None

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
    return whole(1, 100_000_000, t("The number of people must lie between 1 and 100 million."))


def whole(least: int, most: int, message: str, *, default: int | None = None) -> IntegerField:
    """A whole number, with or without marks between thousands; may be left empty."""
    return _Whole(default=default, validators=[Optional(), NumberRange(least, most, message)])


class _Day(DateField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(t("This is no day of the calendar; write it like 16/10/2026.")) from error


class _Whole(IntegerField):
    widget = TextInput()  # a number box drops what is no number, so people could not see what they typed

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = ["".join(one.split()).replace(".", "") for one in valuelist[:1]]
        try:
            if any(len(one) > LONGEST_NUMBER for one in typed):
                raise ValueError
            super().process_formdata(typed)
        except ValueError as error:
            raise ValueError(t("Write a whole number in digits.")) from error
