"""What is stored, as the operator's file of answers has it."""

from __future__ import annotations

import csv
import io

from survey.services import exporting
from survey.services.runtime import OPERATOR, Runtime


def stored(runtime: Runtime, slug: str) -> list[dict[str, str]]:
    """Every answer, a row each, by question key."""
    target = io.BytesIO()
    exporting.export_responses(runtime, OPERATOR, slug, target)
    return list(csv.DictReader(io.StringIO(target.getvalue().decode("utf-8-sig"))))
