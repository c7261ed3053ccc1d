"""Form fields of the staff pages. Messages are English message ids; templates translate them where they show them."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation
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


def line(label: str, most: int, *, required: str = "") -> StringField:
    """One line of text; ``required`` is the message for an empty one."""
    rules: list[Any] = [Length(max=most, message=t("This text is too long."))]
    rules.insert(0, InputRequired(required) if required else Optional())
    return StringField(label, rules)


def day(label: str) -> DateField:
    """A local calendar day as people write it, or as programs do; may be left empty."""
    return _Day(label, [Optional()], format=["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"])


def clock(label: str) -> TimeField:
    """A time of the local day such as 7:30; may be left empty."""
    return _Clock(label, [Optional()], format=["%H:%M", "%Hh%M", "%H.%M"])


def people(label: str) -> IntegerField:
    """A number of people; may be left empty."""
    return whole(label, 1, 100_000_000, t("Write a number from 1 to 100 million."))


def whole(label: str, least: int, most: int, message: str, *, default: int | None = None) -> IntegerField:
    """A whole number, with or without marks between thousands; may be left empty."""
    return _Whole(label, [Optional(), _readable, NumberRange(least, most, message)], default=default)


def _readable(form: Any, field: Field) -> None:
    """What could not be read has one error, not that of a missing number as well."""
    if field.process_errors:
        raise StopValidation()


class _Day(DateField):
    widget = TextInput()  # a date box shows days in the order of the browser's language, which may not be the reader's

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(t("This is no day of the calendar; write it like 16/10/2026.")) from error


class _Clock(TimeField):
    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(t("This is no time of day; write it like 7:30.")) from error


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
