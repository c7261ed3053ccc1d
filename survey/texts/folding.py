"""Text as people search for it: without diacritics and case, with đ = d."""

from __future__ import annotations

import re
import unicodedata


def folded(text: str) -> str:
    """``"Đối thoại  Doanh nghiệp"`` → ``"doi thoai doanh nghiep"``; any Unicode normal form gives the same."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(plain.replace("đ", "d").split())


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
