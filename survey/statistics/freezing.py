"""A ``SurveyResult`` as JSON and back without loss, so that a cut of it shows the same figures for ever.

Driven by the types of the fields: frozen dataclasses, text, numbers, days, enumerations, tuples, mappings with keys of
text (their order is kept) and whatever of these may be None. The same result gives the same bytes. A field that came
after a document was written takes its default; a field that is not known is refused.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from survey.statistics.results import SurveyResult

FORMAT = 1
"""Version of the document, written into each."""

Codec = tuple[Callable[[Any], Any], Callable[[Any], Any]]
"""How a value of one type is written, and read."""


def freeze(result: SurveyResult) -> bytes:
    """The result as JSON in UTF-8. Raises ValueError for a number that is not finite."""
    document = {"format": FORMAT, "result": codec(SurveyResult)[0](result)}
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def thaw(document: bytes | str) -> SurveyResult:
    """What ``freeze`` wrote. Raises ValueError when it is anything else."""
    try:
        read = json.loads(document)
        if read["format"] != FORMAT:
            raise ValueError(f"format {read['format']!r} is not known")
        return cast(SurveyResult, codec(SurveyResult)[1](read["result"]))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a frozen result: {type(error).__name__} {error}") from error


@cache
def codec(kind: Any) -> Codec:
    """How values of this type are written and read. Raises TypeError for a type that has no such form."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _optional(arguments)
    if origin is tuple:
        return _tuple(arguments)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(*arguments)
    if isinstance(kind, type):
        if is_dataclass(kind):
            return _record(kind)
        if issubclass(kind, Enum):
            return (lambda value: value.value), kind
        if kind is date:
            return date.isoformat, date.fromisoformat
        if kind in (bool, int, float, str):
            return kind, kind
    raise TypeError(f"{kind} cannot be frozen")


def _optional(arguments: tuple[Any, ...]) -> Codec:
    inner = [one for one in arguments if one is not types.NoneType]
    if len(inner) != 1:
        raise TypeError(f"one of {arguments} cannot be told from another")
    write, read = codec(inner[0])
    return (lambda value: None if value is None else write(value)), (
        lambda value: None if value is None else read(value)
    )


def _tuple(arguments: tuple[Any, ...]) -> Codec:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        write, read = codec(arguments[0])
        return (lambda values: [write(one) for one in values]), (lambda values: tuple(read(one) for one in values))
    parts = [codec(one) for one in arguments]
    return (
        lambda values: [write(one) for (write, _), one in zip(parts, values, strict=True)],
        lambda values: tuple(read(one) for (_, read), one in zip(parts, values, strict=True)),
    )


def _mapping(key: Any, value: Any) -> Codec:
    (write_key, read_key), (write, read) = codec(key), codec(value)
    if not (isinstance(key, type) and issubclass(key, str)):
        raise TypeError(f"a mapping by {key} has no JSON form")
    return (
        lambda values: {write_key(name): write(one) for name, one in values.items()},
        lambda values: {read_key(name): read(one) for name, one in values.items()},
    )


def _record(kind: type) -> Codec:
    hints = get_type_hints(kind)
    own: tuple[Field[Any], ...] = fields(kind)
    parts = {one.name: codec(hints[one.name]) for one in own if one.init}
    needed = {one.name for one in own if one.init and one.default is MISSING and one.default_factory is MISSING}

    def read(value: Mapping[str, Any]) -> Any:
        if not value.keys() <= parts.keys() or not needed <= value.keys():
            odd = sorted(value.keys() - parts.keys() | needed - value.keys())
            raise ValueError(f"{kind.__name__} does not have these fields: {', '.join(odd)}")
        return kind(**{name: parts[name][1](one) for name, one in value.items()})

    return (lambda value: {name: write(getattr(value, name)) for name, (write, _) in parts.items()}), read
