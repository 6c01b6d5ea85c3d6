"""Folders that readers see change in one step: a run's own folder, filled aside, then made ``current``.

Belongs here: making, swapping and pruning run folders. Does not belong here: what is in them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path

from fellowship_pipeline import __version__
from fellowship_pipeline.home.durable import sync
from fellowship_pipeline.home.places import CURRENT

MANIFEST = "manifest.json"
_UNFINISHED = ".tmp"


@contextmanager
def generation(root: Path, run_id: str, *, private: bool = False) -> Iterator[Path]:
    """A new, empty folder to be filled with a manifest and what it lists.

    On leaving, all of it is on disk and ``root/current`` points to it as ``root/<run id>`` (with a number appended
    where that name is taken); only the one that was current before stays beside it. Where filling it fails, or the
    process dies, ``current`` is what it was. ``private``: for the owner's eyes only.
    """
    mode = 0o700 if private else 0o755
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(mode)
    for leftover in root.glob(f"*{_UNFINISHED}"):
        _remove(leftover)
    names = chain([run_id], (f"{run_id}-{number}" for number in count(2)))
    name = next(name for name in names if not (root / name).exists())
    unfinished = root / (name + _UNFINISHED)
    unfinished.mkdir(mode=mode)
    try:
        yield unfinished
        _settle(unfinished, private=private)
        unfinished.rename(root / name)
    except BaseException:
        _remove(unfinished)
        raise
    current = root / CURRENT
    before = current.readlink().name if current.is_symlink() else None
    link = root / (CURRENT + _UNFINISHED)
    link.symlink_to(name)
    sync(root)
    link.replace(current)
    sync(root)
    for folder in root.iterdir():
        if folder.name not in {name, before} and not folder.is_symlink() and (folder / MANIFEST).is_file():
            _remove(folder)


def write_manifest(folder: Path, about: Mapping[str, object], rows: Mapping[str, int]) -> None:
    """``manifest.json``: ``about``, the pipeline's version, and every file with its hash and, of tables, its rows."""
    files = [
        {
            "path": path.relative_to(folder).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "rows": rows.get(path.relative_to(folder).as_posix()),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    content = {**about, "pipeline_version": __version__, "files": files}
    (folder / MANIFEST).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _settle(folder: Path, *, private: bool) -> None:
    """Everything in the folder onto the disk, files first."""
    of_folders, of_files = (0o700, 0o600) if private else (0o755, 0o644)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(of_folders if path.is_dir() else of_files)
        sync(path)
    folder.chmod(of_folders)
    sync(folder)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
