"""Question types: one small module each, and the registry from a type's name to its class.

A new type is a module here, a line in ``TYPES`` and a template ``templates/components/questions/<type>.html``.
"""

from __future__ import annotations

from survey.definition.types.base import Question
from survey.definition.types.long_text import LongText
from survey.definition.types.matrix import Item, Matrix
from survey.definition.types.multiple import Multiple
from survey.definition.types.scale import Scale
from survey.definition.types.short_text import ShortText
from survey.definition.types.single import Single

TYPES: dict[str, type[Question]] = {one.type: one for one in (Scale, Single, Multiple, Matrix, ShortText, LongText)}

__all__ = ["TYPES", "Item", "LongText", "Matrix", "Multiple", "Question", "Scale", "ShortText", "Single"]
