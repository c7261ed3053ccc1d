"""Single answers as Parquet: typed columns in row groups, with labels and codes in the file's own metadata.

Reports stage, pure. One choice or a scale is a dictionary of its codes, several choices a list of codes, text is text.
Null: not asked. Empty text or empty list: asked and left blank. The whole codebook is JSON under ``phieu`` in the
metadata of the schema; each field has its label.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from survey.definition import codebook
from survey.definition.codebook import Codebook, Entry
from survey.definition.variables import Form
from survey.reports.answers import Batches, each
from survey.reports.cells import whole
from survey.reports.extras import modules

ROWS = 20_000
"""Answers in a row group, and in memory."""


def to_parquet(path: Path, batches: Batches, book: Codebook, beside: Sequence[Entry]) -> None:
    """Writes the file. Raises PhieuError ``extra_missing``."""
    arrow, parquet = modules("parquet")
    fields = [_field(arrow, one, shared=True) for one in beside] + [_field(arrow, one) for one in book.entries]
    told = {"phieu": json.dumps(codebook.write(book), ensure_ascii=True), "title": whole(book.title)}
    schema = arrow.schema(fields, metadata=told)
    people = each(batches)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while some := list(islice(people, ROWS)):
            columns = [
                _column(arrow, [shared[n] for shared, _ in some], one, shared=True) for n, one in enumerate(beside)
            ]
            columns += [_column(arrow, [given.get(one.key) for _, given in some], one) for one in book.entries]
            writer.write_table(arrow.table(columns, schema=schema), row_group_size=ROWS)


def _field(arrow: Any, entry: Entry, *, shared: bool = False) -> Any:
    told = {
        "label": whole(entry.label),
        "codes": json.dumps({one.code: one.label for one in entry.codes}, ensure_ascii=True),
        "missing": " ".join(entry.missing),
        "asked": whole(entry.asked),
    }
    return arrow.field(entry.key, _type(arrow, entry, shared), metadata={k: v for k, v in told.items() if v})


def _type(arrow: Any, entry: Entry, shared: bool) -> Any:
    if shared or not {Form.TEXT, Form.MULTIPLE} & set(entry.forms):
        return arrow.dictionary(arrow.int16(), arrow.string())
    return arrow.string() if Form.TEXT in entry.forms else arrow.list_(arrow.string())


def _column(arrow: Any, values: list[Any], entry: Entry, *, shared: bool = False) -> Any:
    kind = _type(arrow, entry, shared)
    if kind == arrow.string():
        return arrow.array([" ".join(one) if type(one) is list else one for one in values], kind)
    if kind != arrow.dictionary(arrow.int16(), arrow.string()):
        return arrow.array([list(_several(one)) if one is not None else None for one in values], kind)
    codes = dict.fromkeys(filter(None, values)) if shared else {one.code: None for one in entry.codes}
    known = {code: n for n, code in enumerate([*codes, ""])}
    places = arrow.array([None if one is None else known[one] for one in values], arrow.int16())
    return arrow.DictionaryArray.from_arrays(places, arrow.array(list(known), arrow.string()))


def _several(said: Any) -> Iterator[str]:
    if type(said) is list:
        yield from said
    elif said:
        yield said
