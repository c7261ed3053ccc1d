"""Forms about accounts."""

from __future__ import annotations

from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from survey.web.fields import Form, line, t

PASSWORD = t("Type the password.")
EMAIL = t("Type the e-mail address.")
CODE = t("Type the code.")
TOO_LONG = t("This text is too long.")

UNFIT = ("password_short", "password_long", "password_easy")
WRONG = ("password_wrong",)
"""Codes of errors that are shown beside a password."""


def _password(label: str) -> PasswordField:
    return PasswordField(label, [InputRequired(PASSWORD), Length(max=1000, message=TOO_LONG)])


def _email() -> EmailField:
    return EmailField(t("E-mail address"), [InputRequired(EMAIL), Length(max=254, message=TOO_LONG)])


class LogIn(Form):
    """The first step."""

    email = _email()
    password = _password(t("Password"))
    next = HiddenField()


class Code(Form):
    """The second step: a code of the app, or a recovery code."""

    code = StringField(t("Code"), [InputRequired(CODE), Length(max=40, message=TOO_LONG)])


class NewPassword(Form):
    """Choosing a password, typed once: the page can show it."""

    password = _password(t("Password"))


class ChangePassword(Form):
    """Changing it, which takes the old one."""

    old = _password(t("Present password"))
    password = _password(t("New password"))


class Password(Form):
    """Confirming something with the password."""

    password = _password(t("Password"))


class Empty(Form):
    """A button."""


class Language(Form):
    """The language switch, which comes back to the page it stood on."""

    language = HiddenField()
    next = HiddenField()


class Invite(Form):
    """A new account."""

    email = _email()
    role = StringField(t("Role"), [InputRequired(t("Choose what the person may do."))])
    unit = StringField(t("Unit"))
    new_unit = line(t("New unit instead"), 300)


class Manage(Form):
    """Something done to an account, which is named in the form, not in the address: addresses are logged."""

    email = HiddenField(validators=[InputRequired(EMAIL)])
    role = HiddenField()
