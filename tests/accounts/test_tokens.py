"""Tokens: long, fit for an address, kept only as a hash."""

from __future__ import annotations

import random
import re

from survey.accounts import tokens


def test_a_token_has_256_bits_and_stands_in_an_address_as_it_is() -> None:
    made = {tokens.make(random.Random(seed).randbytes) for seed in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in made)


def test_what_is_stored_is_another_32_bytes() -> None:
    token = tokens.make(random.Random(1).randbytes)
    assert len(tokens.token_hash(token)) == 32
    assert tokens.token_hash(token) == tokens.token_hash(token)
    assert tokens.token_hash(token) != tokens.token_hash(token[:-1])


def test_a_broken_token_has_a_hash_too() -> None:
    assert tokens.token_hash("\ud800") != tokens.token_hash("")
