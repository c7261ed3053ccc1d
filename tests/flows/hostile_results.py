"""Results and questionnaires whose every text field is a hostile one, and every file that is made of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import cycle, islice
from pathlib import Path

from survey.collection.answers import normalise
from survey.comments.report import CommentsReport
from survey.definition.choices import Choice, ChoiceList
from survey.definition.codebook import codebook
from survey.definition.indexes import Factor, Index, Scoring
from survey.definition.questionnaire import Office, Questionnaire, Section
from survey.definition.text import Text
from survey.definition.types import LongText, Multiple, Question, Scale, Single
from survey.reports import codebook_tables, tables_csv
from survey.reports.answers_xlsx import answers_to_xlsx
from survey.reports.document import Beside
from survey.reports.official import official_report
from survey.reports.to_csv import to_csv
from survey.reports.to_docx import to_docx
from survey.reports.to_parquet import to_parquet
from survey.reports.to_sav import to_sav
from survey.reports.to_xlsx import to_xlsx
from survey.statistics.actions import Action
from survey.statistics.results import (
    Breakdown,
    Channel,
    Comparison,
    Difference,
    GroupFigures,
    Ratio,
    SeriesResult,
    SurveyResult,
    WavePoint,
)
from survey.texts import texts
from tests.factories.results import result_of

DAY = date(2026, 10, 16)


def questionnaire(strings: Sequence[str], questions: int) -> Questionnaire:
    """So many questions with all that belongs to them, worded with the strings in turn."""
    say = cycle(strings)

    def text() -> Text:
        return Text.of(vi=next(say))

    def choices(name: str) -> ChoiceList:
        return ChoiceList(name, tuple(Choice(str(n), text(), missing=n == 9) for n in (1, 2, 3, 4, 5, 9)), ("4", "5"))

    scale = choices("S")
    asked: list[Question] = []
    for number in range(questions):
        key = f"Q{number}"
        match number % 4:
            case 0:
                asked.append(Scale(key=key, text=text(), hint=text(), choices=scale))
            case 1:
                asked.append(Single(key=key, text=text(), choices=choices(key)))
            case 2:
                asked.append(Multiple(key=key, text=text(), choices=choices(key)))
            case _:
                asked.append(LongText(key=key, text=text()))
    rated = tuple(one.key for one in asked if isinstance(one, Scale))
    index = Index("I", text(), (Factor("F", text(), rated), Factor("G", text(), rated)), note=text(), source=next(say))
    points = replace(index, key="P", scoring=Scoring.RESCALED_MEAN)
    return Questionnaire(
        title=text(),
        languages=("vi",),
        sections=(Section("A", text(), tuple(asked[::2])), Section("B", text(), tuple(asked[1::2]), intro=text())),
        choice_lists=(scale,),
        notice=text(),
        closing=text(),
        indexes=(index, points),
        headline=rated[0],
        office=Office(name=text(), superior=text(), phone=next(say), email=next(say)),
    )


def result(asked: Questionnaire, strings: Sequence[str]) -> SurveyResult:
    """A result with everything that has a text of its own."""
    say = cycle(strings)
    made = result_of(asked, people=60)
    key = asked.headline or ""
    figures = made.question(key).figures
    groups = tuple(GroupFigures((str(n),), Text.of(vi=next(say)), figures) for n in (1, 2))
    waves = tuple(
        WavePoint(f"w{n}", next(say), DAY, 50.0 + n, (40.0, 60.0), 60, breaks=next(say) if n else "") for n in range(2)
    )
    found = Difference(("1",), ("2",), 1.0, (-1.0, 2.0), 0.5, 0.5, shown=False)
    return replace(
        made,
        contact=next(say),
        superior=Text.of(vi=next(say)),
        office=Text.of(vi=next(say)),
        exclusions=tuple((one, 1) for one in islice(say, 5)),
        further=(Breakdown(key, key, groups),),
        comparisons=(Comparison(key, key, (found,)),),
        channels=tuple(Channel("ABC", one, "event", 1, 1, 1, 1, 1, 1, 1) for one in islice(say, 5)),
        series=(SeriesResult("m", Text.of(vi=next(say)), "percent", waves),),
        ratios=(Ratio("r", Text.of(vi=next(say)), Text.of(vi=next(say)), {}, 50.0),),
    )


def people(asked: Questionnaire, strings: Sequence[str]) -> list[dict[str, object]]:
    """One for each string, who wrote it as an answer; and whatever can be stored of it as it is."""
    key = next(one.key for one in asked.variables if not one.closed)
    said = [normalise(one) for one in strings]
    said += [one for one in strings if one.isprintable() and one.encode(errors="ignore").decode() == one]
    return [{key: one} for one in said]


def files(folder: Path, name: str, strings: Sequence[str], questions: int, *only: str) -> Iterator[Path]:
    """Every file the product makes of a survey, its answers and its results, with these strings in every text field, or
    those called ``only``. Raises whatever one of them raises."""
    t, asked = texts("vi"), questionnaire(strings, questions)
    names = dict(zip((f"C{n}" for n in range(len(strings))), strings, strict=True))
    beside, book = codebook_tables.particulars(t, names), codebook([asked], t, "vi")
    lines = b"\n".join(json.dumps(one, ensure_ascii=False).encode() for one in people(asked, strings))
    batches = [(("complete", "C0", "vi", "1", "2026-10"), lines)]
    told = tuple((one, 10) for one in strings)
    actions = tuple(Action(one, one, one, DAY, None) for one in strings)
    shown = replace(result(asked, strings), comments=CommentsReport(told, told, 60), measures=actions)
    reported = Beside(tuple(strings), 1, "0" * 64)
    makers: Mapping[str, Callable[[], Iterable[bytes]]] = {
        "answers.csv": lambda: to_csv(batches, [asked]),
        "semicolon.csv": lambda: to_csv(batches, [asked], ";"),
        "answers.xlsx": lambda: answers_to_xlsx(batches, book, beside, t, DAY),
        "codebook.csv": lambda: [codebook_tables.to_csv(book, beside, t)],
        "codebook.xlsx": lambda: [codebook_tables.written(book, beside, t, "xlsx", DAY)],
        "counts.csv": lambda: [tables_csv.counts(shown, t, "vi")],
        "indexes.csv": lambda: [tables_csv.indexes(shown, t, "vi")],
        "annex.xlsx": lambda: [to_xlsx(shown, t, "vi", [("Q3", one) for one in strings])],
        "report.docx": lambda: [to_docx(official_report(shown, t, reported))],
    }
    for called, make in makers.items():
        if not only or called in only:
            stem, _, ending = called.partition(".")
            path = folder / f"{name}-{stem}-{ending}.{ending}"
            path.write_bytes(b"".join(make()))
            yield path
    if not only or "sav" in only:
        to_sav(folder / f"{name}.sav", batches, book, beside, t)
        yield folder / f"{name}.sav"
    if not only or "parquet" in only:
        to_parquet(folder / f"{name}.parquet", batches, book, beside)
        yield folder / f"{name}.parquet"
