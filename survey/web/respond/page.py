"""What a respondent sees of a questionnaire, as HTML: one page, prepared once per version and language."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from flask import render_template
from markupsafe import Markup

from survey.config import ROOT
from survey.definition.conditions import describe
from survey.definition.questionnaire import Questionnaire
from survey.definition.routing import Rule, write_rule
from survey.texts import texts
from survey.web.pages import SplicedPage, spliced

TOKEN = secrets.token_hex(16)
"""Stands where the form token goes while a page is prepared; random, so that no text of a questionnaire can hold it."""


@dataclass(frozen=True)
class Notice:
    """Something said above the form: a heading, sentences, and links to the questions concerned (key, message). A
    ``calm`` one tells of no error."""

    title: str
    sentences: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    calm: bool = False


@dataclass(frozen=True)
class Filled:
    """What was typed, by field name, and the message beside each question that has one."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    notice: Notice | None = None


EMPTY = Filled()


@lru_cache
def inline(name: str) -> Markup:
    """A style sheet or script of ours that stands inside the page, so that one response is the whole page."""
    return Markup(  # noqa: S704 – our own file, named by its hash in the policy
        (ROOT / "static" / name).read_text(encoding="utf-8").strip()
    )


def style() -> Markup:
    """What ``<style>`` holds on every public page."""
    return inline("css/respond.css")


def script() -> Markup:
    """What ``<script>`` holds on the form."""
    return inline("js/respond.js")


def _source(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


@lru_cache
def policy(origins: tuple[str, ...] = ()) -> str:
    """Content-Security-Policy of the public pages: what stands inline is named by its hash, all else is refused. Only
    ``origins`` may show the page inside their own."""
    ancestors = " ".join(origins) or "'none'"
    return (
        f"default-src 'none'; style-src {_source(style())}; script-src {_source(script())}; img-src data:; "
        f"form-action 'self'; frame-ancestors {ancestors}; base-uri 'none'"
    )


@lru_cache
def preview_policy() -> str:
    """The same, for staff looking at the page inside their own."""
    shown = policy().replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    return shown.replace("form-action 'self'", "form-action 'none'")


def form(
    questionnaire: Questionnaire, language: str, token: str, filled: Filled = EMPTY, *, preview: bool = False
) -> str:
    """The whole page. ``token`` is the sealed form token; ``filled`` what is put into the fields."""
    t = texts(language)

    def whom(rule: Rule | None) -> str:
        return describe(rule, questionnaire, t, language) if rule is not None else ""

    def rule_json(rule: Rule | None) -> str:
        return json.dumps(write_rule(rule), separators=(",", ":"))

    return render_template(
        "respond/form.html",
        q=questionnaire,
        language=language,
        _=t,
        text=lambda value: questionnaire.filled(value).to(language),
        whom=whom,
        rule_json=rule_json,
        token=token,
        values=filled.values,
        errors=filled.errors,
        notice=filled.notice,
        preview=preview,
    )


def prepared(questionnaire: Questionnaire, language: str) -> SplicedPage:
    """The empty page, compressed but for its token."""
    page = form(questionnaire, language, TOKEN)
    return spliced(page, TOKEN)


def preview(questionnaire: Questionnaire, language: str) -> str:
    """The page as a respondent will see it, for staff; it cannot be sent."""
    return form(questionnaire, language, "", preview=True)
