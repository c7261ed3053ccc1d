"""What an office says about its survey besides the questions: who asks, when, and of how many people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from survey.collection.answers import normalise
from survey.definition.questionnaire import Office, Questionnaire
from survey.definition.text import Text
from survey.errors import PhieuError
from survey.statistics.proportions import sample_size
from survey.storage.models import Survey

MOST_PEOPLE = 100_000_000
"""Largest population and target accepted: more than a nation files."""


@dataclass(frozen=True)
class Particulars:
    """What an office says about its survey besides the questions. ``title`` None keeps the template's; ``target`` None
    is the sample size that ``population`` suggests."""

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


def named(asked: Questionnaire, said: Particulars) -> Questionnaire:
    """The questionnaire with what was said of title and office put in, in its original language."""
    language, old = asked.languages[0], asked.office
    title = line("title", said.title or "", 500)
    return replace(
        asked,
        title=Text.of(**{language: title}) if title and title != asked.title.to(language) else asked.title,
        office=Office(
            name=_worded(old.name, language, line("office", said.office, 300)),
            superior=_worded(old.superior, language, line("superior", said.superior, 300)),
            phone=line("phone", said.phone, 100) or old.phone,
            email=line("email", said.email, 254) or old.email,
            website=line("website", said.website, 300) or old.website,
        ),
    )


def _worded(old: Text, language: str, wording: str) -> Text:
    return Text.of(**{language: wording}) if wording and wording != old.to(language) else old


def line(name: str, text: str, most: int) -> str:
    """One line of stored text. Raises PhieuError ``text_too_long``."""
    kept = normalise(text, lines=False)
    if len(kept) > most:
        raise PhieuError("text_too_long", "This text is too long.", "Shorten it.", (f"{name}: {most}",))
    return kept


def plan(survey: Survey, said: Particulars) -> None:
    """Sets dates, population and target of a survey. Raises PhieuError ``dates_reversed`` or ``people_unusable``."""
    if said.opens_on and said.closes_on and said.closes_on < said.opens_on:
        raise PhieuError("dates_reversed", "The last day is before the first.", "Correct one of the two days.")
    for number in (said.population, said.target):
        if number is not None and not 1 <= number <= MOST_PEOPLE:
            raise PhieuError(
                "people_unusable", "The number of people must lie between 1 and 100 million.", "Correct it."
            )
    survey.opens_on, survey.closes_on, survey.population = said.opens_on, said.closes_on, said.population
    survey.target = said.target or (sample_size(said.population) if said.population else None)
