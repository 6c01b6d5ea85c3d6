"""What starts runs by itself, as Dagster has it: schedules and sensors, started or not, and the daemon that tends them.

Belongs here: reading that from an instance. Does not belong here: defining them (``definitions``).
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

import dagster as dg
from dagster._core.scheduler.instigation import InstigatorStatus

BEAT_SECONDS = 300.0
"""A daemon of which nothing was heard for longer is gone; it beats every half minute."""


@dataclass(frozen=True)
class Automation:
    """``states``: ``running`` or ``stopped`` by the name of every schedule and sensor; whether a daemon tends them."""

    states: dict[str, str]
    has_daemon: bool

    def problems(self) -> list[str]:
        """What keeps runs from starting by themselves, in words; nothing where all of them will."""
        stopped = sorted(name for name, state in self.states.items() if state == "stopped")
        said = [f"stopped in Dagster: {', '.join(stopped)}; start them on its page Automation"] if stopped else []
        if not self.has_daemon:
            said.append(
                "no Dagster daemon is at work: nothing runs by itself; `dagster dev` or `dagster-daemon run` is one"
            )
        return said


def automation(instance: dg.DagsterInstance, defined: dg.RepositoryDefinition) -> Automation:
    """What of ``defined`` runs by itself on ``instance``: as somebody said there, else as the definitions say."""
    said: dict[str, set[InstigatorStatus]] = {}
    for state in instance.all_instigator_state():
        said.setdefault(state.instigator_name, set()).add(state.status)
    defaults = {one.name: one.default_status is dg.DefaultScheduleStatus.RUNNING for one in defined.schedule_defs}
    defaults |= {one.name: one.default_status is dg.DefaultSensorStatus.RUNNING for one in defined.sensor_defs}
    states = {
        name: "running" if _is_running(said.get(name, ()), is_default) else "stopped"
        for name, is_default in defaults.items()
    }
    return Automation(states, has_daemon(instance))


def has_daemon(instance: dg.DagsterInstance) -> bool:
    """Whether a daemon of the instance was heard of lately."""
    beats = instance.get_daemon_heartbeats().values()
    return any(time.time() - beat.timestamp < BEAT_SECONDS for beat in beats)


def _is_running(said: Collection[InstigatorStatus], is_default: bool) -> bool:
    if InstigatorStatus.RUNNING in said:
        return True
    return is_default and InstigatorStatus.STOPPED not in said
