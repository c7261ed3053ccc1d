"""What a person does with the form on a phone, and what the page and the device then show."""

from __future__ import annotations

import os
import signal

from playwright.sync_api import Browser, Page, expect

SAFE = "Câu trả lời vẫn an toàn trên máy này"
WAITS = "vẫn an toàn trên máy này nhưng chưa gửi được"
OPEN = "Xin giữ trang này mở"
SENT = "đã được gửi và đã lưu"


def fill(page: Page, words: str) -> None:
    page.locator("#B7").get_by_label("Hài lòng", exact=True).check()
    page.locator("#E2").fill(words)


def send(page: Page) -> None:
    page.get_by_role("button", name="Gửi phiếu").click()


def receipt(page: Page) -> str:
    """The receipt on the thank-you page; waits for it."""
    expect(page.locator(".receipt b")).to_be_visible(timeout=30_000)
    return page.locator(".receipt b").inner_text()


def says(page: Page, words: str, patience: int = 5000) -> None:
    expect(page.locator(".wait")).to_contain_text(words, timeout=patience)


def remembered(page: Page, start: str = "phieu draft") -> int:
    """How many drafts, or answers that wait, are on the device."""
    names: list[str] = page.evaluate("Object.keys(localStorage)")
    return sum(name.startswith(start) for name in names)


def worker_is_ready(page: Page) -> None:
    """Waits until the worker has the form of this page."""
    # In one promise: what wait_for_function is given must be true at once, and a promise is, whatever it promises.
    stored = page.evaluate("""async () => {
        await navigator.serviceWorker.ready;
        const shelf = await caches.open("phieu forms");
        for (let frame = 0; frame < 1800; frame++) {
            if (await shelf.match(location.href)) return true;
            await new Promise(requestAnimationFrame);
        }
        return false;
    }""")
    assert stored


def crash(browser: Browser) -> None:
    """Ends the processes that show this browser's pages."""
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    for one in found:
        if one["type"] == "renderer":
            os.kill(one["id"], signal.SIGKILL)
