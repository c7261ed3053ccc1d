"""Makes the pictures of the README with the product itself: invented answers, a served survey, a browser."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from survey.config import ROOT, read_settings
from survey.definition.variables import Form
from survey.services import accounts, authoring, collecting, collectors, printing
from survey.services.cuts import make_cut
from survey.services.doors import Doors
from survey.services.reporting import report_file
from survey.services.runtime import OPERATOR, Runtime
from survey.services.start import open_runtime
from survey.typesetting import pictures

PLACE = ROOT / "docs" / "pictures"
SLUG, PORT, ANSWERS = "doi-thoai-2026", 8765, 186
EMAIL = "to-cchc@example.gov.vn"
PASSWORD = "mat khau chi de chup anh 2026"
LEANING = (0.02, 0.06, 0.17, 0.45, 0.30)
"""How the invented people lean on a five-point scale, worst level first."""


def main() -> None:
    """Writes ``docs/pictures/*.png``."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"http://127.0.0.1:{PORT}"
        environment = {"PHIEU_DATA_DIR": folder, "PHIEU_PUBLIC_BASE_URL": "https://khaosat.example.gov.vn"}
        runtime = open_runtime(read_settings(environment, make_key=True), migrate=True)
        code = prepare(runtime)
        invitation = accounts.invite_until_used(runtime, OPERATOR, EMAIL, "administrator")
        server = subprocess.Popen(
            [sys.executable, "-m", "survey.cli.main", "serve", "--port", str(PORT)],
            cwd=ROOT,
            env={**os.environ, **environment, "PHIEU_PUBLIC_BASE_URL": url},
        )
        try:
            wait(f"{url}/healthz")
            with sync_playwright() as playwright:
                chromium = shutil.which("chromium") or shutil.which("google-chrome")
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                photograph(browser, url, code, invitation)
                browser.close()
        finally:
            server.terminate()
            server.wait()
        save("poster", printing.poster(runtime, OPERATOR, code, "vi"), page=0)
        cut = make_cut(runtime, OPERATOR, SLUG).number
        save("report", report_file(runtime, OPERATOR, SLUG, ".pdf", "vi", cut=cut), page=0)
        for name in ("phone-scale", "results"):
            shrink(PLACE / f"{name}.png")
        runtime.database.close()


def prepare(runtime: Runtime) -> str:
    """The conference survey with invented answers; gives the code of its poster."""
    authoring.create_survey(
        runtime,
        OPERATOR,
        slug=SLUG,
        template="conference",
        office_name="Sở Văn hóa, Thể thao và Du lịch tỉnh Đồng Tháp",
        superior="Ủy ban nhân dân tỉnh Đồng Tháp",
        phone="1022",
        email="gopy@example.gov.vn",
        population=240,
        target=150,
    )
    authoring.publish(runtime, OPERATOR, SLUG)
    codes = [
        collectors.add(runtime, OPERATOR, SLUG, kind, name)
        for kind, name in (("poster", "Sảnh hội trường"), ("leaflet", "Tờ rơi"), ("counter", "Bộ phận Một cửa"))
    ]
    chance, doors = random.Random(2026), Doors(runtime)
    for _ in range(ANSWERS):
        door = doors.find(chance.choices(codes, (5, 3, 2))[0])
        version = doors.version(door.version_id or 0)
        given: dict[str, list[str]] = {}
        for variable in version.questionnaire.variables:
            if variable.form is Form.SCALE:
                drift = [weight * (1 + chance.random()) for weight in LEANING]
                given[variable.key] = ["9"] if chance.random() < 0.06 else chance.choices("12345", drift)
            elif variable.form is not Form.TEXT:
                given[variable.key] = [chance.choice(variable.listed.codes)]
        collecting.submit(runtime, door, version, chance.randbytes(16), given, "vi")
    return codes[0]


def photograph(browser: Browser, url: str, code: str, invitation: str) -> None:
    """Phone and desk."""
    phone = browser.new_page(viewport={"width": 360, "height": 720}, device_scale_factor=2, locale="vi-VN")
    phone.goto(f"{url}/s/{code}")
    phone.locator("#B2").evaluate("one => one.scrollIntoView()")
    phone.locator("#B2 input").nth(3).check()
    phone.screenshot(path=PLACE / "phone-scale.png")
    desk = browser.new_page(viewport={"width": 1200, "height": 900}, locale="vi-VN")
    desk.goto(url + invitation)
    for field in desk.locator("input[type=password]").all():
        field.fill(PASSWORD)
    desk.locator("main button").first.click()
    if "/login" in desk.url:
        desk.locator("input[type=email]").fill(EMAIL)
        desk.locator("input[type=password]").fill(PASSWORD)
        desk.locator("main button").first.click()
    desk.goto(f"{url}/staff/surveys/{SLUG}/results")
    desk.wait_for_load_state("networkidle")
    desk.screenshot(path=PLACE / "results.png")


def save(name: str, pdf: bytes, page: int) -> None:
    """One page of a PDF as a picture."""
    list(pictures(pdf, 72))[page].save(PLACE / f"{name}.png")
    shrink(PLACE / f"{name}.png")


def shrink(path: Path) -> None:
    """The same picture in 256 colours: a third of the bytes, and no eye sees it."""
    Image.open(path).convert("RGB").quantize(256).save(path, optimize=True)


def wait(url: str) -> None:
    """Until the server answers."""
    for _ in range(200):
        try:
            urllib.request.urlopen(url).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not come up")


if __name__ == "__main__":
    Path(PLACE).mkdir(exist_ok=True)
    main()
