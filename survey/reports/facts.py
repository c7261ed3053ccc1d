"""What the figures of a result describe and how to read them, in words that every document shares.

Reports stage, pure; computes nothing.
"""

from __future__ import annotations

from survey.charts.comparison_dots import grouping_name
from survey.charts.lettering import line
from survey.charts.theme import SMALL_BASE
from survey.statistics.results import SurveyResult
from survey.texts import Texts


def without_comments(t: Texts) -> str:
    """What is said where a cut of earlier days has no counts of comments."""
    return t("This data cut was made before cuts held comments: it has no counts of them and no quotes. A new one has.")


def without_measures(t: Texts) -> str:
    """The same of measures."""
    return t("This data cut was made before cuts held measures. A new one has those that are noted.")


def facts(result: SurveyResult, t: Texts, language: str) -> list[tuple[str, str]]:
    """Label and value of what the figures describe."""
    numbers = {status: t.number(n) for status, n in result.responses.items() if n}
    told = {
        "complete": t("{count} complete", count=numbers.get("complete")),
        "partial": t("{count} partial", count=numbers.get("partial")),
        "flagged": t("{count} flagged", count=numbers.get("flagged")),
        "excluded": t("{count} excluded", count=numbers.get("excluded")),
        "withdrawn": t("{count} withdrawn", count=numbers.get("withdrawn")),
        "test": t("{count} test", count=numbers.get("test")),
    }
    counted = t("{count} (through release {release})", count=t.number(result.released), release=result.cut.release)
    found = [
        (t("Collection planned"), _days(result, t)),
        (t("Answers received"), ", ".join(told.get(status, status) for status in numbers) or t.number(0)),
        (t("Answers in these figures"), counted),
        (t("People concerned (N)"), "" if result.population is None else t.number(result.population)),
    ]
    for key, codes in result.cut.filters.items():
        names = [line(label.to(language)) for label in result.selected.get(key, ())] or codes
        found.append((t("Only"), f"{grouping_name(result, key, t, language)}: {', '.join(names)}"))
    found += [(t("Questionnaire version"), str(result.version)), (t("Contact"), result.contact)]
    return [fact for fact in found if fact[1]]


def _days(result: SurveyResult, t: Texts) -> str:
    first, last = (day and t.day(day) for day in result.collecting)
    if first and last:
        return t("{first} to {last}", first=first, last=last)
    return t("from {day}", day=first) if first else t("until {day}", day=last) if last else ""


def reading(result: SurveyResult, t: Texts, *, bars: bool = True) -> list[str]:
    """How numbers are rounded, what n is, what the ``bars`` of the product's own charts and intervals mean."""
    sentences = [
        t(
            "Numbers are rounded half up: shares to one decimal, shares inside bars to whole percents, indexes to two "
            "decimals. Shares may therefore not add up to exactly 100%."
        ),
        t(
            "n is the number of people who gave an answer on the scale; answers outside it, blanks and questions not "
            "asked are counted apart and are not in n. The neutral level stays in n."
        ),
    ]
    if bars:
        sentences += [
            t(
                "In the bars, unfavourable levels (hatched) run to the left of zero and favourable ones to the right; "
                "half of the neutral level lies on each side."
            ),
            t("Under {count} answers a bar is thin and its n has a star: for reference only.", count=SMALL_BASE),
        ]
    if any(question.figures.interval for question in result.questions):
        sentences.append(
            t("Intervals are 95% Wilson intervals, corrected for the finite number of people concerned (N).")
            if result.population is not None
            else t("Intervals are 95% Wilson intervals.")
        )
    return sentences


def channel_kinds(t: Texts) -> dict[str, str]:
    """Kinds of collectors in words."""
    return {
        "leaflet": t("Leaflet"),
        "poster": t("Poster"),
        "counter": t("Counter"),
        "kiosk": t("Kiosk"),
        "slip": t("Slip"),
        "event": t("Event"),
        "web": t("Website"),
        "link": t("Link"),
        "interviewer": t("Interviewer"),
        "paper": t("Paper forms"),
        "import": t("Import"),
    }


def run_kinds(t: Texts) -> dict[str, str]:
    """Kinds of print runs in words."""
    return {
        "poster": t("Posters"),
        "labels": t("Labels"),
        "codes": t("Single-use codes"),
        "form": t("Paper forms"),
        "other": t("Printed elsewhere"),
    }
