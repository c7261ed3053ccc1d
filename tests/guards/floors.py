"""The oldest release of each dependency that has no known hole, and why. An audit without network must read this table.

``python -m tests.guards.floors`` holds the running environment against it; its status is 1 when something is older.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.metadata import distributions

from packaging.utils import canonicalize_name
from packaging.version import Version

FLOORS: dict[str, tuple[str, str]] = {
    "babel": ("2.9.1", "CVE-2021-42771: loads locale files from anywhere on disk"),
    "flask": ("3.1.3", "CVE-2026-27205: pages of a session may be cached for others"),
    "fonttools": ("4.60.2", "CVE-2025-66034: writes files wherever a font design says"),
    "gunicorn": ("23.0.0", "CVE-2024-6827: request smuggling by Transfer-Encoding"),
    "jinja2": ("3.1.6", "CVE-2025-27516: a template breaks out of the sandbox through |attr"),
    "mako": ("1.3.12", "CVE-2026-44307: reads templates outside its folder"),
    "openpyxl": ("2.4.2", "CVE-2017-5992: external entities of a workbook are fetched"),
    "orjson": ("3.11.6", "CVE-2025-67221: deep nesting exhausts the stack"),
    "pillow": ("12.3.0", "CVE-2026-55798, CVE-2026-59197 to -59200: memory errors on hostile pictures"),
    "pysqlite3": ("0.6.1", "SQLite before 3.51.3 can corrupt a database in WAL mode (WAL reset)"),
    "setuptools": ("78.1.1", "CVE-2025-47273: writes files outside the build folder"),
    "sqlalchemy": ("1.3.0", "CVE-2019-7164: SQL injection through order_by"),
    "werkzeug": ("3.1.6", "CVE-2026-27199: serving a file named like a device hangs"),
}
"""Distribution → first sound version, what is wrong before it."""


def too_old(versions: Mapping[str, str]) -> list[str]:
    """One line for each version (of a distribution named in any spelling) below its floor."""
    lines = []
    for spelling, version in sorted(versions.items()):
        floor = FLOORS.get(canonicalize_name(spelling))
        if floor and Version(version) < Version(floor[0]):
            lines.append(f"{spelling} {version} is older than {floor[0]}: {floor[1]}")
    return lines


def installed() -> dict[str, str]:
    """Distribution → version of the running environment."""
    return {found.name: found.version for found in distributions()}


if __name__ == "__main__":
    findings = too_old(installed())
    print("\n".join(findings) or f"No dependency is below its floor ({len(FLOORS)} have one).")
    sys.exit(bool(findings))
