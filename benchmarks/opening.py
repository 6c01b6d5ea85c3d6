"""How soon a dashboard answers its reader, and how long it is: ``python benchmarks/opening.py [PAGE] [--rounds N]``.

Without a page it takes that of the tests, two years with everything a page can have. Opens it in Debian's Chromium,
each round in a new context, with nothing kept from the one before. *answers*: from the start of navigation until
another selection has changed the page's words; it is tried every few milliseconds from the first element on. *drawn*:
until every figure stands. Exits with 1 where the median answer takes a second or more.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from fellowship_pipeline.dashboard import render  # noqa: E402
from tests.browsing import CHROMIUM, SWITCHES  # noqa: E402
from tests.dashboard import synthetic  # noqa: E402

WANTED = 1000
"""Milliseconds."""

WATCH = """
const tried = setInterval(() => {
  const select = document.getElementById('slice');
  const said = document.querySelector('.selected');
  if (!select || !said || select.options.length < 2) return;
  if (said.textContent) {
    window.answered = performance.now();
    return clearInterval(tried);
  }
  select.selectedIndex = 1;
  select.dispatchEvent(new Event('change'));
  if (!said.textContent) return;
  window.answered = performance.now();
  clearInterval(tried);
}, 4);
new MutationObserver((changes, observer) => {
  if (!document.documentElement || !document.documentElement.dataset.ready) return;
  window.drawn = performance.now();
  observer.disconnect();
}).observe(document, { attributes: true, subtree: true, attributeFilter: ['data-ready'] });
"""


def opened(browser: Any, page: Path, *, ask: bool) -> tuple[float, int]:
    """Milliseconds to the first answer, or to the last figure where nobody asks; and the page's height in pixels."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    view = context.new_page()
    view.add_init_script(WATCH if ask else WATCH[WATCH.index("new MutationObserver") :])
    view.goto(page.as_uri())
    view.wait_for_selector("html[data-ready]")
    took = float(view.evaluate("answered" if ask else "drawn"))
    height = int(view.evaluate("document.documentElement.scrollHeight"))
    context.close()
    return took, height


def measured(page: Path, rounds: int) -> int:
    """Prints medians over the rounds; 1 where the page answers too late."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        answers = [opened(browser, page, ask=True)[0] for _ in range(rounds)]
        drawn = [opened(browser, page, ask=False) for _ in range(rounds)]
        browser.close()
    for name, times in (("answers", answers), ("drawn", [took for took, _ in drawn])):
        print(f"{name}: {statistics.median(times):,.0f} ms ({min(times):,.0f} to {max(times):,.0f})")
    print(f"{page.stat().st_size:,} bytes, {drawn[0][1]:,} pixels long at 1280")
    return int(statistics.median(answers) >= WANTED)


def main() -> int:
    """Measures the page that is given, else that of the tests."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    if given.page:
        return measured(given.page.resolve(), given.rounds)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "dashboard.html")
        page.write_text(render(synthetic.release(), synthetic.program(), synthetic.page()), encoding="utf-8")
        return measured(page, given.rounds)


if __name__ == "__main__":
    sys.exit(main())
