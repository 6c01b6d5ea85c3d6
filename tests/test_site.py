"""The documents as `make docs` builds them: whole, asking nothing of another host, searched from a folder."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.browsing import OpenUri

ROOT = Path(__file__).parents[1]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A link that leads nowhere, or a page that no other leads to, fails it."""
    place = tmp_path_factory.mktemp("site")
    build = ["-m", "sphinx", "--quiet", "--fail-on-warning", "--builder", "html", "docs", str(place)]
    done = subprocess.run([sys.executable, *build], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return place


class Asked(HTMLParser):
    """What a page loads by itself: scripts, styles, pictures; links that somebody has to follow are not among it."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "a":
            self.places += [value for name, value in attrs if name in ("src", "href", "srcset") and value]


def test_it_asks_nothing_of_another_host(site: Path) -> None:
    pages, styles = list(site.rglob("*.html")), list(site.rglob("*.css"))
    assert len(pages) > len(list((ROOT / "docs").rglob("*.md")))
    asked = Asked()
    for page in pages:
        asked.feed(page.read_text(encoding="utf-8"))
    for style in styles:
        asked.places += re.findall(r"(?:url\(|@import )[\"']?([^\"')\s]+)", style.read_text(encoding="utf-8"))
    assert asked.places
    assert [place for place in asked.places if re.match(r"(?!data:)\w+:|//", place)] == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("wanted", "page"),
    [
        ("심사", "운영자 안내서: 한 달의 일"),  # which has 심사를 and 심사하기
        ("quarantined", "A file is held, or refused"),
        ("engagement_rate", "program.yaml"),
    ],
)
def test_it_is_searched_from_a_folder_in_both_languages(site: Path, open_uri: OpenUri, wanted: str, page: str) -> None:
    """No server, no request but for files: whatever else is asked or complained of fails in ``open_uri``."""
    shown = open_uri(f"{(site / 'search.html').as_uri()}?q={wanted}", ready="#search-results li")
    shown.locator("#search-results li > a").get_by_text(page, exact=True).wait_for()


BROKEN = """() => {
  const broken = [], texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    for (const word of texts.currentNode.data.matchAll(/[가-힣]+/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      if (range.getClientRects().length > 1) broken.push(word[0]);
    }
  }
  return broken;
}"""


@pytest.mark.browser
def test_no_korean_word_is_broken_in_its_middle(site: Path, open_uri: OpenUri) -> None:
    shown = open_uri((site / "handbook.ko.html").as_uri(), ready="article h1", width=390)
    assert shown.evaluate(BROKEN) == []
