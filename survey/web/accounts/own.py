"""One's own account: password, second factor, language; and the help page."""

from __future__ import annotations

import base64

from flask import redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts import second_factor
from survey.accounts.permissions import Permission
from survey.collection import qrcodes
from survey.errors import PhieuError
from survey.services import own_account
from survey.web.accounts.forms import UNFIT, WRONG, ChangePassword, Code, Language, Password
from survey.web.accounts.views import blueprint
from survey.web.security import requires, runtime, safe_next, signed_in
from survey.web.workbench import go, say, words


@requires(Permission.ACCOUNT)
@blueprint.route("/account", methods=["GET", "POST"])
def account() -> AnyResponse | str | tuple[str, int]:
    """Who one is here, and changing the password."""
    who, form, status = signed_in(), ChangePassword(), 200
    if form.validate_on_submit():
        try:
            own_account.change_password(runtime(), who, form.old.data or "", form.password.data or "")
        except PhieuError as error:
            form.blame(error, old=WRONG, password=UNFIT)
            status = error.status
        else:
            t = words()
            say(t("The password is changed. You are logged out everywhere else."))
            return go("accounts.account")
    elif form.errors:
        status = 400
    left = own_account.recovery_codes_left(runtime(), who) if who.second_factor else 0
    return render_template("accounts/account.html", form=form, who=who, recovery_codes_left=left), status


@requires(Permission.ACCOUNT)
@blueprint.post("/account/language")
def language() -> AnyResponse:
    """The language switch; comes back to the page it was pressed on."""
    form = Language()
    own_account.set_language(runtime(), signed_in(), form.language.data or "")
    return redirect(safe_next(form.next.data), 303)


@requires(Permission.ACCOUNT)
@blueprint.route("/account/second-factor", methods=["GET", "POST"])
def factor() -> AnyResponse | str | tuple[str, int]:
    """Setting the second factor up: a secret for the app, a code to confirm it, then the recovery codes, once."""
    who, form, status = signed_in(), Code(), 200
    if who.second_factor:
        return go("accounts.account")
    if form.validate_on_submit():
        try:
            codes = own_account.confirm_factor(runtime(), who, form.code.data or "")
        except PhieuError as error:
            form.blame(error, code=("code_wrong",))
            status = error.status
        else:
            return render_template("accounts/recovery_codes.html", codes=codes)
    elif form.errors:
        status = 400
    secret = own_account.offered_secret(runtime(), who)
    picture = qrcodes.svg(second_factor.address(secret, who.email))
    return render_template(
        "accounts/factor.html",
        form=form,
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        picture="data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode(),
    ), status


@requires(Permission.ACCOUNT)
@blueprint.route("/account/second-factor/off", methods=["GET", "POST"])
def factor_off() -> AnyResponse | str | tuple[str, int]:
    """Turning it off, which takes the password."""
    own_account.demand_optional_factor(signed_in())
    form, status = Password(), 200
    if form.validate_on_submit():
        try:
            own_account.remove_factor(runtime(), signed_in(), form.password.data or "")
        except PhieuError as error:
            form.blame(error, password=WRONG)
            status = error.status
        else:
            t = words()
            say(t("The second factor is off."))
            return go("accounts.account")
    elif request.method == "POST":
        status = 400
    return render_template("accounts/factor_off.html", form=form), status


@requires(Permission.ACCOUNT)
@blueprint.get("/help")
def help_page() -> str:
    """How the work goes, and the keys."""
    return render_template("accounts/help.html")
