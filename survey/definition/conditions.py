"""The sentence that says for whom a question or section is, made from its show-if rule.

Definition stage, pure. Without script every question is shown with this sentence, so a person must be
able to act on it.
"""

from __future__ import annotations

from survey.definition.questionnaire import Questionnaire
from survey.definition.routing import AllOf, AnyOf, Is, Not, Rule
from survey.texts import Translate


def describe(rule: Rule, questionnaire: Questionnaire, t: Translate, language: str) -> str:
    """«Bỏ qua nếu ở câu “Quý vị có nộp hồ sơ không?” Quý vị chọn “Không”.» Words come from ``t``, labels in
    ``language``. A rule that only excludes is said as what to skip, since nobody reads a double negative."""
    if isinstance(rule, Not) and isinstance(rule.rule, Is):
        return t("Skip this if {condition}.", condition=_clause(rule.rule, True, questionnaire, t, language))
    return t("Answer only if {condition}.", condition=_clause(rule, True, questionnaire, t, language))


def _clause(rule: Rule, wanted: bool, questionnaire: Questionnaire, t: Translate, language: str) -> str:
    """The clause that says that ``rule`` is ``wanted``; a "not" moves inwards until it stands at a question."""
    match rule:
        case Not(inner):
            return _clause(inner, not wanted, questionnaire, t, language)
        case Is(question, codes):
            labels = _labels(question, codes, questionnaire, t, language)
            asked = _asked(question, questionnaire, language)
            if wanted:
                return t("in question “{question}” you chose {labels}", question=asked, labels=labels)
            return t("in question “{question}” you did not choose {labels}", question=asked, labels=labels)
        case AllOf(rules) | AnyOf(rules):
            every = isinstance(rule, AllOf) is wanted
            clauses = [_clause(one, wanted, questionnaire, t, language) for one in rules]
            bracketed = [
                f"({clause})" if isinstance(_bare(one), AllOf | AnyOf) else clause
                for one, clause in zip(rules, clauses, strict=True)
            ]
            return (t(" and ") if every else t(" or ")).join(bracketed)


def _bare(rule: Rule) -> Rule:
    return _bare(rule.rule) if isinstance(rule, Not) else rule


def _asked(question: str, questionnaire: Questionnaire, language: str) -> str:
    """The question as the respondent reads it: the page shows no keys."""
    variable = questionnaire.by_key.get(question)
    return questionnaire.filled(variable.label).to(language).rstrip(" :") if variable else question


def _labels(question: str, codes: tuple[str, ...], questionnaire: Questionnaire, t: Translate, language: str) -> str:
    variable = questionnaire.by_key.get(question)
    known = (
        {one.code: one.label.to(language) for one in variable.choices.choices} if variable and variable.choices else {}
    )
    quoted = [f"“{known.get(code, code)}”" for code in codes]
    return t(" or ").join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
