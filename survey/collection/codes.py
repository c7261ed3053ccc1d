"""Short codes a person can type: nine random letters of Crockford's 32 and one check letter. Pure; no secret."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from survey.errors import NotFound

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O (read as 1, 1, 0) and no U."""

LENGTH = 10
"""Characters of a code, the check letter included."""

_VALUES = {letter: value for value, letter in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_TYPED_LIMIT = 100


def check_letter(letters: str) -> str:
    """The letter that brings the check state to zero: ``c ← 2·(c ⊕ d)`` in GF(32) modulo x⁵+x²+1, from 0.

    A Damm-type check (H. M. Damm, 2004, on totally anti-symmetric quasigroups): finds every wrong letter, swap of
    neighbours, swap of letters one apart, and twin error (``AA`` for ``BB``). Raises KeyError outside the alphabet.
    """
    state = 0
    for letter in letters:
        state = (state ^ _VALUES[letter]) << 1
        if state > 31:
            state ^= 0b100101
    return ALPHABET[state]


def make(random_bytes: Callable[[int], bytes], length: int = LENGTH) -> str:
    """A new code of ``length`` characters; 5 bits of ``random_bytes`` a letter, each letter equally likely."""
    letters = "".join(ALPHABET[byte % 32] for byte in random_bytes(length - 1))
    return letters + check_letter(letters)


def canonical(typed: str, length: int = LENGTH) -> str:
    """The code someone typed: any case, spaces, hyphens and full-width forms allowed, O read as 0, I and L as 1.

    ``length`` counts the check letter. Raises NotFound ``code_mistyped`` when the
    length, a letter or the check letter is wrong.
    """
    folded = unicodedata.normalize("NFKC", typed[:_TYPED_LIMIT]).upper()
    kept = [letter for letter in folded if unicodedata.category(letter) not in ("Zs", "Cc", "Cf", "Pd")]
    if len(kept) == length and len(typed) <= _TYPED_LIMIT and all(letter in _VALUES for letter in kept):
        code = "".join(ALPHABET[_VALUES[letter]] for letter in kept)
        if check_letter(code[:-1]) == code[-1]:
            return code
    raise NotFound(
        "code_mistyped", "This code is not complete or holds a typing error.", "Compare it with the printed one."
    )


def display(code: str) -> str:
    """As it is printed: ``XXXXX-XXXXX``, a longer one in groups of four."""
    size = 5 if len(code) == LENGTH else 4
    return "-".join(code[start : start + size] for start in range(0, len(code), size))
