"""Run folders: swapped in one step, the last two kept."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from fellowship_pipeline.home.generations import MANIFEST, generation


def make(root: Path, run_id: str, text: str = "x") -> None:
    with generation(root, run_id) as folder:
        (folder / MANIFEST).write_text(text)


def folders(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir())


def test_current_is_a_relative_link_to_the_run(tmp_path: Path) -> None:
    make(tmp_path, "r1")
    assert (tmp_path / "current").readlink() == Path("r1")
    assert (tmp_path / "current" / MANIFEST).read_text() == "x"


def test_the_last_two_are_kept(tmp_path: Path) -> None:
    for run_id in ("r1", "r2", "r3"):
        make(tmp_path, run_id)
    assert folders(tmp_path) == ["current", "r2", "r3"]
    assert (tmp_path / "current").readlink() == Path("r3")


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("mine")
    for run_id in ("r1", "r2", "r3"):
        make(tmp_path, run_id)
    assert (tmp_path / "notes" / "a.txt").read_text() == "mine"


def test_a_failure_leaves_the_last_one_in_place(tmp_path: Path) -> None:
    make(tmp_path, "r1")
    with pytest.raises(ValueError, match="no"), generation(tmp_path, "r2") as folder:
        (folder / MANIFEST).write_text("half")
        raise ValueError("no")
    assert folders(tmp_path) == ["current", "r1"]
    assert (tmp_path / "current").readlink() == Path("r1")


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    make(tmp_path, "r1")
    (tmp_path / "r2.tmp").mkdir()
    (tmp_path / "r2.tmp" / "half").write_text("x")
    (tmp_path / "current.tmp").symlink_to("r2")
    make(tmp_path, "r3")
    assert folders(tmp_path) == ["current", "r1", "r3"]


def test_the_same_run_again_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    make(tmp_path, "r1", "first")
    make(tmp_path, "r1", "second")
    assert folders(tmp_path) == ["current", "r1", "r1-2"]
    assert (tmp_path / "current" / MANIFEST).read_text() == "second"


def test_private_folders_are_the_owners(tmp_path: Path) -> None:
    root = tmp_path / "operations"
    with generation(root, "r1", private=True) as folder:
        (folder / MANIFEST).write_text("x")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (root, root / "r1", root / "r1" / MANIFEST)]
    assert modes == [0o700, 0o700, 0o600]
