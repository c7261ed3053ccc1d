"""The words of the official report: what it is called, what is said once, what has a star, what nobody counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.definition import library
from survey.definition.text import Text
from survey.reports.document import Chart, Heading, Paragraph, Points, Report, Table
from survey.reports.official import official_report, summary_report
from survey.statistics import reasons
from survey.statistics.results import Breakdown, Channel, GroupFigures, Reliability, SurveyResult
from survey.texts import texts
from tests.factories.results import result_of

VI, EN = texts("vi"), texts("en")


def conference(people: int = 214) -> SurveyResult:
    return result_of(library.load("conference"), people=people)


def table(report: Report, words: str) -> Table:
    (found,) = (one for one in report.blocks if isinstance(one, Table) and words in one.caption)
    return found


def after(report: Report, block: Table) -> object:
    return report.blocks[report.blocks.index(block) + 1]


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("PHIẾU KHẢO SÁT Ý KIẾN", "KẾT QUẢ KHẢO SÁT Ý KIẾN"),
        ("Phiếu đo lường sự hài lòng", "Kết quả đo lường sự hài lòng"),
        ("Khảo sát hội nghị", "Kết quả khảo sát: Khảo sát hội nghị"),
        ("PHIẾU", "Kết quả khảo sát: PHIẾU"),
    ],
)
def test_a_report_tells_results_not_the_name_of_a_form(title: str, subject: str) -> None:
    named = replace(conference(), title=Text.of(vi=title))
    assert official_report(named, VI).head.subject == summary_report(named, VI).title == subject


def test_answers_that_came_without_a_visit_have_no_visits_rather_than_none() -> None:
    keyed = Channel("A", "Nhập phiếu", "paper", 50, 0, 0, 40, 0, 0, 0)
    unused = replace(keyed, code="B", name="Chưa dùng", completed=0)
    rows = table(official_report(replace(conference(), channels=(keyed, unused)), VI), "theo kênh").rows
    assert [row.cells[1:5] for row in rows] == [("50", "–", "–", "40"), ("50", "0", "0", "0"), ("100", "–", "–", "40")]


def test_an_index_of_few_people_has_a_star_and_its_note() -> None:
    few, many = (official_report(conference(people), VI) for people in (12, 214))
    assert all(row.cells[-1] == "12*" for row in table(few, "Các chỉ số").rows)
    assert all(row.cells[-1] == "214" for row in table(many, "Các chỉ số").rows)
    told = after(few, table(few, "Các chỉ số"))
    assert isinstance(told, Paragraph) and told.text == "* Dưới 30 phiếu trả lời: chỉ để tham khảo."
    assert isinstance(after(many, table(many, "Các chỉ số")), Points)


def test_shares_of_several_answers_are_explained_below_who_answered() -> None:
    report = official_report(conference(), VI)
    told = after(report, table(report, "Đặc điểm người trả lời"))
    assert isinstance(told, Paragraph) and "vượt 100%" in told.text


def test_breakdowns_left_out_for_one_reason_are_told_together_and_others_name_their_groups() -> None:
    made = conference()
    groups = tuple(
        GroupFigures((code,), Text.of(vi=f"Nhóm {code}"), made.question("B7").figures) for code in ("1", "2", "3")
    )
    further = (
        Breakdown("B7", "A1", (), reasons.LEFT_OUT),
        Breakdown("B7", "A2", groups),
        Breakdown("B7", "@collector", (), reasons.LEFT_OUT),
    )
    report = official_report(replace(made, further=further), VI)
    headings = [one.text for one in report.blocks if isinstance(one, Heading) and one.level == 3]
    assert headings == ["Theo “Lĩnh vực hoạt động chính”", "Các cách phân nhóm không trình bày"]
    (left_out,) = (one.text for one in report.blocks if isinstance(one, Paragraph) and "Áp dụng cho" in one.text)
    assert left_out.startswith(VI(reasons.LEFT_OUT)) and left_out.endswith("“Quý vị đại diện cho”, kênh thu phiếu.")
    captions = [one.caption for one in report.blocks if isinstance(one, Table | Chart) and "theo “Lĩnh" in one.caption]
    assert len(captions) == 2


def test_how_well_items_go_together_is_one_sentence() -> None:
    made = conference()
    index = made.indexes[1]
    told = tuple(Reliability(index.key, one.key, tuple(one.items), 200, 0.5) for one in index.factors[:2])
    report = official_report(replace(made, reliability=told), VI)
    (said,) = (item for one in report.blocks if isinstance(one, Points) for item in one.items if "Cronbach" in item)
    assert said.count("0,50 (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}200)") == 2


def test_what_is_true_of_every_scale_is_said_once() -> None:
    few = official_report(conference(12), VI)
    said = [item for one in few.blocks if isinstance(one, Points) for item in one.items if "quá ít nội dung" in item]
    assert said == ["Có quá ít nội dung đạt từ 30 phiếu trả lời trở lên để so sánh với nhau."]


def test_the_summary_draws_an_index_that_has_something_to_compare() -> None:
    report = summary_report(conference(), VI)
    (drawn,) = (one for one in report.blocks if isinstance(one, Chart))
    assert drawn.caption == "Hình 1. Chỉ số hài lòng về sự phục vụ"
    assert drawn.native is not None and len(drawn.native.categories) > 2
