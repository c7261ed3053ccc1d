"""Drawings as answers of the server: on a page, and as files of print size."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, request

from survey.charts import theme
from survey.charts.drawing import Drawing, alone
from survey.errors import PhieuError
from survey.web.workbench import download

MIMETYPES = {"svg": "image/svg+xml", "png": "image/png"}


NARROW = "narrow"
"""What ``?width=`` says in the address of a picture for a phone."""


def narrow() -> bool:
    """Whether the address asks for a picture as wide as a phone."""
    return request.args.get("width") == NARROW


def shown(drawings: Sequence[Drawing]) -> Response:
    """For an ``<img>`` on a page that says itself where its figures come from."""
    return Response(alone(drawings, format=theme.NARROW if narrow() else theme.WIDE), mimetype=MIMETYPES["svg"])


def taken(drawings: Sequence[Drawing], source: Sequence[str], name: str, ending: str) -> Response:
    """A file to keep, ``name.ending``, with its source below. Raises PhieuError ``format_unknown``."""
    if ending not in MIMETYPES:
        raise PhieuError(
            "format_unknown", "Charts cannot be written in this format.", "Name a file that ends in .pdf, .svg or .png."
        )
    made = alone(drawings, source, form="png" if ending == "png" else "svg")
    return download(made, MIMETYPES[ending], f"{name}.{ending}")
