"""A text in several languages, with fallback to the first one it was written in."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """Pairs of language code and wording; the first pair is the original and the fallback."""

    wordings: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, **wordings: str) -> Text:
        """``Text.of(vi="Có", en="Yes")``."""
        return cls(tuple(wordings.items()))

    @classmethod
    def read(cls, value: Mapping[str, str] | str | None, original: str = "vi") -> Text:
        """From its JSON form: an object of language to wording, or a bare string in the ``original`` language. The
        original comes first whatever the order of the object (stored documents have sorted keys), wordings are kept in
        NFC. Raises TypeError or ValueError when it is neither, or a wording is not text."""
        if not value:
            return cls()
        pairs = {original: value} if isinstance(value, str) else dict(value)
        ordered = sorted(pairs, key=lambda code: (code != original, code))
        return cls(tuple((code, unicodedata.normalize("NFC", pairs[code])) for code in ordered))

    def write(self) -> dict[str, str]:
        """Its JSON form."""
        return dict(self.wordings)

    def to(self, language: str) -> str:
        """The wording in ``language``, else the original, else the empty string."""
        for code, wording in self.wordings:
            if code == language and wording:
                return wording
        return self.wordings[0][1] if self.wordings else ""

    def __bool__(self) -> bool:
        return any(wording for _, wording in self.wordings)
