"""Form tokens: they keep their submission key whatever happens to keys and clocks, and vouch for nothing unsigned."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.collection.tokens import LENGTH, FormToken, keyed, seal, unseal
from survey.errors import PhieuError

OLD, NEW = "old-key-0123456789-abcdefghijklmnopqrst", "new-key-0123456789-abcdefghijklmnopqrst"
ids = st.integers(0, 2**63 - 1)
tokens = st.builds(FormToken, ids, ids, st.binary(min_size=16, max_size=16), st.integers(1, 2**32 - 1))


@given(tokens)
def test_a_token_comes_back_as_it_was_and_always_has_the_same_length(token: FormToken) -> None:
    sealed = seal(token, [NEW])
    assert len(sealed) == LENGTH
    assert unseal(sealed, [NEW]) == token


@given(tokens)
def test_a_rotated_key_costs_only_the_time_the_page_was_made(token: FormToken) -> None:
    sealed = seal(token, [OLD])
    assert unseal(sealed, [NEW, OLD]).rendered_at == token.rendered_at
    forgotten = unseal(sealed, [NEW])
    assert forgotten == FormToken(token.version_id, token.collector_id, token.submission_key, None)


@given(tokens, st.integers(0, 52 - 1), st.integers(1, 255))
def test_a_changed_byte_is_never_vouched_for(token: FormToken, place: int, change: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(seal(token, [NEW]) + "=="))
    raw[place % len(raw)] ^= change
    try:
        read = unseal(base64.urlsafe_b64encode(raw).rstrip(b"=").decode(), [NEW])
    except PhieuError:
        return
    assert read.rendered_at is None


@given(st.text(max_size=200))
def test_what_is_no_token_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(PhieuError) as caught:
        unseal(text, [NEW])
    assert caught.value.code == "token_unreadable"
    assert caught.value.remedy


@given(tokens, st.binary(min_size=16, max_size=16))
def test_a_page_may_make_a_key_of_its_own_and_nothing_else_of_the_token(token: FormToken, key: bytes) -> None:
    assert keyed(token, key.hex()) == FormToken(token.version_id, token.collector_id, key, None)
    assert keyed(token, key.hex().upper()) == keyed(token, key.hex())


@given(
    tokens, st.text(max_size=40).filter(lambda text: len(text) != 32) | st.text("xyz-_ ٠０\0", min_size=32, max_size=32)
)
def test_what_is_no_key_is_refused_with_a_remedy(token: FormToken, text: str) -> None:
    with pytest.raises(PhieuError) as caught:
        keyed(token, text)
    assert (caught.value.code, bool(caught.value.remedy)) == ("key_unreadable", True)
