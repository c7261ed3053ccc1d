"""What an office says about its survey besides the questions: who asks, when, and of how many people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from survey.collection.answers import normalise
from survey.definition.questionnaire import Office, Questionnaire
from survey.definition.text import Text
from survey.errors import PhieuError
from survey.statistics.proportions import sample_size
from survey.storage.models import Survey

MOST_PEOPLE = 100_000_000
"""Largest population and target accepted: more than a nation files."""


LAYOUTS = ("page", "steps")


@dataclass(frozen=True)
class Particulars:
    """What an office says about its survey besides the questions. ``title`` None keeps the template's; ``target`` None
    is the sample size that ``population`` suggests; ``title_en`` and ``office_en`` are the names in English. ``layout``
    is ``page`` (all questions on one) or ``steps`` (one a screen)."""

    office: str = ""
    superior: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    title: str | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    population: int | None = None
    target: int | None = None
    title_en: str = ""
    office_en: str = ""
    layout: str = "page"


def named(asked: Questionnaire, said: Particulars, *, clear: bool = False) -> Questionnaire:
    """The questionnaire with what was said of title and office put in, in its original language. What was left empty
    stays as it is, or with ``clear`` becomes empty, but for the title and the office's name. English names are for
    questionnaires translated into English."""
    language = asked.languages[0]
    title, old = asked.title, asked.office
    if clear:
        title = _without_english(title, language)
        old = Office(name=_without_english(old.name, language))
    english = "en" in asked.languages[1:]
    title_en, office_en = (said.title_en, said.office_en) if english else ("", "")
    return replace(
        asked,
        title=_worded(title, language, line("title", said.title or "", 500), line("title", title_en, 500)),
        office=Office(
            name=_worded(old.name, language, line("office", said.office, 300), line("office", office_en, 300)),
            superior=_worded(old.superior, language, line("superior", said.superior, 300)),
            phone=line("phone", said.phone or old.phone, 100),
            email=line("email", said.email or old.email, 254),
            website=_website(said.website or old.website),
        ),
    )


def _worded(old: Text, language: str, wording: str, english: str = "") -> Text:
    kept = Text.of(**{language: wording}) if wording and wording != old.to(language) else old
    return Text.of(**(kept.write() | {"en": english})) if english else kept


def _without_english(text: Text, language: str) -> Text:
    """Without its English, for an original in another language."""
    return Text(tuple(pair for pair in text.wordings if pair[0] == language or pair[0] != "en"))


def _website(typed: str) -> str:
    """An address people may be sent to; ``dichvucong.gov.vn`` gets its scheme, ``javascript:`` is refused."""
    address = line("website", typed, 290)
    if not address:
        return ""
    if "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and " " not in address
    except ValueError:
        sound = False
    if not sound:
        raise PhieuError("website_unusable", "This is no web address.", "Write one such as https://dichvucong.gov.vn.")
    return address


def line(name: str, text: str, most: int) -> str:
    """One line of stored text. Raises PhieuError ``text_too_long``."""
    kept = normalise(text, lines=False)
    if len(kept) > most:
        raise PhieuError("text_too_long", "This text is too long.", "Shorten it.", (f"{name}: {most}",))
    return kept


def check_days(opens_on: date | None, closes_on: date | None) -> None:
    """Raises PhieuError ``dates_reversed`` when the last day is before the first."""
    if opens_on and closes_on and closes_on < opens_on:
        raise PhieuError("dates_reversed", "The last day is before the first.", "Correct one of the two days.")


def check_people(number: int | None) -> None:
    """Raises PhieuError ``people_unusable`` for a number that cannot be one of people or answers."""
    if number is not None and not 1 <= number <= MOST_PEOPLE:
        raise PhieuError("people_unusable", "The number of people must lie between 1 and 100 million.", "Correct it.")


def plan(survey: Survey, said: Particulars) -> None:
    """Sets dates, population, target and layout of a survey. Raises PhieuError ``dates_reversed``, ``people_unusable``
    or ``layout_unknown``."""
    if said.layout not in LAYOUTS:
        raise PhieuError("layout_unknown", "There is no such layout.", "Choose one of those listed.", LAYOUTS)
    survey.layout = said.layout
    check_days(said.opens_on, said.closes_on)
    check_people(said.population)
    check_people(said.target)
    survey.opens_on, survey.closes_on, survey.population = said.opens_on, said.closes_on, said.population
    survey.target = said.target or (sample_size(said.population) if said.population else None)
