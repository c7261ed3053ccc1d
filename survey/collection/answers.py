"""The only validator of answers: what came in, from page or file, becomes the canonical answers that are stored.

Collection stage, pure. It never raises on what people send, never stores what the rules do not ask and never guesses
what an impossible answer might have meant.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from survey.definition.questionnaire import Questionnaire
from survey.definition.routing import Answers, Rule, holds
from survey.definition.types import LongText
from survey.definition.variables import Form, Variable
from survey.texts import Translate

STACK = 30
"""Combining marks kept on one letter (the stream-safe limit of Unicode Annex 15); NFC takes quadratic time on more."""

_QUICK = 300
"""Characters that NFC puts in order quickly whatever they are."""

_SHOWN = 40
"""Characters of a wrong value that a message repeats."""

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LONG_RUN = re.compile(rf"[^\w\s!-~]{{{STACK + 1},}}")


@dataclass(frozen=True, slots=True)
class AnswerError:
    """Why an answer cannot be stored. ``code`` is ``required``, ``several``, ``unknown_code``, ``exclusive``,
    ``too_many`` or ``too_long``; ``values`` is what was given, so that a page can keep it."""

    key: str
    code: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """``answers``: canonical, in questionnaire order; ``""`` or ``[]`` asked but blank, absent not asked (an answer in
    error is blank). ``dropped``: keys whose answers were left out because the rules do not ask them."""

    answers: dict[str, str | list[str]]
    errors: tuple[AnswerError, ...] = ()
    dropped: tuple[str, ...] = ()


def check(questionnaire: Questionnaire, given: Mapping[str, Sequence[str]]) -> Checked:
    """Checks and puts in order the answers ``given`` as variable key → values (a bare string is one value). Keys the
    questionnaire does not have are ignored. Never raises, whatever the texts hold."""
    answers: dict[str, str | list[str]] = {}
    routing: dict[str, str | list[str]] = {}
    errors: list[AnswerError] = []
    dropped: list[str] = []
    rules: tuple[Rule, ...] = ()
    asked = True
    for step in _plan(questionnaire):
        key = step.key
        values = given.get(key, ())
        if isinstance(values, str):
            values = (values,)
        if step.rules is not rules:
            rules = step.rules
            asked = all(holds(rule, routing) for rule in rules)
        if not asked:
            if any(value and not value.isspace() for value in values):
                dropped.append(key)
            continue
        answer, known, error = step.read(step, values)
        answers[key] = answer
        # A rule that looks at an answer in error still sees the codes in it, so that a page shown again asks the same.
        routing[key] = known
        if not error and step.required and not answer:
            error = "required"
        if error:
            errors.append(AnswerError(key, error, tuple(values)))
    return Checked(answers, tuple(errors), tuple(dropped))


def normalise(text: str, lines: bool = True) -> str:
    """``text`` as it is stored: NFC, line ends as ``\\n`` (a space where ``lines`` is false), without control and
    invisible direction characters, lone surrogates and excessive stacks of marks, trimmed. Idempotent."""
    if not text.isprintable():
        text = _INVISIBLE.sub("", _BREAKS.sub("\n", text))
    if not text.isascii():
        if len(text) > _QUICK:
            text = _LONG_RUN.sub(_unstack, text)
        # Again afterwards, since NFC takes a few marks apart into two.
        text = _LONG_RUN.sub(_unstack, unicodedata.normalize("NFC", text))
    return text.strip() if lines else " ".join(text.split())


def digest(version_digest: str, answers: Answers) -> bytes:
    """SHA-256 over the version's digest and the canonical JSON of ``answers``: tells the same content sent again."""
    written = orjson.dumps(answers, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(version_digest.encode() + b"\n" + written).digest()


def message(error: AnswerError, questionnaire: Questionnaire, t: Translate, language: str) -> str:
    """What is wrong and what to do, for the person who answered; ``language`` is that of the choice labels."""
    variable = questionnaire.by_key[error.key]
    given = [value for each in error.values if (value := each.strip())]
    match error.code:
        case "required":
            return t("Please answer this question: the results cannot be drawn up without it.")
        case "several":
            return t("Please choose only one answer.")
        case "exclusive":
            alone = next(one for one in variable.listed.choices if one.exclusive and one.code in given)
            return t(
                "“{label}” cannot stand beside other answers. Please keep one or the other.",
                label=alone.label.to(language),
            )
        case "too_many":
            return t("Please choose at most {most} answers.", most=variable.most)
        case "too_long":
            length = max(len(normalise(value)) for value in given)
            return t(
                "This answer has {length} characters. Please shorten it to {most}.", length=length, most=variable.length
            )
        case _:
            wrong = next(value for value in given if value not in variable.listed.codes)
            shown = normalise(wrong[:_SHOWN], lines=False)
            return t("“{value}” is not one of the answers to this question. Please choose again.", value=shown)


Read = tuple["str | list[str]", "str | list[str]", str]
"""The canonical answer, the codes that rules may look at, and the error's code or the empty string."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One variable, ready to be checked: codes with their places in the list, limits, and the function for its form.
    Steps under equal rules share one tuple, so that neighbours are decided once (a rule looks only at what is before
    them all)."""

    key: str
    rules: tuple[Rule, ...]
    required: bool
    read: Callable[[_Step, Sequence[str]], Read]
    places: Mapping[str, int]
    exclusive: frozenset[str]
    most: int
    length: int
    lines: bool


_PLANS: dict[int, tuple[Questionnaire, tuple[_Step, ...]]] = {}
"""Plans by identity: hashing a questionnaire would cost more than checking with it. The plan keeps its questionnaire
alive, so an identity is never reused while it is here."""

_PLANS_KEPT = 64


def _plan(questionnaire: Questionnaire) -> tuple[_Step, ...]:
    found = _PLANS.get(id(questionnaire))
    if found is not None:
        return found[1]
    on_lines = {question.key for question in questionnaire.questions if isinstance(question, LongText)}
    shared: dict[tuple[Rule, ...], tuple[Rule, ...]] = {}
    plan = tuple(
        _step(variable, shared.setdefault(variable.rules, variable.rules), variable.key in on_lines)
        for variable in questionnaire.variables
    )
    if len(_PLANS) >= _PLANS_KEPT:
        _PLANS.clear()
    _PLANS[id(questionnaire)] = (questionnaire, plan)
    return plan


def _step(variable: Variable, rules: tuple[Rule, ...], lines: bool) -> _Step:
    choices = variable.choices.choices if variable.choices is not None else ()
    reader = {Form.TEXT: _read_text, Form.MULTIPLE: _read_several}.get(variable.form, _read_one)
    return _Step(
        key=variable.key,
        rules=rules,
        required=variable.required,
        read=reader,
        places={choice.code: place for place, choice in enumerate(choices)},
        exclusive=frozenset(choice.code for choice in choices if choice.exclusive),
        most=variable.most,
        length=variable.length,
        lines=lines,
    )


def _read_one(step: _Step, values: Sequence[str]) -> Read:
    if len(values) == 1 and values[0] in step.places:
        return values[0], values[0], ""
    codes, known = _codes(step, values)
    if len(known) < len(codes):
        return "", known, "unknown_code"
    if len(codes) > 1:
        return "", known, "several"
    code = codes[0] if codes else ""
    return code, code, ""


def _read_several(step: _Step, values: Sequence[str]) -> Read:
    if not values:
        return [], [], ""
    codes, known = _codes(step, values)
    if len(known) < len(codes):
        return [], known, "unknown_code"
    if len(known) > 1:
        if not step.exclusive.isdisjoint(known):
            return [], known, "exclusive"
        if 0 < step.most < len(known):
            return [], known, "too_many"
        known.sort(key=step.places.__getitem__)
    return known, known, ""


def _codes(step: _Step, values: Sequence[str]) -> tuple[list[str], list[str]]:
    """The different values that are not blank, and those of them that are codes of the list."""
    codes = list(dict.fromkeys(code for value in values if (code := value.strip())))
    return codes, [code for code in codes if code in step.places]


def _read_text(step: _Step, values: Sequence[str]) -> Read:
    texts = [text for value in values if (text := normalise(value, step.lines))]
    if len(texts) > 1:
        return "", "", "several"
    if not texts:
        return "", "", ""
    return ("", "", "too_long") if len(texts[0]) > step.length else (texts[0], texts[0], "")


def _unstack(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= STACK:
            kept.append(character)
    return "".join(kept)
