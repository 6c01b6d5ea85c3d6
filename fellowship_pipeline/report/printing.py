"""Published reports on paper and on slides: PDF of the pages, SVG and PNG of their figures, by an installed Chromium.

Made of the published pages alone, so that they have the same figures. Belongs here: finding reports, driving the
browser. Does not belong here: what a report shows (``contents``), the command (``cli``).
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from choreographer.errors import BrowserClosedError, BrowserFailedError, ChromeNotFoundError
from kaleido import Kaleido, PageGenerator

from fellowship_pipeline.dashboard import shell
from fellowship_pipeline.errors import UserError, writing
from fellowship_pipeline.home import Home
from fellowship_pipeline.program.mistakes import unknown
from fellowship_pipeline.report.paper import whole

FIGURES = "figures"
"""The folder of the drawings, beside the pages; in it a folder for each page."""

SHARPER = 3
"""Pixels of a PNG for each of the page."""

LONGEST = 60.0
"""Seconds that the browser may take for one page or drawing."""

_DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
_READY = "document.documentElement.dataset.ready === '1'"
_PAPER = {"preferCSSPageSize": True, "printBackground": True, "displayHeaderFooter": False}


@dataclass(frozen=True)
class PublishedReport:
    """A page that is published: of which term it is (None: the program so far), and its figures as drawn for paper."""

    page: Path
    term: str | None
    figures: dict[str, Any]


def published_reports(home: Home, term: str | None) -> list[PublishedReport]:
    """The pages of a term, in every language; without one those of the latest. Raises UserError where none is."""
    found = [_read(page) for page in sorted(home.release.glob("report*.html"))]
    if not found:
        raise UserError(f"no report is published in {home.path} yet: `fellowship run {home.path} --all` does it")
    if term is None:
        return [report for report in found if report.page.name.startswith("report.")]
    of_term = [report for report in found if report.term == term]
    if not of_term:
        known = sorted({report.term for report in found if report.term is not None})
        listed = unknown("term", term, known) if known else f"unknown term '{term}'. None is over"
        raise UserError(f"{listed}; a term has a report as soon as it is over and a run has published since")
    return of_term


def _read(page: Path) -> PublishedReport:
    data = _DATA.search(page.read_text(encoding="utf-8"))
    content: dict[str, Any] = json.loads(data.group(1)) if data else {}
    figures = {name: drawings[0] for name, drawings in content.get("figures", {}).items()}
    return PublishedReport(page, content.get("term"), figures)


def print_reports(reports: Sequence[PublishedReport]) -> list[Path]:
    """A PDF beside each page, its figures below ``figures/``; returns what was written.

    Raises UserError where no Chromium is, or where it fails.
    """
    try:
        return asyncio.run(_printed(reports))
    except ChromeNotFoundError:
        raise UserError(
            "no Chromium is found, which prints the report: install it (Debian: apt-get install chromium fonts-nanum) "
            f"or name it in $BROWSER_PATH; the pages are in {reports[0].page.parent}"
        ) from None
    except (BrowserFailedError, BrowserClosedError, TimeoutError):
        raise UserError(
            f"Chromium did not print the report: try `chromium --headless --dump-dom about:blank`, or name another in "
            f"$BROWSER_PATH; the pages are in {reports[0].page.parent}"
        ) from None


async def _printed(reports: Sequence[PublishedReport]) -> list[Path]:
    drawer = PageGenerator(plotly=(shell.HERE / "static" / "plotly-cartesian.min.js").as_uri(), mathjax=False)
    written = []
    async with Kaleido(page_generator=drawer, timeout=LONGEST) as browser:
        for report in reports:
            pdf = await asyncio.wait_for(_pdf(browser, report.page), LONGEST)
            written.append(_put(report.page.with_suffix(".pdf"), pdf))
            for name, drawing in report.figures.items():
                for form, more in (("svg", {}), ("png", {"scale": SHARPER})):
                    image = await browser.calc_fig(whole(drawing), opts={"format": form, **more})
                    written.append(_put(report.page.parent / FIGURES / report.page.stem / f"{name}.{form}", image))
    return written


async def _pdf(browser: Any, page: Path) -> bytes:
    """The page as it prints, once its figures are drawn."""
    tab = await browser.create_tab(page.absolute().as_uri())
    while not await _is_ready(tab):
        await asyncio.sleep(0.05)
    answer = await tab.send_command("Page.printToPDF", params=_PAPER)
    await browser.close_tab(tab.target_id)
    return base64.b64decode(answer["result"]["data"])


async def _is_ready(tab: Any) -> bool:
    answer = await tab.send_command("Runtime.evaluate", params={"expression": _READY, "returnByValue": True})
    return bool(answer.get("result", {}).get("result", {}).get("value"))


def _put(path: Path, content: bytes) -> Path:
    """The file in place in one step, for anybody to read."""
    unfinished = path.with_name(path.name + ".tmp")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.write_bytes(content)
            unfinished.chmod(0o644)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    return path
