"""Who may do what: the one table of roles and permissions. Knows no request and no database.

A permission says what may be done; *where* is the business of units: what lies outside an actor's units does not exist
for them.
"""

from __future__ import annotations

from enum import StrEnum

from survey.errors import NotAllowed


class Permission(StrEnum):
    """One thing an account may be allowed to do."""

    ACCOUNT = "account"
    """Change one's own password, second factor and language."""
    SEE = "see"
    """See the surveys of one's units: state, dates, how many answered."""
    AUTHOR = "author"
    """Write, preview, publish, close and reopen surveys."""
    COLLECT = "collect"
    """Add, close and reopen collectors."""
    ENTER = "enter"
    """Key in paper forms and interviews, and settle what two people read differently."""
    PRINT = "print"
    """Download posters, label sheets and paper forms."""
    RESULTS = "results"
    """See results, with their charts."""
    SELECT = "select"
    """Filter results freely; what is shown is written down."""
    DOWNLOAD = "download"
    """Download chart books and tables of results."""
    SERIES = "series"
    """Put surveys into series, and state what keeps two waves from being compared."""
    PUBLISH = "publish"
    """Let everybody see figures, on the public page, the live wall and the poster of measures, and take them back."""
    EXCLUDE = "exclude"
    """Look at flagged answers in groups, leave them out of results with a reason, and take them back in."""
    BASIS = "basis"
    """Put indexes together, and state what results are held against: targets, a frame, numbers from the office's
    books."""
    EXPORT = "export"
    """Read single comments, sort them and choose quotes, and download single answers."""
    USERS = "users"
    """Invite people, change roles, disable accounts."""
    AUDIT = "audit"
    """Read the audit trail."""


_EVERYBODY = frozenset({Permission.ACCOUNT, Permission.SEE})

ROLES: dict[str, frozenset[Permission]] = {
    "administrator": frozenset(Permission),
    "staff": _EVERYBODY | {Permission.AUTHOR, Permission.COLLECT, Permission.ENTER, Permission.PRINT},
    "reform_team": _EVERYBODY
    | {
        Permission.RESULTS,
        Permission.SELECT,
        Permission.DOWNLOAD,
        Permission.SERIES,
        Permission.PUBLISH,
        Permission.EXCLUDE,
        Permission.BASIS,
        Permission.EXPORT,
    },
}

PASSWORD_ALONE = frozenset({"staff"})
"""Roles that need no second factor where the settings require it of the others: they reach no results, no accounts
and no answers but those they key in from sheets in their hands."""


def allows(role: str, permission: Permission) -> bool:
    """Whether the role holds the permission; an unknown role holds none."""
    return permission in ROLES.get(role, frozenset())


def demand(role: str, permission: Permission) -> None:
    """Raises NotAllowed when the role does not hold the permission."""
    if not allows(role, permission):
        raise NotAllowed("not_allowed", "Your role does not allow this.", "Ask an administrator if your work needs it.")
