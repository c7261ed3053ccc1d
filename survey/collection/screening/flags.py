"""The flags an answer can carry, and what each says to staff. A flag is a reason for a second look, never a refusal."""

from __future__ import annotations

from enum import StrEnum

from survey.texts import Translate


class Flag(StrEnum):
    """In the database under its value, in alphabetical order between spaces."""

    BURST = "burst"
    HAMMERED = "hammered"
    ONE_BY_ONE = "one_by_one"
    OUT_OF_HOURS = "out_of_hours"
    OVER_BUDGET = "over_budget"
    PRACTISED = "practised"
    PREFETCHED = "prefetched"
    REPEATED = "repeated"
    SAME_PACE = "same_pace"
    SAME_TEXT = "same_text"
    SCATTERED = "scattered"
    SPEEDER = "speeder"
    STRAIGHT_LINE = "straight_line"
    WAITING = "waiting"


NAMES: dict[str, str] = {
    "burst": "Many at once",
    "hammered": "One button again and again",
    "one_by_one": "One after another",
    "out_of_hours": "Outside opening hours",
    "over_budget": "More than expected",
    "practised": "As by a practised hand",
    "prefetched": "Opened in store",
    "repeated": "Repeated answers",
    "same_pace": "Always the same time",
    "same_text": "Repeated comment",
    "scattered": "As if drawn by lot",
    "speeder": "Too fast to read",
    "straight_line": "All in one line",
    "waiting": "As a program that waits",
}

MEANINGS: dict[str, str] = {
    "burst": "Far more forms were opened or sent in a short time than this collector has ever been used to.",
    "hammered": "The same button was pressed many times, each time sooner than the next person steps up.",
    "one_by_one": "Each form was opened just after the one before it was sent, many times, as on a single device.",
    "out_of_hours": "It came more than half an hour outside the opening hours, with more others than answer from home.",
    "over_budget": "The collector had already brought over four times as many answers that day as a busy day should.",
    "practised": "Quicker, straighter and more complete than people here answer, and suddenly many others are so too.",
    "prefetched": "Its page was opened in a row with many others that were all held back and sent much later.",
    "repeated": "All closed answers equal, or nearly equal, many others; chance would bring far fewer of these.",
    "same_pace": "Many forms took the same number of seconds to fill in, as a program does.",
    "same_text": "Several people wrote the same comment or long passage; case, marks, digits and spaces do not count.",
    "scattered": "Its ratings jump about as if drawn by lot, and suddenly many others do so too.",
    "speeder": "It was sent sooner than anybody could have read and ticked so many answers.",
    "straight_line": "All its ratings are the same or nearly so, and suddenly far more people than usual do that.",
    "waiting": "Slower, more complete and more varied than people here answer, and suddenly many others are so too.",
}


def name(flag: str, t: Translate) -> str:
    """The flag in two or three words; a value this version does not know is shown as it is."""
    return t(NAMES.get(flag, flag))


def meaning(flag: str, t: Translate) -> str:
    """One sentence: what was seen. Empty for a value this version does not know."""
    return t(MEANINGS[flag]) if flag in MEANINGS else ""


def written(flags: frozenset[Flag]) -> str:
    """As the database keeps them."""
    return " ".join(sorted(flags))
