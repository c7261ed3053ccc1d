"""Comments as the reform team works with them: what is read and when it goes, themes, quotes, what a report says."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from survey.accounts.permissions import ROLES
from survey.comments.report import OTHERS
from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services import authoring, collecting, collectors, comments, quality, receipts, themes
from survey.services.comments import Reading, Wanted
from survey.services.doors import Doors
from survey.services.results import open_result
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.storage.models import CommentTheme, Quote
from survey.storage.queries import audit
from tests.conftest import Clock
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey

SLUG = "conference"
BINH = Actor("binh@example.gov.vn", "reform_team", 1)


def said(runtime: Runtime, code: str, texts: Sequence[str], status: str = "complete", key: str = "E1") -> None:
    """These comments, released."""
    answer(runtime, code, [{"B7": "4", key: text} for text in texts], status=status)
    release(runtime, SLUG)


def read(runtime: Runtime, most: int = 100, skip: int = 0, **wanted: str) -> Reading:
    return comments.reading(runtime, OPERATOR, SLUG, Wanted(**wanted), skip=skip, most=most)


def texts(found: Reading) -> list[str]:
    return [one.text for one in found.comments]


def refs(found: Reading) -> list[str]:
    return [one.ref for one in found.comments]


@pytest.fixture
def code(any_runtime: Runtime) -> str:
    return open_survey(any_runtime)


def test_released_answers_that_count_are_read_and_no_others(any_runtime: Runtime, code: str) -> None:
    said(any_runtime, code, [f"ý kiến {n}" for n in range(12)])
    said(any_runtime, code, ["có dấu"] * 5, status="flagged")
    for status in ("test", "excluded", "withdrawn", "partial"):
        said(any_runtime, code, [f"không đọc {status}"], status=status)
    answer(any_runtime, code, [{"B7": "4", "E1": "chưa tổng hợp"}])
    found = texts(read(any_runtime))
    assert sorted(found) == sorted([f"ý kiến {n}" for n in range(12)] + ["có dấu"] * 5)


def test_the_order_is_the_same_each_time_and_not_that_of_arrival(any_runtime: Runtime, code: str) -> None:
    given = [f"ý kiến {n:03d}" for n in range(60)]
    for some in range(0, 60, 20):
        said(any_runtime, code, given[some : some + 20])
    first = texts(read(any_runtime))
    assert texts(read(any_runtime)) == first != given
    ranks = [given.index(one) for one in first]
    rising = sum(b > a for a, b in pairwise(ranks))
    assert 15 < rising < 44, "half of the neighbours by chance"
    paged = [one for skip in range(0, 60, 7) for one in texts(read(any_runtime, most=7, skip=skip))]
    assert paged == first
    by_id = sorted(read(any_runtime).comments, key=lambda one: int(one.ref.rpartition("-")[2], 16))
    assert [one.text for one in by_id] != first, "two comments of one person must not stand side by side"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("thai do", ["Thái độ tốt", "THÁI ĐỘ chưa tốt"]),
        ("tot thai", ["Thái độ tốt", "THÁI ĐỘ chưa tốt"]),
        ("Đường", ["Đường xấu"]),
        ("duong", ["Đường xấu"]),
        ("uong", []),
        ("xa", ["Đường xấu"]),
        ("100%", ["100% hài lòng"]),
        ("' OR 1=1", []),
        ("  ", ["100% hài lòng", "THÁI ĐỘ chưa tốt", "Thái độ tốt", "Đường xấu"]),
    ],
)
def test_a_search_ignores_marks_case_and_order(runtime: Runtime, search: str, found: list[str]) -> None:
    said(runtime, open_survey(runtime), ["Thái độ tốt", "THÁI ĐỘ chưa tốt", "Đường xấu", "100% hài lòng"])
    assert sorted(texts(read(runtime, search=search))) == sorted(found)


def test_comments_are_chosen_by_question_collector_and_theme(any_runtime: Runtime, code: str) -> None:
    other = collectors.add(any_runtime, OPERATOR, SLUG, "poster", "Sảnh")
    answer(any_runtime, code, [{"E1": "chờ lâu"}, {"E1": "nhanh"}])
    answer(any_runtime, other, [{"E1": "quầy chật, chờ lâu"}, {"E2": "đề xuất", "E1": ""}])
    release(any_runtime, SLUG)
    assert texts(read(any_runtime, question="E2")) == ["đề xuất"]
    assert sorted(texts(read(any_runtime, collector=other))) == ["quầy chật, chờ lâu", "đề xuất"]
    slow = themes.add(any_runtime, OPERATOR, SLUG, "Chậm", "cho lau")
    assert sorted(texts(read(any_runtime, theme=f"fits-{slow}"))) == ["chờ lâu", "quầy chật, chờ lâu"]
    assert texts(read(any_runtime, theme=str(slow))) == [], "a suggestion does not count"
    both = refs(read(any_runtime, search="cho lau"))
    assert themes.sort(any_runtime, OPERATOR, SLUG, both, slow) == 2
    assert themes.sort(any_runtime, OPERATOR, SLUG, both, slow) == 2, "twice is the same"
    assert sorted(texts(read(any_runtime, theme=str(slow)))) == ["chờ lâu", "quầy chật, chờ lâu"]
    assert sorted(texts(read(any_runtime, theme="none"))) == ["nhanh", "đề xuất"]
    assert read(any_runtime, theme=f"fits-{slow}").total == 0
    assert {one.fitting for one in read(any_runtime).comments} == {()}
    themes.sort(any_runtime, OPERATOR, SLUG, both[:1], slow, given=False)
    assert read(any_runtime, theme=str(slow)).total == 1
    for wanted in ({"question": "B7"}, {"collector": "AAAAAAAAAA"}, {"theme": "99"}, {"theme": "fits-x"}):
        with pytest.raises(NotFound):
            read(any_runtime, **wanted)


class Person:
    """Somebody who answered and kept the receipt."""

    def __init__(self, runtime: Runtime, code: str, number: int, text: str) -> None:
        doors = Doors(runtime)
        door = doors.find(code)
        given = {"A1": ["1"], "B7": ["4"], "E1": [text]}
        version = doors.version(door.version_id or 0)
        outcome = collecting.submit(runtime, door, version, number.to_bytes(16, "big"), given, "vi")
        assert isinstance(outcome, collecting.Stored)
        self.receipt = outcome.receipt


@pytest.mark.parametrize("way", ["withdraw", "erase"])
def test_what_is_withdrawn_or_erased_takes_its_themes_and_quotes_along(
    any_runtime: Runtime, code: str, way: str
) -> None:
    people = {f"Ý kiến số {n}": Person(any_runtime, code, n, f"Ý kiến số {n}") for n in range(30)}
    theme = themes.add(any_runtime, OPERATOR, SLUG, "Chung")
    found = read(any_runtime)
    assert found.total == 25, "five wait for the next release"
    themes.sort(any_runtime, OPERATOR, SLUG, refs(found), theme)
    for ref in refs(found)[:2]:
        comments.quote(any_runtime, OPERATOR, SLUG, ref, "[…] số […]")
    gone = found.comments[0]
    getattr(receipts, way)(any_runtime, people[gone.text].receipt)
    assert rows(any_runtime) == (24, 1)
    assert read(any_runtime).total == 24 and gone.text not in texts(read(any_runtime))
    assert len(comments.quoted(any_runtime, OPERATOR, SLUG)) == 1
    for refused in (
        lambda: comments.show(any_runtime, OPERATOR, SLUG, gone.ref),
        lambda: comments.quote(any_runtime, OPERATOR, SLUG, gone.ref, "[…] số […]"),
    ):
        with pytest.raises(NotFound):
            refused()
    with pytest.raises(Conflict) as error:
        themes.sort(any_runtime, OPERATOR, SLUG, [gone.ref], theme)
    assert error.value.code == "no_comment_chosen"


def rows(runtime: Runtime) -> tuple[int, int]:
    """How many themes are given, and how many quotes are kept."""
    with runtime.database.reading() as session:
        return (
            session.scalar(select(func.count()).select_from(CommentTheme)) or 0,
            session.scalar(select(func.count()).select_from(Quote)) or 0,
        )


def test_a_release_that_rewrites_answers_keeps_what_is_theirs(any_runtime: Runtime, code: str) -> None:
    said(any_runtime, code, [f"ý kiến {n}" for n in range(12)])
    before = read(any_runtime)
    theme = themes.add(any_runtime, OPERATOR, SLUG, "Chung")
    themes.sort(any_runtime, OPERATOR, SLUG, refs(before), theme)
    said(any_runtime, code, [f"sau {n}" for n in range(12)])
    kept = {one.ref: one.text for one in read(any_runtime, theme=str(theme)).comments}
    assert kept == {one.ref: one.text for one in before.comments}


def test_what_is_left_out_is_not_read_and_comes_back_with_its_themes(any_runtime: Runtime, code: str) -> None:
    answer(any_runtime, code, [{"B7": "4", "E1": f"Ý kiến {n}"} for n in range(8)], status="flagged", flags="burst")
    release(any_runtime, SLUG)
    found = read(any_runtime)
    theme = themes.add(any_runtime, OPERATOR, SLUG, "Chung")
    themes.sort(any_runtime, OPERATOR, SLUG, refs(found), theme)
    comments.quote(any_runtime, OPERATOR, SLUG, found.comments[0].ref, found.comments[0].text)
    quality.exclude(any_runtime, OPERATOR, SLUG, code, any_runtime.today(), "burst", "Thử máy")
    assert read(any_runtime).total == 0 and comments.quoted(any_runtime, OPERATOR, SLUG) == ()
    quality.lift(any_runtime, OPERATOR, SLUG, 1)
    read(any_runtime)
    assert read(any_runtime, theme=str(theme)).total == 8 and read(any_runtime, theme="quoted").total == 1


def test_a_quote_is_masked_and_its_choice_is_noted_without_its_words(any_runtime: Runtime, code: str) -> None:
    said(any_runtime, code, ["Chị Lan rất tốt, gọi 0912345678"])
    (one,) = read(any_runtime).comments
    assert comments.hits(one.text) == (("Lan", "name"), ("0912345678", "phone"))
    with pytest.raises(PhieuError) as refusal:
        comments.quote(any_runtime, OPERATOR, SLUG, one.ref, one.text, ["Lan"])
    assert refusal.value.code == "quote_personal"
    comments.quote(any_runtime, OPERATOR, SLUG, one.ref, "Chị [tên người] rất tốt […]")
    comments.quote(any_runtime, OPERATOR, SLUG, one.ref, "Chị Lan rất tốt, gọi [số điện thoại]", ["Lan", "0912"])
    assert read(any_runtime, theme="quoted").comments[0].quote == "Chị Lan rất tốt, gọi [số điện thoại]"
    assert comments.quoted(any_runtime, OPERATOR, SLUG) == (("E1", "Chị Lan rất tốt, gọi [số điện thoại]"),)
    with any_runtime.database.reading() as session:
        (entry, _) = audit.newest(session, action="comment.quote", most=2)
    assert json.loads(entry.detail) == {"confirmed": 1, "question": "E1"}
    comments.unquote(any_runtime, OPERATOR, SLUG, one.ref)
    comments.unquote(any_runtime, OPERATOR, SLUG, one.ref)
    assert comments.quoted(any_runtime, OPERATOR, SLUG) == ()


def test_reading_is_noted_once_a_day_for_each_reader_and_survey(runtime: Runtime, clock: Clock) -> None:
    said(runtime, open_survey(runtime), ["Một", "Hai"])

    def noted() -> int:
        with runtime.database.reading() as session:
            return audit.count(session, action="comment.read")

    for _ in range(3):
        read(runtime)
        comments.reading(runtime, BINH, SLUG, Wanted(), skip=0, most=10)
    assert noted() == 2
    clock.advance(days=1)
    comments.show(runtime, BINH, SLUG, read(runtime).comments[0].ref)
    assert noted() == 4


def test_only_those_who_may_have_single_answers_read_comments(runtime: Runtime) -> None:
    said(runtime, open_survey(runtime), ["Một"])
    ref = read(runtime).comments[0].ref
    theme = themes.add(runtime, OPERATOR, SLUG, "Chung")
    elsewhere = Actor("chi@example.gov.vn", "reform_team", 2, units=frozenset())
    assert "export" not in ROLES["staff"]
    for who, wrong in ((Actor("bob@example.gov.vn", "staff", 3), NotAllowed), (elsewhere, NotFound)):
        for refused in (
            lambda who=who: comments.reading(runtime, who, SLUG, Wanted(), skip=0, most=10),
            lambda who=who: comments.show(runtime, who, SLUG, ref),
            lambda who=who: comments.quote(runtime, who, SLUG, ref, "Một"),
            lambda who=who: comments.unquote(runtime, who, SLUG, ref),
            lambda who=who: comments.export(runtime, who, SLUG, "vi"),
            lambda who=who: comments.for_report(runtime, who, SLUG),
            lambda who=who: comments.quoted(runtime, who, SLUG),
            lambda who=who: themes.list_themes(runtime, who, SLUG),
            lambda who=who: themes.add(runtime, who, SLUG, "x"),
            lambda who=who: themes.start(runtime, who, SLUG, "vi"),
            lambda who=who: themes.change(runtime, who, SLUG, theme, "x", ""),
            lambda who=who: themes.remove(runtime, who, SLUG, theme),
            lambda who=who: themes.sort(runtime, who, SLUG, [ref], theme),
        ):
            with pytest.raises(wrong):
                refused()
    assert [one.name for one in themes.list_themes(runtime, OPERATOR, SLUG)] == ["Chung"]


def test_a_comment_and_a_theme_of_another_survey_do_not_exist(runtime: Runtime) -> None:
    said(runtime, open_survey(runtime), ["Một"])
    ref = read(runtime).comments[0].ref
    open_survey(runtime, slug="other")
    theme = themes.add(runtime, OPERATOR, "other", "Chung")
    for refused in (
        lambda: comments.show(runtime, OPERATOR, "other", ref),
        lambda: themes.change(runtime, OPERATOR, SLUG, theme, "x", ""),
        lambda: themes.sort(runtime, OPERATOR, SLUG, [ref], theme),
        *(lambda bad=bad: comments.show(runtime, OPERATOR, SLUG, bad) for bad in ("", "E1", "E1-", "E1-zz", "B7-1")),
        *(lambda bad=bad: comments.show(runtime, OPERATOR, SLUG, bad) for bad in ("E1-" + "f" * 16, "E1-" + "9" * 400)),
    ):
        with pytest.raises(NotFound):
            refused()


def test_themes_have_different_names_and_an_end(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    open_survey(runtime)
    first = themes.add(runtime, OPERATOR, SLUG, " Thái  độ ", "thái độ\nniềm nở")
    assert themes.list_themes(runtime, OPERATOR, SLUG)[0] == themes.ThemeSummary(
        first, "Thái độ", "thái độ\nniềm nở", 0
    )
    added = themes.start(runtime, OPERATOR, SLUG, "vi")
    assert themes.start(runtime, OPERATOR, SLUG, "vi") == 0, "those that are there are not made twice"
    monkeypatch.setattr(themes, "MOST", added + 1)
    for name, words, wrong in (
        ("thái độ", "", "theme_taken"),
        ("", "", "theme_unnamed"),
        ("x" * 201, "", "text_too_long"),
        ("x", "y" * 10_001, "text_too_long"),
        ("x", "", "themes_full"),
    ):
        with pytest.raises(PhieuError) as refusal:
            themes.add(runtime, OPERATOR, SLUG, name, words)
        assert refusal.value.code == wrong
    themes.change(runtime, OPERATOR, SLUG, first, "THÁI ĐỘ", "")
    themes.remove(runtime, OPERATOR, SLUG, first)
    assert len(themes.list_themes(runtime, OPERATOR, SLUG)) == added


def test_a_report_counts_people_and_hides_small_groups(any_runtime: Runtime, code: str) -> None:
    said(any_runtime, code, [f"Hồ sơ chậm, gọi anh Nam số 091234567{n}" for n in range(9)])
    slow, rare = (themes.add(any_runtime, OPERATOR, SLUG, name) for name in ("Chậm", "Hiếm"))
    themes.sort(any_runtime, OPERATOR, SLUG, refs(read(any_runtime)), slow)
    assert comments.for_report(any_runtime, OPERATOR, SLUG).people is None, "nine people are too few"
    assert comments.for_report(any_runtime, OPERATOR, SLUG).themes == ()
    said(any_runtime, code, ["Khác"] * 4 + [" "])
    themes.sort(any_runtime, OPERATOR, SLUG, refs(read(any_runtime, search="khac")), rare)
    found = comments.for_report(any_runtime, OPERATOR, SLUG)
    assert (found.people, found.themes) == (13, (("Chậm", 9),))
    assert dict(found.words)["hồ sơ"] == 9 and not {"nam", "khác"} & set(dict(found.words))
    other = themes.add(any_runtime, OPERATOR, SLUG, "Hiếm nữa")
    themes.sort(any_runtime, OPERATOR, SLUG, refs(read(any_runtime, search="ho so"))[:1], other)
    assert comments.for_report(any_runtime, OPERATOR, SLUG).themes == (("Chậm", 9), (OTHERS, 5))


def test_the_file_holds_masked_comments_with_their_themes(any_runtime: Runtime, code: str) -> None:
    hostile = ["=1+1", "@SUM(A1)", '-2+3" ;x', "a\n=cmd|' /C calc'!A0", "Gọi chị Lan 0912345678"]
    said(any_runtime, code, hostile)
    first, second = (themes.add(any_runtime, OPERATOR, SLUG, name) for name in ("=Chậm", "Thái độ"))
    one = read(any_runtime, search="0912345678").comments[0].ref
    for theme in (first, second):
        themes.sort(any_runtime, OPERATOR, SLUG, [one], theme)
    made = b"".join(comments.export(any_runtime, OPERATOR, SLUG, "vi", ";")).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(made, newline=""), delimiter=";"))
    assert lines[0] == ["Mã câu hỏi", "Câu hỏi", "Ý kiến", "Chủ đề"]
    assert {line[2] for line in lines[1:]} == {
        "'=1+1",
        "'@SUM(A1)",
        "'-2+3\" ;x",
        "a\n'=cmd|' /C calc'!A0",
        "Gọi chị [tên người] [số điện thoại]",
    }
    assert ["E1", "'=Chậm; Thái độ"] in [[line[0], line[3]] for line in lines]
    with any_runtime.database.reading() as session:
        entry = audit.newest(session, action="comment.export")[0]
    assert json.loads(entry.detail) == {"rows": 5}
    with pytest.raises(PhieuError):
        comments.export(any_runtime, OPERATOR, SLUG, "vi", "\t")


def test_a_survey_that_is_not_published_has_no_comments_yet(runtime: Runtime) -> None:
    authoring.create_survey(runtime, OPERATOR, slug="draft", template="conference", phone="1022")
    with pytest.raises(Conflict):
        comments.reading(runtime, OPERATOR, "draft", Wanted(), skip=0, most=10)


def test_comments_of_a_selection_are_those_of_its_people_where_their_figures_may_be_shown(
    any_runtime: Runtime, code: str
) -> None:
    content = [{"B7": "5", "A1": "1", "E1": f"khen {n}"} for n in range(30)]
    others = [{"B7": "2", "A1": "2", "E1": f"chê {n}"} for n in range(30)]
    few = [{"B7": "3", "A1": "3", "E1": f"hiếm {n}"} for n in range(4)]
    answer(any_runtime, code, content + others)
    release(any_runtime, SLUG)

    def of(*codes: str) -> set[str]:
        wanted = Wanted(filters=(("A1", codes),))
        return set(texts(comments.reading(any_runtime, BINH, SLUG, wanted, skip=0, most=100)))

    assert of("1") == {one["E1"] for one in content}
    assert of("2") == {one["E1"] for one in others}
    answer(any_runtime, code, few)
    release(any_runtime, SLUG)
    with pytest.raises(PhieuError) as refused:
        of("3")
    assert refused.value.code == "selection_too_small"


def test_comments_of_a_selection_that_is_shown_as_of_earlier_are_of_then(any_runtime: Runtime, code: str) -> None:
    """Two more chose "1": their figures wait for others, and so do their words."""
    filters = (("A1", ("1",)),)
    wanted = Wanted(filters=filters)

    def read() -> set[str]:
        return set(texts(comments.reading(any_runtime, BINH, SLUG, wanted, skip=0, most=100)))

    then = [{"B7": "5", "A1": "1", "E1": f"khen {n}"} for n in range(30)]
    answer(any_runtime, code, then + [{"B7": "2", "A1": "2"}] * 30)
    release(any_runtime, SLUG)
    assert read() == {one["E1"] for one in then}
    answer(
        any_runtime, code, [{"B7": "2", "A1": "2"}] * 8 + [{"B7": "5", "A1": "1", "E1": f"mới {n}"} for n in range(2)]
    )
    release(any_runtime, SLUG)
    assert open_result(any_runtime, BINH, SLUG, filters=filters).released == 30
    assert read() == {one["E1"] for one in then}
