"""What stands in the way of a questionnaire, said with the names staff know instead of its keys."""

from __future__ import annotations

from survey.definition.findings import Problem
from survey.definition.questionnaire import Questionnaire
from survey.texts import Texts

TITLE_IN_ENGLISH = "title [en]"
"""The place of a problem that ``untranslated`` tells in a sentence of its own."""

PLACES = {
    "title": "Title",
    "notice": "Words above the questions",
    "closing": "Words after the answers",
    "document": "Questionnaire",
    "minutes": "Minutes that answering takes",
}
LANGUAGES = {"vi": "Vietnamese", "en": "English"}


def place(problem: Problem, t: Texts) -> str:
    """Where a problem stands: a part of the questionnaire by its name, a question by its key."""
    part, _, language = problem.place.rstrip("]").partition(" [")
    named = t(PLACES[part]) if part in PLACES else part
    if not language:
        return named
    return f"{named} ({t(LANGUAGES[language]) if language in LANGUAGES else language})"


def untranslated(asked: Questionnaire, t: Texts) -> list[str]:
    """Which names English readers see in Vietnamese, in sentences; none for a questionnaire without English."""
    if asked.languages[0] != "vi" or "en" not in asked.languages:
        return []
    said = {
        t("The title has no English; people who read English see the Vietnamese one."): asked.title,
        t("The office has no English name; people who read English see the Vietnamese one."): asked.office.name,
    }
    return [sentence for sentence, text in said.items() if not dict(text.wordings).get("en")]
