"""Libraries that only some kinds of files need; who installed none of them is told what to do."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from survey.errors import PhieuError

LIBRARIES = {"spss": ("pandas", "pyreadstat"), "parquet": ("pyarrow", "pyarrow.parquet")}
"""Extra of this package → the modules it brings."""


def modules(extra: str) -> list[Any]:
    """The modules of an extra. Raises PhieuError ``extra_missing``."""
    try:
        return [import_module(name) for name in LIBRARIES[extra]]
    except ImportError as error:
        raise PhieuError(
            "extra_missing",
            "This server lacks the library that writes such files.",
            "Whoever runs it can add the extra named below; CSV and XLSX need none.",
            (f"pip install 'phieu[{extra}]'",),
        ) from error
