"""What readers see is whole and of one run, whatever became of the links and the files behind them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.unsynced import Disk, Lost, laid_down
from fellowship_pipeline.health import Level, places, publication
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import finished, generation, noted, show, write_manifest
from tests.health.homes import built, said, today

KILLED = """
import os, signal, sys
from pathlib import Path
from fellowship_pipeline.home import Home, generations
home, after = Home(Path(sys.argv[1])), int(sys.argv[2])
swap, done = generations.point, []
def point(folder):
    if len(done) == after:
        os.kill(os.getpid(), signal.SIGKILL)
    swap(folder)
    done.append(folder)
generations.point = point
generations.show(generations.noted(home), [home.published / "r2", home.operations / "r2"])
os.kill(os.getpid(), signal.SIGKILL)
"""


def fill(home: Home, run_id: str) -> list[Path]:
    folders = []
    for root in (home.published, home.operations):
        with generation(root, run_id, private=root == home.operations) as folder:
            (folder / "page.html").write_text(run_id)
            write_manifest(folder, {"run_id": run_id}, {})
        folders.append(finished(folder))
    return folders


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home that published run r0, then r1."""
    home = built(tmp_path)
    for run_id in ("r0", "r1"):
        show(noted(home), fill(home, run_id))
    return home


def pages(home: Home) -> list[str]:
    return [(place / "page.html").read_text() for place in (home.release, home.lists)]


@pytest.mark.slow
@pytest.mark.fault("F17")
@pytest.mark.parametrize("after", [0, 1])
def test_a_kill_while_links_are_swapped_is_finished_by_the_next_run(home: Home, after: int) -> None:
    fill(home, "r2")
    done = subprocess.run([sys.executable, "-c", KILLED, str(home.path), str(after)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert pages(home) == [["r1", "r1"], ["r2", "r1"]][after]
    line = "state/publishing.json: a run was killed while it published"
    assert said(publication.examine(home, mend=False))[0] == (Level.WARNING, f"{line}; the next run finishes it")
    assert said(publication.examine(home, mend=True)) == [
        (Level.MENDED, f"{line}; what it published is current now, in both places")
    ]
    assert pages(home) == ["r2", "r2"]
    assert list(publication.examine(home, mend=True)) == []


@pytest.mark.slow
@pytest.mark.fault("F17")
def test_a_kill_after_the_swap_changes_nothing(home: Home) -> None:
    fill(home, "r2")
    subprocess.run([sys.executable, "-c", KILLED, str(home.path), "2"], check=False)
    assert pages(home) == ["r2", "r2"]
    assert list(publication.examine(home, mend=True)) == []


def test_a_note_that_names_what_is_not_there_is_not_followed(home: Home) -> None:
    noted(home).write_text('{"published": "r9", "operations": "../../r0", "landing": "r1"}')
    assert [line for _, line in said(publication.examine(home, mend=True))] == [
        "state/publishing.json: a run was killed while it published; this run publishes anew"
    ]
    assert pages(home) == ["r1", "r1"]


@pytest.mark.fault("F17")
def test_a_note_of_which_one_folder_is_not_there_is_not_followed(home: Home) -> None:
    fill(home, "r2")
    shutil.rmtree(home.operations / "r2")
    noted(home).write_text('{"published": "r2", "operations": "r2"}')
    assert [line for _, line in said(publication.examine(home, mend=True))] == [
        "state/publishing.json: a run was killed while it published; this run publishes anew"
    ]
    assert pages(home) == ["r1", "r1"]


@pytest.mark.fault("F3")
def test_what_was_filled_and_never_shown_is_not_shown_by_the_next_run(tmp_path: Path) -> None:
    home = built(tmp_path)
    fill(home, "r1")
    (home.published / "r1").rename(home.published / "r1.tmp")
    assert list(publication.examine(home, mend=True)) == []
    assert not home.release.is_symlink() and not home.lists.is_symlink()


@pytest.mark.fault("F3")
def test_an_unfinished_folder_is_not_taken_for_the_last_that_is_whole(home: Home) -> None:
    fill(home, "r2")
    (home.published / "r2").rename(home.published / "r2.tmp")
    home.release.unlink()
    line = f"published/current: {DAMAGES['gone'][1].format(run='r1')}"
    assert said(publication.examine(home, mend=True)) == [(Level.MENDED, line)]
    assert pages(home) == ["r1", "r1"]


@pytest.mark.slow
@pytest.mark.fault("F11", "F17")
@pytest.mark.parametrize("before", ["r1", None])
def test_what_a_loss_of_power_leaves_of_a_publication_is_whole_and_of_one_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    home = Home(tmp_path / "home")
    home.state.mkdir(parents=True)
    if before:
        show(noted(home), fill(home, before))
    disk, left = Disk(home.path), []
    monkeypatch.setattr(os, "fsync", os.fsync)
    disk.follow(lambda: left.extend(disk.picture(lost) for lost in Lost))
    show(noted(home), fill(home, "r2"))
    left += [disk.picture(lost) for lost in Lost]
    monkeypatch.undo()
    shown = []
    for number, picture in enumerate(left):
        found = Home(tmp_path / str(number))
        laid_down(picture, found.path)
        assert [line for _, line in said(publication.examine(found, mend=True)) if "killed" not in line] == []
        shown.append(
            [page.read_text() for page in (found.release / "page.html", found.lists / "page.html") if page.exists()]
        )
        show(noted(found), fill(found, "r3"))
        assert pages(found) == ["r3", "r3"]
    assert [one for one in shown if one not in ([before] * 2, ["r2"] * 2, [])] == []
    assert shown[0] == ([before] * 2 if before else []) and shown[-4:] == [["r2", "r2"]] * 4
    assert before is None or [] not in shown


@pytest.mark.fault("F17")
def test_pages_and_lists_of_two_runs_are_told_apart(home: Home) -> None:
    (home.lists).unlink()
    (home.lists).symlink_to("r0")
    assert said(publication.examine(home, mend=True)) == [
        (Level.WARNING, "operations/current: of another run (r0) than published (r1); this run publishes anew")
    ]


def a_copy(current: Path) -> None:
    folder = current.resolve()
    current.unlink()
    shutil.copytree(folder, current)


def a_file(current: Path) -> None:
    current.unlink()
    current.write_text("x")


def elsewhere(current: Path) -> None:
    current.unlink()
    current.symlink_to("r9")


def flip(manifest: Path) -> None:
    """A bit of a figure that nothing else tells."""
    text = manifest.read_text()
    manifest.write_text(text.replace('"bytes": 2', '"bytes": 3'))
    assert manifest.read_text() != text


ASIDE = "no link; set aside as current.damaged-{day}; this run publishes anew"
SHOWN = "run {run} is shown until this one publishes anew"
DAMAGES: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "a copy of the folder": (a_copy, ASIDE, "r1"),
    "a file": (a_file, ASIDE, "r1"),
    "gone": (lambda current: current.unlink(), f"gone; {SHOWN}", "r1"),
    "leads nowhere": (elsewhere, f"a link that leads nowhere; {SHOWN}", "r1"),
    "page flipped": (
        lambda current: (current / "page.html").write_text("R1"),
        f"page.html is not as it was published; {SHOWN}",
        "r0",
    ),
    "page gone": (
        lambda current: (current / "page.html").unlink(),
        f"page.html is not as it was published; {SHOWN}",
        "r0",
    ),
    "manifest cut": (
        lambda current: os.truncate(current / "manifest.json", 20),
        f"manifest.json is not as it was published; {SHOWN}",
        "r0",
    ),
    "manifest flipped": (
        lambda current: flip(current / "manifest.json"),
        f"manifest.json is not as it was published; {SHOWN}",
        "r0",
    ),
    "manifest of another kind": (
        lambda current: (current / "manifest.json").write_text('{"run_id": "r1", "files": [1]}'),
        f"manifest.json is not as it was published; {SHOWN}",
        "r0",
    ),
}


@pytest.mark.fault("F17")
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("place", ["published", "operations"])
def test_a_damaged_current_is_one_line_and_the_last_that_is_whole_is_shown(home: Home, place: str, damage: str) -> None:
    do, expected, run = DAMAGES[damage]
    do(home.path / place / "current")
    line = f"{place}/current: " + expected.format(day=today(), run=run)
    assert said(publication.examine(home, mend=True))[0] == (Level.MENDED, line)
    assert (home.path / place / "current" / "page.html").read_text() == run
    show(noted(home), fill(home, "r2"))
    assert pages(home) == ["r2", "r2"]
    assert list(publication.examine(home, mend=True)) == []


@pytest.mark.fault("F17")
def test_a_place_that_is_gone_while_the_other_is_there_is_said(home: Home) -> None:
    shutil.rmtree(home.published)
    assert said(publication.examine(home, mend=True)) == [
        (Level.WARNING, "published: gone, while operations is there; this run publishes anew")
    ]
    (looked_at,) = publication.examine(home, mend=False)
    assert looked_at.remedy == "the next run publishes anew"


def test_a_sound_home_and_one_that_never_published_have_nothing_to_mend(home: Home, tmp_path: Path) -> None:
    assert list(publication.examine(home, mend=True)) == []
    assert list(publication.examine(built(tmp_path / "new"), mend=True)) == []


@pytest.mark.fault("F17")
@pytest.mark.parametrize("place", ["published", "operations", "warehouse", "dagster"])
def test_a_file_in_the_place_of_a_folder_is_set_aside(tmp_path: Path, place: str) -> None:
    home = built(tmp_path)
    (home.path / place).rmdir()
    (home.path / place).write_text("x")
    line = f"{place}: a file where a folder is expected; set aside as {place}.damaged-{today()}, made anew"
    assert said(places.examine(home, mend=True)) == [(Level.MENDED, line)]
    assert (home.path / f"{place}.damaged-{today()}").read_text() == "x"
    assert list(places.examine(home, mend=True)) == []


def test_what_cannot_be_made_anew_stops_the_run(tmp_path: Path) -> None:
    home = built(tmp_path)
    home.archive.rmdir()
    home.archive.write_text("x")
    home.ledger.mkdir()
    home.warehouse.parent.rmdir()
    home.warehouse.parent.symlink_to("nowhere")
    findings = said(places.examine(home, mend=True))
    assert [level for level, _ in findings] == [Level.STOP] * 3
    assert [line.partition(";")[0] for _, line in findings] == [
        "archive: a file where a folder is expected",
        "warehouse: a link that leads nowhere",
        "ledger.jsonl: no file",
    ]
    assert home.archive.read_text() == "x"
