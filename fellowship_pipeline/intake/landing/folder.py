"""Files where they landed: in HOME/landing, or (by ``remote``) behind a URL. They are only read.

Belongs here: what lies there, the look of a file from outside, its bytes, why it has to stay for now. Does not belong
here: when a file is complete, what becomes of it (``arrival``).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from io import BufferedReader
from typing import NamedTuple

from fellowship_pipeline.home import Home

TEMPORARY = ("~$*", "*.part", "*.crdownload", ".ds_store", "thumbs.db", ".~lock.*")
CHUNK = 1 << 20
VANISHED = "vanished while it was looked at: taken in when it is back"


class Left(Exception):
    """A file has to stay where it is for now. The message says why, and what to do."""


class Stamp(NamedTuple):
    """What a file looks like without being read; it changes with the content.

    ``is_version``: the place itself vouches that an equal stamp means equal content.
    """

    size: int | None
    mark: str
    is_version: bool = False


def walk(home: Home) -> tuple[dict[str, Stamp], dict[str, str], dict[str, str]]:
    """Below landing/, by path relative to HOME: regular files; why others are ignored; why folders cannot be listed."""
    files: dict[str, Stamp] = {}
    ignored: dict[str, str] = {}
    left: dict[str, str] = {}
    folders = [home.landing.relative_to(home.path).as_posix()]
    for folder in folders:
        try:
            with os.scandir(home.path / folder) as entries:
                for entry in entries:
                    path = f"{folder}/{entry.name}"
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(path)
                    elif not entry.is_file(follow_symlinks=False):
                        ignored[path] = "no regular file"
                    elif is_temporary(path):
                        ignored[path] = "temporary"
                    else:
                        with suppress(FileNotFoundError):
                            files[path] = _stamp(entry.stat(follow_symlinks=False))
        except FileNotFoundError:
            continue
        except OSError as error:
            left[folder] = f"cannot be listed ({error.strerror}): let the pipeline's user read it"
    return files, ignored, left


def is_temporary(path: str) -> bool:
    """Whether a program keeps something unfinished under such a name."""
    name = path.rpartition("/")[2].casefold()
    return any(fnmatchcase(name, pattern) for pattern in TEMPORARY)


def stamp(home: Home, path: str) -> Stamp | None:
    """The file's stamp; None where it is gone."""
    try:
        return _stamp((home.path / path).lstat())
    except OSError:
        return None


def chunks(home: Home, path: str) -> Iterator[bytes]:
    """The file's bytes; raises Left."""
    try:
        with _open(home, path) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except FileNotFoundError:
        raise Left(VANISHED) from None
    except OSError as error:
        what_to_do = "close it where it is open, and let the pipeline's user read it"
        raise Left(f"cannot be read ({error.strerror}): {what_to_do}") from None


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, f"{status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}")


def _open(home: Home, path: str) -> BufferedReader:
    """The file for reading; raises OSError where it is a link or no regular file."""
    descriptor = os.open(home.path / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "no regular file")
    return os.fdopen(descriptor, "rb")
