"""Settings: read once from the environment, checked at start. docs/operations.md holds the table ``SETTINGS``."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
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
    "PHIEU_SMTP_URL": "Mail server for invitations: smtp://user:password@host:587?security=starttls (or tls, none).",
    "PHIEU_SMTP_PASSWORD_FILE": "File that holds the mail server's password instead.",
    "PHIEU_MAIL_FROM": "Sender of invitations, as in Sở Nội vụ <khaosat@example.gov.vn>; needed with PHIEU_SMTP_URL.",
    "PHIEU_MAIL_PER_MINUTE": "Letters handed to the mail server in a minute, 1 to 6000; default 60.",
    "PHIEU_SECOND_FACTOR": "Second factor of administrators and the reform team: optional (default) or required.",
}


SECURITY_PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""How the way to the mail server is protected, and the usual port of each."""


@dataclass(frozen=True)
class MailServer:
    """The office's own mail server and who writes through it. ``per_minute``: most letters handed over in a minute."""

    host: str
    port: int
    security: str
    sender: Address
    user: str = ""
    password: str = field(default="", repr=False)
    per_minute: int = 60


@dataclass(frozen=True)
class Settings:
    """What the environment said, checked. ``secret_keys``: the first signs, the others are still accepted."""

    data_dir: Path
    database_url: str
    secret_keys: tuple[str, ...] = field(repr=False)
    public_base_url: str | None = None
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Ho_Chi_Minh"))
    second_factor_required: bool = False
    mail: MailServer | None = None

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
        mail=_mail(environment),
    )


def _mail(environment: Mapping[str, str]) -> MailServer | None:
    """The mail server, None when none is set. No message repeats the address, which may hold a password."""
    url = (environment.get("PHIEU_SMTP_URL") or "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query, strict_parsing=bool(parts.query))
        security = query.pop("security", ["starttls"])[-1]
        port = parts.port or SECURITY_PORTS[security]
        host = (parts.hostname or "").encode("idna").decode("ascii")
        sound = parts.scheme == "smtp" and host and not query and parts.path in ("", "/") and not parts.fragment
    except (ValueError, KeyError):
        sound = False
    if not sound or not host.isprintable() or " " in host:
        raise Misconfigured(
            "smtp_url_unusable",
            "PHIEU_SMTP_URL is no address of a mail server.",
            "Write it like smtp://user:password@mail.example.gov.vn:587?security=starttls (or tls, none).",
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if file := environment.get("PHIEU_SMTP_PASSWORD_FILE"):
        try:
            password = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise Misconfigured(
                "smtp_password_unreadable", f"{file} cannot be read.", "Check PHIEU_SMTP_PASSWORD_FILE."
            ) from error
    if user and security == "none" and host not in ("localhost", "127.0.0.1", "::1"):
        raise Misconfigured(
            "smtp_password_in_clear",
            "The password of the mail server would cross the network in the clear.",
            "Set security=starttls or security=tls in PHIEU_SMTP_URL.",
        )
    sender = _sender(environment.get("PHIEU_MAIL_FROM") or "")
    return MailServer(host, port, security, sender, user, password, _per_minute(environment))


def _sender(value: str) -> Address:
    """``Sở Nội vụ <khaosat@example.gov.vn>``, or the address alone."""
    name, _, rest = value.strip().rpartition("<")
    try:
        sender = Address(display_name=name.strip(' "'), addr_spec=rest.strip(" >"))
        sound = value.isprintable() and sender.addr_spec.isascii() and "." in sender.domain
    except (ValueError, IndexError, HeaderParseError):
        sound = False
    if not sound:
        raise Misconfigured(
            "mail_from_unusable",
            "PHIEU_MAIL_FROM names no sender.",
            "Write it like Sở Nội vụ <khaosat@example.gov.vn>.",
        )
    return sender


def _per_minute(environment: Mapping[str, str]) -> int:
    value = environment.get("PHIEU_MAIL_PER_MINUTE") or "60"
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 0
    if not 1 <= number <= 6000:
        raise Misconfigured("mail_rate_unusable", "PHIEU_MAIL_PER_MINUTE is no number from 1 to 6000.", "Correct it.")
    return number


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
