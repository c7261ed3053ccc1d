"""What staff set of a collector: hours, limits, fixed answers, single-use codes, and where a printed code leads."""

from __future__ import annotations

import csv
import io
from datetime import time

import pypdfium2
import pytest
from flask.testing import FlaskClient

from survey.printing.preflight import read
from survey.services import collectors
from survey.services.offices import UNNAMED
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.conftest import Clock
from tests.factories.staff import account, browser_of, press
from tests.factories.surveys import open_survey


@pytest.fixture
def code(runtime: Runtime) -> str:
    return open_survey(runtime)


@pytest.fixture
def bob(runtime: Runtime, code: str) -> FlaskClient:
    account(runtime, "bob@example.gov.vn", "staff")
    return browser_of(create_app(runtime), runtime, "bob@example.gov.vn")


def test_settings_are_kept_and_shown_again(bob: FlaskClient, runtime: Runtime, code: str) -> None:
    path = f"/staff/collectors/{code}/settings"
    given = {
        "name": "Quầy 3",
        "place": "Tầng 1, phường Cao Lãnh",
        "unit": UNNAMED,
        "language": "en",
        "hours_from": "7:30",
        "hours_to": "17h00",
        "expected_per_day": "1.200",
        "most_answers": "500",
        "fixed-A2": "2",
    }
    assert press(bob, path, **given).status_code == 303
    shown, _ = collectors.show(runtime, OPERATOR, code)
    assert (shown.name, shown.traits.place, shown.traits.language) == ("Quầy 3", "Tầng 1, phường Cao Lãnh", "en")
    assert shown.traits.unit == UNNAMED
    assert shown.traits.hours == (time(7, 30), time(17, 0))
    assert (shown.traits.expected_per_day, shown.traits.most_answers) == (1200, 500)
    assert dict(shown.traits.fixed) == {"A2": "2"}
    page = bob.get(path).text
    assert 'value="07:30"' in page and '<option value="2" selected>' in page
    page = bob.get(f"/s/{code}?lang=vi").text
    assert 'name="A2"' not in page or 'type="hidden"' in page


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"hours_from": "7:30"}, "Còn thiếu một trong hai giờ"),
        ({"hours_from": "17:00", "hours_to": "7:30"}, "Giờ kết thúc sớm hơn giờ bắt đầu"),
        ({"hours_from": "25:99", "hours_to": "8:00"}, "Giờ không hợp lệ"),
        ({"most_answers": "-1"}, "Hãy ghi"),
        ({"name": ""}, "Tên"),
        ({"unit": "Sở không có"}, "Không có cơ quan này"),
        ({"opens_on": "16/10/2026", "closes_on": "15/10/2026"}, "trước ngày"),
        ({"fixed-A2": "77"}, "câu hỏi chỉ có một câu trả lời"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_kept(
    bob: FlaskClient, runtime: Runtime, code: str, given: dict[str, str], told: str
) -> None:
    before = collectors.show(runtime, OPERATOR, code)
    answer = press(bob, f"/staff/collectors/{code}/settings", **{"name": "Quầy 4", "place": "Giữ lại", **given})
    assert answer.status_code == 400 and "Giữ lại" in answer.text
    assert told in answer.text
    assert collectors.show(runtime, OPERATOR, code) == before


def test_single_use_codes_come_as_a_table_once(bob: FlaskClient, runtime: Runtime, code: str, clock: Clock) -> None:
    added = press(bob, "/staff/surveys/conference/collect", name="Giấy hẹn", kind="slip", single_use="y")
    own = added.location.rpartition("/")[2]
    made = press(bob, f"/staff/collectors/{own}/codes", number="30", form="csv", note="Quầy 2")
    rows = list(csv.DictReader(io.StringIO(made.data.decode("utf-8-sig"))))
    assert len({row["code"] for row in rows}) == 30 and {row["run"] for row in rows} == {"1"}
    assert rows[0]["url"].startswith("HTTPS://KS.EXAMPLE.GOV.VN/S/")
    assert bob.get(rows[0]["url"].removeprefix("HTTPS://KS.EXAMPLE.GOV.VN")).status_code == 200
    page = bob.get(f"/staff/collectors/{own}/codes").text
    assert "Đợt 1" in page and rows[0]["code"] not in page


def test_single_use_codes_come_as_labels_each_with_its_own(bob: FlaskClient, runtime: Runtime, code: str) -> None:
    own = collectors.add(runtime, OPERATOR, "conference", "slip", "Giấy hẹn", traits=collectors.Traits(single_use=True))
    made = press(bob, f"/staff/collectors/{own}/codes", number="25", form="labels", sheet="L7160", language="vi")
    assert made.mimetype == "application/pdf"
    document = pypdfium2.PdfDocument(made.data)
    try:
        assert len(document) == 2
    finally:
        document.close()
    held = read(made.data, 200)
    assert len(set(held)) == 25
    for url in held:
        assert bob.get(url.removeprefix("HTTPS://KS.EXAMPLE.GOV.VN")).status_code == 200


@pytest.mark.parametrize(("number", "form"), [("0", "csv"), ("", "csv"), ("100001", "csv"), ("1001", "labels")])
def test_too_many_codes_are_refused_with_the_page(
    bob: FlaskClient, runtime: Runtime, code: str, number: str, form: str
) -> None:
    own = collectors.add(runtime, OPERATOR, "conference", "slip", "Giấy hẹn", traits=collectors.Traits(single_use=True))
    answer = press(bob, f"/staff/collectors/{own}/codes", number=number, form=form)
    assert answer.status_code == 400 and "Số mã" in answer.text


def test_a_printed_code_is_led_to_another_survey(bob: FlaskClient, runtime: Runtime, code: str, clock: Clock) -> None:
    open_survey(runtime, slug="next")
    path = f"/staff/collectors/{code}/lead"
    assert press(bob, path, slug="next").status_code == 303
    clock.advance(seconds=2)
    assert "Hiện mã này mở" in bob.get(f"/staff/collectors/{code}").text
    assert press(bob, path, slug="next").status_code == 409
    assert press(bob, path, slug="never-made").status_code == 404
    assert press(bob, path).status_code == 400
    assert press(bob, path, slug="conference").status_code == 303
    assert "Hiện mã này mở" not in bob.get(f"/staff/collectors/{code}").text


def test_one_question_a_screen_is_a_setting_of_the_survey(
    bob: FlaskClient, runtime: Runtime, code: str, clock: Clock
) -> None:
    plain = bob.get(f"/s/{code}").text
    assert press(bob, "/staff/surveys/conference/settings", layout="steps").status_code == 303
    shown = bob.get("/staff/surveys/conference/preview?lang=en&text=large").text
    assert "data-steps" in shown and '<html lang="en" class="large">' in shown
    clock.advance(seconds=2)
    assert bob.get(f"/s/{code}").text != plain
    refused = press(bob, "/staff/surveys/conference/settings", layout="spiral")
    assert refused.status_code == 400
