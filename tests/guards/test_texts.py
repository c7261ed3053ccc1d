"""Everything the product says to people it says in Vietnamese too, once, completely, in composed characters."""

from __future__ import annotations

import unicodedata

import pytest

from survey.texts import LANGUAGES
from tests.guards.messages import asked, formatted, formatted_errors, in_python, in_template, placeholders, translated
from tests.guards.sources import files, name

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated(language: str) -> None:
    known = {message for message, wordings in translated(language).items() if all(wordings.values())}
    missing = {message: sorted(places) for message, places in asked().items() if message not in known}
    assert missing == {}


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_left_over(language: str) -> None:
    sources = "\0".join(
        path.read_text() for path in files("survey/**/*.py", "templates/**/*.html", "templates/**/*.svg")
    )
    said = asked()
    # A message that reaches t() through data stands as a literal somewhere; one that stands nowhere is left over.
    assert [message for message in translated(language) if message not in said and message not in sources] == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_message_has_two_translations(language: str) -> None:
    twice = {message: wordings for message, wordings in translated(language).items() if len(set(wordings.values())) > 1}
    assert twice == {}


@pytest.mark.parametrize("language", OTHERS)
def test_translations_fill_in_the_same_values(language: str) -> None:
    differing = {
        message: wording
        for message, wordings in translated(language).items()
        for wording in wordings.values()
        if placeholders(message) != placeholders(wording)
    }
    assert differing == {}


def test_no_message_is_put_together_before_it_is_translated() -> None:
    assert {name(path): lines for path in files("survey/**/*.py") if (lines := formatted(path.read_text()))} == {}


def test_no_error_that_a_page_tells_is_put_together_before_it_is_translated() -> None:
    rooms = ("survey/statistics/**/*.py", "survey/services/**/*.py", "survey/web/**/*.py")
    assert {name(path): lines for path in files(*rooms) if (lines := formatted_errors(path.read_text()))} == {}
    assert formatted_errors('raise NotFound("code", f"There is no {thing}.")') == [1]


def test_every_text_file_is_in_composed_characters() -> None:
    patterns = (
        "survey/**/*.py",
        "survey/**/*.po",
        "survey/**/*.json",
        "templates/**/*",
        "static/**/*.js",
        "docs/*.md",
        "*.md",
    )
    assert [name(path) for path in files(*patterns) if not unicodedata.is_normalized("NFC", path.read_text())] == []


def test_messages_are_found_wherever_they_may_stand() -> None:
    source = """
LABELS = {"a": "Open", "b": "Closed"}
STATES = ("Draft",)
def page(t, state, error):
    t("Hello {name}", name=1)
    t("Yes" if state else "No")
    t(LABELS[state])
    t(STATES[0])
    self.t("Long "
           "sentence")
    raise NotFound("code", "There is no such thing.", "Look again.")
"""
    expected = {
        "Hello {name}",
        "Yes",
        "No",
        "Open",
        "Closed",
        "Draft",
        "Long sentence",
        "There is no such thing.",
        "Look again.",
    }
    assert set(in_python(source)) == expected
    assert formatted('t(f"Hello {name}")') == [1]
    template = """{{ _("One") }}{% if _('Two' if x else "Three") %}{{ f(_("Four {n}", n=1)) }}{% endif %}"""
    assert set(in_template(template)) == {"One", "Two", "Three", "Four {n}"}
    assert placeholders("{n} of {total:,}") == {"n", "total"}
