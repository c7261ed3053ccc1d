"""The evidence bundle of a data cut: what was asked, of whom, what was counted and how, the documents, what was done.

Everything but print runs and the words of quotes comes from the cut and the version it counted, so the same cut gives
the same bytes until a form is printed again or a quote no longer stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.definition import document
from survey.definition.codebook import codebook
from survey.errors import NotFound, PhieuError
from survey.printing import form as paper_form
from survey.reports import codebook_tables, tables_csv
from survey.reports.bundle import Part, Subject, bundle
from survey.reports.chart_book import chart_book
from survey.reports.facts import channel_kinds, run_kinds, without_measures
from survey.reports.method import method
from survey.services import cuts, participation
from survey.services.annexes import annex_file, spoken
from survey.services.cuts import CutSummary
from survey.services.jobs import Kind, Told, Work
from survey.services.reporting import report_file
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import in_scope
from survey.statistics.document import to_json
from survey.statistics.results import SurveyResult
from survey.storage.queries import collectors, surveys
from survey.storage.queries import cuts as stored_cuts
from survey.texts import Texts, texts

Maker = Callable[[Runtime, Actor, SurveyResult, int, Texts], bytes]


def _annex(runtime: Runtime, actor: Actor, result: SurveyResult, number: int, t: Texts) -> bytes:
    return annex_file(runtime, actor, result.slug, number, t.language)


def _charts(runtime: Runtime, actor: Actor, result: SurveyResult, number: int, t: Texts) -> bytes:
    return chart_book(result, t, t.language)


def _report(suffix: str) -> Maker:
    return lambda runtime, actor, result, number, t: report_file(
        runtime, actor, result.slug, suffix, t.language, cut=number
    )


DOCUMENTS: tuple[tuple[str, str, Maker], ...] = (
    ("5-documents/annex.xlsx", "Data annex", _annex),
    ("5-documents/chart-book.pdf", "Chart book", _charts),
    ("5-documents/report.pdf", "Official report (PDF)", _report(".pdf")),
    ("5-documents/report.docx", "Official report (DOCX)", _report(".docx")),
)
"""Documents of a bundle: path and what it is (both messages), and what makes it of a cut."""


@dataclass(frozen=True)
class _Held:
    """What the database has for a bundle."""

    frozen: bytes
    asked: tuple[tuple[int, str, str], ...]
    places: tuple[tuple[str, str, str, bool, date | None, date | None], ...]


def evidence_file(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    number: int,
    language: str | None = None,
    told: Told = lambda done, total: None,
) -> bytes:
    """The bundle of a cut. A document that cannot be made is left out, and the bundle says so. Raises NotAllowed and
    what ``opened_cut`` raises."""
    demand(actor.role, Permission.DOWNLOAD)
    cut, result = cuts.opened_cut(runtime, actor, slug, number)
    with runtime.database.reading() as session:
        held = _held(session, in_scope(session, actor, slug).id, number)
    chosen = spoken(result, language)
    t = texts(chosen)
    left_out: dict[str, str] = {}
    of = runtime, actor, result, number
    steps: list[tuple[str, Callable[[], Iterable[Part]]]] = [
        (t("Questionnaire as asked"), lambda: _questionnaire(result, held, t, chosen)),
        (t("Participation"), lambda: _sample(runtime, actor, result, held, t)),
        (t("Figures"), lambda: _figures(result, held, t, chosen)),
        (t("Method"), lambda: _method(result, t, chosen)),
        (t("Questionnaire on paper"), lambda: _on_paper(result, held, t, chosen)),
        *(
            (t(name), lambda made=made, path=path, name=name: [Part(t(path), t(name), made(*of, t))])
            for path, name, made in DOCUMENTS
        ),
        (t("What was done about it"), lambda: _measures(result, t)),
    ]
    parts: list[Part] = []
    for done, (name, make) in enumerate(steps):
        told(done, len(steps))
        try:
            parts += make()
        except PhieuError as error:
            if error.status >= 500:
                raise
            left_out[name] = t(error.message)
    if result.measures is None:
        left_out[t("What was done about it")] = without_measures(t)
    return bundle(_subject(cut, result, chosen), sorted(parts, key=lambda one: one.path), left_out, t)


def _held(session: Session, survey_id: int, number: int) -> _Held:
    found = stored_cuts.get(session, survey_id, number)
    if found is None:
        raise NotFound("cut_unknown", "There is no such data cut.", "Look it up in the survey's list of cuts.")
    return _Held(
        frozen=found.result.encode(errors="surrogatepass"),
        asked=tuple((one.number, one.document, one.digest) for one in surveys.versions(session, survey_id)),
        places=tuple(
            (one.code, one.name, one.kind, one.single_use, one.opens_on, one.closes_on)
            for one in collectors.of_survey(session, survey_id)
        ),
    )


def _subject(cut: CutSummary, result: SurveyResult, language: str) -> Subject:
    return Subject(
        survey=result.slug,
        title=result.title.to(language),
        office=result.office.to(language),
        cut=cut.number,
        hash=cut.hash,
        digest=cut.digest,
        as_of=cut.as_of,
        version=result.version,
    )


def _questionnaire(result: SurveyResult, held: _Held, t: Texts, language: str) -> Iterator[Part]:
    """Every version that was asked until the cut, and the codebook of them all."""
    asked = [(number, text) for number, text, _ in held.asked if number <= result.version]
    for number, text in asked:
        made = json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
        told = t("Questionnaire as asked, version {number}", number=number)
        yield Part(t("1-questionnaire/questionnaire-{number}.json", number=number), told, made.encode())
    book = codebook([document.read(json.loads(text)) for _, text in asked], t, language)
    told = t("Codebook: variables, labels, codes, who is asked")
    yield Part(t("1-questionnaire/codebook.csv"), told, codebook_tables.to_csv(book, (), t))


def _on_paper(result: SurveyResult, held: _Held, t: Texts, language: str) -> Iterator[Part]:
    (text, digest) = next((text, digest) for number, text, digest in held.asked if number == result.version)
    asked = document.read(json.loads(text))
    spoken_here = language if language in asked.languages else asked.languages[0]
    made = paper_form.layout(paper_form.Form(asked, digest, spoken_here, held.places[0][0] if held.places else ""))
    yield Part(t("1-questionnaire/questionnaire.pdf"), t("Questionnaire as people read it"), made.pdf)


def _sample(runtime: Runtime, actor: Actor, result: SurveyResult, held: _Held, t: Texts) -> Iterator[Part]:
    kinds = {code: (kind, single, opens, closes) for code, _, kind, single, opens, closes in held.places}
    channels, prints = channel_kinds(t), run_kinds(t)
    rows: list[tuple[tables_csv.Value, ...]] = [
        (
            t("Code"),
            t("Collector"),
            t("Kind"),
            t("Single-use codes"),
            t("Opens on"),
            t("Closes on"),
            t("Handed out"),
            t("Opened"),
            t("Started"),
            t("Answered"),
            t("of them flagged"),
            t("Left out"),
            t("Withdrawn"),
        )
    ]
    for one in result.channels:
        kind, single, opens, closes = kinds.get(one.code, (one.kind, False, None, None))
        rows.append(
            (
                one.code,
                one.name,
                channels.get(kind, kind),
                t("yes") if single else "",
                _day(opens),
                _day(closes),
                one.handed_out,
                one.opened,
                one.started,
                one.completed,
                one.flagged,
                one.excluded,
                one.withdrawn,
            )
        )
    yield Part(
        t("2-sample/participation.csv"), t("How far each collector reached, at the cut"), tables_csv.written(rows)
    )
    runs: list[tuple[tables_csv.Value, ...]] = [
        (t("Code"), t("Run"), t("Kind"), t("Printed on"), t("Copies"), t("Handed out"), t("Remark"))
    ]
    runs += [
        (
            one.code,
            run.number,
            prints.get(run.kind, run.kind),
            run.printed_on.isoformat(),
            run.copies,
            run.handed_out,
            run.note,
        )
        for one in participation.funnels(runtime, actor, result.slug)
        for run in one.runs
    ]
    yield Part(t("2-sample/print-runs.csv"), t("What was printed, when the bundle was made"), tables_csv.written(runs))
    left: list[tuple[tables_csv.Value, ...]] = [(t("Reason"), t("Answers"))]
    left += [(reason, count) for reason, count in result.exclusions]
    yield Part(t("2-sample/exclusions.csv"), t("Answers left out, with reasons"), tables_csv.written(left))


def _figures(result: SurveyResult, held: _Held, t: Texts, language: str) -> Iterator[Part]:
    yield Part(t("3-figures/cut.json"), t("The frozen figures in full"), held.frozen)
    read = json.dumps(to_json(result, language), ensure_ascii=False, indent=2) + "\n"
    yield Part(t("3-figures/result.json"), t("The figures with their labels"), read.encode())
    yield Part(t("3-figures/counts.csv"), t("Every count of every question"), tables_csv.counts(result, t, language))
    yield Part(
        t("3-figures/indexes.csv"), t("Every index with its factors and items"), tables_csv.indexes(result, t, language)
    )


def _method(result: SurveyResult, t: Texts, language: str) -> Iterator[Part]:
    lines = []
    for heading, sentences in method(result, t, language):
        lines += [heading.upper(), *sentences, ""]
    text = "\ufeff" + "\r\n".join(lines)
    yield Part(t("4-method/method.txt"), t("How the figures were computed, with formulas"), text.encode())


def _measures(result: SurveyResult, t: Texts) -> Iterator[Part]:
    if result.measures is None:
        return
    rows: list[tuple[tables_csv.Value, ...]] = [
        (t("What was heard"), t("Action"), t("Lead unit"), t("Due"), t("Done on"))
    ]
    rows += [(one.heard, one.action, one.lead, _day(one.due_on), _day(one.done_on)) for one in result.measures]
    told = t("What was done about it, at the cut")
    yield Part(t("6-measures/measures.csv"), told, tables_csv.written(rows))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _make_evidence(work: Work) -> None:
    options = work.options
    work.target.write_bytes(
        evidence_file(work.runtime, work.actor, work.slug, options["cut"], options["language"], work.told)
    )


EVIDENCE = Kind("evidence", Permission.DOWNLOAD, _make_evidence)
"""Options: ``cut`` (a number) and ``language``."""
