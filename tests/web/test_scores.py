"""A survey whose scales carry NPS, CSAT and CES goes through its pages and charts, and names each score."""

from __future__ import annotations

import json
import re

from survey.services import authoring, collectors
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.factories.answers import answer
from tests.factories.staff import account, browser_of


def _document() -> str:
    def levels(first: int, last: int) -> list[dict[str, str]]:
        return [{"code": str(code), "label": f"Mức {code}"} for code in range(first, last + 1)]

    lists = {
        "N": {"choices": levels(0, 10), "measure": "nps"},
        "S": {"choices": levels(1, 5), "measure": "csat"},
        "C": {"choices": levels(1, 7), "measure": "ces"},
    }
    questions = [{"key": f"Q{name}", "type": "scale", "text": f"Câu {name}", "choices": name} for name in lists]
    section = {"key": "A", "title": "Phần", "questions": questions}
    return json.dumps({"title": "Khảo sát", "languages": ["vi"], "choice_lists": lists, "sections": [section]})


def test_each_score_stands_under_its_name_and_every_chart_is_drawn(runtime: Runtime) -> None:
    authoring.import_document(runtime, OPERATOR, _document(), slug="scores")
    authoring.publish(runtime, OPERATOR, "scores")
    code = collectors.add(runtime, OPERATOR, "scores", "counter", "Quầy")
    answer(runtime, code, [{"QN": "10", "QS": "5", "QC": "6"}] * 30 + [{"QN": "3", "QS": "2", "QC": "1"}] * 10)
    authoring.close(runtime, OPERATOR, "scores")
    account(runtime, "binh@example.gov.vn", "administrator")
    binh = browser_of(create_app(runtime), runtime, "binh@example.gov.vn")
    shown = re.sub(r"<[^>]*>", "", binh.get("/staff/surveys/scores/results/indexes").text)
    assert "NPS: Câu N" in shown and "50,0" in shown, "30 promoters less 10 detractors of 40"
    assert "CSAT: Câu S" in shown and "75,0%" in shown
    assert "CES: Câu C" in shown
    page = binh.get("/staff/surveys/scores/results").text
    pictures = re.findall(r'<img class="chart"[^>]* src="([^"]+)"', page)
    assert pictures
    assert {binh.get(one.replace("&amp;", "&")).status_code for one in pictures} == {200}
    assert binh.get("/staff/surveys/scores/results/analysis").status_code == 200
    assert binh.get("/staff/surveys/scores/results/basis").status_code == 200
