"""Which paths an entry asks for: patterns of files, in the landing folder or behind a URL.

Belongs here: names alone. Does not belong here: looking at any file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from fsspec.utils import glob_translate

from fellowship_pipeline.intake.presets import preset

if TYPE_CHECKING:
    from fellowship_pipeline.program_sources import Entry


def is_url(path: str) -> bool:
    """Whether the path or pattern is a URL; all others are relative to HOME."""
    return "://" in path


def parts_of(path: str) -> tuple[str, list[str]]:
    """Where the path begins, as it is (protocol and host or bucket of a URL, else ''), and the names below."""
    if not is_url(path):
        return "", path.split("/")
    protocol, _, rest = path.partition("://")
    place, *parts = rest.split("/")
    return f"{protocol}://{place}/", parts


def fits(pattern: str, path: str) -> bool:
    """Whether a path is one of the pattern's.

    ``*`` stays within a folder's name and leaves out hidden ones, ``**`` is any folders; a pattern that is a path fits
    it, brackets and all. NFC on both sides.
    """
    path = _normal(path)
    return _compiled(pattern).fullmatch(path + "/") is not None or path == _normal(pattern)


def asked_for(entry: Entry, paths: Iterable[str]) -> set[str]:
    """The paths that the entry's pattern fits."""
    return {path for path in paths if fits(entry.files, path)}


def beside(source: str, entry: Entry, paths: Iterable[str]) -> set[str]:
    """The paths in the folders of the entry's files that its preset looks things up in."""
    if entry.preset is None or not preset(entry.preset).beside.get(source):
        return set()
    layout = preset(entry.preset)
    folders = {path.rpartition("/")[0] for path in asked_for(entry, paths)}
    split = ((path, *path.rpartition("/")[::2]) for path in paths)
    return {path for path, folder, name in split if folder in folders and layout.looks_up(source, name)}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    root, parts = parts_of(_normal(pattern))
    return re.compile(re.escape(root) + "".join(map(_translated, parts)))


def _translated(part: str) -> str:
    """A regular expression of the folders or the name that one part of a pattern fits, slashes included."""
    if part == "**":
        return "(?:[^/]+/)*"
    hidden = "" if part.startswith(".") else r"(?!\.)"
    name = str(glob_translate(re.sub(r"\*+", "*", part))).removesuffix(r"\Z")
    return f"{hidden}{name}/"


def _normal(path: str) -> str:
    return unicodedata.normalize("NFC", path)
