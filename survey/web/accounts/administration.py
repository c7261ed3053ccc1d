"""Pages of administrators: accounts, and the audit trail."""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Permission
from survey.definition import library
from survey.errors import PhieuError
from survey.services import accounts, auditing, offices, surveys
from survey.services.runtime import Actor, Runtime
from survey.texts.folding import folded
from survey.web.accounts.forms import Invite, Manage
from survey.web.accounts.views import blueprint
from survey.web.security import actor, requires, runtime
from survey.web.workbench import PER_PAGE, Page, asked_page, go, paged, pages, say, words


@requires(Permission.USERS)
@blueprint.get("/users")
def users() -> str:
    """All accounts of the administrator's units."""
    return render_template("accounts/users.html", page=paged(accounts.list_accounts(runtime(), actor())), form=Manage())


@requires(Permission.USERS)
@blueprint.route("/users/invite", methods=["GET", "POST"])
def invite() -> AnyResponse | str | tuple[str, int]:
    """A new account; the link is shown once, for the administrator to hand over."""
    form, status = Invite(), 200
    units = offices.list_offices(runtime(), actor())
    if form.validate_on_submit():
        email = form.email.data or ""
        try:
            unit = form.new_unit.data or form.unit.data or ""
            link = accounts.invite(runtime(), actor(), email, form.role.data, unit)
        except PhieuError as error:
            form.blame(error, email=("email_taken", "email_unusable"), role=("role_unknown",))
            status = error.status
        else:
            return render_template("accounts/link.html", email=email, link=link)
    elif form.errors:
        status = 400
    return render_template("accounts/invite.html", form=form, units=units), status


@requires(Permission.USERS)
@blueprint.post("/users/link")
def user_link() -> AnyResponse | str:
    """A new link for someone who lost the first one or the password."""
    email = Manage().email.data or ""
    return render_template("accounts/link.html", email=email, link=accounts.renew_link(runtime(), actor(), email))


@requires(Permission.USERS)
@blueprint.post("/users/role")
def user_role() -> AnyResponse:
    """Another role for somebody, who must log in again."""
    form, t = Manage(), words()
    accounts.change_role(runtime(), actor(), form.email.data or "", form.role.data or "")
    say(t("The role is changed; {email} must log in again.", email=form.email.data))
    return go("accounts.users")


@requires(Permission.USERS)
@blueprint.post("/users/disable")
def user_disable() -> AnyResponse:
    """Shuts somebody out at once."""
    t = words()
    return _do(accounts.disable, t("The account is disabled and logged out everywhere."))


@requires(Permission.USERS)
@blueprint.post("/users/enable")
def user_enable() -> AnyResponse:
    """Lets somebody in again."""
    t = words()
    return _do(accounts.enable, t("The account is enabled again."))


@requires(Permission.USERS)
@blueprint.post("/users/second-factor")
def user_factor() -> AnyResponse:
    """Takes the second factor off an account whose owner lost it."""
    t = words()
    return _do(accounts.reset_factor, t("The second factor of the account is off."))


def _do(change: Callable[[Runtime, Actor, str], None], done: str) -> AnyResponse:
    change(runtime(), actor(), Manage().email.data or "")
    say(done)
    return go("accounts.users")


@requires(Permission.AUDIT)
@blueprint.get("/audit")
def audit_trail() -> str:
    """Who changed what, newest first: everything, or what one person did, one action, one survey."""
    number = asked_page()
    chosen = {name: request.args.get(name, "")[:300].replace("\0", "\ufffd") for name in ("who", "action", "slug")}
    rows, total = auditing.newest(runtime(), actor(), skip=(number - 1) * PER_PAGE, most=PER_PAGE, **chosen)
    zone = runtime().settings.timezone
    return render_template(
        "accounts/audit.html",
        page=Page(rows, min(number, pages(total)), pages(total), total),
        chosen=chosen,
        people=[one.email for one in accounts.list_accounts(runtime(), actor())],
        surveys=sorted(surveys.list_surveys(runtime(), actor()), key=lambda one: folded(one.title)),
        template_name=_template_name,
        local=lambda at: at.astimezone(zone),
    )


def _template_name(name: str) -> str:
    """A template as lists call it; one that is gone by its file name."""
    return library.about(name).short.to(words().language) if name in library.names() else name
