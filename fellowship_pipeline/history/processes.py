"""Processes by name: a text that no other process ever has, and whether the one of that name has ended.

Belongs here: what the kernel knows of processes. Does not belong here: what a run is.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path

PROC = Path("/proc")
ENDED = ("Z", "X")
"""States of what has ended and only waits to be collected."""


def here() -> str:
    """The name of this process: machine, its boot, the namespace of its processes, number, when it began."""
    boot, namespace = _place()
    return " ".join((platform.node() or "-", boot, namespace, str(os.getpid()), _began(os.getpid())))


def is_gone(name: str) -> bool | None:
    """Whether the process of that name has ended; None where that cannot be seen from here."""
    node, boot, namespace, number, began = name.split(" ")
    here_boot, here_namespace = _place()
    if node != (platform.node() or "-"):
        return None
    if boot != here_boot:
        return True
    if namespace != here_namespace or began == "-":
        return None
    return _began(int(number)) != began


def _place() -> tuple[str, str]:
    """This boot of this machine, and the namespace in which processes are numbered; ``-`` where neither is said."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return boot, str((PROC / "self/ns/pid").stat().st_ino)
    except OSError:
        return "-", "-"


def _began(number: int) -> str:
    """When a process began, in ticks since the boot; ``-`` where there is none."""
    try:
        state, *others = (PROC / str(number) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "-"
    return "-" if state in ENDED else others[18]
