"""Label sheets as their makers cut them, and where each label lies. All lengths in mm from the top left of A4."""

from __future__ import annotations

from dataclasses import dataclass

from survey.errors import PhieuError

A4 = (210.0, 297.0)


@dataclass(frozen=True)
class Sheet:
    """Size of one label, columns and rows, the first label's corner, and the step from one label to the next."""

    name: str
    width: float
    height: float
    columns: int
    rows: int
    left: float
    top: float
    pitch_x: float
    pitch_y: float

    @property
    def labels(self) -> int:
        """How many are on a sheet."""
        return self.columns * self.rows

    @property
    def bottom(self) -> float:
        """Free paper under the last row."""
        return A4[1] - self.top - (self.rows - 1) * self.pitch_y - self.height

    def corners(self, skip: int = 0, offset: tuple[float, float] = (0.0, 0.0)) -> tuple[tuple[float, float], ...]:
        """The corners (x, y) of all labels but the first ``skip``, row by row, moved by ``offset`` for a printer that
        feeds askew. Raises PhieuError ``skip_unusable`` or ``offset_unusable``."""
        if not 0 <= skip < self.labels:
            raise PhieuError("skip_unusable", "That many labels cannot be left out.", "Leave at least one to print.")
        if not all(abs(shift) <= OFFSET_LIMIT for shift in offset):
            raise PhieuError("offset_unusable", "The offset is larger than 5 mm.", "Put the paper in straight.")
        return tuple(
            (self.left + column * self.pitch_x + offset[0], self.top + row * self.pitch_y + offset[1])
            for row, column in (divmod(number, self.columns) for number in range(skip, self.labels))
        )


OFFSET_LIMIT = 5.0
"""Largest correction of a printer's feed, in mm."""

SHEETS = {
    sheet.name: sheet
    for sheet in (
        Sheet("L7160", 63.5, 38.1, 3, 7, 7.48, 15.49, 66.04, 38.1),
        Sheet("L7161", 63.5, 46.8, 3, 6, 7.4, 8.1, 65.9, 46.7),
        Sheet("L7162", 99.1, 33.9, 2, 8, 4.0, 13.0, 102.5, 33.9),
        Sheet("L7163", 99.1, 38.1, 2, 7, 3.35, 15.2, 103.0, 38.1),
        Sheet("L7164", 63.5, 72.0, 3, 4, 7.35, 3.5, 66.0, 72.0),
        Sheet("L7165", 99.1, 67.7, 2, 4, 4.7, 13.0, 101.6, 67.7),
        Sheet("L7169", 99.1, 139.0, 2, 2, 5.0, 7.1, 101.5, 139.0),
        Sheet("J8157", 64.0, 24.3, 3, 11, 6.0, 14.0, 66.5, 24.3),
        Sheet("J8160", 63.5, 38.1, 3, 7, 7.48, 15.49, 66.04, 38.1),
        Sheet("L7651", 38.1, 21.2, 5, 13, 4.7, 10.9, 40.6, 21.2),
        Sheet("L4732", 35.6, 16.9, 5, 16, 11.0, 13.0, 38.1, 16.9),
        Sheet("L7654", 45.7, 25.4, 4, 10, 10.0, 22.0, 48.5, 25.4),
        Sheet("38931", 70.0, 25.0, 3, 11, 0.0, 10.0, 70.0, 25.0),
    )
}


def sheet(name: str) -> Sheet:
    """The sheet of this name. Raises PhieuError ``sheet_unknown`` that lists the names."""
    try:
        return SHEETS[name.upper()]
    except KeyError:
        raise PhieuError(
            "sheet_unknown", "There is no such label sheet.", "Choose one of those listed.", tuple(SHEETS)
        ) from None
