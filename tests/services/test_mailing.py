"""Mailings as services keep them: long lists, several at once, other people's units."""

from __future__ import annotations

import threading

import pytest

from survey.errors import NotFound, PhieuError
from survey.mail import addresses
from survey.services import mailing, sending
from survey.services.mailing import Added
from survey.services.runtime import OPERATOR, Runtime
from tests.factories.mailings import counts, invited, many
from tests.factories.staff import account, actor


def test_a_mailing_takes_twenty_thousand_addresses_and_not_one_more(any_runtime: Runtime) -> None:
    number = invited(any_runtime)
    people = [f"nguoi{one}@example.vn" for one in range(addresses.MOST)]
    assert mailing.add_addresses(any_runtime, OPERATOR, number, "\n".join(people)) == Added(addresses.MOST, 0)
    assert mailing.add_addresses(any_runtime, OPERATOR, number, people[-1].upper()) == Added(0, 1)
    with pytest.raises(PhieuError) as refusal:
        mailing.add_addresses(any_runtime, OPERATOR, number, "one-more@example.vn")
    assert refusal.value.code == "addresses_too_many" and counts(any_runtime, number).people == addresses.MOST


def test_lists_added_at_once_bring_each_address_once(any_runtime: Runtime) -> None:
    number = invited(any_runtime)
    lists = ["\n".join(many(60)[start:] + many(60)[:start]) for start in (0, 20, 40)]
    threads = [
        threading.Thread(target=mailing.add_addresses, args=(any_runtime, OPERATOR, number, one)) for one in lists
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert counts(any_runtime, number).people == 60


def test_addresses_not_written_to_can_be_removed(any_runtime: Runtime) -> None:
    number = invited(any_runtime, *many(5))
    assert mailing.drop_unwritten(any_runtime, OPERATOR, number) == 5
    assert counts(any_runtime, number).people == 0


def test_in_another_unit_there_is_no_mailing(runtime: Runtime) -> None:
    number = invited(runtime, *many(2))
    account(runtime, "charlie@example.gov.vn", "administrator", "Sở B")
    charlie = actor(runtime, "charlie@example.gov.vn")
    said = set()
    for wanted in (number, 999, 0, -1, 2**70):
        for act in (mailing.show, mailing.drop_unwritten, sending.start, sending.remind, sending.stop):
            with pytest.raises(NotFound) as refusal:
                act(runtime, charlie, wanted)
            said.add((refusal.value.code, refusal.value.message))
    assert len(said) == 1 and counts(runtime, number).people == 2
    for slug in ("conference", "nothing"):
        with pytest.raises(NotFound):
            mailing.forget(runtime, charlie, slug)
