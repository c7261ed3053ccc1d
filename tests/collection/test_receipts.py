"""Receipt codes: the same submission gets the same code, another one gets another, and typing is forgiven."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from survey.collection import receipts

KEY, OTHER = "receipt-key-0123456789-abcdefghijklmno", "another-key-0123456789-abcdefghijklmno"
submissions = st.binary(min_size=16, max_size=16)


@given(submissions, submissions)
def test_equal_submissions_and_only_those_share_a_code(one: bytes, two: bytes) -> None:
    assert (receipts.receipt(KEY, one) == receipts.receipt(KEY, two)) is (one == two)


@given(submissions)
def test_a_code_is_read_however_it_is_typed(submission: bytes) -> None:
    code = receipts.receipt(KEY, submission)
    assert receipts.canonical(receipts.display(code).lower().replace("0", "o").replace("1", "l")) == code


@given(submissions)
def test_a_code_is_recovered_under_the_key_that_made_it_and_no_other(submission: bytes) -> None:
    code = receipts.receipt(KEY, submission)
    assert receipts.recover([OTHER, KEY], submission, receipts.receipt_hash(code)) == code
    assert receipts.recover([OTHER], submission, receipts.receipt_hash(code)) is None
