"""Built-in templates: questionnaires an office copies and edits. Each is a JSON document beside this module.

Definition stage. Templates are data; a new one is a new file.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from survey.definition.document import read
from survey.definition.questionnaire import Questionnaire
from survey.definition.text import Text
from survey.errors import NotFound

FOLDER = Path(__file__).parent

SHORT = {"conference": Text.of(vi="Hội nghị đối thoại doanh nghiệp", en="Business dialogue conference")}
"""What lists call a template whose title is too long for them."""


@cache
def names() -> tuple[str, ...]:
    """Names of the templates, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@cache
def load(name: str) -> Questionnaire:
    """The template called ``name``; raises NotFound ``template_unknown``."""
    if name not in names():
        raise NotFound(
            "template_unknown",
            f"There is no template called “{name}”.",
            f"Templates: {', '.join(names())}.",
        )
    return read(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def short(name: str) -> Text:
    """The template's name in lists; its title if it has no shorter one. Raises as ``load`` does."""
    return SHORT.get(name) or load(name).title
