"""Ready questions with a score, and scales marked to carry one."""

from __future__ import annotations

import pytest

from survey.definition import checks, document, library, scored
from survey.definition.choices import MEASURES


@pytest.mark.parametrize("template", library.names())
@pytest.mark.parametrize("measure", MEASURES)
def test_a_ready_question_fits_every_template_and_leaves_nothing_to_correct(template: str, measure: str) -> None:
    before = library.load(template)
    made = scored.added(scored.added(before, measure, before.sections[-1].key, {}), measure, before.sections[0].key, {})
    assert document.read(document.write(made)) == made
    assert set(checks.problems(made)) <= set(checks.problems(before))
    keys = [one.key for one in made.questions if one.key.startswith(measure.upper())]
    assert sorted(keys) == [measure.upper(), f"{measure.upper()}2"]
    lists = [one for one in made.choice_lists if one.measure]
    assert [one.measure for one in lists] == [measure], "both share one scale"
    for key in keys:
        made = scored.removed(made, key)
    assert made == before


def test_marking_a_question_leaves_the_others_on_its_scale_alone_and_is_undone_to_the_letter() -> None:
    before = library.load("conference")
    marked = scored.marked(before, {"B7"})
    assert [one.key for one in marked.variables if one.choices and one.choices.measure] == ["B7"]
    assert marked.by_key["B7"].listed.codes == before.by_key["B7"].listed.codes
    assert set(checks.problems(marked)) <= set(checks.problems(before))
    assert scored.marked(marked, {"B7"}) == marked
    assert scored.marked(marked, set()) == before


def test_a_scale_used_once_keeps_its_choices_when_it_is_marked_and_unmarked() -> None:
    before = library.load("one-tap")
    keys = {one.key for one in scored.markable(before)}
    again = scored.marked(scored.marked(before, keys), set())
    assert [one.listed.choices for one in again.variables if one.choices] == [
        one.listed.choices for one in before.variables if one.choices
    ]
    assert set(checks.problems(again)) <= set(checks.problems(before))


def test_a_questionnaire_in_one_language_gets_the_ready_question_in_it_alone() -> None:
    value = document.write(library.load("conference"))
    for language in ("vi", "en"):
        only = document.read({**value, "languages": [language]})
        made = scored.added(only, "ces", "E", {})
        text = dict(made.by_key["CES"].label.wordings)
        assert list(text) == [language] and text[language] == scored.ready_text("ces", language)
    french = scored.added(document.read({**value, "languages": ["fr"]}), "nps", "E", {"fr": "Recommanderiez-vous ?"})
    assert french.by_key["NPS"].label.to("fr") == "Recommanderiez-vous ?"
    assert french.by_key["NPS"].listed.levels[0].label.to("fr").startswith("0")


def test_what_an_index_a_rule_or_the_headline_rests_on_cannot_be_taken_out() -> None:
    asked = library.load("conference")
    asked = scored.marked(asked, {one.key for one in scored.markable(asked)})
    marked = [one for one in scored.markable(asked) if one.marked]
    assert "B7" in {one.key for one in marked} and len(marked) > 2
    assert not any(one.removable for one in marked)
    with pytest.raises(KeyError):
        scored.removed(asked, "B7")
