"""Settings: read once from the environment, checked at start. docs/operations.md holds the table ``SETTINGS``."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from survey.errors import Misconfigured

ROOT = Path(__file__).resolve().parent.parent
"""The project folder: templates, static files and migrations stand beside the package."""

KEY_LENGTH = 32
"""Shortest secret key accepted, in characters."""

KNOWN_KEYS = frozenset({"changeme", "change-me", "secret", "dev", "development", "password", "phieu"})

SETTINGS: dict[str, str] = {
    "PHIEU_DATABASE_URL": "Where answers are kept; default sqlite:///<data dir>/phieu.db.",
    "PHIEU_PUBLIC_BASE_URL": "Address people reach the survey at, as in https://ks.example.gov.vn; needed to print.",
    "PHIEU_SECRET_KEY": "Signs form tokens and sessions; of several, between spaces, the first signs.",
    "PHIEU_SECRET_KEY_FILE": "File that holds the secret keys instead; default <data dir>/secret.key.",
    "PHIEU_DATA_DIR": "Folder for database, response matrix and generated key; default var in the project.",
    "PHIEU_TIMEZONE": "Zone of opening days and dates; default Asia/Ho_Chi_Minh.",
    "PHIEU_SECOND_FACTOR": "Second factor of administrators and the reform team: optional (default) or required.",
}


@dataclass(frozen=True)
class Settings:
    """What the environment said, checked. ``secret_keys``: the first signs, the others are still accepted."""

    data_dir: Path
    database_url: str
    secret_keys: tuple[str, ...] = field(repr=False)
    public_base_url: str | None = None
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Ho_Chi_Minh"))
    second_factor_required: bool = False

    @property
    def base_url(self) -> str:
        """The public base URL without a trailing slash; raises Misconfigured when it is not set."""
        if self.public_base_url is None:
            raise Misconfigured(
                "public_base_url_missing",
                "Nothing can be printed or linked without the public address.",
                "Set PHIEU_PUBLIC_BASE_URL, for example https://ks.example.gov.vn.",
            )
        return self.public_base_url


def read_settings(environment: Mapping[str, str] = os.environ, *, make_key: bool = False) -> Settings:
    """Settings from environment variables. With ``make_key`` a missing key is generated into a 0600 file under the data
    folder. Raises Misconfigured for a missing or weak key, or another setting that cannot be used."""
    data_dir = Path(environment.get("PHIEU_DATA_DIR") or ROOT / "var").absolute()
    zone = environment.get("PHIEU_TIMEZONE") or "Asia/Ho_Chi_Minh"
    try:
        timezone = ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise Misconfigured(
            "timezone_unknown",
            f"The time zone {zone!r} is unknown.",
            "Set PHIEU_TIMEZONE to a name such as Asia/Ho_Chi_Minh.",
        ) from error
    return Settings(
        data_dir=data_dir,
        database_url=environment.get("PHIEU_DATABASE_URL") or f"sqlite:///{data_dir / 'phieu.db'}",
        secret_keys=_secret_keys(environment, data_dir, make_key),
        public_base_url=_base_url(environment.get("PHIEU_PUBLIC_BASE_URL")),
        timezone=timezone,
        second_factor_required=_second_factor_required(environment.get("PHIEU_SECOND_FACTOR") or "optional"),
    )


def _base_url(value: str | None) -> str | None:
    if not value or not value.strip():
        return None
    stripped = value.strip().rstrip("/")
    try:
        parts = urlsplit(stripped)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if (
        not sound
        or parts.username
        or parts.query
        or parts.fragment
        or any(c.isspace() or ord(c) < 33 for c in stripped)
    ):
        raise Misconfigured(
            "public_base_url_unusable",
            f"PHIEU_PUBLIC_BASE_URL is {value!r}, which is not an address people can reach.",
            "Give scheme and host, for example https://ks.example.gov.vn.",
        )
    return stripped


def _second_factor_required(value: str) -> bool:
    if value not in ("optional", "required"):
        raise Misconfigured(
            "second_factor_unknown",
            f"PHIEU_SECOND_FACTOR is {value!r}, which is none of its values.",
            "Set it to optional or required.",
        )
    return value == "required"


def _secret_keys(environment: Mapping[str, str], data_dir: Path, make_key: bool) -> tuple[str, ...]:
    path = Path(environment.get("PHIEU_SECRET_KEY_FILE") or data_dir / "secret.key")
    value = environment.get("PHIEU_SECRET_KEY")
    if not value:
        try:
            value = path.read_text()
        except FileNotFoundError:
            if not make_key or environment.get("PHIEU_SECRET_KEY_FILE"):
                raise Misconfigured(
                    "secret_key_missing",
                    "There is no secret key.",
                    f"Set PHIEU_SECRET_KEY to at least {KEY_LENGTH} random characters, or PHIEU_SECRET_KEY_FILE.",
                ) from None
            value = _make_key(path)
    keys = tuple(value.split())
    for key in keys:
        if len(key) < KEY_LENGTH or key.lower() in KNOWN_KEYS or len(set(key)) < 8:
            raise Misconfigured(
                "secret_key_weak",
                "The secret key is too weak.",
                f"Use at least {KEY_LENGTH} random characters, such as secrets.token_urlsafe(48) gives in Python.",
            )
    if not keys:
        raise Misconfigured("secret_key_missing", "The secret key is empty.", "Set PHIEU_SECRET_KEY.")
    return keys


def _make_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_urlsafe(48)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        return path.read_text()
    finally:
        temporary.unlink()
    return key
