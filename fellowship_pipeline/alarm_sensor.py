"""The sensor that tells operators what must not wait: a blocking check that fails, a review unconfirmed for a week.

Each is told once, by the digest's way (``notify`` in program.yaml). What was told is in ``HOME/state/told.json``, not
in the sensor's cursor: of a memory that is lost, one message tells all that is still so. Belongs here: what is new, and
what the tick says. Does not belong here: finding it or words (``digest``).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import dagster as dg

if TYPE_CHECKING:
    from fellowship_pipeline.digest.alarms import Alarms
    from fellowship_pipeline.home import Home
    from fellowship_pipeline.program import Program

CHECKS, REVIEWS = "checks", "reviews"
"""What is remembered: names of checks, and review months, that were told and are still so."""

ToldBefore = Mapping[str, list[str]]


def build_alarm_sensor(home: str, *, start: bool = False) -> dg.SensorDefinition:
    """The sensor; it starts no run. ``start``: it is on as soon as Dagster runs."""

    @dg.sensor(
        name="alarms",
        minimum_interval_seconds=600,
        default_status=dg.DefaultSensorStatus.RUNNING if start else dg.DefaultSensorStatus.STOPPED,
        description="Sends the digest, once each, when a blocking check fails or a review is unconfirmed for a week.",
    )
    def alarms() -> dg.SkipReason:
        if not home:
            return dg.SkipReason("FELLOWSHIP_HOME is not set")
        from fellowship_pipeline.errors import LockHeld, UserError, writing  # noqa: PLC0415 - only a tick needs these
        from fellowship_pipeline.home import Home  # noqa: PLC0415

        place = Home(Path(home))
        try:
            with writing(place.state):
                return dg.SkipReason(tick(place))
        except (UserError, LockHeld) as error:
            return dg.SkipReason(f"{error}; tried again at the next tick")

    return alarms


def tick(home: Home) -> str:
    """Sends what is new; what came of it, in words. Raises UserError, OSError of the disk, LockHeld."""
    from fellowship_pipeline.home.memory import recall, remember  # noqa: PLC0415 - only a tick needs these
    from fellowship_pipeline.program import load_program  # noqa: PLC0415

    program = load_program(home.path)
    found = _found(home, program)
    if isinstance(found, str):
        return found
    memory = home.state / "told.json"
    before: ToldBefore = recall(memory) or {}
    told = _still(before, found)
    failing = {name: words for name, words in found.failing.items() if name not in told[CHECKS]}
    months = [month for month in found.unconfirmed if f"{month:%Y-%m}" not in told[REVIEWS]]
    if not failing and not months:
        if told != before:
            remember(memory, told)
        return (
            _said(found.failing, list(found.unconfirmed), "told already") or "no blocking check fails, no review waits"
        )
    what = _said(failing, months)
    if program.notify is None:
        return f"{what}: nothing is sent, program.yaml has no `notify:`"
    from fellowship_pipeline.digest.alarms import message  # noqa: PLC0415 - loads the page's words
    from fellowship_pipeline.digest.sending import send, services  # noqa: PLC0415 - apprise takes a second

    to = services(program.notify.urls_from, os.environ)
    digest = message(home, program, failing, months)
    now = {CHECKS: [*told[CHECKS], *failing], REVIEWS: [*told[REVIEWS], *(f"{month:%Y-%m}" for month in months)]}
    remember(memory, now)  # before it is sent: what cannot be remembered would be sent at every tick
    sent = send(digest, to)
    if not any(one.is_taken for one in sent):
        remember(memory, told)
        return f"{what}: taken by none of {', '.join(one.service for one in sent)}; tried again at the next tick"
    results = (f"{one.service}: {'sent' if one.is_taken else 'not taken'}" for one in sent)
    return f"{what}: {', '.join(results)}"


def _found(home: Home, program: Program) -> Alarms | str:
    """What is the case; in words why that cannot be told."""
    from fellowship_pipeline import warehouse  # noqa: PLC0415 - only a tick needs these
    from fellowship_pipeline.digest.alarms import alarms  # noqa: PLC0415
    from fellowship_pipeline.home import clock  # noqa: PLC0415
    from fellowship_pipeline.intake.reading import generation  # noqa: PLC0415

    if not home.warehouse.exists():
        return "there are no tables yet: the job `refresh` makes them"
    with warehouse.connect(home.warehouse, read_only=True) as con:
        if lacking := warehouse.lacking(con, ("core.parameters", "ops.seat_reviews")):
            return f"the warehouse lacks {lacking[0]}: the job `refresh` makes it"
        if other := generation.of_another_day(con, program):
            return other
        return alarms(con, home, clock.now().astimezone(ZoneInfo(program.timezone)).date())


def _still(told: ToldBefore, found: Alarms) -> dict[str, list[str]]:
    """Of what was told, what is still so; a check of a table that was not checked since counts as before."""
    checks = [name for name in told.get(CHECKS, []) if name in found.failing or name.partition(":")[0] in found.unknown]
    waiting = {f"{month:%Y-%m}" for month in found.unconfirmed}
    return {CHECKS: checks, REVIEWS: [month for month in told.get(REVIEWS, []) if month in waiting]}


def _said(failing: Mapping[str, Mapping[str, str]], months: list[date], more: str = "") -> str:
    """Checks and reviews in a line."""
    parts = []
    if failing:
        first = next(iter(failing))
        others = f" (and {len(failing) - 1} more)" if len(failing) > 1 else ""
        parts.append(f"blocking check fails: {first}{others}")
    if months:
        others = f" (and {len(months) - 1} before it)" if len(months) > 1 else ""
        parts.append(f"review unconfirmed for a week: {max(months):%Y-%m}{others}")
    return "; ".join([*parts, *([more] if parts and more else [])])
