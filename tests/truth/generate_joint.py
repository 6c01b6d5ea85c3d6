"""Generated programs put into one, which costs little more than each: every name has a mark of its seed.

They share their months, time zone, least XP and rules of review, which are those of the first; members, pools,
cohorts, courses, missions, sessions and surveys are each program's own, so that a row of most tables is of one of
them. Belongs here: putting programs together. Does not belong here: what is in them (``generate``).
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from .generate import decided, generate
from .oracle_staging import Case, File, TextRow

PERSONS = ("member", "applicant", "email", "name", "host", "answered_by")
THINGS = (
    "cohort", "pool", "mission", "session", "survey", "course", "track", "competition", "category", "certification",
    "team",
)  # fmt: skip
OF_THE_FIRST = ("benchmarks",)
"""Sources whose rows name nothing that programs have of their own."""


def together(seeds: Sequence[int]) -> Case:
    """One program with the rows of all; the first files of a source are one file, and so on."""
    cases = [generate(seed, like=seeds[0]) for seed in seeds]
    files: dict[str, list[list[TextRow]]] = {}
    for seed, case in zip(seeds, cases, strict=True):
        pools = {seat["pool"] for seat in case.settings.get("seats", [])}
        pool = f"{pools.pop()}~{seed}" if len(pools) == 1 else ""
        for source, found in case.files.items():
            if source in OF_THE_FIRST and case is not cases[0]:
                continue
            lists = files.setdefault(source, [])
            lists += [[] for _ in found[len(lists) :]]
            for rows, file in zip(lists, found, strict=False):
                rows += [_marked(source, row, f"~{seed}", pool) for row in file.rows]
    joint = {source: tuple(File(tuple(rows)) for rows in lists) for source, lists in files.items()}
    name = f"seeds {seeds[0]} to {seeds[-1]}"
    return decided(Case(name, _settings(seeds, cases), joint, cases[0].as_of, cases[0].activity))


def _marked(source: str, row: TextRow, mark: str, pool: str) -> TextRow:
    """The row with its names marked; a seat of no pool is of the only one that its program has."""
    if source in OF_THE_FIRST:
        return row
    names = (*PERSONS, *THINGS, "value") if source == "aliases" else (*PERSONS, *THINGS)
    found = {name: cell.rstrip() + mark if name in names and cell.strip() else cell for name, cell in row.items()}
    if source in ("seat_events", "seat_snapshots") and not found.get("pool"):
        found["pool"] = pool
    if source == "missions":
        found["target"] = _target(row, mark)
    return found


def _target(row: TextRow, mark: str) -> str:
    """What a requirement asks for; kinds of sessions have no mark."""
    target = row.get("target", "")
    if not target or row["requirement"] == "attendance":
        return target
    parts = (part.partition("/") for part in target.split("|"))
    return "|".join(f"{name}{mark}{slash}{item}" for name, slash, item in parts)


def _settings(seeds: Sequence[int], cases: Sequence[Case]) -> dict[str, Any]:
    """The settings of the first program, its rules those of the first that has any, with all that names something."""
    settings = deepcopy(cases[0].settings)
    settings["review"] = deepcopy(next((c.settings["review"] for c in cases if c.settings["review"]["rules"]), {}))
    lists: dict[str, list[dict[str, Any]]] = {"cohorts": [], "seats": [], "surveys": []}
    leave: list[dict[str, Any]] = []
    exceptions: list[dict[str, Any]] = []
    for seed, case in zip(seeds, cases, strict=True):
        mark = f"~{seed}"
        for name, found in lists.items():
            found += [_named(entry, mark) for entry in case.settings.get(name, [])]
        leave += [_named(one, mark) for one in case.settings["review"].get("exempt", {}).get("leave", [])]
        exceptions += [_named(one, mark) for one in case.settings.get("missions", {}).get("exceptions", [])]
    settings |= {name: found for name, found in lists.items() if found}
    if settings["review"] and leave:
        settings["review"]["exempt"] = {**settings["review"].get("exempt", {}), "leave": leave}
    if exceptions:
        settings["missions"] = {**settings.get("missions", {}), "exceptions": exceptions}
    return settings


def _named(entry: dict[str, Any], mark: str) -> dict[str, Any]:
    """An entry of ``program.yaml`` with its names marked."""
    marked = {
        name: value.rstrip() + mark if name in ("id", "member", *THINGS) else value for name, value in entry.items()
    }
    if "cohorts" in entry:
        marked["cohorts"] = [cohort + mark for cohort in entry["cohorts"]]
    return marked
