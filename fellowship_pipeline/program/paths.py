"""The paths that program.yaml names: patterns of files, in the landing folder or behind a URL.

Belongs here: names alone. Does not belong here: looking at any file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec

from fsspec.registry import known_implementations
from fsspec.utils import glob_translate

from fellowship_pipeline.program.mistakes import unknown, wrong


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


def asked_for(pattern: str, paths: Iterable[str]) -> set[str]:
    """The paths that are the pattern's."""
    return {path for path in paths if fits(pattern, path)}


def in_landing(path: str) -> str:
    """The path relative to landing/; of a URL, what follows the host or bucket."""
    _, parts = parts_of(path)
    return "/".join(parts if is_url(path) else parts[1:])


def check(url: str) -> None:
    """Raises a mistake of program.yaml where the URL is none that could be read here."""
    protocol, _, rest = url.partition("://")
    if protocol not in known_implementations:
        raise wrong(unknown("protocol", protocol, known_implementations, "one such as s3, gs, https"))
    package = str(known_implementations[protocol]["class"]).partition(".")[0]
    if find_spec(package) is None:
        raise wrong(f"{protocol}:// needs the package {package}, which is not installed: pip install {package}")
    if "::" in rest.rpartition("]")[2]:
        raise wrong("URLs inside URLs ('::') are not read; expected the file's own URL")
    if re.match(r"[^/]*:[^/]*@", rest):
        raise wrong(f"credentials do not belong here: give them in the environment (FSSPEC_{protocol.upper()}_…)")


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
