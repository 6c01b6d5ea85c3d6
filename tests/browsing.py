"""A page in Debian's Chromium, watched: it may ask for nothing, complain of nothing, run nothing but its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

READY = "html[data-ready]"
"""What the pages of a program say once they are drawn."""

OpenUri = Callable[..., Any]


def aside(call: Any, *arguments: Any) -> Any:
    """What a call returns in a thread of its own: the browser keeps an event loop in that of the tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call, *arguments).result()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("chromium")  # the package that is missing; .ci/run installs it and fails on this skip
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - most tests need no browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def open_uri(chromium: Any) -> Iterator[OpenUri]:
    """Opens a page and waits until ``ready`` is there; afterwards nothing may have gone wrong.

    Nothing: no error on the console, no request beyond files, no violation of the page's own policy.
    """
    contexts, wrong = [], []

    def open_page(
        uri: str, *, width: int = 1280, scheme: str = "light", today: str = "", reads: str = "ko-KR", ready: str = READY
    ) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=reads)
        contexts.append(context)
        page = context.new_page()
        if today:
            page.clock.set_fixed_time(today)
        page.on("console", lambda message: wrong.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (wrong.append("dialog"), dialog.dismiss()))
        page.on(
            "request",
            lambda request: None if request.url.startswith(("file:", "blob:")) else wrong.append(request.url),
        )
        page.add_init_script(
            "addEventListener('securitypolicyviolation', event => console.error('policy: ' + event.violatedDirective))"
        )
        page.goto(uri)
        page.wait_for_selector(ready)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == [], wrong
