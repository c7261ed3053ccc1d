"""Page ids: what a page's code holds reads back, and nothing else is taken for one."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.collection import codes, qrcodes
from survey.errors import PhieuError
from survey.paper import page_ids, serials
from survey.paper.page_ids import PageId

CODE = codes.make(random.Random(7).randbytes)


@given(st.integers(1, serials.LARGEST), st.integers(1, 99))
def test_a_page_id_reads_back(number: int, page: int) -> None:
    one = PageId(CODE, "4GT0QW", number, page)
    assert page_ids.read(page_ids.write(one)) == one


def test_it_fits_a_small_code_at_level_q() -> None:
    assert len(qrcodes.modules(page_ids.write(PageId(CODE, "4GT0QW", 9999, 4)), "Q")) == 25


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HTTPS://KS.EXAMPLE.GOV.VN/S/7K3QP2MX9T",
        page_ids.write(PageId(CODE, "4GT0QW", 12, 1)).lower(),
        page_ids.write(PageId(CODE, "4GT0QW", 12, 1)).replace("/0012", "/0013"),
        page_ids.write(PageId(CODE, "4GT0QW", 12, 1)) + "/",
        page_ids.write(PageId(CODE, "4GT0QW", 12, 1)) + "9" * 9,
        f"P/{CODE}//0012X/1",
    ],
)
def test_any_other_code_is_refused(text: str) -> None:
    with pytest.raises(PhieuError) as refusal:
        page_ids.read(text)
    assert refusal.value.code == "page_id_unknown"
