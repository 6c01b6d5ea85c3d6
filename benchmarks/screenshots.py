"""``python -m benchmarks.screenshots``: the pictures of ``docs/images``, of a home made anew of the two-year example.

A Dagster with its daemon on a free port of the loopback, and the published pages, seen by Debian's Chromium. With
names only those pictures are made; ``--into DIR`` writes them elsewhere. Belongs here: what is photographed, and the
server for it. Does not belong here: a test of any page.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

CHECKOUT = Path(__file__).parents[1]
IMAGES = CHECKOUT / "docs" / "images"
EXAMPLE = "datacamp_fellowship"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
LONGEST = 240.0
"""Seconds for Dagster to be there."""
SETTLED = 4000
"""Milliseconds after which a page that says what it should has been drawn, too."""
A4 = (794, 1123)


@dataclass(frozen=True)
class Shot:
    """A picture: of what, once which words are there. ``zoom``: how often the graph is made smaller before.

    ``path``: below Dagster's address; of the published folder where it is a page's name.
    """

    name: str
    path: str
    words: str
    size: tuple[int, int] = (1440, 900)
    zoom: int = 0


SHOTS = (
    Shot("dagster-lineage", "/asset-groups/", "kpi_survey", zoom=1),
    Shot("dagster-catalog", "/locations/fellowship_pipeline/asset-groups/kpi_seats/list", "review_summary"),
    Shot("dagster-publication", "/assets/publication/dashboard", "Target met", (1440, 1130)),
    Shot("dagster-check", "/assets/kpi/seats?view=checks&checkDetail=idle_is_capacity_less_held_and_invited", "Idle"),
    Shot("dagster-table", "/assets/kpi/adoption", "Median calendar days", (1440, 1130)),
    Shot("dagster-figures", "/assets/kpi/scorecard?view=events", "rows_published"),
    Shot("dashboard", "dashboard.html", "Scorecard", (1280, 900)),
    Shot("report", "report.en.html", "Decision", A4),
)


def take(shots: Sequence[Shot], into: Path) -> None:
    """Makes the pictures as PNG in that folder."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("there is no chromium: apt-get install chromium")
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        home = _home(Path(temporary))
        with _dagster(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
            for shot in shots:
                width, height = shot.size
                view = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme="light", locale="en-GB"
                )
                page = view.new_page()
                if shot.path.startswith("/"):
                    page.goto(address + shot.path)
                else:
                    page.goto((home / "published" / "current" / shot.path).as_uri())
                _photograph(page, shot, into / f"{shot.name}.png")
                view.close()
            browser.close()


def _photograph(page: Page, shot: Shot, file: Path) -> None:
    page.get_by_text(shot.words).first.wait_for(timeout=LONGEST * 1000)
    page.wait_for_timeout(SETTLED)
    for _ in range(shot.zoom):
        page.mouse.move(shot.size[0] * 2 / 3, shot.size[1] / 2)
        page.keyboard.down("Control")
        page.mouse.wheel(0, 125)
        page.keyboard.up("Control")
        page.wait_for_timeout(SETTLED / 5)
    page.screenshot(path=file)
    print(file, f"{file.stat().st_size / 1000:.0f} kB")


def _home(place: Path) -> Path:
    """The example's home after a run, in English before Korean."""
    os.environ["FELLOWSHIP_KEY_FILE"] = str(place / "key")
    home = place / EXAMPLE
    _fellowship("init", str(home), "--example", EXAMPLE)
    settings = home / "program.yaml"
    said = settings.read_text(encoding="utf-8")
    settings.write_text(said.replace("languages: [ko, en]", "languages: [en, ko]"), encoding="utf-8")
    _fellowship("run", str(home))
    return home


def _fellowship(*arguments: str) -> None:
    code = "import sys; from fellowship_pipeline.cli import main; sys.exit(main())"
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, cwd=CHECKOUT, stdout=subprocess.DEVNULL)


@contextmanager
def _dagster(home: Path) -> Iterator[str]:
    """Dagster on that home, until the end of the block; its address."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    serving = subprocess.Popen(
        [sys.executable, "-m", "dagster", "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)],
        cwd=CHECKOUT,
        env={**os.environ, "FELLOWSHIP_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(f"{address}/server_info")
        yield address
    finally:
        os.killpg(serving.pid, signal.SIGTERM)
        serving.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def _wait_for(url: str) -> None:
    last = time.monotonic() + LONGEST
    while True:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, TimeoutError):
            if time.monotonic() > last:
                raise
            time.sleep(1)


def main() -> None:
    """The command."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("names", nargs="*", help="left out: all")
    asked.add_argument("--into", type=Path, default=IMAGES)
    said = asked.parse_args()
    if unknown := set(said.names) - {shot.name for shot in SHOTS}:
        asked.error(f"no picture is called {', '.join(sorted(unknown))}")
    take([shot for shot in SHOTS if not said.names or shot.name in said.names], said.into)


if __name__ == "__main__":
    main()
