"""The tables behind the kinds of charts: the same figures, and words where there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pypdfium2
import pytest

from survey.charts import plan
from survey.reports.chart_book import chart_book
from survey.reports.chart_tables import table
from survey.reports.kind_tables import series_table, shares_table
from survey.statistics import reasons
from survey.statistics.results import SurveyResult
from survey.texts import texts
from tests.factories import charted

VI, EN = texts("vi"), texts("en")


def cells(row: dict[str, Any]) -> list[str]:
    return [above for above, _ in row["cells"]]


@pytest.fixture(scope="module")
def result() -> SurveyResult:
    return replace(charted.conference(), series=(charted.series(),))


def test_a_series_tells_change_and_comparability_of_every_wave() -> None:
    told = series_table(charted.series(), VI)
    rows = {row["label"]: cells(row) for row in told["rows"]}
    assert rows["2018"] == ["01/12/2018", "82,99%", "30.000", "–", "–"]
    assert told["rows"][0]["cells"][1] == ["82,99%", "82,09–83,89"]
    assert rows["2022"][-2:] == ["–", "Không: Phương pháp đo mới."]
    assert rows["2024"][-2:] == ["+1,28 điểm phần trăm", "Có"]
    *others, last = charted.series().points
    silent = replace(charted.series(), points=(*others, replace(last, change=charted.difference(-3.0, shown=False))))
    assert cells(series_table(silent, VI)["rows"][-1])[-2] == "chưa đủ căn cứ cho thấy khác biệt"
    hidden = replace(last, value=None, suppressed=reasons.TOO_FEW)
    row = series_table(replace(charted.series(), points=(hidden,)), VI)["rows"][0]
    assert row["words"] == VI(reasons.TOO_FEW) and row["cells"] == []


def test_shares_stand_with_interval_and_base_and_hidden_ones_as_such(result: SurveyResult) -> None:
    told = table(result, plan.chart(result, "heat-C"), VI, "vi")
    assert told["head"][1:] == ["Doanh nghiệp", "Hợp tác xã", "Các nhóm còn lại", "Tất cả"]
    assert told["rows"][0]["cells"][1] == ["93,9%", "85,4–97,6; n\u00a0=\u00a066"]
    assert told["rows"][3]["cells"][0] == ["không nêu", ""]
    assert told == table(result, plan.chart(result, "groups-C"), VI, "vi")
    wide = shares_table(charted.unit_table(), VI)["rows"][0]["cells"]
    assert wide[4] == ["không nêu", ""] and wide[0][1] == "n\u00a0=\u00a052"


def test_priorities_tell_figures_and_quadrant(result: SurveyResult) -> None:
    told = table(result, plan.chart(result, "priority-conference"), VI, "vi")
    assert told["head"][1:] == ["Hài lòng", "(KTC 95%)", "Tầm quan trọng", "(KTC 95%)", "Ô"]
    assert cells(told["rows"][1]) == ["50,7%", "43,9–57,6", "0,62", "0,52 – 0,71", "Tập trung cải thiện"]
    assert cells(told["rows"][0])[-1].endswith("(chưa chắc chắn)")
    refused = replace(result, priorities=(replace(result.priorities[0], points=(), suppressed=reasons.TOO_FEW),))
    assert table(refused, plan.chart(refused, "priority-conference"), VI, "vi")["rows"] == []


def test_the_chart_book_holds_every_kind_with_its_table(result: SurveyResult) -> None:
    book = chart_book(result, VI, "vi", only={"heat-C", "groups-C", "priority-conference", "trend-sipas"})
    document = pypdfium2.PdfDocument(book)
    told = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    document.close()
    for words in (
        "Ma trận ưu tiên: Chỉ số hài lòng về Hội nghị",
        "Ngắt chuỗi trước 2022: Phương pháp đo mới.",
        "Tỷ lệ hài lòng, tính bằng phần trăm. Theo: Quý vị đại diện cho",
        "85,4–97,6; n = 66",
        "+1,28 điểm phần trăm",
    ):
        assert words in told, words
    assert "Sau Hội nghị, Quý vị có tự nộp" not in told
    assert told.count("Số liệu: Về việc giải quyết") == 1, "the heat table's, which holds for the small multiples"
