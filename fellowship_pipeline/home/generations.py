"""Folders that readers see change in one step: a run's own folder, filled aside, then made ``current``.

Folders of one run are made current together: a note names them before the first is, and goes after the last, so that
what a killed run began is finished by the next. Belongs here: making, swapping and pruning run folders. Does not belong
here: what is in them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path

from fellowship_pipeline import __version__
from fellowship_pipeline.errors import writing
from fellowship_pipeline.home.aside import remove
from fellowship_pipeline.home.durable import make_folder, sync, sync_all
from fellowship_pipeline.home.memory import digest, remember
from fellowship_pipeline.home.places import CURRENT, Home

MANIFEST = "manifest.json"
_UNFINISHED = ".tmp"
_OLD = ".old" + _UNFINISHED


@contextmanager
def generation(root: Path, run_id: str, *, private: bool = False, is_replaced: bool = False) -> Iterator[Path]:
    """A new, empty folder to be filled with a manifest and what it lists; :func:`finished` says where it is then.

    On leaving, all of it is on disk as ``root/<run id>`` (with a number appended where that name is taken), to be made
    current by :func:`show`. Where filling it fails, or the process dies, nothing of it stays. ``private``: for the
    owner's eyes only. ``is_replaced``: a folder of that name gives way. Raises UserError where the disk refuses.
    """
    mode = 0o700 if private else 0o755
    with writing(root):
        make_folder(root)
        root.chmod(mode)
        for leftover in root.glob(f"*{_UNFINISHED}"):
            remove(leftover)
        names = chain([run_id], (f"{run_id}-{number}" for number in count(2)))
        name = run_id if is_replaced else next(name for name in names if not (root / name).exists())
        unfinished = root / (name + _UNFINISHED)
        unfinished.mkdir(mode=mode)
        try:
            yield unfinished
            _settle(unfinished, private=private)
            if is_replaced and finished(unfinished).exists():
                _discard(finished(unfinished), _OLD)
            unfinished.rename(finished(unfinished))
            sync(root)
        except BaseException:
            remove(unfinished)
            raise


def finished(folder: Path) -> Path:
    """Where a folder that is being filled will be."""
    return folder.with_name(folder.name.removesuffix(_UNFINISHED))


def show(note: Path, folders: Sequence[Path]) -> None:
    """Makes each folder ``current`` where it is, all of them or, after a kill, at the next :func:`finish`.

    Beside each only the one that was current before stays. ``note``: see :func:`noted`.
    """
    before = [_shown(folder.parent) for folder in folders]
    with writing(note):
        remember(note, {folder.parent.name: folder.name for folder in folders})
    for folder in folders:
        point(folder)
    note.unlink()
    sync(note.parent)
    for folder, last in zip(folders, before, strict=True):
        for other in folder.parent.iterdir():
            if other.name not in {folder.name, last} and not other.is_symlink() and (other / MANIFEST).is_file():
                _discard(other)


def noted(home: Home) -> Path:
    """The note of folders that are being made current: by name of their root, in HOME/state."""
    return home.state / "publishing.json"


def point(folder: Path) -> None:
    """Makes the folder ``current`` where it is."""
    root = folder.parent
    link = root / (CURRENT + _UNFINISHED)
    with writing(root):
        remove(link)
        link.symlink_to(folder.name)
        sync(root)
        link.replace(root / CURRENT)
        sync(root)


def published_in(root: Path) -> list[Path]:
    """The folders beside ``current`` that were filled, the latest first."""
    folders = [path.parent for path in root.glob(f"*/{MANIFEST}") if not path.parent.name.startswith(CURRENT)]
    filled = [folder for folder in folders if not folder.name.endswith(_UNFINISHED)]
    return sorted(filled, key=lambda folder: (folder / MANIFEST).stat().st_mtime_ns, reverse=True)


def _discard(folder: Path, mark: str = _UNFINISHED) -> None:
    """Removes the folder of a run; what a kill leaves of it has the name of an unfinished one, and goes as such."""
    remove(folder.rename(folder.with_name(folder.name + mark)))


def _shown(root: Path) -> str | None:
    current = root / CURRENT
    return current.readlink().name if current.is_symlink() else None


def write_manifest(folder: Path, about: Mapping[str, object], rows: Mapping[str, int]) -> None:
    """``manifest.json``: ``about``, the pipeline's version, and every file with its hash and, of tables, its rows.

    ``sha256``: that of the manifest without this key; see ``memory.digest``.
    """
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
    content: dict[str, object] = {**about, "pipeline_version": __version__, "files": files}
    content["sha256"] = digest(content)
    (folder / MANIFEST).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _settle(folder: Path, *, private: bool) -> None:
    """Everything in the folder onto the disk, files first."""
    of_folders, of_files = (0o700, 0o600) if private else (0o755, 0o644)
    for path in folder.rglob("*"):
        path.chmod(of_folders if path.is_dir() else of_files)
    folder.chmod(of_folders)
    sync_all(folder)
