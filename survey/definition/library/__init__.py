"""Built-in templates: questionnaires an office copies and edits. Each is a JSON document beside this module.

Definition stage. Templates are data; a new one is a new file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from survey.definition.document import read
from survey.definition.questionnaire import Questionnaire
from survey.definition.text import Text
from survey.errors import NotFound

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class About:
    """What whoever chooses a template is told: what lists call it, and what it is for."""

    short: Text
    purpose: Text


ABOUT = {
    "conference": About(
        Text.of(vi="Hội nghị đối thoại doanh nghiệp", en="Business dialogue conference"),
        Text.of(
            vi="Hỏi người dự hội nghị đối thoại: về hội nghị, về việc giải quyết thủ tục trong 12 tháng qua và về môi "
            "trường kinh doanh.",
            en="Asks those who attend a dialogue conference: about the conference, the handling of procedures in the "
            "last 12 months, and the business environment.",
        ),
    ),
    "one-stop": About(
        Text.of(vi="Bộ phận Một cửa, phiếu đầy đủ", en="One-stop shop, full form"),
        Text.of(
            vi="Đo sự hài lòng theo năm yếu tố SIPAS khi giải quyết thủ tục tại Bộ phận Một cửa, đủ mọi câu hỏi; hợp "
            "với đợt khảo sát, phiếu giấy và phỏng vấn.",
            en="Measures satisfaction with a procedure at the one-stop shop on the five factors of SIPAS, with every "
            "question; for survey rounds, paper forms and interviews.",
        ),
    ),
    "one-stop-short": About(
        Text.of(vi="Bộ phận Một cửa, phiếu rút gọn", en="One-stop shop, short form"),
        Text.of(
            vi="Các câu chính của phiếu một cửa, giữ nguyên mã câu hỏi để đọc kết quả bên cạnh phiếu đầy đủ; hợp với "
            "mã QR tại quầy và trên giấy hẹn.",
            en="The main questions of the one-stop form under the same keys, so that results read side by side; for "
            "codes at the counter and on slips.",
        ),
    ),
    "one-tap": About(
        Text.of(vi="Phản hồi tức thời, một lần chạm", en="Instant feedback, one tap"),
        Text.of(
            vi="Chạm một lần ngay sau khi được phục vụ, rồi nêu lý do nếu muốn; trên máy đặt tại quầy hoặc qua mã QR. "
            "Kết quả không gộp với chỉ số theo SIPAS.",
            en="One tap right after being served, then reasons if one likes; on a screen at the counter or behind a "
            "code. Results are never merged with SIPAS-style indexes.",
        ),
    ),
    "online": About(
        Text.of(vi="Dịch vụ công trực tuyến", en="Online public services"),
        Text.of(
            vi="Hỏi người nộp hồ sơ trực tuyến, kể cả người bỏ giữa chừng; nên đặt liên kết ở cả trang hướng dẫn, "
            "trang báo lỗi và trang hoàn tất.",
            en="Asks those who file online, also those who gave up; link to it from help, error and completion pages "
            "alike.",
        ),
    ),
}
"""By name of the template."""


@cache
def names() -> tuple[str, ...]:
    """Names of the templates, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@cache
def load(name: str) -> Questionnaire:
    """The template called ``name``; raises NotFound ``template_unknown``."""
    if name not in names():
        raise NotFound(
            "template_unknown",
            f"There is no template called “{name}”.",
            f"Templates: {', '.join(names())}.",
        )
    return read(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def about(name: str) -> About:
    """What whoever chooses the template is told; its title where nothing is said. Raises as ``load`` does."""
    return ABOUT.get(name) or About(load(name).title, Text())
