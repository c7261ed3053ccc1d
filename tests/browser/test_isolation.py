"""The browser's own gate: what reaches for another host or breaks the page's policy is noticed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser import conftest
from tests.browser.seeing import violations


def opened(browser: Browser, html: str, **options: object) -> None:
    """Shows a page and closes it again, as the fixture does around a test."""
    pages = conftest.new_page.__wrapped__(browser)  # type: ignore[attr-defined] - a fixture is a function in a wrapper
    page = next(pages)(**options)
    page.route("http://127.0.0.1:9/**", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("http://127.0.0.1:9/", wait_until="networkidle")
    next(pages, None)


@pytest.mark.parametrize(
    "planted",
    [
        "<img src='https://tracker.example/pixel.png'>",
        "<script>fetch('http://127.0.0.2/x').catch(() => {})</script>",
        "<script>throw new Error('planted')</script>",
        """<meta http-equiv="Content-Security-Policy" content="script-src 'none'"><script>1</script>""",
    ],
)
def test_a_page_that_misbehaves_fails_its_test(browser: Browser, planted: str) -> None:
    with pytest.raises(AssertionError):
        opened(browser, f"<!doctype html>{planted}")


def test_axe_objects_to_a_page_without_names(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<!doctype html><button></button><img src='data:,'>")
    assert {"button-name", "image-alt", "html-has-lang"} <= {one["id"] for one in violations(page)}
    page.close()


def test_a_quiet_page_passes(browser: Browser) -> None:
    opened(browser, "<!doctype html><p>Xin chào")
