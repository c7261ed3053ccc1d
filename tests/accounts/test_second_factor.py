"""The second factor: RFC 6238's own vectors, one use for each code, recovery codes however they are typed."""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime

import pyotp
import pytest

from survey.accounts import second_factor

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
"""The seed of RFC 6238, appendix B."""


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert second_factor.used_step(RFC_SECRET, code, at, None) == seconds // 30


def test_a_clock_may_be_off_by_one_step_and_no_more() -> None:
    at = datetime.fromtimestamp(1_000_000, UTC)
    code = {shift: pyotp.TOTP(RFC_SECRET).at(1_000_000 + 30 * shift) for shift in range(-3, 4)}
    taken = [shift for shift in code if second_factor.used_step(RFC_SECRET, code[shift], at, None) is not None]
    assert taken == [-1, 0, 1]


def test_a_code_works_once() -> None:
    at = datetime.fromtimestamp(59, UTC)
    used = second_factor.used_step(RFC_SECRET, "287082", at, None)
    assert second_factor.used_step(RFC_SECRET, "287082", at, used) is None


@pytest.mark.parametrize("typed", [" 287 082 ", "２８７０８２"])
def test_spaces_and_wide_digits_are_understood(typed: str) -> None:
    assert second_factor.used_step(RFC_SECRET, typed, datetime.fromtimestamp(59, UTC), None) == 1


@pytest.mark.parametrize("typed", ["", "287081", "28708", "2870820", "٢٨٧٠٨٢", "\x00", "\ud800", "9" * 10_000])
def test_anything_else_is_no_code(typed: str) -> None:
    assert second_factor.used_step(RFC_SECRET, typed, datetime.fromtimestamp(59, UTC), None) is None


def test_the_app_is_told_issuer_and_account() -> None:
    parsed = pyotp.parse_uri(second_factor.address(RFC_SECRET, "alice@example.gov.vn"))
    assert (parsed.secret, parsed.issuer, parsed.name) == (RFC_SECRET, "Phieu", "alice@example.gov.vn")


def test_each_session_is_offered_its_own_secret() -> None:
    secrets = {second_factor.pending_secret(key, session) for key in ("k" * 32, "l" * 32) for session in (b"1", b"2")}
    assert len(secrets) == 4
    assert all(len(base64.b32decode(secret)) == 20 for secret in secrets)


def test_recovery_codes_differ_and_are_known_however_they_are_typed() -> None:
    codes = second_factor.recovery_codes(random.Random(1).randbytes)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert all(len(code) == 11 for code in codes)
    kept = second_factor.recovery_hash(1, codes[0])
    assert kept == second_factor.recovery_hash(1, f" {codes[0].lower().replace('-', ' ')} ")
    assert kept != second_factor.recovery_hash(2, codes[0])
    assert kept != second_factor.recovery_hash(1, codes[1])
