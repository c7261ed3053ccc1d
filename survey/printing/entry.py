"""What a printed sheet says and where it leads: plain data for posters and labels."""

from __future__ import annotations

from dataclasses import dataclass

from survey.collection import codes, links


@dataclass(frozen=True)
class Entry:
    """One collector's way in, in the words of one language. ``contact`` is how to reach the office, ``base_url``
    the configured public address, ``run`` the print run that the address names (0: none). The collector's name is not
    among them: it is written for staff."""

    title: str
    office: str
    superior: str
    contact: str
    minutes: int
    code: str
    base_url: str
    run: int = 0

    @property
    def url(self) -> str:
        """What the QR code holds."""
        return links.survey_url(self.base_url, self.code, self.run)

    @property
    def address(self) -> str:
        """What someone without a camera types."""
        return links.typed_address(self.base_url, self.code)

    @property
    def shown_code(self) -> str:
        """The code with its hyphen."""
        return codes.display(self.code)
