"""Who answered at all, and who left a question blank. Pure."""

from __future__ import annotations

from survey.statistics.results import NO_ANSWER, NOT_ASKED, Figures


def response_rate(completed: int, frame: int) -> float | None:
    """AAPOR RR1 in percent: completed answers over everybody who was drawn, whether reached or not; None without a
    frame, or where more answered than there are. Source: AAPOR Standard Definitions (2023)."""
    return 100.0 * completed / frame if 0 <= completed <= frame and frame else None


def left_blank(figures: Figures, people: int) -> float | None:
    """Item non-response in percent: of the ``people`` described, those who were asked and gave nothing, over those who
    were asked. A code such as “not applicable” is an answer here. None where it is not shown or nobody was asked."""
    if figures.missing is None:
        return None
    asked = people - figures.missing[NOT_ASKED]
    return 100.0 * figures.missing[NO_ANSWER] / asked if asked > 0 else None
