"""Comments on the staff pages: marked, masked, sorted without a script, nothing of them taken for markup."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from survey.services import collectors, comments, themes
from survey.services.comments import Wanted
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.factories.answers import answer, release
from tests.factories.staff import account, browser_of, press
from tests.factories.surveys import open_survey

LIST = "/staff/surveys/conference/comments"
THEMES = "/staff/surveys/conference/themes"
BINH = "binh@example.gov.vn"


@pytest.fixture
def binh(runtime: Runtime) -> FlaskClient:
    open_survey(runtime)
    account(runtime, BINH, "reform_team")
    return browser_of(create_app(runtime), runtime, BINH)


def said(runtime: Runtime, *texts: str) -> None:
    code = collectors.list_collectors(runtime, OPERATOR, "conference")[0].code
    answer(runtime, code, [{"B7": "4", "E1": text} for text in texts])
    release(runtime, "conference")


def ref_of(runtime: Runtime, text: str) -> str:
    found = comments.reading(runtime, OPERATOR, "conference", Wanted(search=text), skip=0, most=1)
    return found.comments[0].ref


def words(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


def test_before_there_are_comments_the_page_says_when_they_come(binh: FlaskClient, runtime: Runtime) -> None:
    assert "Chưa có ý kiến nào để đọc." in words(binh.get(LIST).text)
    said(runtime, "Chờ lâu")
    page = binh.get(LIST).text
    assert "1 ý kiến" in words(page) and "Chờ lâu" in page and 'name="ref"' not in page
    assert "Không có ý kiến nào phù hợp" in words(binh.get(f"{LIST}?q=nhanh").text)


def test_personal_data_is_marked_and_said_aloud(binh: FlaskClient, runtime: Runtime) -> None:
    said(runtime, "Gọi chị Lan <b>0912345678</b>")
    page = binh.get(LIST).text
    assert re.search(
        r'<mark title="số điện thoại">0912345678<span class="unseen"> \(số điện thoại\)</span></mark>', page
    )
    assert "&lt;b&gt;" in page and "<b>" not in page


def test_a_suggestion_is_accepted_and_a_theme_taken_off_by_one_button_each(binh: FlaskClient, runtime: Runtime) -> None:
    said(runtime, "Chờ lâu quá", "Tốt")
    assert "Đã thêm 13 chủ đề" in words(binh.get(press(binh, THEMES, on=THEMES, start="vi").headers["Location"]).text)
    slow = next(
        one for one in themes.list_themes(runtime, OPERATOR, "conference") if one.name == "Thời gian giải quyết"
    )
    ref = ref_of(runtime, "cho lau")
    assert f'value="give {ref} {slow.id}"' in binh.get(f"{LIST}?theme=fits-{slow.id}").text
    done = press(binh, LIST, on=LIST, one=f"give {ref} {slow.id}", q="lau", at="1", shown="none")
    assert done.headers["Location"] == f"{LIST}?page=1&q=lau&theme=none#c-{ref}"
    assert f'value="take {ref} {slow.id}"' in binh.get(LIST).text
    press(binh, LIST, on=LIST, one=f"take {ref} {slow.id}")
    assert f'value="take {ref} {slow.id}"' not in binh.get(LIST).text


def test_several_comments_get_a_theme_at_once(binh: FlaskClient, runtime: Runtime) -> None:
    said(runtime, *(f"Ý kiến {n}" for n in range(8)))
    theme = themes.add(runtime, OPERATOR, "conference", "Chung")
    refs = re.findall(r'name="page" value="([^"]+)"', binh.get(LIST).text)
    assert len(refs) == 8
    nobody = press(binh, LIST, on=LIST, do="give", theme=str(theme))
    assert "Chưa chọn ý kiến nào" in words(binh.get(nobody.headers["Location"]).text)
    press(binh, LIST, on=LIST, do="give", theme=str(theme), ref=refs[:3])
    assert binh.get(f"{LIST}?theme={theme}").text.count("<li id=") == 3
    press(binh, LIST, on=LIST, do="give-page", theme=str(theme), page=refs)
    assert themes.list_themes(runtime, OPERATOR, "conference")[0].comments == 8
    press(binh, LIST, on=LIST, do="take", theme=str(theme), ref=refs[0])
    assert themes.list_themes(runtime, OPERATOR, "conference")[0].comments == 7
    assert press(binh, LIST, on=LIST, do="give", theme="x", ref=refs[0]).status_code == 404


def test_a_quote_begins_masked_and_is_refused_unmasked(binh: FlaskClient, runtime: Runtime) -> None:
    said(runtime, "Chị Lan làm việc tốt.\nCảm ơn!")
    path = f"{LIST}/{ref_of(runtime, 'lan')}"
    page = binh.get(path).text
    assert "Chị [tên người] làm việc tốt. Cảm ơn!</textarea>" in page
    refused = press(binh, path, on=path, text="Chị Lan làm việc tốt. […]")
    assert refused.status_code == 400 and "Nội dung này sẽ công bố dữ liệu cá nhân." in words(refused.text)
    assert "Chị Lan làm việc tốt. […]</textarea>" in refused.text, "what was typed stays"
    press(binh, path, on=path, text="Chị Lan làm việc tốt. […]", confirmed="Lan")
    assert "Chị Lan làm việc tốt. […]" in binh.get(f"{LIST}?theme=quoted").text
    press(binh, path, on=path, withdraw="1")
    assert "Không có ý kiến nào phù hợp" in words(binh.get(f"{LIST}?theme=quoted").text)


def test_themes_are_changed_and_errors_stand_beside_their_field(binh: FlaskClient, runtime: Runtime) -> None:
    press(binh, THEMES, on=THEMES, name="Phí", words="lệ phí")
    press(binh, THEMES, on=THEMES, name="Thái độ")
    first, second = themes.list_themes(runtime, OPERATOR, "conference")
    taken = press(binh, f"{THEMES}/{second.id}", on=THEMES, name="phí")
    assert taken.status_code == 409 and "Đã có chủ đề tên này." in words(taken.text)
    unnamed = press(binh, THEMES, on=THEMES, name="")
    assert unnamed.status_code == 400 and "Hãy đặt tên cho chủ đề." in words(unnamed.text)
    press(binh, f"{THEMES}/{first.id}", on=THEMES, name="Lệ phí", words="phí")
    press(binh, f"{THEMES}/{second.id}/remove", on=THEMES)
    assert [(one.name, one.words) for one in themes.list_themes(runtime, OPERATOR, "conference")] == [("Lệ phí", "phí")]


def test_pages_past_the_end_show_the_last(binh: FlaskClient, runtime: Runtime) -> None:
    said(runtime, *(f"Ý kiến {n}" for n in range(60)))
    page = binh.get(f"{LIST}?page=99").text
    assert "Trang 2/2" in words(page) and page.count("<li id=") == 10


def test_comments_two_thousand_characters_long_do_not_break_the_page(binh: FlaskClient, runtime: Runtime) -> None:
    said(runtime, "W" * 2000, "ỄỰ" * 1000, "0 " * 1000, "anh A" * 400)
    page = binh.get(LIST)
    assert page.status_code == 200 and "W" * 2000 in page.text
    assert binh.get(f"{LIST}/{ref_of(runtime, 'WWW')}").status_code == 200


def test_the_file_comes_from_the_report_and_the_list(binh: FlaskClient, runtime: Runtime) -> None:
    said(runtime, "Gọi 0912345678")
    made = binh.get(f"{LIST}.csv?delimiter=semicolon")
    assert made.headers["Content-Disposition"] == 'attachment; filename="comments-conference.csv"'
    assert "[số điện thoại]" in made.text and "0912345678" not in made.text
    for place in ("/staff/surveys/conference/report", LIST):
        assert "comments.csv" in binh.get(place).text


def test_a_selection_stays_in_the_address_and_is_said_in_words(binh: FlaskClient, runtime: Runtime) -> None:
    code = collectors.list_collectors(runtime, OPERATOR, "conference")[0].code
    answer(runtime, code, [{"B7": "5", "A1": "1", "E1": f"khen {n}"} for n in range(30)])
    answer(runtime, code, [{"B7": "2", "A1": "2", "E1": f"chê {n}"} for n in range(30)])
    release(runtime, "conference")
    results = binh.get("/staff/surveys/conference/results?where=A1=1").text
    link = re.search(r'href="([^"]*/comments\?where=[^"]*)"', results)
    assert link
    page = binh.get(html.unescape(link[1])).text
    assert "30 ý kiến" in words(page) and "khen 7" in page and "chê" not in page
    assert "Quý vị đại diện cho" in words(page)
    hidden = 'type="hidden" name="where" value="A1=1"'
    assert page.count(hidden) == 2
    themes.add(runtime, OPERATOR, "conference", "Thái độ", "")
    went = press(binh, html.unescape(link[1]), do="give-page", theme="1", where="A1=1", page=ref_of(runtime, "khen 7"))
    assert "where=A1%3D1" in went.location
    assert binh.get(f"{LIST}?where=A1=999").status_code in (400, 404)
