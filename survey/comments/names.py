"""Names of people in what people wrote: after a title, after "tên", or a family name with what follows it. Pure.

Vietnamese has no mark of a name but its capital letters, so what is no name though it stands after a title ("cán bộ
Một cửa") is told by the lists below. Each search takes time proportional to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from survey.comments.words import listed
from survey.texts.folding import folded

_UPPER = "".join(
    c for c in map(chr, range(0x41, 0x1EFA)) if c.isupper() and c.casefold() != c and not 0x370 <= ord(c) < 0x1E00
)
_WORD = rf"[{_UPPER}](?:[\w'’]|\.(?=[{_UPPER}])){{0,20}}"
_RUN = rf"(?P<run>{_WORD}(?:[ \u00a0]{{1,2}}{_WORD}){{0,4}})"
_GAP = r"[ \u00a0]{1,3}"

_TITLES = (
    "anh|chị|chi|ông|ong|bà|ba|cô|co|cô giáo|chú|chu|bác|bac|cậu|dì|mợ|thím|dượng|thầy|thay|em|đồng chí|dong chi|đ/c"
    "|ngài|luật sư|bác sĩ|mr|mrs|ms|miss|dr|sir|madam|mister"
)
_ROLES = (
    "cán bộ|can bo|chuyên viên|chuyen vien|nhân viên|nhan vien|công chức|giám đốc|phó giám đốc|trưởng phòng|phó phòng"
    "|chủ tịch|phó chủ tịch|bí thư|kế toán|bảo vệ|officer|clerk|director"
)
_TITLED = re.compile(
    rf"(?<!\w)(?:(?P<title>(?i:{_TITLES}))(?:{_GAP}|\.[ ]?|/)|(?P<role>(?i:{_ROLES})){_GAP}"
    rf"|[ace](?:{_GAP}|\.[ ]?)){_RUN}"
)
_NAMED = re.compile(
    rf"(?<!\w)(?i:họ{_GAP}(?:và{_GAP})?tên|tên|ten|my name is|named)(?!\w)[ \u00a0]{{0,3}}"
    rf"(?i:(?:tôi|toi|em|mình|cháu|là|la)(?!\w)[ \u00a0]{{0,3}}){{0,2}}:?[ \u00a0]{{0,3}}{_RUN}"
)

_COMMON = (
    "Nguyễn|Trần|Lê|Phạm|Huỳnh|Hoàng|Phan|Võ|Vũ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Trương|Đinh|Lâm|Trịnh|Đoàn|Mai|Tô|Cao|Châu"
)
_UNMARKED = "Nguyen|Tran|Pham|Huynh|Hoang|Truong"
_FULL = re.compile(rf"(?<!\w)(?P<run>(?:{_COMMON}|{_UNMARKED})(?:[ \u00a0]{{1,2}}{_WORD}){{2,4}})(?!\w)")
_SMALL = re.compile(
    rf"(?<!\w)(?P<run>(?i:(?:{_COMMON}) {{1,2}}(?:văn|thị|hữu)|(?:{_UNMARKED}) {{1,2}}(?:van|thi)|le {{1,2}}thi)"
    r" {1,2}\w{1,8}(?: {1,2}\w{1,8}(?= ?(?:[,.;:!?()\n\d]|$)))?)(?!\w)"
)

FAMILY = listed("family_names")
"""Common family names, folded."""

_NO_FIRST = listed("no_first")
"""What is no name right after a title: "Anh Chị", "Bà Rịa"."""

_ENDS = listed("ends")
"""A name ends before these, whatever their case."""

_LOUD_ENDS = _ENDS | listed("loud_ends")
"""The same in a text of capital letters, where they mark no names."""

_OFFICES = listed("offices")
"""First words of offices after a role: "cán bộ Tư pháp", "chuyên viên Văn hóa"."""

_PLACES = re.compile(
    r"(?:đường|phố|trường|thpt|thcs|tiểu học|mầm non|cầu|chợ|quận|phường|xã|thành phố|tp\.?|công viên|bệnh viện|hẻm|ngõ"
    r"|kênh|công ty|cty|tnhh|doanh nghiệp|dntn|khách sạn|nhà hàng|khu|bến|ấp|tỉnh|huyện|street|road)[ ]{1,2}$",
    re.IGNORECASE,
)
_PLACE_NAMES = re.compile(
    r"\b(?:ho chi minh|cao lanh|dong thap|tien giang|chau thanh|chau doc|mai chau|cao bang|ly son|to quoc|to chuc)\b"
)
_SHOUTING = 0.7


def find(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each name; titles are not part of it. Some may overlap."""
    loud = _loud(text)
    for match in _TITLED.finditer(text):
        if match["title"] and match["title"].casefold() in ("bác", "bac") and match["run"] in ("Hồ", "HỒ"):
            continue
        end = _end(match["run"], loud=loud, role=bool(match["role"]), after=text[match.end() : match.end() + 2])
        if end:
            yield match.start("run"), match.start("run") + end
    for match in _NAMED.finditer(text):
        end = _end(match["run"], loud=loud, role=True, after=text[match.end() : match.end() + 2])
        if end:
            yield match.start("run"), match.start("run") + end
    if not loud:
        for match in _FULL.finditer(text):
            start = match.start("run")
            if not _PLACES.search(text[max(0, start - 16) : start]) and not _PLACE_NAMES.search(folded(match["run"])):
                end = _end(match["run"], loud=False, role=False, after="")
                if match["run"][:end].count(" ") >= 2:
                    yield start, start + end
    for match in _SMALL.finditer(text):
        start = match.start("run")
        if not _PLACES.search(text[max(0, start - 16) : start]):
            yield match.span("run")


def _loud(text: str) -> bool:
    """Whether nearly all of it is in capital letters, which then mark no names."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 8 and sum(c.isupper() for c in letters) >= _SHOUTING * len(letters)


def _end(run: str, *, loud: bool, role: bool, after: str) -> int:
    """Where in a run of capitalised words the name ends; 0 where it begins with no name."""
    words = list(re.finditer(r"[^ \u00a0]+", run))
    ends = _LOUD_ENDS if loud else _ENDS
    kept = 0
    for word in words:
        if word.group().casefold() in ends:
            break
        kept += 1
    first = words[0].group().casefold()
    if not kept or first in _NO_FIRST:
        return 0
    if role and first in _OFFICES and kept == len(words) == 1 and after[:1] == " " and after[1:2].islower():
        return 0
    if loud:
        kept = min(kept, 3 if folded(first) in FAMILY else 1)
    return words[kept - 1].end()
