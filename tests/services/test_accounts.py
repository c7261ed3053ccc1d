"""Accounts: invitations work once and for two days, guessing is slowed per account, sessions end when they must."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest

from survey.accounts import second_factor
from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services import accounts, own_account, signing_in
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.services.signing_in import PasswordRight, SignedIn
from survey.storage.queries import audit, staff
from tests.conftest import Clock
from tests.factories.staff import PASSWORD, account, actor, session_of, signed_in

ALICE, BOB = "alice@example.gov.vn", "bob@example.gov.vn"


def token_in(link: str) -> str:
    return link.rpartition("/")[2]


def code_of(secret: str, clock: Clock) -> str:
    return pyotp.TOTP(secret).at(clock())


def with_factor(runtime: Runtime, clock: Clock, email: str) -> tuple[SignedIn, tuple[str, ...]]:
    who = signed_in(runtime, email)
    codes = own_account.confirm_factor(runtime, who, code_of(own_account.offered_secret(runtime, who), clock))
    return who, codes


def test_an_invited_person_sets_a_password_and_logs_in(any_runtime: Runtime) -> None:
    account(any_runtime, "  Alice@Example.gov.vn ", "staff", "Sở A")
    right = signing_in.check_password(any_runtime, "ALICE@example.gov.vn", PASSWORD)
    who = signing_in.resume(any_runtime, signing_in.begin_session(any_runtime, right))
    assert who is not None
    assert (who.email, who.role, who.unit) == (ALICE, "staff", "Sở A")
    assert who.actor.units == {who.actor.unit_id}


def test_a_link_works_once(runtime: Runtime) -> None:
    link = accounts.invite(runtime, OPERATOR, ALICE, "staff")
    assert link.startswith("https://ks.example.gov.vn/staff/invitation/")
    assert own_account.invited(runtime, token_in(link)) == ALICE
    own_account.accept_invitation(runtime, token_in(link), PASSWORD)
    with pytest.raises(NotFound):
        own_account.accept_invitation(runtime, token_in(link), "một câu khác hẳn 7")


def test_a_link_is_taken_by_one_of_two_who_use_it_at_once(any_runtime: Runtime) -> None:
    token = token_in(accounts.invite(any_runtime, OPERATOR, ALICE, "staff"))

    def accept(number: int) -> bool:
        try:
            own_account.accept_invitation(any_runtime, token, f"{PASSWORD} {number}")
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(accept, range(4))) == 1


def test_a_link_runs_out_after_two_days_and_an_unfit_password_does_not_spend_it(runtime: Runtime, clock: Clock) -> None:
    token = token_in(accounts.invite(runtime, OPERATOR, ALICE, "staff"))
    clock.advance(hours=47, minutes=59)
    with pytest.raises(PhieuError, match="too short"):
        own_account.accept_invitation(runtime, token, "ngắn")
    assert own_account.invited(runtime, token) == ALICE
    clock.advance(minutes=1)
    with pytest.raises(NotFound):
        own_account.accept_invitation(runtime, token, PASSWORD)


def test_a_new_link_replaces_the_old_one_and_ends_sessions_when_it_is_used(runtime: Runtime) -> None:
    first = token_in(accounts.invite(runtime, OPERATOR, ALICE, "staff"))
    second = token_in(accounts.renew_link(runtime, OPERATOR, ALICE))
    with pytest.raises(NotFound):
        own_account.invited(runtime, first)
    own_account.accept_invitation(runtime, second, PASSWORD)
    session = session_of(runtime, ALICE)
    third = token_in(accounts.renew_link(runtime, OPERATOR, ALICE))
    assert signing_in.resume(runtime, session) is not None
    own_account.accept_invitation(runtime, third, "một câu khác hẳn 7")
    assert signing_in.resume(runtime, session) is None


@pytest.mark.parametrize("email", ["", "alice", "a@b@c", "alice bob@x.vn", "<a@b>", "a@b\x00c d", "x" * 250 + "@a.vn"])
def test_what_is_no_address_is_refused(runtime: Runtime, email: str) -> None:
    with pytest.raises(PhieuError) as refusal:
        accounts.invite(runtime, OPERATOR, email, "staff")
    assert refusal.value.code == "email_unusable"


def test_the_longest_address_is_invited_and_noted_in_the_audit_trail(any_runtime: Runtime) -> None:
    longest = "x" * 249 + "@a.vn"
    with pytest.raises(PhieuError):
        accounts.invite(any_runtime, OPERATOR, "x" + longest, "staff")
    assert account(any_runtime, longest, "staff") == longest
    who = signed_in(any_runtime, longest)
    own_account.change_password(any_runtime, who, PASSWORD, "một câu khác hẳn 7")
    with any_runtime.database.reading() as session:
        noted = {(one.actor, one.subject) for one in audit.newest(session)}
    assert noted >= {("operator", f"account:{longest}"), (longest, f"account:{longest}")}


def test_an_address_has_one_account(any_runtime: Runtime) -> None:
    accounts.invite(any_runtime, OPERATOR, ALICE, "staff")
    with pytest.raises(Conflict, match="already"):
        accounts.invite(any_runtime, OPERATOR, ALICE.upper(), "administrator")


def refusals(runtime: Runtime, email: str, password: str) -> tuple[str, str]:
    with pytest.raises(NotAllowed) as refusal:
        signing_in.check_password(runtime, email, password)
    return refusal.value.code, refusal.value.message


def test_wrong_password_unknown_invited_and_disabled_accounts_get_the_same_words(runtime: Runtime) -> None:
    account(runtime, ALICE, "staff")
    account(runtime, BOB, "staff")
    accounts.invite(runtime, OPERATOR, "charlie@example.gov.vn", "staff")
    accounts.disable(runtime, OPERATOR, BOB)
    said = {
        refusals(runtime, ALICE, "ngày mai trời mưa"),
        refusals(runtime, "nobody@example.gov.vn", PASSWORD),
        refusals(runtime, "charlie@example.gov.vn", PASSWORD),
        refusals(runtime, BOB, PASSWORD),
        refusals(runtime, "\x00\ud800", PASSWORD),
    }
    assert len(said) == 1


def test_guessing_is_slowed_down_more_each_time_and_forgotten_after_logging_in(runtime: Runtime, clock: Clock) -> None:
    account(runtime, ALICE, "staff")
    for _ in range(4):
        refusals(runtime, ALICE, "ngày mai trời mưa")
    assert signing_in.check_password(runtime, ALICE, PASSWORD), "four wrong ones cost nothing"
    for wait in (30, 60, 120):
        refusals(runtime, ALICE, "ngày mai trời mưa")
        clock.advance(seconds=wait - 1)
        refusals(runtime, ALICE, PASSWORD)
        clock.advance(seconds=1)
    right = signing_in.check_password(runtime, ALICE, PASSWORD)
    signing_in.begin_session(runtime, right)
    for _ in range(4):
        refusals(runtime, ALICE, "ngày mai trời mưa")
    assert signing_in.check_password(runtime, ALICE, PASSWORD)


def test_nobody_waits_longer_than_a_quarter_of_an_hour(runtime: Runtime, clock: Clock) -> None:
    account(runtime, ALICE, "staff")
    for _ in range(30):
        refusals(runtime, ALICE, "ngày mai trời mưa")
        clock.advance(minutes=15)
    assert signing_in.check_password(runtime, ALICE, PASSWORD)


def test_of_many_guesses_at_once_only_the_free_ones_are_looked_at(any_runtime: Runtime) -> None:
    account(any_runtime, ALICE, "staff")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: refusals(any_runtime, ALICE, "ngày mai trời mưa"), range(16)))
    with any_runtime.database.reading() as session:
        user = staff.by_email(session, ALICE)
        assert user is not None
        assert user.failures == signing_in.FREE_ATTEMPTS + 1


def test_sessions_end_after_an_idle_hour_and_after_twelve_hours(runtime: Runtime, clock: Clock) -> None:
    account(runtime, ALICE, "staff")
    idle = session_of(runtime, ALICE)
    clock.advance(minutes=59)
    assert signing_in.resume(runtime, idle)
    clock.advance(minutes=60)
    assert signing_in.resume(runtime, idle) is None
    busy = session_of(runtime, ALICE)
    for _ in range(14):
        clock.advance(minutes=50)
        assert signing_in.resume(runtime, busy)
    clock.advance(minutes=20)
    assert signing_in.resume(runtime, busy) is None


def test_reading_pages_notes_the_session_at_most_once_a_minute(runtime: Runtime, clock: Clock) -> None:
    account(runtime, ALICE, "staff")
    token = session_of(runtime, ALICE)
    began = clock()
    clock.advance(seconds=59)
    who = signing_in.resume(runtime, token)
    assert who is not None
    with runtime.database.reading() as session:
        assert session.get_one(*_session(who)).seen_at == began
    clock.advance(seconds=1)
    signing_in.resume(runtime, token)
    with runtime.database.reading() as session:
        assert session.get_one(*_session(who)).seen_at == clock()


def _session(who: SignedIn) -> tuple[type[staff.StaffSession], bytes]:
    return staff.StaffSession, who.session


def test_logging_out_role_changes_disabling_and_lost_factors_end_sessions(runtime: Runtime) -> None:
    account(runtime, ALICE, "staff")

    def ended(act: Callable[[], None]) -> bool:
        token = session_of(runtime, ALICE)
        assert signing_in.resume(runtime, token)
        act()
        return signing_in.resume(runtime, token) is None

    assert ended(lambda: signing_in.log_out(runtime, signed_in(runtime, ALICE))) is False, "another session goes on"
    assert ended(lambda: accounts.change_role(runtime, OPERATOR, ALICE, "reform_team"))
    assert ended(lambda: accounts.reset_factor(runtime, OPERATOR, ALICE))
    assert ended(lambda: accounts.disable(runtime, OPERATOR, ALICE))
    accounts.enable(runtime, OPERATOR, ALICE)
    assert signing_in.check_password(runtime, ALICE, PASSWORD)


def test_changing_the_password_takes_the_old_one_and_ends_the_other_sessions(runtime: Runtime) -> None:
    account(runtime, ALICE, "staff")
    here, elsewhere = signed_in(runtime, ALICE), session_of(runtime, ALICE)
    with pytest.raises(NotAllowed, match="present password"):
        own_account.change_password(runtime, here, "ngày mai trời mưa", "một câu khác hẳn 7")
    own_account.change_password(runtime, here, PASSWORD, "một câu khác hẳn 7")
    assert signing_in.resume(runtime, elsewhere) is None
    assert signing_in.check_password(runtime, ALICE, "một câu khác hẳn 7")
    refusals(runtime, ALICE, PASSWORD)


def wrong_again(runtime: Runtime, who: SignedIn, act: Callable[[Runtime, SignedIn, str], None], typed: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        act(runtime, who, typed)
    assert refusal.value.code == "password_wrong"


def change(runtime: Runtime, who: SignedIn, typed: str) -> None:
    own_account.change_password(runtime, who, typed, "một câu khác hẳn 7")


@pytest.mark.parametrize("act", [change, own_account.remove_factor])
def test_a_session_left_open_lets_nobody_guess_the_password(
    any_runtime: Runtime, clock: Clock, act: Callable[[Runtime, SignedIn, str], None]
) -> None:
    account(any_runtime, ALICE, "staff")
    who, _ = with_factor(any_runtime, clock, ALICE)
    for _ in range(signing_in.FREE_ATTEMPTS + 1):
        wrong_again(any_runtime, who, act, "ngày mai trời mưa")
    wrong_again(any_runtime, who, act, PASSWORD)
    refusals(any_runtime, ALICE, PASSWORD)
    clock.advance(seconds=30)
    wrong_again(any_runtime, who, act, "ngày mai trời mưa")
    clock.advance(seconds=59)
    wrong_again(any_runtime, who, act, PASSWORD)
    clock.advance(seconds=1)
    act(any_runtime, who, PASSWORD)


def test_guesses_in_a_session_and_at_the_door_are_one_count_and_right_ones_do_not_add_to_it(
    runtime: Runtime, clock: Clock
) -> None:
    account(runtime, ALICE, "staff")
    who = signed_in(runtime, ALICE)
    for _ in range(2 * signing_in.FREE_ATTEMPTS):
        own_account.change_password(runtime, who, PASSWORD, PASSWORD)
    for _ in range(2):
        wrong_again(runtime, who, change, "ngày mai trời mưa")
        refusals(runtime, ALICE, "ngày mai trời mưa")
    own_account.change_password(runtime, who, PASSWORD, PASSWORD)
    wrong_again(runtime, who, change, "ngày mai trời mưa")
    wrong_again(runtime, who, change, PASSWORD)


def test_with_a_second_factor_the_password_alone_opens_nothing(runtime: Runtime, clock: Clock) -> None:
    account(runtime, ALICE, "staff")
    who, codes = with_factor(runtime, clock, ALICE)
    secret = own_account.offered_secret(runtime, who)
    right = signing_in.check_password(runtime, ALICE, PASSWORD)
    assert right.second_factor
    with pytest.raises(NotAllowed):
        signing_in.begin_session(runtime, right)
    with pytest.raises(NotAllowed):
        signing_in.begin_session(runtime, right, code_of(secret, clock))  # the code that confirmed it, once more
    clock.advance(seconds=30)
    assert signing_in.resume(runtime, signing_in.begin_session(runtime, right, code_of(secret, clock)))
    assert signing_in.begin_session(runtime, right, codes[3].lower())
    assert own_account.recovery_codes_left(runtime, who) == second_factor.RECOVERY_CODES - 1
    with pytest.raises(NotAllowed):
        signing_in.begin_session(runtime, right, codes[3])


def test_guessing_codes_is_slowed_down_though_the_password_is_right(runtime: Runtime, clock: Clock) -> None:
    account(runtime, ALICE, "staff")
    with_factor(runtime, clock, ALICE)
    clock.advance(minutes=5)
    for _ in range(5):
        right = signing_in.check_password(runtime, ALICE, PASSWORD)
        with pytest.raises(NotAllowed):
            signing_in.begin_session(runtime, right, "000000")
    refusals(runtime, ALICE, PASSWORD)


def test_a_step_begun_before_the_password_changed_leads_nowhere(runtime: Runtime) -> None:
    account(runtime, ALICE, "staff")
    right = signing_in.check_password(runtime, ALICE, PASSWORD)
    own_account.change_password(runtime, signed_in(runtime, ALICE), PASSWORD, "một câu khác hẳn 7")
    with pytest.raises(NotAllowed):
        signing_in.begin_session(runtime, right)
    with pytest.raises(NotAllowed):
        signing_in.begin_session(runtime, PasswordRight(99, right.mark, False))


def test_turning_the_factor_off_takes_the_password(runtime: Runtime, clock: Clock) -> None:
    account(runtime, ALICE, "staff")
    who, _ = with_factor(runtime, clock, ALICE)
    with pytest.raises(Conflict):
        own_account.confirm_factor(runtime, who, code_of(own_account.offered_secret(runtime, who), clock))
    with pytest.raises(NotAllowed):
        own_account.remove_factor(runtime, who, "ngày mai trời mưa")
    own_account.remove_factor(runtime, who, PASSWORD)
    assert not signing_in.check_password(runtime, ALICE, PASSWORD).second_factor


def test_administrators_look_after_their_own_units_only(runtime: Runtime) -> None:
    account(runtime, "top@example.gov.vn", "administrator", "Tỉnh")
    account(runtime, ALICE, "administrator", "Sở A")
    account(runtime, BOB, "staff", "Sở A")
    account(runtime, "charlie@example.gov.vn", "staff", "Sở B")
    alice = actor(runtime, ALICE)
    assert [one.email for one in accounts.list_accounts(runtime, alice)] == [ALICE, BOB]
    assert len(accounts.list_accounts(runtime, actor(runtime, "top@example.gov.vn"))) == 4
    for act in (accounts.disable, accounts.enable, accounts.reset_factor, accounts.renew_link):
        with pytest.raises(NotFound):
            act(runtime, alice, "charlie@example.gov.vn")
        with pytest.raises(NotFound):
            act(runtime, alice, "top@example.gov.vn")
    with pytest.raises(NotAllowed):
        accounts.list_accounts(runtime, actor(runtime, BOB))
    accounts.invite(runtime, alice, "dan@example.gov.vn", "staff", "Sở B")
    hers = {one.email: one.unit for one in accounts.list_accounts(runtime, actor(runtime, ALICE))}
    assert hers == {ALICE: "Sở A", BOB: "Sở A", "dan@example.gov.vn": "Sở B"}, "a unit of that name below her own"


def test_nobody_shuts_out_themselves_or_the_last_administrator(runtime: Runtime) -> None:
    account(runtime, ALICE, "administrator")
    alice = actor(runtime, ALICE)
    for act in (
        lambda who: accounts.disable(runtime, who, ALICE),
        lambda who: accounts.change_role(runtime, who, ALICE, "staff"),
    ):
        for who in (alice, OPERATOR):
            with pytest.raises(Conflict):
                act(who)


def test_every_change_leaves_an_entry_without_a_secret(runtime: Runtime) -> None:
    account(runtime, ALICE, "administrator")
    link = accounts.invite(runtime, actor(runtime, ALICE), BOB, "staff")
    accounts.change_role(runtime, actor(runtime, ALICE), BOB, "reform_team")
    with runtime.database.reading() as session:
        entries = [(one.actor, one.action, one.subject, one.detail) for one in audit.newest(session)]
    assert (ALICE, "account.role", f"account:{BOB}", '{"role": "reform_team"}') in entries
    assert (ALICE, "account.invite", f"account:{BOB}", '{"role": "staff"}') in entries
    assert not any(token_in(link) in "".join(entry) or PASSWORD in "".join(entry) for entry in entries)


def test_the_demo_gives_a_link_until_a_password_is_chosen(runtime: Runtime) -> None:
    path = accounts.invite_until_used(runtime, OPERATOR, ALICE, "administrator")
    again = accounts.invite_until_used(runtime, OPERATOR, ALICE, "administrator")
    assert path.startswith("/staff/invitation/")
    assert again != path
    own_account.accept_invitation(runtime, token_in(again), PASSWORD)
    assert accounts.invite_until_used(runtime, OPERATOR, ALICE, "administrator") == ""


def test_a_role_without_the_permission_is_refused_by_the_service_itself(runtime: Runtime) -> None:
    with pytest.raises(NotAllowed):
        accounts.invite(runtime, Actor("x", "reform_team", 1, 1, frozenset({1})), BOB, "administrator")
