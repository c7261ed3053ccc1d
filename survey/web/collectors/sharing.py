"""Sharing a collector without paper: ready messages, the code as a picture, a banner, the form on other sites."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from flask import Response, render_template
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Permission
from survey.collection import codes, links, qrcodes
from survey.definition.questionnaire import Questionnaire
from survey.errors import Conflict, NotFound, PhieuError
from survey.printing import picture
from survey.services import collectors, embedding, surveys
from survey.services.collectors import CollectorSummary
from survey.texts import LANGUAGES, texts
from survey.web.collectors.blueprint import blueprint
from survey.web.collectors.forms import Sites
from survey.web.respond.banner import HEIGHT, WIDTH
from survey.web.security import actor, requires, runtime
from survey.web.workbench import download, go, say, words

INLINE_HEIGHT = 900
"""Pixels of the form inside another page; it scrolls by itself."""


@dataclass(frozen=True)
class Messages:
    """What can be sent around in one language."""

    language: str
    link: str
    short: str
    long: str
    subject: str

    @property
    def mailto(self) -> str:
        """Opens the letter in the reader's own mail program."""
        return f"mailto:?subject={quote(self.subject)}&body={quote(self.long.replace(chr(10), chr(13) + chr(10)))}"


@requires(Permission.SEE)
@blueprint.get("/collectors/<code>/share")
def share(code: str) -> str:
    """Link, QR code and ready texts of a collector; for one of a website also banner and inline form."""
    one, slug = collectors.show(runtime(), actor(), code)
    survey = surveys.show(runtime(), actor(), slug)
    asked = surveys.questionnaire(runtime(), actor(), slug)
    link = _link(one)
    return render_template(
        "collectors/share.html",
        one=one,
        survey=survey,
        link=link,
        messages=[_messages(asked, link, language) for language in LANGUAGES if language in asked.languages],
        banner=_banner(asked, link),
        inline=_inline(asked, link),
        sites=embedding.sites(runtime(), actor(), slug),
    )


@requires(Permission.SEE)
@blueprint.get("/collectors/<code>/qr-print.<form>")
def print_picture(code: str, form: str) -> Response:
    """The QR code as a file: PNG of 10 cm at 300 dpi, or SVG."""
    one, _ = collectors.show(runtime(), actor(), code)
    if form not in ("png", "svg") or one.url is None:
        raise NotFound("no_public_address", "The public address of this server is not set.", "Ask whoever runs it.")
    body = picture.png(one.url) if form == "png" else qrcodes.svg(one.url, "H").encode()
    return download(body, "image/png" if form == "png" else "image/svg+xml", f"qr-{one.code}.{form}")


@requires(Permission.COLLECT)
@blueprint.route("/surveys/<slug>/websites", methods=["GET", "POST"])
def sites(slug: str) -> AnyResponse | str | tuple[str, int]:
    """Which websites may show the form inside their own pages."""
    form, status = Sites(sites="\n".join(embedding.sites(runtime(), actor(), slug))), 200
    if form.validate_on_submit():
        try:
            chosen = embedding.set_sites(runtime(), actor(), slug, form.sites.data or "")
        except PhieuError as error:
            form.blame(error, sites=("origins_unusable", "origins_too_many"))
            form.sites.errors = [*form.sites.errors, *error.details]
            status = error.status
        else:
            t = words()
            say(t("Kept: {sites} websites may show the form.", sites=len(chosen)))
            return go("collectors.sites", slug=slug)
    elif form.errors:
        status = 400
    return render_template("collectors/sites.html", survey=surveys.show(runtime(), actor(), slug), form=form), status


def _link(one: CollectorSummary) -> str:
    base = runtime().settings.public_base_url
    if base is None:
        raise Conflict("no_public_address", "The public address of this server is not set.", "Ask whoever runs it.")
    return links.written_link(base, codes.display(one.code))


def _messages(asked: Questionnaire, link: str, language: str) -> Messages:
    t = texts(language)
    here = link if language == asked.languages[0] else f"{link}?lang={language}"
    said = {
        "office": asked.office.name.to(language),
        "title": asked.title.to(language),
        "minutes": asked.minutes,
        "link": here,
    }
    return Messages(
        language=language,
        link=here,
        short=t(
            "{office} would like to hear from you: “{title}”. It takes about {minutes} minutes and asks for no name: "
            "{link}",
            **said,
        ),
        long=t(
            "Dear Sir or Madam,\n\n{office} would like to hear from you in the survey “{title}”.\n\nIt takes about "
            "{minutes} minutes; taking part is voluntary and anonymous:\n{link}\n\nThank you for your time.\n{office}",
            **said,
        ),
        subject=t("Survey: {title}", title=said["title"]),
    )


def _banner(asked: Questionnaire, link: str) -> str:
    title = escape(asked.title.to(asked.languages[0]))
    return (
        f'<a href="{link}"><img src="{link}/banner.svg" width="{WIDTH}" height="{HEIGHT}" alt="{title}" '
        f'style="max-width:100%;height:auto"></a>'
    )


def _inline(asked: Questionnaire, link: str) -> str:
    title = escape(asked.title.to(asked.languages[0]))
    return (
        f'<iframe src="{link}" title="{title}" width="100%" height="{INLINE_HEIGHT}" style="border:0" '
        f'loading="lazy"></iframe>'
    )
