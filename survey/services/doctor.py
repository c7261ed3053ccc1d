"""Examines an installation without changing it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from survey.config import Settings, read_settings
from survey.errors import PhieuError
from survey.storage.engine import open_database
from survey.storage.migration import require_current
from survey.typesetting import font_files


@dataclass(frozen=True)
class Finding:
    """One thing examined; ``message`` says what was found, or what to do."""

    subject: str
    sound: bool
    message: str


def examine(environment: Mapping[str, str] = os.environ) -> tuple[Finding, ...]:
    """Settings, public address, database and fonts, in this order; what cannot be looked at because of an earlier
    failure is left out."""
    try:
        settings = read_settings(environment)
    except PhieuError as error:
        return (Finding("settings", False, str(error)),)
    return (
        Finding("settings", True, f"data in {settings.data_dir}, zone {settings.timezone.key}"),
        _looked_at("public address", lambda: settings.base_url),
        _looked_at("database", lambda: _database(settings)),
        _looked_at("fonts", lambda: f"{len(font_files())} files"),
    )


def _looked_at(subject: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, True, look())
    except PhieuError as error:
        return Finding(subject, False, str(error))


def _database(settings: Settings) -> str:
    database = open_database(settings.database_url)
    try:
        require_current(database)
        return f"{database.dialect}, schema up to date"
    finally:
        database.close()
