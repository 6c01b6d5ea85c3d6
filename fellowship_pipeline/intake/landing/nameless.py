"""Errors without the names of files and without values: what a step's error may say where Dagster keeps it.

A file's name may be a person's. So an error names a file by its id, and the terminal says which file that is. Belongs
here: texts and errors with ids for names, and back. Does not belong here: what is wrong with a file (``reading``), or
what a page says of it (``assets/publication``).
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb

from fellowship_pipeline.errors import LockHeld, UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.ledger import ID_LENGTH, Ledger, shown

UNKNOWN = "not taken in"
LEFT_OUT = "its words are left out: they may quote a person's"
_FILE = re.compile(r"file ([0-9a-f]{16})")
_OF_SQL = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException, duckdb.IOException)
"""Errors of DuckDB that speak of statements and the database's own files, never of a value."""


class Wordless(Exception):
    """Stands for an error whose own words would quote what nobody may read."""


@contextmanager
def nameless(home: Home) -> Iterator[None]:
    """Whatever is raised within says neither the name of a file nor, if it is not meant for people, any text.

    An error whose words cannot be taken from it, as of a library that keeps them elsewhere, is raised as another that
    says its kind and arose where it did.
    """
    try:
        yield
    except Exception as error:
        chain = list(_chain(error))
        untold = {id(one) for one in chain if not _redact(one, home)}
        for one in chain:
            if id(one.__cause__) in untold:
                one.__cause__ = None
            if id(one.__context__) in untold:
                one.__context__ = None
        if id(error) in untold:
            raise Wordless(f"{type(error).__name__}: {LEFT_OUT}").with_traceback(error.__traceback__) from None
        raise


def without_names(home: Home, text: str) -> str:
    """The text with ``file ID`` for every path and name of a file that came or lies in the landing folder."""
    ids = {name: id_ for name, id_ in _ids(home).items() if name in text}
    for name in sorted(ids, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", f"file {ids[name]}", text)
    return text


def with_names(home: Home, text: str) -> str:
    """The text with the path of every ``file ID`` in it, for the operator's terminal."""
    paths = {id_: path for path, id_ in _paths(home)}
    return _FILE.sub(lambda said: shown(paths[said[1]]) if said[1] in paths else said[0], text)


def _paths(home: Home) -> Iterator[tuple[str, str]]:
    """Paths in the ledger, each with the id of what lay there last: that which `fellowship files` lists."""
    state = Ledger(home.ledger).state()
    read = {event["sha256"]: file_id for file_id, event in state.readings.items()}
    for path, sha256 in state.latest.items():
        yield path, read.get(sha256, sha256[:ID_LENGTH])
    for path in (*state.left, *state.ignored):
        yield path, UNKNOWN


def _ids(home: Home) -> dict[str, str]:
    """By every way to write the path or the name of a file, what stands for it."""
    ids = {path.relative_to(home.path).as_posix(): UNKNOWN for path in home.landing.rglob("*") if not path.is_dir()}
    with suppress(UserError):  # the ledger itself is damaged: that is what the error is about
        ids |= dict(_paths(home))
    found: dict[str, str] = {}
    for path, id_ in ids.items():
        for written in (path, path.rpartition("/")[2]):
            for form in ("NFC", "NFD"):
                name = unicodedata.normalize(form, written)
                found |= {name: id_, shown(name): id_, repr(name)[1:-1]: id_}
    return found


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all that led to it."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and one not in seen:
            seen.append(one)
            waiting += [one.__cause__, one.__context__]
    yield from seen


def _redact(error: BaseException, home: Home) -> bool:
    """Takes names out of an error's own words, and its words where nobody wrote them for people.

    False where they cannot be taken from it.
    """
    if isinstance(error, OSError) and error.errno is not None:
        del error.filename, error.filename2
        error.strerror = os.strerror(error.errno)
    elif isinstance(error, (UserError, LockHeld, *_OF_SQL)):
        error.args = tuple(without_names(home, str(text)) for text in error.args)
    elif type(error).__module__.partition(".")[0] != "dagster":
        error.args = (LEFT_OUT,)
        return LEFT_OUT in _words(error)
    return True


def _words(error: BaseException) -> str:
    """What an error says; nothing of one that asks somebody else for its words, who is gone."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - whatever the library that made it raises
        return ""
