"""Logging in and out, and the link with which an account begins."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Permission
from survey.errors import PhieuError
from survey.services import own_account, signing_in
from survey.services.signing_in import PasswordRight
from survey.web.accounts.forms import UNFIT, Code, LogIn, NewPassword
from survey.web.security import end_session, public, requires, runtime, safe_next, signed_in, start_session, visitor
from survey.web.workbench import go, say, words

blueprint = Blueprint("accounts", __name__, url_prefix="/staff")

HALF = "half_way"
"""Where the signed page cookie keeps who passed the first step."""

PATIENCE = 600
"""Seconds between the two steps."""


@public
@blueprint.route("/login", methods=["GET", "POST"])
def login() -> AnyResponse | str | tuple[str, int]:
    """The first step: address and password."""
    if visitor() is not None and request.method == "GET":
        return redirect(safe_next(request.args.get("next")), 303)
    form = LogIn(next=request.args.get("next"))
    if not form.validate_on_submit():
        return render_template("accounts/login.html", form=form), 400 if form.errors else 200
    target = safe_next(form.next.data)
    try:
        right = signing_in.check_password(runtime(), form.email.data or "", form.password.data or "")
        if right.second_factor:
            session[HALF] = [right.user_id, right.mark, int(runtime().now().timestamp()), target]
            return go("accounts.code")
        token = signing_in.begin_session(runtime(), right)
    except PhieuError as error:
        form.blame(error)
        return render_template("accounts/login.html", form=form), error.status
    return _enter(token, target)


@public
@blueprint.route("/login/code", methods=["GET", "POST"])
def code() -> AnyResponse | str | tuple[str, int]:
    """The second step: a code of the app, or a recovery code."""
    half = session.get(HALF)
    if half is None or not 0 <= runtime().now().timestamp() - half[2] <= PATIENCE:
        session.pop(HALF, None)
        return go("accounts.login")
    form = Code()
    if not form.validate_on_submit():
        return render_template("accounts/code.html", form=form), 400 if form.errors else 200
    try:
        token = signing_in.begin_session(runtime(), PasswordRight(half[0], half[1], True), form.code.data or "")
    except PhieuError as error:
        form.blame(error)
        return render_template("accounts/code.html", form=form), error.status
    return _enter(token, safe_next(half[3]))


def _enter(token: str, target: str) -> Response:
    session.clear()
    return start_session(make_response(redirect(target, 303)), token)


@requires(Permission.ACCOUNT)
@blueprint.post("/logout")
def logout() -> Response:
    """Ends the session, here and in the database."""
    signing_in.log_out(runtime(), signed_in())
    session.clear()
    language = g.pop("signed_in").language
    response = make_response(redirect(url_for("accounts.login", lang=None if language == "vi" else language), 303))
    return end_session(response)


@public
@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> AnyResponse | str | tuple[str, int]:
    """Choosing a password with a link that works once."""
    email = own_account.invited(runtime(), token)
    form = NewPassword()
    if not form.validate_on_submit():
        return render_template("accounts/invitation.html", form=form, email=email), 400 if form.errors else 200
    try:
        own_account.accept_invitation(runtime(), token, form.password.data or "")
    except PhieuError as error:
        form.blame(error, password=UNFIT)
        return render_template("accounts/invitation.html", form=form, email=email), error.status
    t = words()
    say(t("The password is set. Please log in with it."))
    return go("accounts.login")
