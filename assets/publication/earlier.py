"""A release beside those before it: what the memory of releases asks of the warehouse, the program and the home.

Belongs here: finding the memory, or what is left of it; by which rules a release is made. Does not belong here: which
figures stand (``fellowship_pipeline.release.held``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from assets.sql import SCRATCH, headlines_of
from fellowship_pipeline import own_code
from fellowship_pipeline.forgetting import tombstones
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import MANIFEST
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release
from fellowship_pipeline.release.carried import ADDS, HEADLINES
from fellowship_pipeline.release.held import Held, held_back, restated
from fellowship_pipeline.release.memory import UNKNOWN, Memory, of_published, recall, without_words
from fellowship_pipeline.release.revisions import Rules

DAYS_OF_A_MONTH = 28
STANDS = "stands"
"""In the manifest of the operators' lists: what they are told of what stands."""
RELEASE = "release"
"""In the same manifest: the latest release that the memory knew when they were made; an older memory is no memory."""
REMEMBERED = "is_remembered"
"""In a manifest: earlier versions remembered nothing, and what they published does not stand."""

TEXTS = {
    "stand": {
        "en": "{number} rows of tables still stand as published, the oldest of {day}, since fewer than {minimum} "
        "persons' data changed; `fellowship run HOME --restate` publishes them anew, which tells whoever kept the old "
        "page what changed",
        "ko": "바뀐 사람이 {minimum}명보다 적어 전에 발표한 그대로인 표의 행 {number}개(가장 오래된 것 {day}): "
        "`fellowship run HOME --restate`는 새로 발표하지만, 이전 화면을 가진 사람은 무엇이 바뀌었는지 알게 됩니다",
    },
    "stand_unnamed": {
        "en": "what was published of days that are over stands, until what is known of enough persons has changed",
        "ko": "지난 날의 수치는 충분히 많은 사람의 자료가 바뀔 때까지 발표한 그대로입니다",
    },
    "lost": {
        "en": "the memory of earlier releases (state/releases.duckdb) is lost or too old: what is published stands as "
        "it is, only what is new is added; `fellowship run HOME --restate` publishes all of it anew",
        "ko": "이전 발표의 기록(state/releases.duckdb)이 없거나 오래되었습니다: 발표한 수치는 그대로 두고 새것만 "
        "더합니다. `fellowship run HOME --restate`는 모두 새로 발표합니다",
    },
}
"""What is said of what stands, by language; ``…_unnamed`` is for a page, which tells of no number."""

RULED_BY: dict[str, Any] = {
    **dict.fromkeys(("timezone", "cohorts", "seats", "engagement", "what_if", "community", "attendance"), True),
    **dict.fromkeys(("applications", "surveys", "privacy", "terms"), True),
    "review": {"rules", "rotation_budget"},
    "missions": {"roles"},
}
"""What of program.yaml says how figures are made, whoever they are of. Where it names persons, their facts change."""


def beside_earlier(
    con: duckdb.DuckDBPyConnection, home: Home, program: Program, release: Release, *, anew: bool
) -> Held:
    """The release as it may follow those before. ``anew``: whatever it tells beside them."""
    memory, known = remembered(home), tombstones.load(home)
    rules = _rules(known, program)
    if rules.erasures - memory.erasures:
        names = known.sieve()
        memory = without_words(memory, lambda text: names.is_name(text) or names.mentions(text))
    return held_back(con, release, restated(memory) if anew else memory, rules, partial(_as_of, con))


def remembered(home: Home) -> Memory:
    """The memory of releases; where it is lost, of what is published; where nothing is, of nothing."""
    return of_published(home.release) if is_lost(home) else recall(home) or Memory()


def is_lost(home: Home) -> bool:
    """Whether something is published that was remembered once, and is not now, or not to its end."""
    if not _said(home.release).get(REMEMBERED, False):
        return False
    known = recall(home)
    return known is None or known.last < _said(home.lists).get(RELEASE, 0)


def in_words(held: Held, program: Program) -> dict[str, str] | None:
    """What operators are told of what stands, by language; None where nothing does.

    Nobody is told which figures: in which months they lie tells when the person was there.
    """
    if UNKNOWN in held.memory.bases.values():
        return TEXTS["lost"]
    if not held.standing:
        return None
    values = {"number": held.standing, "day": held.since, "minimum": program.privacy.operational_minimum}
    return {language: text.format(**values) for language, text in TEXTS["stand"].items()}


def told_operators(home: Home) -> list[dict[str, str]]:
    """What operators were told of what stands when the current lists were made."""
    said: dict[str, str] | None = _said(home.lists).get(STANDS)
    return [said] if said else []


def _said(folder: Path) -> dict[str, Any]:
    """What the manifest of a folder of a run says; nothing where there is none."""
    manifest = folder / MANIFEST
    return dict(json.loads(manifest.read_text(encoding="utf-8"))) if manifest.is_file() else {}


def _rules(known: tombstones.Tombstones, program: Program) -> Rules:
    said = program.model_dump(mode="json", by_alias=True, include=RULED_BY)
    return Rules(
        own_code.basis(json.dumps(said, sort_keys=True)),
        program.privacy.operational_minimum,
        program.privacy.sensitive_minimum,
        -(-program.engagement.window_days // DAYS_OF_A_MONTH),
        frozenset(one.id for one in (*known.pending, *known.ended)),
    )


def _as_of(con: duckdb.DuckDBPyConnection, day: date) -> Mapping[str, pd.DataFrame]:
    """The tables that are carried on, as of a day that may be the warehouse's own, of what is known today."""
    ((own,),) = con.execute("select as_of from core.parameters").fetchall()
    if day == own:
        return {name: con.execute("select * from kpi." + name).df() for name in (*ADDS, HEADLINES)}
    with headlines_of(con, day):
        return {name: con.execute("select * from " + SCRATCH + ".kpi." + name).df() for name in (*ADDS, HEADLINES)}
