"""Passwords: long ones are taken however they are typed, easy ones are not, and what is kept tells nothing."""

from __future__ import annotations

import random
import unicodedata

import pytest

from survey.accounts import passwords
from survey.errors import PhieuError

random_bytes = random.Random(1).randbytes


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("ngắn quá", "password_short"),
        ("x" * 201, "password_long"),
        ("aaaaaaaaaaaaaaa", "password_easy"),
        ("123456789012", "password_easy"),
        ("abcdefghijklm", "password_easy"),
        ("nmlkjihgfedcb", "password_easy"),
        ("matkmatkmatk", "password_easy"),
        ("nguyenvana-2026", "password_easy"),
        ("NguyễnVănA của tôi", "password_easy"),
    ],
)
def test_what_is_easy_to_guess_is_refused(password: str, code: str) -> None:
    with pytest.raises(PhieuError) as refusal:
        passwords.check(password, "nguyenvana@example.gov.vn")
    assert refusal.value.code == code


@pytest.mark.parametrize("password", ["bốn từ rời nhau", "correct horse battery", "🌿🌾🍀🌻 đồng tháp"])
def test_several_words_are_taken_in_any_script(password: str) -> None:
    passwords.check(password, "nguyenvana@example.gov.vn")


def test_a_password_is_known_again_however_the_keyboard_composed_it() -> None:
    stored = passwords.digest(unicodedata.normalize("NFC", "Đồng Tháp mùa nước nổi"), random_bytes)
    assert passwords.matches(stored, unicodedata.normalize("NFD", "Đồng Tháp mùa nước nổi"))
    assert not passwords.matches(stored, "Dong Thap mua nuoc noi")


def test_the_same_password_is_never_stored_the_same() -> None:
    first, second = (passwords.digest("bốn từ rời nhau", random_bytes) for _ in range(2))
    assert first != second
    assert "bốn" not in first
    assert first.startswith("$argon2id$")


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA"])
def test_without_a_sound_hash_no_password_fits(stored: str | None) -> None:
    assert not passwords.matches(stored, "nobody's password")


def test_lone_surrogates_and_endless_passwords_are_answered_with_no() -> None:
    stored = passwords.digest("bốn từ rời nhau", random_bytes)
    assert not passwords.matches(stored, "\ud800" * 20)
    assert not passwords.matches(stored, "bốn từ rời nhau" + "x" * 1_000_000)


def test_a_hash_with_other_parameters_is_outdated() -> None:
    assert not passwords.outdated(passwords.digest("bốn từ rời nhau", random_bytes))
    assert passwords.outdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$6iU1mGUOoMSWoDyd0RjlzA")
