"""Persons who change names between exports of a generated program, and lists of aliases that name them in every way.

Belongs here: other names for rows that are there. Does not belong here: rows, or what a name resolves to.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from .oracle_staging import Case, File, Names, TextRow, World, person_of

NAMES = ("김하나", "Jose\u0301", "Ann Lee", "m1", "both")
LEFT = ("Gone@x.org", "gone@X.org", "nobody here")


def renamed(case: Case, rng: Random) -> Case:
    """The case with names in its roster, aliases about whoever they name, and rows under other names of the person."""
    files = dict(case.files)
    if roster := files.get("roster"):
        files["roster"] = tuple(replace(file, rows=_with_names(file.rows, rng)) for file in roster)
    if roster and (aliases := files.get("aliases")):
        names = World(replace(case, files=files)).names
        rows = [_about(row, names, rng) for file in aliases for row in file.rows]
        rows += [{"member": rng.choice(LEFT), "kind": "platform", "value": "ghost"}] * (rng.random() < 0.3)
        rows += [{"member": "alt-m1", "kind": "kaggle", "value": "m1 of kaggle"}] * (rng.random() < 0.5)
        rng.shuffle(rows)
        files["aliases"] = (File(tuple(rows)),)
    if roster or files.get("aliases"):
        names = World(replace(case, files=files)).names
        for source, found in files.items():
            if source not in ("roster", "aliases"):
                again = replace(found[-1], rows=_under_other_names(source, found[-1].rows, names, rng))
                files[source] = (*found[:-1], again)
    return replace(case, files=files)


def _with_names(rows: Sequence[TextRow], rng: Random) -> tuple[TextRow, ...]:
    """A name for some members, the same in all their rows; now and then that of another."""
    given: dict[str, str] = defaultdict(lambda: rng.choice((*NAMES, "", "")))
    return tuple({**row, "name": given[row["member"]]} for row in rows)


def _about(row: TextRow, names: Names, rng: Random) -> TextRow:
    """The line of aliases with another name of its member."""
    return {**row, "member": rng.choice((row["member"], row["member"], _another(row["member"], names, rng)))}


def _another(name: str, names: Names, rng: Random) -> str:
    """Another name of whoever that is: e-mail addresses in other spellings, aliases, what the roster calls them."""
    member = names.resolve(name)
    if member is None:
        return name.swapcase() if "@" in name and rng.random() < 0.5 else name
    others = [other for found in (names.exact, names.persons) for other, whose in found.items() if member in whose]
    for email, whose in names.emails.items():
        if member in whose:
            others += [email, email.title(), unicodedata.normalize("NFD", email.upper())]
    return rng.choice(sorted(others) or [name])


def _under_other_names(source: str, rows: Sequence[TextRow], names: Names, rng: Random) -> tuple[TextRow, ...]:
    """Some rows with another name of the person; all of one response have one."""
    column, share = person_of(source), rng.choice((0, 0, 0.2, 0.8))
    kept: list[TextRow] = []
    for row in rows:
        name = row.get(column, "").strip()
        if kept and "response" in row and kept[-1]["response"] == row["response"]:
            kept.append({**row, column: kept[-1][column]})
        elif name and rng.random() < share:
            kept.append({**row, column: _another(name, names, rng)})
        else:
            kept.append(row)
    return tuple(kept)
