"""A survey whose scales carry NPS, CSAT and CES goes through its pages and charts, and names each score."""

from __future__ import annotations

import json
import re

import pytest

from survey.errors import Conflict
from survey.services import authoring, collectors, surveys
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.factories.answers import answer
from tests.factories.staff import account, browser_of, press


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


def test_an_author_adds_a_ready_question_and_marks_a_scale_and_both_have_a_score(runtime: Runtime) -> None:
    authoring.create_survey(
        runtime, OPERATOR, slug="made", template="conference", office_name="Sở Văn hóa", phone="1022"
    )
    account(runtime, "binh@example.gov.vn", "administrator")
    binh = browser_of(create_app(runtime), runtime, "binh@example.gov.vn")
    path = "/staff/surveys/made/scores"
    assert path in binh.get("/staff/surveys/made").text
    assert "sẵn sàng giới thiệu dịch vụ" in binh.get(path).text
    given = {"measure": "nps", "section": "E", "text": "Quý vị có giới thiệu Sở không?", "text_en": ""}
    assert press(binh, f"{path}/new", on=path, **given).status_code == 303
    assert press(binh, f"{path}/new", on=path, measure="ces", section="E").status_code == 303
    assert press(binh, path, on=path, marked=["B7", "NPS", "CES"]).status_code == 303
    assert press(binh, f"{path}/CES/remove", on=path).status_code == 303
    asked = surveys.questionnaire(runtime, OPERATOR, "made")
    carried = {one.key: one.choices.measure for one in asked.variables if one.choices and one.choices.measure}
    assert carried == {"NPS": "nps", "B7": "csat"}
    assert asked.by_key["NPS"].label.to("vi") == "Quý vị có giới thiệu Sở không?"
    assert not any("CES" in one.name.upper() for one in asked.choice_lists)
    authoring.publish(runtime, OPERATOR, "made")
    code = collectors.add(runtime, OPERATOR, "made", "counter", "Quầy")
    answer(runtime, code, [{"NPS": "10", "B7": "5"}] * 30 + [{"NPS": "3", "B7": "2"}] * 10)
    authoring.close(runtime, OPERATOR, "made")
    shown = re.sub(r"<[^>]*>", "", binh.get("/staff/surveys/made/results/indexes").text)
    assert "NPS: Quý vị có giới thiệu Sở không?" in shown and "50,0" in shown
    assert "CSAT: Nhìn chung, Quý vị hài lòng" in shown and "75,0%" in shown


def test_what_cannot_have_a_score_or_is_published_is_refused(runtime: Runtime) -> None:
    authoring.create_survey(
        runtime, OPERATOR, slug="made", template="conference", office_name="Sở Văn hóa", phone="1022"
    )
    account(runtime, "binh@example.gov.vn", "administrator")
    binh = browser_of(create_app(runtime), runtime, "binh@example.gov.vn")
    path = "/staff/surveys/made/scores"
    assert press(binh, f"{path}/new", on=path, measure="rating", section="E").status_code == 404
    assert press(binh, f"{path}/new", on=path, measure="nps", section="nowhere").status_code == 404
    assert press(binh, f"{path}/new", on=path, section="E").status_code == 400
    for key in ("B7", "A1", "nothing"):
        assert press(binh, f"{path}/{key}/remove", on=path).status_code == 404
    before = surveys.questionnaire(runtime, OPERATOR, "made")
    press(binh, path, on=path, marked=["A1", "nothing"])
    assert surveys.questionnaire(runtime, OPERATOR, "made") == before, "a choice and a stranger carry nothing"
    authoring.publish(runtime, OPERATOR, "made")
    assert binh.get(path).status_code == 303
    with pytest.raises(Conflict, match="stay as they are"):
        authoring.mark_scores(runtime, OPERATOR, "made", ["B7"])
