"""The full-screen page of a kiosk, which faces the citizen: one tap, the reasons that go with it, thanks.

It holds the ordinary form as well, for a browser without script. Many people answer on one page, so it makes a
submission key for each of them; its script keeps what cannot be sent yet. Never asks for text, never shows a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from survey.collection import codes, links, qrcodes
from survey.definition.one_tap import OneTap, one_tap
from survey.definition.questionnaire import Questionnaire
from survey.services.collectors import Kind
from survey.services.doors import Door, Version
from survey.texts import texts
from survey.web.pages import SplicedPage, spliced
from survey.web.respond import page
from survey.web.respond.page import Look

FACES = {2: (1, 3), 3: (1, 2, 3), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
"""Which of the five faces, worst first, stand for so many levels."""


@dataclass(frozen=True)
class Counter:
    """How the kiosk page of one collector looks: ``code`` as printed, ``exit_code`` as salt and hash (empty: none),
    ``more`` the address whose QR code the thanks show (empty: none)."""

    look: Look
    code: str
    exit_code: str
    more: str


def counter(version: Version, door: Door, base_url: str | None, look: Look) -> Counter | None:
    """The kiosk at this door; None where the ordinary form is to be shown: at any other kind of collector, and for a
    questionnaire that asks more than one tap."""
    if door.kind != Kind.KIOSK or one_tap(version.questionnaire, dict(look.fixed)) is None:
        return None
    more = links.survey_url(base_url, door.follow_up) if base_url and door.follow_up else ""
    return Counter(replace(look, steps=False), codes.display(door.code), door.exit_code or "", more)


def style() -> Markup:
    """What ``<style>`` holds on the page of a kiosk."""
    return page.inline("css/respond.css", "css/kiosk.css")


def script() -> Markup:
    """What ``<script>`` holds there."""
    return page.inline("js/kiosk.js")


def policy(origins: tuple[str, ...] = ()) -> str:
    """Its Content-Security-Policy, as strict as that of the form."""
    return page.allowing(style(), (script(),), origins)


def prepared(questionnaire: Questionnaire, counter: Counter) -> SplicedPage:
    """The page, compressed but for its token."""
    asked = one_tap(questionnaire, dict(counter.look.fixed))
    if asked is None:
        raise ValueError("a questionnaire of more than one tap has no kiosk page")
    return spliced(_page(questionnaire, counter, asked), page.TOKEN)


def _page(questionnaire: Questionnaire, counter: Counter, asked: OneTap) -> str:
    matrix = qrcodes.modules(counter.more) if counter.more else ()
    # The page speaks every language at once, since a person changes it without leaving the page.
    tongues = sorted(questionnaire.languages, key=lambda one: one != counter.look.language)

    def t(message: str, **values: object) -> Sequence[tuple[str, str]]:
        return [(one, texts(one)(message, **values)) for one in tongues]

    return page.form(
        questionnaire,
        counter.look,
        page.TOKEN,
        template="respond/kiosk.html",
        counter=counter,
        scale=asked.scale,
        levels=list(zip(asked.scale.choices.levels, FACES[len(asked.scale.choices.levels)], strict=True)),
        reasons=asked.reasons,
        qr=(len(matrix) + 2 * qrcodes.QUIET, qrcodes.QUIET, qrcodes.path(matrix)) if matrix else None,
        tongues=tongues,
        t=t,
        wordings=lambda value: [(one, questionnaire.filled(value).to(one)) for one in tongues],
        kiosk_style=style(),
        kiosk_script=script(),
    )
