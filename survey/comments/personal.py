"""Personal data in what people wrote, found by its shape so that it is masked before anything is published. Pure.

Found: e-mail addresses, profiles, telephone numbers, numbers of identity papers, tax codes, accounts, dossiers and
vehicles, birthdays, and names where a title, a word such as "tên" or a family name announces them. Not found: names in
small letters without a title, numbers spelled in words, places people describe. Each search takes time proportional to
the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from survey.comments import names
from survey.texts import Translate


def t(message: str) -> str:
    """Marks a message for translation."""
    return message


KINDS = {
    "email": t("e-mail address"),
    "profile": t("profile on the internet"),
    "phone": t("telephone number"),
    "identity": t("number of an identity paper"),
    "tax": t("tax code"),
    "account": t("account number"),
    "dossier": t("dossier number"),
    "vehicle": t("number plate"),
    "birthday": t("date of birth"),
    "name": t("name of a person"),
}


class Hit(NamedTuple):
    """Personal data from ``start`` to ``end`` of a text; ``kind`` is a key of ``KINDS``."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Part:
    """A stretch of a text; ``kind`` "" where it is no personal data."""

    text: str
    kind: str = ""


def find(text: str) -> tuple[Hit, ...]:
    """All personal data of a text, in order, none overlapping. Where two shapes fit the same place, the one that says
    more wins: ``a.b@c.vn`` is an address, not a name."""
    found: list[Hit] = []
    taken = bytearray(len(text))
    for look in _SHAPES:
        for hit in look(text):
            if not any(taken[hit.start : hit.end]):
                taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
                found.append(hit)
    return tuple(sorted(found))


def parts(text: str, allowed: Collection[str] = ()) -> tuple[Part, ...]:
    """The text in stretches, with personal data told apart; what is in ``allowed`` counts as none."""
    found: list[Part] = []
    done = 0
    for start, end, kind in find(text):
        if text[start:end] in allowed:
            continue
        if start > done:
            found.append(Part(text[done:start]))
        found.append(Part(text[start:end], kind))
        done = end
    if done < len(text):
        found.append(Part(text[done:]))
    return tuple(found)


def masked(text: str, t: Translate, allowed: Collection[str] = ()) -> str:
    """The text with what each piece of personal data is in its place: ``Gọi [số điện thoại]``."""
    return "".join(mask(one.kind, t) if one.kind else one.text for one in parts(text, allowed))


def mask(kind: str, t: Translate) -> str:
    """What stands where personal data stood."""
    return f"[{t(KINDS[kind])}]"


# Addresses are looked for around each "@", since a search for what may stand before it would begin at every letter.
_LOCAL = re.compile(r"[\w.+\-]{1,64}[ ]?$")
_DOMAIN = re.compile(
    r"(?:[\w\-]{1,63}\.){1,4}[A-Za-z]{2,12}(?!\w)"
    r"|[ ]?(?:gmail|gmai|yahoo|hotmail|outlook|icloud)(?:[ ]?\.[ ]?com(?:[ ]?\.[ ]?vn)?)?(?!\w)",
    re.IGNORECASE,
)
_FARTHEST = 70

_PROFILE = re.compile(
    r"(?<!\w)(?:https?://)?(?:www\.)?(?:facebook|fb|zalo|m|t|tiktok|instagram)\.(?:com|me|vn)/[^\s,;]{1,200}", re.I
)
_PLATE = re.compile(
    r"(?<!\w)[1-9]\d(?:-?[A-Z](?:[A-Z]|\d)?[ .\-]{0,3}(?:\d{3}[ .]?\d{2}|\d{4})"
    r"|[a-z]\d?[ \-]{0,2}\d{3}\.?\d{2})(?!\w|[.,]\d)"
)
_DOSSIER = re.compile(
    r"(?<!\w)(?:\d{3}\.)?(?:\d{2}\.){0,6}[A-Za-z]\d{2}(?:[.\-]\d{2,3}){0,4}[\-.]\d{6}[\-.]\d{3,6}(?!\w)"
)
_SLIP = r"(?:hồ\s?sơ|ho\s?so|biên\s?nhận|bien\s?nhan|phiếu\s?hẹn|giấy\s?hẹn|giay\s?hen)"
_DOSSIER_NAMED = re.compile(
    rf"(?<!\w)(?:(?:mã|ma|số|so)\s{{0,2}}{_SLIP}|{_SLIP}\s{{0,2}}(?:mã\s{{0,2}})?(?:số|so|mã)|dossier(?:\s(?:no\.?|number))?)"
    r"\s{0,2}(?:(?:là|la|is|số|:|\#)\s{0,2}){0,2}(?P<it>[A-Za-z0-9][\w./\-]{2,40})",
    re.IGNORECASE,
)
_PAPER = re.compile(r"(?<!\w)(?:[A-Za-z]\d{7,8}|[A-Za-z]{2}\d{13})(?!\w|[.,]\d)")
_BIRTHDAY = re.compile(
    r"(?<!\w)(?:ngày\s?sinh|sinh\s?ngày|sinh\s?năm|ngay\s?sinh|sinh\s?ngay|sinh\s?nam|date\sof\sbirth|born(?:\s(?:on|in))?)"
    r"\s{0,2}:?\s{0,2}(?P<it>\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{2,4}|(?:19|20)\d{2})(?!\d)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<!\w)(?:\(?\+\s?)?\(?\d(?:[ .\-–()\u00a0]{0,3}\d)*")
_GROUP = re.compile(r"\d+")
_CLAUSE = re.compile(r"[,;\n]")
_TAX = re.compile(r"(?<!\w)(?:mã\s?số\s?thuế|mst|ma\s?so\s?thue|tax\s?(?:code|number|id))(?!\w)", re.IGNORECASE)
_BANK = re.compile(
    r"(?<!\w)(?:tài\s?khoản|số\s?tk|stk|tk|tai\s?khoan|so\s?tk|account|vietcombank|agribank|bidv|vietinbank|sacombank"
    r"|techcombank|mb\s?bank)(?!\w)",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    r"(?<!\w)(?:cccd|cmnd|cmt|cmtnd|căn\s?cước|can\s?cuoc|chứng\s?minh|bhxh|bhyt|hộ\s?chiếu|ho\s?chieu|passport)(?!\w)",
    re.I,
)
_CALL = re.compile(
    r"(?<!\w)(?:sđt|sdt|đt|dt|điện\s?thoại|dien\s?thoai|di\s?động|liên\s?hệ|lien\s?he|zalo|viber|gọi|phone|tel|call)(?!\w)",
    re.I,
)
_MONEY = re.compile(
    r"\s{0,2}(?:đ|đồng|dong|vnđ|vnd|triệu|trieu|tỷ|ty|nghìn|ngàn|usd|\$|%|m2|m²|km|kg|người|hồ sơ|lượt)(?!\w)",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){2,}|[1-9]\d{0,2}(?: \d{3}){2,}")
_A_DATE = r"(?:\d{1,2}[.\- ]\d{1,2}[.\- ](?:\d{4}|\d{2})|\d{4}[.\-]\d{1,2}[.\-]\d{1,2})"
_DATES = re.compile(rf"{_A_DATE}(?:\s?[\-–]?\s?{_A_DATE})?")
_PHONE = re.compile(r"0(?:[35789]\d{8}|1[2689]\d{8}|2\d{8,9})")
_NEAR = 24
"""Characters before a number that may say what it is."""

_LONGEST = 13
"""Digits of the longest telephone number; a longer run may be several, and is looked at by its groups."""


def _emails(text: str) -> Iterator[Hit]:
    at = text.find("@")
    while at >= 0:
        before = _LOCAL.search(text, max(0, at - _FARTHEST), at)
        after = _DOMAIN.match(text, at + 1)
        if before and after:
            yield Hit(before.start(), after.end(), "email")
        at = text.find("@", at + 1)


def _of(kind: str, shape: re.Pattern[str]) -> Callable[[str], Iterator[Hit]]:
    """Looks for a shape, or for its group ``it``; what it gives has a digit in it or is a profile."""
    group = "it" if "it" in shape.groupindex else 0

    def look(text: str) -> Iterator[Hit]:
        for match in shape.finditer(text):
            start, end = match.span(group)
            end = start + len(text[start:end].rstrip(".-/_"))
            if kind == "profile" or any(map(str.isdigit, text[start:end])):
                yield Hit(start, end, kind)

    return look


def _numbers(text: str) -> Iterator[Hit]:
    for match in _DIGITS.finditer(text):
        start, end = match.span()
        before = _CLAUSE.split(text[max(0, start - _NEAR) : start])[-1]
        kind = _kind(match.group(), before, text[end : end + 10])
        size = sum(map(str.isdigit, match.group()))
        phones = list(_phones(text, start, end)) if size > _LONGEST or not kind else []
        # Where not all of a run is telephone numbers, it is something longer, and masked as a whole.
        if phones and (not kind or size == sum(map(str.isdigit, "".join(text[a:b] for a, b, _ in phones)))):
            yield from phones
        elif kind:
            lone = text[start] == "(" and ")" not in match.group()
            yield Hit(start + lone, end, kind)


def _phones(text: str, start: int, end: int) -> Iterator[Hit]:
    """Telephone numbers one after the other: runs of whole groups of digits that are one each."""
    groups = [one.span() for one in _GROUP.finditer(text, start, end)]
    first = 0
    while first < len(groups):
        for last in range(min(first + 10, len(groups)), first, -1):
            digits = "".join(text[a:b] for a, b in groups[first:last])
            if len(digits) <= _LONGEST and _is_phone(digits):
                yield Hit(groups[first][0], groups[last - 1][1], "phone")
                first = last - 1
                break
        first += 1


def _kind(written: str, before: str, after: str) -> str:
    """What a run of digits is, by what stands before and after it; "" for money, dates, counts and numbers of public
    services."""
    groups = _GROUP.findall(written)
    digits = "".join(groups)
    size = len(digits)
    if size < 6 or not digits.isascii() or _DATES.fullmatch(written):
        return ""
    for kind, said in (("tax", _TAX), ("identity", _IDENTITY), ("account", _BANK)):
        if said.search(before):
            return kind
    if _is_phone(digits):
        return "phone"
    if (digits.startswith(("1800", "1900")) and size <= 10) or _MONEY.match(after):
        return ""
    if _CALL.search(before) or ("+" in written and 8 <= size <= 15):
        return "phone"
    if size < 8 or (_THOUSANDS.fullmatch(written) and not (size == 9 and " " in written)):
        return ""
    if len(groups) > 1:
        # Single figures, years and scores in a row are no number of anything.
        return _by_size(size) if max(map(len, groups)) >= 3 and size >= 9 and not all(map(_year, groups)) else ""
    return "" if _day(digits) else _by_size(size)


def _by_size(size: int) -> str:
    if size in (9, 12):
        return "identity"
    return "tax" if size in (10, 13) else "account"


def _is_phone(digits: str) -> bool:
    for prefix in ("0084", "84"):
        if digits.startswith(prefix) and len(digits) >= 11:
            digits = "0" + digits[len(prefix) :].removeprefix("0")
            break
    return _PHONE.fullmatch(digits) is not None


def _year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in ("19", "20")


def _day(digits: str) -> bool:
    """Eight digits that are a date: 20261016, 16102026."""
    return len(digits) == 8 and (
        (digits[:2] in ("19", "20") and digits[4:6] <= "12" and digits[6:] <= "31")
        or (digits[4:6] in ("19", "20") and digits[:2] <= "31" and digits[2:4] <= "12")
    )


def _names(text: str) -> Iterator[Hit]:
    for start, end in names.find(text):
        yield Hit(start, end, "name")


_SHAPES: tuple[Callable[[str], Iterator[Hit]], ...] = (
    _emails,
    _of("profile", _PROFILE),
    _of("dossier", _DOSSIER),
    _of("dossier", _DOSSIER_NAMED),
    _of("birthday", _BIRTHDAY),
    _of("vehicle", _PLATE),
    _of("identity", _PAPER),
    _numbers,
    _names,
)
