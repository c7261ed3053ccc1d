"""What an author should correct before a questionnaire is published: everything that would make it unanswerable,
uncountable or misleading.

Definition stage, pure. What each finding says stands in ``findings``.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from survey.definition.choices import MEASURES, ChoiceList
from survey.definition.document import write
from survey.definition.findings import Problem
from survey.definition.indexes import Index, Scoring
from survey.definition.indexes import Rule as IndexRule
from survey.definition.questionnaire import Questionnaire
from survey.definition.routing import AllOf, AnyOf, Not, Rule, references
from survey.definition.text import Text
from survey.definition.types import LongText, Matrix, Multiple, Question, Scale, ShortText, Single
from survey.definition.variables import Form, Variable

__all__ = ["Problem", "problems"]

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.]{0,31}")
CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,31}")
"""A code never begins with a hyphen: in a spreadsheet such a cell is a formula."""

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,4})?")
"""A language, perhaps with its script or region, as in sr-Latn: at most the 8 characters a response keeps."""

RESERVED = frozenset({"collector", "language", "month", "received_on", "status", "version"})
"""Columns that files of answers have beside the questions."""

MOST_CODES_MULTIPLE = 62
MOST_CODES = 250
"""What a coded column holds (aggregation/columns.py)."""

LONGEST_ANSWER = 10_000
LARGEST_DOCUMENT = 400_000
"""Characters of its JSON form."""

_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def problems(questionnaire: Questionnaire) -> tuple[Problem, ...]:
    """Everything found, errors before warnings, each in the order of the questionnaire."""
    found = [problem for look in _LOOKS for problem in look(questionnaire)]
    return tuple(sorted(found, key=lambda one: one.level))


def _document(q: Questionnaire) -> Iterator[Problem]:
    for language, times in Counter(q.languages).items():
        if times > 1 or not LANGUAGE.fullmatch(language):
            yield Problem(language, "language_unusable")
    if not q.variables:
        yield Problem("document", "no_questions")
    if not 1 <= q.minutes <= 120:
        yield Problem("minutes", "minutes_unusable")
    if len(json.dumps(write(q), ensure_ascii=False)) > LARGEST_DOCUMENT:
        yield Problem("document", "document_too_large")
    headline = q.by_key.get(q.headline) if q.headline is not None else None
    if q.headline is not None and (headline is None or not _scored(headline)):
        yield Problem(q.headline, "headline_not_scale")


def _texts(q: Questionnaire) -> Iterator[Problem]:
    for place, text, needed in _wordings(q):
        original = dict(text.wordings).get(q.languages[0], "")
        if needed and not original.strip():
            yield Problem(place, "text_missing")
        for language, wording in text.wordings:
            if _UNPRINTABLE.search(wording):
                yield Problem(f"{place} [{language}]", "text_unprintable")
        if text:
            for language in q.languages[1:]:
                if not dict(text.wordings).get(language, "").strip():
                    yield Problem(f"{place} [{language}]", "translation_missing")


def _wordings(q: Questionnaire) -> Iterator[tuple[str, Text, bool]]:
    """Place, text, and whether it must be there."""
    yield "title", q.title, True
    yield "notice", q.notice, False
    yield "closing", q.closing, False
    for section in q.sections:
        yield section.key, section.title, True
        yield f"{section.key}, intro", section.intro, False
        for question in section.questions:
            yield question.key, question.text, True
            yield f"{question.key}, hint", question.hint, False
            if isinstance(question, Matrix):
                for item in question.items:
                    yield item.key, item.text, True
    for one in q.choice_lists:
        for choice in one.choices:
            yield f"{one.name}, {choice.code}", choice.label, True
    for index in q.indexes:
        yield index.key, index.name, True
        yield f"{index.key}, note", index.note, False
        for factor in index.factors:
            yield f"{index.key}, {factor.key}", factor.name, True


def _keys(q: Questionnaire) -> Iterator[Problem]:
    named = [question.key for question in q.questions]
    named += [item.key for question in q.questions if isinstance(question, Matrix) for item in question.items]
    yield from _names(named)
    yield from _names([section.key for section in q.sections])
    yield from _names([index.key for index in q.indexes])
    for index in q.indexes:
        yield from _names([factor.key for factor in index.factors])
    for key in named:
        if key.casefold() in RESERVED:
            yield Problem(key, "key_reserved")


def _names(keys: Iterable[str]) -> Iterator[Problem]:
    # Capitals do not tell two keys apart: spreadsheets and statistics programs ignore them in names of columns.
    seen: set[str] = set()
    for key in keys:
        if not KEY.fullmatch(key):
            yield Problem(key, "key_unusable")
        if key.casefold() in seen:
            yield Problem(key, "key_repeated")
        seen.add(key.casefold())


def _lists(q: Questionnaire) -> Iterator[Problem]:
    users: dict[str, list[Question]] = {}
    for question in q.questions:
        if isinstance(question, Scale | Single | Multiple | Matrix):
            users.setdefault(question.choices.name, []).append(question)
    for one in q.choice_lists:
        yield from _codes(one, any(isinstance(user, Multiple) for user in users.get(one.name, ())))
        yield from _labels(one, q.languages)
        if one.name not in users:
            yield Problem(one.name, "list_unused")
        elif len(one.levels) < 2:
            yield Problem(one.name, "list_too_short")
        scale = any(isinstance(user, Scale | Matrix) for user in users.get(one.name, ()))
        yield from _satisfied(one, scale and one.measure not in ("nps", "ces"))
        yield from _measure(one, scale)


def _codes(one: ChoiceList, multiple: bool) -> Iterator[Problem]:
    if len(one.choices) > (MOST_CODES_MULTIPLE if multiple else MOST_CODES):
        yield Problem(one.name, "list_too_long")
    for code, times in Counter(one.codes).items():
        if not CODE.fullmatch(code):
            yield Problem(f"{one.name}, {code}", "code_unusable")
        if times > 1:
            yield Problem(f"{one.name}, {code}", "code_repeated")


def _labels(one: ChoiceList, languages: tuple[str, ...]) -> Iterator[Problem]:
    for language in languages:
        labels = Counter(choice.label.to(language).strip().casefold() for choice in one.choices)
        if any(times > 1 for label, times in labels.items() if label):
            yield Problem(f"{one.name} [{language}]", "label_repeated")


def _satisfied(one: ChoiceList, scale: bool) -> Iterator[Problem]:
    levels = {choice.code for choice in one.levels}
    for code in one.satisfied:
        if code not in levels:
            yield Problem(f"{one.name}, {code}", "satisfied_unknown")
    if scale and not one.satisfied:
        yield Problem(one.name, "satisfied_unset")


def _measure(one: ChoiceList, scale: bool) -> Iterator[Problem]:
    if not one.measure:
        return
    if one.measure not in MEASURES:
        yield Problem(f"{one.name}, {one.measure}", "measure_unknown")
    elif not scale or len(one.levels) != MEASURES[one.measure]:
        yield Problem(f"{one.name}, {one.measure}", "measure_levels")


def _questions(q: Questionnaire) -> Iterator[Problem]:
    for section in q.sections:
        if not section.questions:
            yield Problem(section.key, "section_empty")
    for question in q.questions:
        match question:
            case Matrix() if not question.items:
                yield Problem(question.key, "matrix_empty")
            case Multiple() if not 0 <= question.most <= len(question.choices.choices):
                yield Problem(question.key, "most_unusable")
            case Multiple() if question.shuffle and not _drawable(question):
                yield Problem(question.key, "shuffle_unusable")
            case ShortText() | LongText() if not 1 <= question.length <= LONGEST_ANSWER:
                yield Problem(question.key, "length_unusable")
            case _:
                pass


def _drawable(question: Multiple) -> bool:
    """Whether there is an order to draw, and nothing that could move stands behind what keeps its place."""
    return question.drawn > 1 and all(choice.stays for choice in question.choices.choices[question.drawn :])


def _rules(q: Questionnaire) -> Iterator[Problem]:
    before: dict[str, Variable] = {}
    for section in q.sections:
        yield from _rule(section.key, section.show_if, before, q)
        for question in section.questions:
            yield from _rule(question.key, question.show_if, before, q)
            before |= {variable.key: variable for variable in question.variables()}


def _rule(place: str, rule: Rule | None, before: dict[str, Variable], q: Questionnaire) -> Iterator[Problem]:
    if rule is not None and _hollow(rule):
        yield Problem(place, "rule_empty")
    for comparison in references(rule):
        variable = before.get(comparison.question)
        where = f"{place}: {comparison.question}"
        if variable is None and comparison.question in q.by_key:
            yield Problem(where, "rule_looks_ahead")
        elif variable is None:
            yield Problem(where, "rule_unknown_question")
        elif variable.choices is None:
            yield Problem(where, "rule_on_text")
        else:
            for code in set(comparison.codes) - set(variable.choices.codes):
                yield Problem(f"{where} = {code}", "rule_unknown_code")


def _hollow(rule: Rule) -> bool:
    match rule:
        case Not(inner):
            return _hollow(inner)
        case AllOf(rules) | AnyOf(rules):
            return not rules or any(_hollow(one) for one in rules)
        case _:
            return not rule.codes


def _indexes(q: Questionnaire) -> Iterator[Problem]:
    for index in q.indexes:
        yield from index_problems(index, q)


def index_problems(index: Index, q: Questionnaire) -> Iterator[Problem]:
    """Why an index could not be computed from the answers to a questionnaire."""
    yield from _index(index, q)
    for item, times in Counter(index.items).items():
        variable = q.by_key.get(item)
        if variable is None or variable.form is not Form.SCALE:
            yield Problem(f"{index.key}: {item}", "index_item_not_scale")
        elif index.scoring is Scoring.SATISFIED_SHARE and not _scored(variable):
            yield Problem(f"{index.key}: {item}", "index_item_unscored")
        if times > 1:
            yield Problem(f"{index.key}: {item}", "index_item_repeated")
    for item in index.negative:
        if item not in index.items:
            yield Problem(f"{index.key}: {item}", "index_negative_unknown")
        elif index.scoring is Scoring.SATISFIED_SHARE:
            yield Problem(f"{index.key}: {item}", "index_negative_share")


def _index(index: Index, q: Questionnaire) -> Iterator[Problem]:
    if not index.items or any(not factor.items for factor in index.factors):
        yield Problem(index.key, "index_empty")
    overall = q.by_key.get(index.overall) if index.overall is not None else None
    if (index.overall is not None or index.rule is IndexRule.OVERALL_QUESTION) and (
        overall is None or overall.form is not Form.SCALE
    ):
        yield Problem(index.key, "index_overall_not_scale")
    low, high = index.anchors
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        yield Problem(index.key, "anchors_unusable")
    if any(not (math.isfinite(factor.weight) and factor.weight > 0) for factor in index.factors):
        yield Problem(index.key, "weight_unusable")


def _scored(variable: Variable) -> bool:
    return variable.form is Form.SCALE and bool(variable.listed.satisfied)


_LOOKS: tuple[Callable[[Questionnaire], Iterator[Problem]], ...] = (
    _document,
    _keys,
    _texts,
    _questions,
    _rules,
    _lists,
    _indexes,
)
