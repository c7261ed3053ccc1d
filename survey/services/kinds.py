"""Every kind of long work that can be asked for, by name."""

from __future__ import annotations

from collections.abc import Mapping

from survey.services import annexes, charting, evidence, reporting
from survey.services.jobs import Kind

KINDS: Mapping[str, Kind] = {
    one.name: one for one in (charting.CHART_BOOK, annexes.ANNEX, evidence.EVIDENCE, reporting.REPORT)
}
