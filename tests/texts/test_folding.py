"""Search without diacritics, and short names out of titles."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.services.surveys import SLUG
from survey.texts.folding import folded, slug


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Đối thoại  Doanh nghiệp", "doi thoai doanh nghiep"),
        ("THỦ TỤC HÀNH CHÍNH", "thu tuc hanh chinh"),
        ("Nguyễn Thị Ượm", "nguyen thi uom"),
        ("ﬁle Ⅳ", "file iv"),
        ("", ""),
    ],
)
def test_marks_case_and_d_with_stroke_fold(text: str, plain: str) -> None:
    assert folded(text) == plain
    assert folded(unicodedata.normalize("NFD", text)) == plain


def test_a_title_gives_a_short_name_cut_at_a_word() -> None:
    title = "Phiếu khảo sát ý kiến tổ chức, doanh nghiệp tham dự hội nghị đối thoại"
    assert slug(title) == "phieu-khao-sat-y-kien-to-chuc-doanh-nghiep-tham"
    assert slug("Đo lường 2026!") == "do-luong-2026"
    assert slug("調查") == ""


@given(st.text(max_size=300))
def test_whatever_the_title_the_short_name_is_usable_or_empty(title: str) -> None:
    made = slug(title)
    assert made == "" or SLUG.fullmatch(made)
    assert len(made) <= 48
    assert not re.search(r"[^a-z0-9-]", made)
