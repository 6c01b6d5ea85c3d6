"""Run folders: swapped in one step, the last two kept."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from fellowship_pipeline.home import generations
from fellowship_pipeline.home.aside import remove
from fellowship_pipeline.home.generations import MANIFEST, finished, generation, show


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "published"


def fill(root: Path, run_id: str, text: str = "x") -> Path:
    with generation(root, run_id) as folder:
        (folder / MANIFEST).write_text(text)
    return finished(folder)


def make(root: Path, run_id: str, text: str = "x") -> None:
    show(root.parent / "state" / "publishing.json", [fill(root, run_id, text)])


def folders(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir())


def test_current_is_a_relative_link_to_the_run(root: Path) -> None:
    make(root, "r1")
    assert (root / "current").readlink() == Path("r1")
    assert (root / "current" / MANIFEST).read_text() == "x"


def test_the_last_two_are_kept(root: Path) -> None:
    for run_id in ("r1", "r2", "r3"):
        make(root, run_id)
    assert folders(root) == ["current", "r2", "r3"]
    assert (root / "current").readlink() == Path("r3")


def test_what_is_not_ours_stays(root: Path) -> None:
    (root / "notes").mkdir(parents=True)
    (root / "notes" / "a.txt").write_text("mine")
    for run_id in ("r1", "r2", "r3"):
        make(root, run_id)
    assert (root / "notes" / "a.txt").read_text() == "mine"


def test_a_failure_leaves_the_last_one_in_place(root: Path) -> None:
    make(root, "r1")
    with pytest.raises(ValueError, match="no"), generation(root, "r2") as folder:
        (folder / MANIFEST).write_text("half")
        raise ValueError("no")
    assert folders(root) == ["current", "r1"]
    assert (root / "current").readlink() == Path("r1")


def test_what_a_killed_run_left_is_cleared(root: Path) -> None:
    make(root, "r1")
    (root / "r2.tmp").mkdir()
    (root / "r2.tmp" / "half").write_text("x")
    (root / "current.tmp").symlink_to("r2")
    make(root, "r3")
    assert folders(root) == ["current", "r1", "r3"]


@pytest.mark.fault("F3")
def test_what_a_kill_leaves_of_an_old_folder_goes_with_the_next(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(path: Path) -> None:
        if path.name.startswith("r1"):
            (path / MANIFEST).unlink()
            raise KeyboardInterrupt
        remove(path)

    for run_id in ("r1", "r2"):
        (fill(root, run_id) / "page").write_text("x")
        show(root.parent / "state" / "publishing.json", [root / run_id])
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(generations, "remove", killed)
        make(root, "r3")
    assert (root / "current").readlink() == Path("r3")
    make(root, "r4")
    assert folders(root) == ["current", "r3", "r4"]


def test_the_same_run_again_gets_a_folder_of_its_own(root: Path) -> None:
    make(root, "r1", "first")
    make(root, "r1", "second")
    assert folders(root) == ["current", "r1", "r1-2"]
    assert (root / "current" / MANIFEST).read_text() == "second"


def test_private_folders_are_the_owners(tmp_path: Path) -> None:
    root = tmp_path / "operations"
    with generation(root, "r1", private=True) as folder:
        (folder / MANIFEST).write_text("x")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (root, root / "r1", root / "r1" / MANIFEST)]
    assert modes == [0o700, 0o700, 0o600]


def test_what_is_filled_is_not_shown_before_all_of_it_is(tmp_path: Path) -> None:
    for root in ("published", "operations"):
        make(tmp_path / root, "r1")
    filled = [fill(tmp_path / root, "r2") for root in ("published", "operations")]
    assert [(folder.parent / "current").readlink() for folder in filled] == [Path("r1"), Path("r1")]
    show(tmp_path / "state" / "publishing.json", filled)
    assert [(folder.parent / "current").readlink() for folder in filled] == [Path("r2"), Path("r2")]
    assert list((tmp_path / "state").iterdir()) == []


def test_a_filled_folder_that_was_never_shown_goes_with_the_next(root: Path) -> None:
    make(root, "r1")
    fill(root, "r2")
    make(root, "r3")
    assert folders(root) == ["current", "r1", "r3"]
