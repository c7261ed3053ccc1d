"""``phieu mail`` and the settings of the mail server: a whole mailing from the shell, and what start-up refuses."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from survey.cli.main import main
from survey.config import read_settings
from survey.errors import Misconfigured
from survey.services import authoring, collectors
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR, Runtime
from tests.conftest import SECRET
from tests.factories.mailings import answer, code_in, received
from tests.factories.surveys import open_survey
from tests.mail.test_bounces import report
from tests.mailserver import MailServer, mail_server, unused_port


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


class Shell:
    """Runs ``phieu`` on the test's database, with this mail server."""

    def __init__(self, runtime: Runtime, port: int) -> None:
        self.environment = {
            "PHIEU_DATA_DIR": str(runtime.settings.data_dir),
            "PHIEU_DATABASE_URL": runtime.settings.database_url,
            "PHIEU_PUBLIC_BASE_URL": runtime.settings.base_url,
            "PHIEU_SECRET_KEY": SECRET,
            "PHIEU_SMTP_URL": f"smtp://127.0.0.1:{port}?security=none",
            "PHIEU_MAIL_FROM": "Sở Nội vụ <khaosat@example.gov.vn>",
            "PHIEU_MAIL_PER_MINUTE": "6000",
        }

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, arguments, env=self.environment)

    def json(self, *arguments: str) -> Any:
        result = self.run(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


@pytest.fixture
def code(runtime: Runtime) -> str:
    open_survey(runtime)
    return collectors.add(runtime, OPERATOR, "conference", "link", "Thư", traits=Traits(single_use=True))


def test_a_whole_mailing_from_the_shell(runtime: Runtime, mail: MailServer, code: str, tmp_path: Path) -> None:
    shell = Shell(runtime, mail.port)
    number = str(shell.json("mail", "new", code)["mailing"])
    listed = tmp_path / "list.csv"
    listed.write_text("Tên,Thư\nLan,lan@example.vn\nMinh,minh@example.vn\nTâm,tam@example.vn\n")
    assert shell.json("mail", "import", number, str(listed)) == {"new": 3, "known": 0}
    assert "0 added, 3 known" in shell.run("mail", "import", number, str(listed)).output
    sent = shell.json("mail", "send", number)
    assert (sent["people"], sent["sent"], sent["waiting"]) == (3, 3, 0)
    answer(runtime, code_in(mail, "lan@example.vn"))
    came_back = tmp_path / "bounce.eml"
    came_back.write_bytes(report().replace(b"lan@example.vn", b"tam@example.vn").replace(b"Lan@E", b"tam@e"))
    assert shell.json("mail", "bounces", str(came_back)) == {"reports": 1, "people": 1}
    assert shell.json("mail", "remind", number)["reminded"] == 1
    assert received(mail) == Counter({"lan@example.vn": 1, "minh@example.vn": 2, "tam@example.vn": 1})
    assert (
        "3 people, 0 wait, 2 sent, 1 answered, 1 not reached, 0 in doubt"
        in shell.run("mail", "list", "conference").output
    )
    assert "still collects" in shell.run("mail", "forget", "conference").output
    authoring.close(runtime, OPERATOR, "conference")
    assert shell.json("mail", "forget", "conference") == {"addresses": 3}


def test_a_letter_of_ones_own_words_goes_out(runtime: Runtime, mail: MailServer, code: str, tmp_path: Path) -> None:
    shell, body, listed = Shell(runtime, mail.port), tmp_path / "letter.txt", tmp_path / "list"
    body.write_text("Kính gửi ông/bà: {link} {tên}")
    listed.write_text("lan@example.vn")
    number = str(shell.json("mail", "new", code, "--subject", "Lấy ý kiến", "--body", str(body))["mailing"])
    shell.json("mail", "import", number, str(listed))
    shell.json("mail", "send", number)
    [letter] = mail.to("lan@example.vn")
    assert letter["Subject"] == "Lấy ý kiến" and "{tên}" in letter.get_content()


def test_what_cannot_be_sent_is_one_line_and_status_one(runtime: Runtime, code: str, tmp_path: Path) -> None:
    shell, listed = Shell(runtime, unused_port()), tmp_path / "list"
    number = str(shell.json("mail", "new", code)["mailing"])
    listed.write_text("lan@example.vn\nkhông phải\n")
    refused = shell.run("mail", "import", number, str(listed))
    assert refused.exit_code == 1 and "2: không phải" in refused.stderr
    listed.write_text("lan@example.vn")
    shell.json("mail", "import", number, str(listed))
    for command in (("send", number), ("send", "99"), ("import", "99", str(listed)), ("new", "0000000000")):
        result = shell.run("mail", *command)
        assert result.exit_code == 1 and "Traceback" not in result.output, command
    assert shell.json("mail", "list", "conference")[0]["waiting"] == 1


def test_the_doctor_speaks_to_the_mail_server(runtime: Runtime, mail: MailServer) -> None:
    said = Shell(runtime, mail.port).run("doctor")
    assert f"ok   mail server: 127.0.0.1:{mail.port}, in the clear, letters from khaosat@example.gov.vn" in said.output
    deaf = Shell(runtime, unused_port()).run("doctor")
    assert deaf.exit_code == 1 and "FAIL mail server" in deaf.output and "refused" in deaf.output.lower()
    assert mail.letters == []


URL, SENDER = "PHIEU_SMTP_URL", "PHIEU_MAIL_FROM"
GOOD = {"PHIEU_SECRET_KEY": SECRET, URL: "smtp://mail.example.gov.vn", SENDER: "Sở <a@example.gov.vn>"}


def test_the_usual_port_and_protection_are_understood(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("mật khẩu\n")
    found = read_settings(GOOD).mail
    assert found is not None and (found.host, found.port, found.security) == ("mail.example.gov.vn", 587, "starttls")
    assert (found.sender.display_name, found.sender.addr_spec, found.per_minute) == ("Sở", "a@example.gov.vn", 60)
    full = read_settings(
        {**GOOD, URL: "smtp://a%40b:p%2Fw@[::1]:2525?security=tls", SENDER: "a@b.vn", "PHIEU_MAIL_PER_MINUTE": "600"}
    ).mail
    assert full is not None and (full.host, full.port, full.user, full.password) == ("::1", 2525, "a@b", "p/w")
    kept = read_settings({**GOOD, URL: "smtp://u@m.vn?security=tls", "PHIEU_SMTP_PASSWORD_FILE": str(password)}).mail
    assert kept is not None and (kept.port, kept.password) == (465, "mật khẩu")
    assert "mật khẩu" not in repr(kept)
    assert read_settings({"PHIEU_SECRET_KEY": SECRET}).mail is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({URL: "mail.example.gov.vn"}, "smtp_url_unusable"),
        ({URL: "https://mail.example.gov.vn"}, "smtp_url_unusable"),
        ({URL: "smtp://"}, "smtp_url_unusable"),
        ({URL: "smtp://m.vn:99999"}, "smtp_url_unusable"),
        ({URL: "smtp://m.vn?security=maybe"}, "smtp_url_unusable"),
        ({URL: "smtp://m.vn?tls=yes"}, "smtp_url_unusable"),
        ({URL: "smtp://m.vn/path"}, "smtp_url_unusable"),
        ({URL: "smtp://user:secret-word@m.vn?security=none"}, "smtp_password_in_clear"),
        ({URL: "smtp://user:secret-word@m.vn", SENDER: ""}, "mail_from_unusable"),
        ({SENDER: "Sở"}, "mail_from_unusable"),
        ({SENDER: "a@b"}, "mail_from_unusable"),
        ({SENDER: "Sở <a@b.vn>\nBcc: x@y.vn"}, "mail_from_unusable"),
        ({SENDER: "sở@b.vn"}, "mail_from_unusable"),
        ({"PHIEU_MAIL_PER_MINUTE": "0"}, "mail_rate_unusable"),
        ({"PHIEU_MAIL_PER_MINUTE": "many"}, "mail_rate_unusable"),
        ({"PHIEU_SMTP_PASSWORD_FILE": "/nonexistent/password"}, "smtp_password_unreadable"),
    ],
)
def test_start_up_refuses_a_mail_server_it_could_not_use_or_only_unsafely(changes: dict[str, str], code: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        read_settings({**GOOD, **changes})
    assert refusal.value.code == code and "secret-word" not in str(refusal.value)


def test_a_password_may_cross_this_machine_in_the_clear() -> None:
    found = read_settings({**GOOD, URL: "smtp://u:p@localhost?security=none"}).mail
    assert found is not None and found.port == 25
