"""The table of roles: every permission is somebody's, and an unknown role may do nothing."""

from __future__ import annotations

import pytest

from survey.accounts.permissions import PASSWORD_ALONE, ROLES, Permission, allows, demand
from survey.errors import NotAllowed


def test_an_administrator_may_do_everything() -> None:
    assert ROLES["administrator"] == set(Permission)


def test_staff_prepare_and_print_but_read_no_results() -> None:
    assert ROLES["staff"] == {
        Permission.ACCOUNT,
        Permission.SEE,
        Permission.AUTHOR,
        Permission.COLLECT,
        Permission.ENTER,
        Permission.PRINT,
    }


def test_the_reform_team_reads_results_and_decides_what_counts() -> None:
    assert ROLES["reform_team"] == {
        Permission.ACCOUNT,
        Permission.SEE,
        Permission.RESULTS,
        Permission.SELECT,
        Permission.DOWNLOAD,
        Permission.SERIES,
        Permission.PUBLISH,
        Permission.EXCLUDE,
        Permission.BASIS,
        Permission.EXPORT,
    }


def test_a_password_alone_opens_no_results_no_answers_and_no_accounts() -> None:
    behind = {Permission.RESULTS, Permission.DOWNLOAD, Permission.EXPORT, Permission.USERS, Permission.AUDIT}
    assert {role for role, permissions in ROLES.items() if not permissions & behind} == PASSWORD_ALONE


def test_an_unknown_role_may_do_nothing() -> None:
    assert not any(allows("visitor", permission) for permission in Permission)
    with pytest.raises(NotAllowed):
        demand("", Permission.SEE)
