"""What a respondent sees of a questionnaire, as HTML: one page, prepared once per version and look."""

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
from survey.definition.questionnaire import Questionnaire, Section
from survey.definition.routing import Rule, write_rule
from survey.definition.types import Question
from survey.texts import texts
from survey.web.pages import SplicedPage, spliced

TOKEN = secrets.token_hex(16)
"""Stands where the form token goes while a page is prepared; random, so that no text of a questionnaire can hold it."""


SCRIPTS = ("respond", "keeping", "sending", "aloud")
STEPPING = "steps"
"""What stands in the page's one script, in this order; the last only where there is one question a screen."""


@dataclass(frozen=True)
class Look:
    """How the form looks to one person, all of it told by the address and the collector: pages are prepared for each
    look, never for a person. ``large``: large text. ``steps``: one question a screen, where there is script. ``fixed``:
    answers that the code carries (key, choice code), all of questions this version has; they are told, not asked."""

    language: str
    large: bool = False
    steps: bool = False
    fixed: tuple[tuple[str, str], ...] = ()


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
def inline(*names: str) -> Markup:
    """Style sheets or scripts of ours that stand inside the page, so that one response is the whole page; without
    indentation and lines of comment."""
    lines = [line.strip() for name in names for line in (ROOT / "static" / name).read_text("utf-8").splitlines()]
    kept = "\n".join(line for line in lines if not line.startswith("// "))
    return Markup(kept)  # noqa: S704 – our own files, named by their hash in the policy


def style() -> Markup:
    """What ``<style>`` holds on every public page."""
    return inline("css/respond.css")


def script(steps: bool = False) -> Markup:
    """What ``<script>`` holds on the form."""
    return inline(*(f"js/{name}.js" for name in (*SCRIPTS, *([STEPPING] if steps else ()))))


def _source(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def policy(origins: tuple[str, ...] = ()) -> str:
    """Content-Security-Policy of the public pages."""
    return allowing(style(), (script(), script(steps=True)), origins)


@lru_cache
def allowing(style: str, scripts: tuple[str, ...], origins: tuple[str, ...]) -> str:
    """A policy of a page of one response: what stands inline is named by its hash, all else is refused. The script may
    send answers, and start the worker that keeps the page for when there is no network. Only ``origins`` may show the
    page inside their own."""
    ancestors = " ".join(origins) or "'none'"
    named = " ".join(_source(one) for one in scripts)
    return (
        f"default-src 'none'; style-src {_source(style)}; script-src {named}; img-src data:; "
        f"connect-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors {ancestors}; base-uri 'none'"
    )


@lru_cache
def preview_policy() -> str:
    """The same, for staff looking at the page inside their own."""
    shown = policy().replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    return shown.replace("form-action 'self'", "form-action 'none'")


def form(
    questionnaire: Questionnaire,
    look: Look,
    token: str,
    filled: Filled = EMPTY,
    *,
    preview: bool = False,
    template: str = "respond/form.html",
    **more: object,
) -> str:
    """The whole page. ``token`` is the sealed form token; ``filled`` what is put into the fields. Another ``template``
    that shows the form may be given ``more``."""
    language = look.language
    t = texts(language)
    fixed = dict(look.fixed)

    def whom(rule: Rule | None) -> str:
        return describe(rule, questionnaire, t, language) if rule is not None else ""

    def rule_json(rule: Rule | None) -> str:
        return json.dumps(write_rule(rule), separators=(",", ":"))

    asked = [(section, _asked(section, fixed)) for section in questionnaire.sections]
    return render_template(
        template,
        q=questionnaire,
        sections=[(section, questions) for section, questions in asked if questions],
        told=_told(questionnaire, look),
        look=look,
        fixed=fixed,
        language=language,
        large=look.large,
        _=t,
        text=lambda value: questionnaire.filled(value).to(language),
        whom=whom,
        rule_json=rule_json,
        token=token,
        values=filled.values,
        errors=filled.errors,
        notice=filled.notice,
        preview=preview,
        **more,
    )


def _asked(section: Section, fixed: Mapping[str, str]) -> list[Question]:
    """The questions of a section that are left to ask."""
    return [one for one in section.questions if any(variable.key not in fixed for variable in one.variables())]


def _told(questionnaire: Questionnaire, look: Look) -> list[tuple[str, str, str, str]]:
    """Key, code, label and wording of each answer that the code carries."""
    known = questionnaire.by_key
    return [
        (
            key,
            code,
            questionnaire.filled(known[key].label).to(look.language).rstrip(" :?"),
            known[key].listed.choice(code).label.to(look.language),
        )
        for key, code in look.fixed
    ]


def prepared(questionnaire: Questionnaire, look: Look) -> SplicedPage:
    """The empty page, compressed but for its token."""
    return spliced(form(questionnaire, look, TOKEN), TOKEN)


def preview(questionnaire: Questionnaire, look: Look) -> str:
    """The page as a respondent will see it, for staff; it cannot be sent."""
    return form(questionnaire, look, "", preview=True)
