"""Files: inert, complete in themselves, small, and the same bytes for the same result."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from survey.charts import choices, diverging, index_chart
from survey.charts.diverging_bars import parts
from survey.charts.plan import charts, draw
from survey.definition.library import load
from survey.errors import PhieuError
from survey.statistics.results import SurveyResult
from survey.texts import texts
from tests.charts.drawings import lines, parsed, words
from tests.factories.results import result_of, scale_result

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VI = texts("vi")
HOSTILE = [
    r"$\foo$ _{x}^2 \frac",
    "<script>alert(1)</script> & \" '",
    "]]><image href='https://example.com/x.png'/>",
    "=cmd|' /C calc'!A0",
    "😀 漢字 ☺ \u202e\x00\x01\ud800",
    "x" * 2000,
    "Rất dài " * 250,
    "",
]
LIVE = re.compile(r"<script|<image|<use|<foreignObject|href|\bon\w+=|<!|<\?|@import|url\((?!data:font/woff;base64,)")


@pytest.fixture(scope="module")
def conference() -> SurveyResult:
    return result_of(load("conference"))


def section(result: SurveyResult, key: str) -> bytes:
    return diverging(result, [one for one in result.questions if one.section == key and one.form == "scale"], VI, "vi")


def markup(svg: bytes) -> str:
    """The file without what its texts say."""
    return re.sub(r">[^<]*<", "><", re.sub(r"<style>[^<]*</style>", "", svg.decode()))


def test_hostile_texts_are_drawn_as_text_and_nothing_in_the_file_is_live() -> None:
    svg = diverging(result := scale_result(HOSTILE, [[1, 2, 3, 40, 50]] * len(HOSTILE)), result.questions, VI, "vi")
    assert not LIVE.search(markup(svg))
    told = words(svg)
    assert r"$\foo$ _{x}^2 \frac" in told
    assert "<script>alert(1)</script> & \" '" in told
    assert "=cmd|' /C calc'!A0" in told
    assert "😀 □□ ☺ □□□" in told
    assert "Q8" in told
    assert "xxx…" in told


@pytest.mark.parametrize(
    "planted", ["<script>x</script>", "<image/>", '<a href="x"/>', '<g onload="x"/>', "<!DOCTYPE svg>"]
)
def test_live_markup_would_be_found(planted: str, conference: SurveyResult) -> None:
    svg = section(conference, "B").replace(b"</svg>", planted.encode() + b"</svg>")
    assert LIVE.search(markup(svg))


def test_a_drawing_has_a_title_and_a_description_and_its_text_is_text(conference: SurveyResult) -> None:
    svg = section(conference, "C")
    root = parsed(svg)
    assert root.attrib["role"] == "img"
    assert [child.tag.split("}")[1] for child in root][:2] == ["title", "desc"]
    assert root[0].text == "Về việc giải quyết thủ tục hành chính của Sở trong 12 tháng qua"
    description = root[1].text or ""
    assert "Thái độ lịch sự, tôn trọng của cán bộ, công chức: Hài lòng trở lên" in description
    assert re.search(r"Rất hài lòng \d+,\d%; n = \d+\.", description)
    assert unicodedata.is_normalized("NFC", svg.decode())
    assert "hướng dẫn" in words(svg).lower()


def test_every_standing_chart_is_under_sixty_kilobytes(conference: SurveyResult) -> None:
    sizes = [len(section(conference, key)) for key in "BCD"]
    sizes += [len(choices(conference, conference.question(key), VI, "vi")) for key in ("A1", "A4", "E3")]
    sizes += [len(index_chart(conference, index, VI, "vi")) for index in conference.indexes]
    long = scale_result(["Công chức hướng dẫn đầy đủ, lịch sự " * 4] * 40, [[40, 30, 5, 40, 50]] * 40)
    sizes += [len(one.svg) for one in parts(long, long.questions, VI, "vi", height=560.0)]
    assert max(sizes) < 60_000


def test_the_same_result_gives_the_same_bytes_in_every_thread(conference: SurveyResult) -> None:
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda key: section(conference, key), "BCBCBC"))
    assert len(set(drawn)) == 2
    assert drawn[0] == drawn[2] == drawn[4]


def test_the_same_result_gives_the_same_bytes_in_another_process(conference: SurveyResult) -> None:
    program = (
        "import hashlib; from survey.charts.plan import charts, draw; from survey.definition.library import load;"
        "from survey.texts import texts; from tests.factories.results import result_of;"
        "result = result_of(load('conference')); some = list(charts(result))[2:4];"
        "drawn = [draw(result, some, texts('vi'), 'vi', form=form) for form in ('svg', 'png')];"
        "print(*(hashlib.sha256(one).hexdigest() for one in drawn))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
    other = result_of(load("conference"), seed=2)
    assert section(other, "B") != section(conference, "B")


def test_drawing_an_svg_loads_no_matplotlib() -> None:
    program = (
        "import sys; from survey.charts.plan import charts, draw; from survey.definition.library import load;"
        "from survey.texts import texts; from tests.factories.results import result_of;"
        "result = result_of(load('conference')); some = list(charts(result))[2:4];"
        "draw(result, some, texts('vi'), 'vi'); first = 'matplotlib' in sys.modules;"
        "draw(result, some, texts('vi'), 'vi', form='png', dpi=72); print(first, 'matplotlib' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
    assert told.split() == ["False", "True"]


def test_a_png_is_the_same_picture_with_visible_text(conference: SurveyResult) -> None:
    some = list(charts(conference))[:2]
    picture = Image.open(BytesIO(draw(conference, some, VI, "vi", form="png")))
    svg = parsed(draw(conference, some, VI, "vi"))
    width, height = (float(svg.attrib[side].removesuffix("pt")) for side in ("width", "height"))
    assert picture.width == pytest.approx(width * 300 / 72, abs=1)
    assert picture.height == pytest.approx(height * 300 / 72, abs=1)
    shades = picture.convert("L").histogram()
    assert sum(shades[:60]) > 1000
    assert shades[255] > sum(shades) / 2


def test_too_tall_a_picture_is_refused_with_a_way_out() -> None:
    result = scale_result(["Tiêu chí"], [[0] * 5])
    with pytest.raises(PhieuError) as refused:
        draw(result, list(charts(result)) * 100, VI, "vi", form="png")
    assert refused.value.code == "picture_too_tall"


def test_letters_travel_with_the_drawing_and_show_in_an_image(conference: SurveyResult, browser: Browser) -> None:
    svg = section(conference, "C")
    bare = re.sub(rb"<style>[^<]*</style>", b"", svg)
    page = browser.new_page(viewport={"width": 960, "height": 720})

    def shown(drawing: bytes) -> bytes:
        policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; img-src data:\">"
        source = f"data:image/svg+xml;base64,{b64encode(drawing).decode()}"
        page.set_content(f"{policy}<body><img alt='' width=940 src='{source}'>")
        page.wait_for_function("document.images[0].complete && document.images[0].naturalWidth > 0")
        return page.screenshot()

    assert shown(svg) == shown(svg)
    assert shown(svg) != shown(bare)
    page.close()
    used = {character for line in lines(svg) for character in line.text}
    assert {"ữ", "ộ", "Ễ"} & used
