"""Text as people search for it: without diacritics and case, with đ = d."""

from __future__ import annotations

import re
import unicodedata


class _Folding(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        spelled = unicodedata.normalize("NFKD", chr(code).casefold())
        plain = "".join(c for c in spelled if not unicodedata.combining(c)).replace("đ", "d")
        return self.setdefault(code, plain)


_FOLDING = _Folding()


def folded(text: str) -> str:
    """``"Đối thoại  Doanh nghiệp"`` → ``"doi thoai doanh nghiep"``; any Unicode normal form gives the same."""
    # Character by character is enough: whatever normal forms put in another order are marks, and those go.
    return " ".join(text.translate(_FOLDING).split())


def slug(text: str, most: int = 48) -> str:
    """A name for addresses out of a title: folded words joined by hyphens, cut at a word, perhaps empty."""
    words = re.findall(r"[a-z0-9]+", folded(text))
    out = ""
    for word in words:
        longer = f"{out}-{word}" if out else word[:most]
        if len(longer) > most:
            break
        out = longer
    return out
