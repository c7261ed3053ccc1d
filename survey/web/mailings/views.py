"""The pages of mailings. Letters leave in the background: each page says how far that got."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Permission
from survey.collection import links
from survey.errors import NotFound, PhieuError
from survey.mail.addresses import LARGEST
from survey.services import collectors, mailing, postman, sending, surveys
from survey.services.mailing import Added, MailingSummary
from survey.services.postman import Postman
from survey.services.runtime import Actor, Runtime
from survey.texts import LANGUAGES
from survey.web.fields import Form
from survey.web.mailings.forms import Addresses, Words
from survey.web.security import actor, requires, runtime
from survey.web.workbench import go, say, words

blueprint = Blueprint("mailings", __name__, url_prefix="/staff/collectors")

TROUBLE = ("sending", "refused", "bounced", "waiting")
"""States that are listed address by address, in this order."""


@blueprint.record_once
def _set_up(state: BlueprintSetupState) -> None:
    state.app.extensions["phieu.postman"] = Postman(state.app.extensions["phieu.runtime"])


@requires(Permission.COLLECT)
@blueprint.get("/<code>/mailings")
def mailings(code: str) -> str:
    """A collector's mailings."""
    mailing.forget_due(runtime())
    one, slug = collectors.show(runtime(), actor(), code)
    return render_template(
        "mailings/mailings.html",
        one=one,
        survey=surveys.show(runtime(), actor(), slug),
        mailings=mailing.of_collector(runtime(), actor(), code),
        server=runtime().settings.mail,
    )


@requires(Permission.COLLECT)
@blueprint.route("/<code>/mailings/new", methods=["GET", "POST"])
def new(code: str) -> AnyResponse | str | tuple[str, int]:
    """A new mailing, from suggested words in one of the questionnaire's languages."""
    one, slug = collectors.show(runtime(), actor(), code)
    asked = surveys.questionnaire(runtime(), actor(), slug)
    offered = [language for language in LANGUAGES if language in asked.languages]
    wanted = request.args.get("letters", "")
    language = wanted if wanted in offered else offered[0]
    form = Words(**vars(mailing.suggested(runtime(), actor(), code, language)))
    made, status = _worded(form, lambda: mailing.create(runtime(), actor(), code, form.said()))
    if made is not None:
        t = words()
        say(t("The mailing is made. Add the addresses."))
        return go("mailings.show", code=code, number=made)
    survey = surveys.show(runtime(), actor(), slug)
    page = render_template("mailings/wording.html", one=one, survey=survey, form=form, offered=offered, mailing=None)
    return page, status


@requires(Permission.COLLECT)
@blueprint.route("/<code>/mailings/<number>/wording", methods=["GET", "POST"])
def wording(code: str, number: str) -> AnyResponse | str | tuple[str, int]:
    """What letters say that are still to go."""
    made = _mailing(code, number)
    form = Words(**vars(made.wording))

    def keep() -> int:
        mailing.reword(runtime(), actor(), made.number, form.said())
        return made.number

    kept, status = _worded(form, keep)
    if kept is not None:
        t = words()
        say(t("The changes are kept."))
        return go("mailings.show", code=code, number=kept)
    one, slug = collectors.show(runtime(), actor(), code)
    survey = surveys.show(runtime(), actor(), slug)
    offered = [made.wording.language]
    page = render_template("mailings/wording.html", one=one, survey=survey, form=form, offered=offered, mailing=made)
    return page, status


@requires(Permission.COLLECT)
@blueprint.get("/<code>/mailings/<number>")
def show(code: str, number: str) -> str:
    """One mailing: how far it got, whom it did not reach, and what can be done now."""
    mailing.forget_due(runtime())
    return _page(_mailing(code, number), Addresses())


@requires(Permission.COLLECT)
@blueprint.post("/<code>/mailings/<number>/addresses")
def add_addresses(code: str, number: str) -> AnyResponse | tuple[str, int]:
    """Adds a list of addresses; nobody is written to yet."""
    made, form, status = _mailing(code, number), Addresses(), 400
    if form.validate_on_submit():
        try:
            added = mailing.add_addresses(runtime(), actor(), made.number, _list(form))
        except PhieuError as error:
            form.blame(error, addresses=("addresses_wrong", "addresses_missing", "addresses_too_many"))
            form.addresses.errors = [*form.addresses.errors, *error.details]
            status = error.status
        else:
            _say_added(added)
            return go("mailings.show", code=code, number=number)
    return _page(made, form), status


@requires(Permission.COLLECT)
@blueprint.post("/<code>/mailings/<number>/send")
def send(code: str, number: str) -> AnyResponse:
    """Lets the letters go that wait."""
    t = words()
    done = _act(code, number, sending.start, lambda letters: t("{letters} letters are on their way.", letters=letters))
    _postman().begin()
    return done


@requires(Permission.COLLECT)
@blueprint.post("/<code>/mailings/<number>/remind")
def remind(code: str, number: str) -> AnyResponse:
    """Lets the one reminder go."""
    t = words()
    done = _act(code, number, sending.remind, lambda letters: t("{letters} letters are on their way.", letters=letters))
    _postman().begin()
    return done


@requires(Permission.COLLECT)
@blueprint.post("/<code>/mailings/<number>/stop")
def stop(code: str, number: str) -> AnyResponse:
    """Keeps back what has not left."""
    t = words()
    return _act(code, number, sending.stop, lambda letters: t("Stopped; {letters} letters stay here.", letters=letters))


@requires(Permission.COLLECT)
@blueprint.post("/<code>/mailings/<number>/again/<state>")
def again(code: str, number: str, state: str) -> AnyResponse:
    """Has letters written anew that were refused, or that may have gone out."""
    t = words()
    return _act(
        code,
        number,
        lambda runtime, actor, mailing: sending.again(runtime, actor, mailing, state),
        lambda letters: t("{letters} letters wait to be written anew. Send them now.", letters=letters),
    )


@requires(Permission.COLLECT)
@blueprint.post("/<code>/mailings/<number>/settle")
def settle(code: str, number: str) -> AnyResponse:
    """Takes letters that may have gone out for sent."""
    t = words()
    return _act(
        code, number, sending.take_for_sent, lambda letters: t("{letters} are taken for sent.", letters=letters)
    )


@requires(Permission.COLLECT)
@blueprint.post("/<code>/mailings/<number>/drop")
def drop(code: str, number: str) -> AnyResponse:
    """Removes addresses nobody has written to."""
    t = words()
    return _act(
        code, number, mailing.drop_unwritten, lambda people: t("{people} addresses are removed.", people=people)
    )


@requires(Permission.COLLECT)
@blueprint.post("/<code>/mailings/<number>/forget")
def forget(code: str, number: str) -> AnyResponse:
    """Deletes the addresses of the whole survey, which has ended."""
    made, t = _mailing(code, number), words()
    gone = mailing.forget(runtime(), actor(), made.slug)
    say(t("{people} addresses are removed.", people=gone))
    return go("mailings.show", code=code, number=number)


def _act(code: str, number: str, act: Callable[[Runtime, Actor, int], int], said: Callable[[str], str]) -> AnyResponse:
    """Does something with a mailing and says what came of it."""
    made, t = _mailing(code, number), words()
    done = act(runtime(), actor(), made.number)
    say(said(t.number(done)))
    return go("mailings.show", code=code, number=number)


def _page(made: MailingSummary, form: Addresses) -> str:
    one, slug = collectors.show(runtime(), actor(), made.collector)
    trouble = {state: mailing.people(runtime(), actor(), made.number, state) for state in TROUBLE}
    return render_template(
        "mailings/mailing.html",
        one=one,
        survey=surveys.show(runtime(), actor(), slug),
        mailing=made,
        counts=made.counts,
        trouble=trouble,
        form=form,
        server=runtime().settings.mail,
        carrying=made.counts.queued > 0 and postman.is_carrying(runtime()),
        most=mailing.SHOWN,
        sample=links.written_link(runtime().settings.public_base_url or "https://…", "XXXX-XXXX-XXXX"),
    )


def _mailing(code: str, number: str) -> MailingSummary:
    """The mailing in an address, if it is this collector's."""
    known = number.isascii() and number.isdigit() and len(number) < 10
    made = mailing.show(runtime(), actor(), int(number) if known else 0)
    one, _ = collectors.show(runtime(), actor(), code)
    if one.code != made.collector:
        raise NotFound("mailing_unknown", "There is no such mailing.", "Look it up in the list of the collector.")
    return made


def _worded(form: Words, keep: Callable[[], int]) -> tuple[int | None, int]:
    """The number of the mailing whose words were kept, None when they were not; and the status of the page then."""
    if not form.validate_on_submit():
        return None, 400 if form.errors else 200
    try:
        return keep(), 200
    except PhieuError as error:
        if error.code in ("not_single_use", "mailing_unknown"):
            raise
        form.blame(error, body=("letter_without_link",), subject=("subject_missing",))
        return None, error.status


def _list(form: Form) -> str:
    """The addresses in a file, whose first line may name columns, and those that were pasted."""
    file = request.files.get("file")
    content = file.read(LARGEST + 1) if file else b""
    pasted = str(form["addresses"].data or "")
    if len(content) > LARGEST or len(pasted) > LARGEST:
        raise PhieuError("list_too_large", "The list is larger than 4 MB.", "Leave out columns that are not needed.")
    return "\n".join(part for part in (content.decode("utf-8", "replace"), pasted) if part)


def _say_added(added: Added) -> None:
    t = words()
    message = t("{new} addresses are added.", new=t.number(added.new))
    if added.known:
        message = f"{message} {t('{known} were there already.', known=t.number(added.known))}"
    say(message)


def _postman() -> Postman:
    found: Postman = current_app.extensions["phieu.postman"]
    return found
