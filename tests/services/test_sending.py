"""Letters over a real mail server: each person one, whatever breaks and whoever sends."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from survey.collection import codes, single_use
from survey.errors import Unavailable
from survey.services import mailing, sending
from survey.services.collecting import Stored
from survey.services.mailing import Counts
from survey.services.postman import Postman, carrying
from survey.services.runtime import OPERATOR, Runtime
from survey.services.sending import Report
from tests.factories.mailings import (
    SENDER,
    answer,
    code_in,
    codes_stored,
    counts,
    go_on,
    invited,
    many,
    received,
    sent_off,
    with_mail,
)
from tests.mailserver import MailServer, mail_server, unused_port


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def test_everybody_gets_one_letter_with_a_code_of_their_own(any_runtime: Runtime, mail: MailServer) -> None:
    runtime = with_mail(any_runtime, mail.port)
    people = many(12)
    number = invited(runtime, *people)
    assert sent_off(runtime, number) == Report(sent=12)
    assert received(mail) == Counter(people)
    assert len({code_in(mail, one) for one in people}) == 12
    assert counts(runtime, number) == Counts(people=12, sent=12)
    assert sent_off(runtime, number) == Report()
    assert mail.sessions == 1


def test_the_letter_is_plain_text_from_the_office_in_vietnamese(any_runtime: Runtime, mail: MailServer) -> None:
    runtime = with_mail(any_runtime, mail.port)
    sent_off(runtime, invited(runtime, "lan@example.vn"))
    letter = mail.to("lan@example.vn")[0]
    assert letter.get_content_type() == "text/plain" and letter.get_content_charset() == "utf-8"
    assert letter["From"].addresses[0] == SENDER and letter["To"].addresses[0].addr_spec == "lan@example.vn"
    assert letter["Reply-To"].addresses[0].addr_spec == "gopy@example.gov.vn"
    assert letter["Subject"].startswith("Kính mời Quý vị cho ý kiến: PHIẾU KHẢO SÁT")
    assert letter["Auto-Submitted"] == "auto-generated" and letter["Message-ID"].endswith("@example.gov.vn>")
    assert letter["Date"].datetime == any_runtime.now()
    said = letter.get_content()
    assert "Sở Văn hóa, Thể thao và Du lịch" in said and "{" not in said
    content = mail.letters[0][1]
    assert content.isascii() and max(map(len, content.splitlines())) <= 998
    assert re.findall(rb"(?i)<html|<img|List-Unsubscribe", content) == []


def test_the_database_keeps_only_the_hash_of_what_the_letter_holds(runtime: Runtime, mail: MailServer) -> None:
    runtime = with_mail(runtime, mail.port)
    sent_off(runtime, invited(runtime, "lan@example.vn"))
    code = single_use.canonical(code_in(mail, "lan@example.vn"))
    path = runtime.database.path
    assert path is not None
    runtime.database.close()
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.is_file())
    assert code.encode() not in kept and codes.display(code).encode() not in kept
    assert single_use.code_hash(runtime.settings.secret_keys[0], code) in kept


def test_a_refused_recipient_is_listed_with_the_servers_words_and_keeps_no_code(
    any_runtime: Runtime, mail: MailServer
) -> None:
    mail.rule = lambda one: "550 5.1.1 no such user" if one.startswith("nguoi001") else "250 ok"
    runtime = with_mail(any_runtime, mail.port)
    number = invited(runtime, *many(4))
    assert sent_off(runtime, number) == Report(sent=3, refused=1)
    assert mailing.people(runtime, OPERATOR, number, "refused") == (
        mailing.Person("nguoi001@example.vn", "refused", "550 5.1.1 no such user"),
    )
    assert codes_stored(runtime) == 3
    mail.rule = lambda _: "250 ok"
    assert sending.again(runtime, OPERATOR, number, "refused") == 1
    assert sent_off(runtime, number) == Report(sent=1)
    assert received(mail) == Counter(many(4))


def test_a_server_that_refuses_everybody_stops_the_mailing_early(runtime: Runtime, mail: MailServer) -> None:
    mail.rule = lambda _: "554 relaying denied"
    runtime = with_mail(runtime, mail.port)
    number = invited(runtime, *many(50))
    assert sent_off(runtime, number) == Report(refused=sending.MOST_REFUSALS)
    found = counts(runtime, number)
    assert (found.refused, found.held, found.queued) == (20, 30, 0)


def test_whom_a_server_puts_off_is_written_to_later(any_runtime: Runtime, mail: MailServer) -> None:
    tried: Counter[str] = Counter()

    def greylisted(one: str) -> str:
        tried[one] += 1
        return "451 come again" if tried[one] == 1 else "250 ok"

    mail.rule = greylisted
    runtime = with_mail(any_runtime, mail.port)
    number = invited(runtime, *many(5))
    assert sent_off(runtime, number) == Report(deferred=5)
    assert counts(runtime, number).deferred == 5 and codes_stored(runtime) == 0
    assert sent_off(runtime, number) == Report(sent=5)
    assert received(mail) == Counter(many(5))


@pytest.mark.parametrize("breaks_at", [1, 4, 9])
def test_a_server_that_dies_before_a_letter_costs_and_doubles_nothing(
    any_runtime: Runtime, mail: MailServer, breaks_at: int
) -> None:
    mail.breaks = {breaks_at: "before"}
    runtime = with_mail(any_runtime, mail.port)
    number = invited(runtime, *many(9))
    with pytest.raises(Unavailable):
        sent_off(runtime, number)
    found = counts(runtime, number)
    assert (found.sent, found.deferred, found.doubtful) == (breaks_at - 1, 10 - breaks_at, 0)
    sent_off(runtime, number)
    assert received(mail) == Counter(many(9))
    assert codes_stored(runtime) == 9


def test_a_letter_lost_on_its_way_is_in_doubt_and_staff_have_it_written_anew(
    any_runtime: Runtime, mail: MailServer
) -> None:
    """Our machine cannot tell this from a server that took the letter and died before it could say so."""
    mail.breaks = {2: "within", 5: "within"}
    runtime = with_mail(any_runtime, mail.port)
    number = invited(runtime, *many(6))
    assert sent_off(runtime, number) == Report(sent=4, doubtful=2)
    in_doubt = {one.address for one in mailing.people(runtime, OPERATOR, number, "sending")}
    assert in_doubt == set(many(6)) - set(received(mail))
    assert sending.again(runtime, OPERATOR, number, "sending") == 2
    assert sent_off(runtime, number) == Report(sent=2)
    assert received(mail) == Counter(many(6))


def test_a_letter_whose_end_was_not_acknowledged_may_have_gone_out_and_is_not_sent_again(
    any_runtime: Runtime, mail: MailServer
) -> None:
    mail.breaks = {3: "after"}
    runtime = with_mail(any_runtime, mail.port)
    number = invited(runtime, *many(6))
    assert sent_off(runtime, number) == Report(sent=5, doubtful=1)
    assert counts(runtime, number).doubtful == 1
    for _ in range(3):
        assert sent_off(runtime, number) == Report()
    assert received(mail) == Counter(many(6))
    [doubtful] = mailing.people(runtime, OPERATOR, number, "sending")
    assert sending.take_for_sent(runtime, OPERATOR, number) == 1
    assert counts(runtime, number) == Counts(people=6, sent=6)
    assert isinstance(answer(runtime, code_in(mail, doubtful.address)), Stored)


def test_a_doubtful_letter_written_anew_leaves_one_code_that_works(any_runtime: Runtime, mail: MailServer) -> None:
    mail.breaks = {1: "after"}
    runtime = with_mail(any_runtime, mail.port)
    number = invited(runtime, "lan@example.vn")
    sent_off(runtime, number)
    first = code_in(mail, "lan@example.vn")
    assert sending.again(runtime, OPERATOR, number, "sending") == 1
    sent_off(runtime, number)
    second = code_in(mail, "lan@example.vn")
    assert received(mail)["lan@example.vn"] == 2  # which is why nothing in doubt is sent again by itself
    assert first != second and codes_stored(runtime) == 1
    assert isinstance(answer(runtime, second), Stored)


def test_a_sender_that_was_killed_leaves_one_letter_in_doubt_and_the_rest_waiting(
    any_runtime: Runtime, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    class Server(list[tuple[str, bytes]]):
        def append(self, one: tuple[str, bytes]) -> None:
            super().append(one)
            if len(self) == 3:
                raise_in_sender.set()

    raise_in_sender = threading.Event()
    mail.letters = Server()
    runtime = with_mail(any_runtime, mail.port)
    number = invited(runtime, *many(8))
    sending.start(runtime, OPERATOR, number)
    write = runtime.database.write

    def dying(work: Callable[..., object]) -> object:
        if raise_in_sender.is_set():
            raise Killed
        return write(work)

    with monkeypatch.context() as dead:
        dead.setattr(runtime.database, "write", dying)
        with pytest.raises(Killed):
            sending.send(runtime, number, go_on)
    assert counts(runtime, number) == Counts(people=8, queued=5, sending=1, sent=2)
    postman = Postman(runtime, go_on)
    postman.resume()
    postman.join(60)
    assert received(mail) == Counter(many(8))
    found = counts(runtime, number)
    assert (found.sent, found.doubtful, found.waiting) == (7, 1, 0)


def test_several_senders_at_once_send_each_letter_once(any_runtime: Runtime, mail: MailServer) -> None:
    runtime = with_mail(any_runtime, mail.port)
    number = invited(runtime, *many(40))
    sending.start(runtime, OPERATOR, number)
    threads = [threading.Thread(target=sending.send, args=(runtime, number, go_on)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert received(mail) == Counter(many(40))
    assert counts(runtime, number) == Counts(people=40, sent=40) and mail.sessions >= 2


def test_the_background_sender_waits_for_a_server_that_is_down_and_carries_on(any_runtime: Runtime) -> None:
    mail = MailServer(port=unused_port())
    runtime = with_mail(any_runtime, mail.port)
    number = invited(runtime, *many(7))
    sending.start(runtime, OPERATOR, number)
    waited, up = threading.Event(), threading.Event()

    def pause(seconds: float) -> bool:
        if seconds > 1:
            waited.set()
            up.wait(60)
        return False

    postman = Postman(runtime, pause)
    postman.begin()
    assert waited.wait(60)
    assert counts(runtime, number).deferred == 7
    assert "refused" in mailing.people(runtime, OPERATOR, number, "waiting")[0].detail.lower()
    with mail_server(mail):
        up.set()
        postman.join(60)
        assert received(mail) == Counter(many(7))
    assert counts(runtime, number) == Counts(people=7, sent=7)


def test_a_server_that_stays_down_leaves_everything_waiting(runtime: Runtime) -> None:
    runtime = with_mail(runtime, unused_port())
    number = invited(runtime, *many(3))
    sending.start(runtime, OPERATOR, number)
    postman = Postman(runtime, go_on)
    postman.begin()
    postman.join(60)
    assert counts(runtime, number).waiting == 3 and codes_stored(runtime) == 0


def test_two_carriers_of_one_machine_exclude_each_other(runtime: Runtime) -> None:
    with carrying(runtime) as first, carrying(runtime) as second:
        assert first and not second
    with carrying(runtime) as again:
        assert again


def test_stopping_keeps_back_what_has_not_left(any_runtime: Runtime, mail: MailServer) -> None:
    runtime = with_mail(any_runtime, mail.port)
    number = invited(runtime, *many(10))
    sending.start(runtime, OPERATOR, number)

    def stop_after_four(seconds: float) -> bool:
        if len(mail.letters) == 4:
            sending.stop(runtime, OPERATOR, number)
        return False

    assert sending.send(runtime, number, stop_after_four) == Report(sent=4)
    found = counts(runtime, number)
    assert (found.sent, found.held, found.queued) == (4, 6, 0)
    assert sent_off(runtime, number) == Report(sent=6)
    assert received(mail) == Counter(many(10))
