"""What the tests of printed sheets share: something to print, and a way to look at what was printed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from survey.collection import codes
from survey.printing.entry import Entry

TITLE = (
    "PHIẾU KHẢO SÁT Ý KIẾN TỔ CHỨC, DOANH NGHIỆP THAM DỰ HỘI NGHỊ ĐỐI THOẠI VỀ THỦ TỤC HÀNH CHÍNH LĨNH VỰC VĂN HÓA, "
    "THỂ THAO VÀ DU LỊCH"
)

ENTRY = Entry(
    title=TITLE,
    office="Sở Văn hóa, Thể thao và Du lịch tỉnh Đồng Tháp",
    superior="ỦY BAN NHÂN DÂN TỈNH ĐỒNG THÁP",
    contact="0277 3851 431, svhttdl@example.gov.vn",
    minutes=4,
    code=codes.make(random.Random(1).randbytes),
    base_url="https://ks.example.gov.vn",
)


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """The conference's entry, with whatever a test changes."""
    return lambda **changes: replace(ENTRY, **changes)
