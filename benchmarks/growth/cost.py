"""What a process costs: CPU seconds of itself and its children, and the most memory that one of them had at once.

As a script it starts the process and waits for it: what is started begins with the peak of whoever starts it, so that
this has to be small. Belongs here: measuring one process from outside. Does not belong here: what is measured, or
anything that is not in the standard library.
``python benchmarks/growth/cost.py COMMAND …`` says the cost in JSON, on a line after what the command says.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_KIBIBYTE = 1024
_ADOPTS = 36
"""Linux's PR_SET_CHILD_SUBREAPER: whoever loses its parent below this process becomes its child."""

_SIGNALS = 128
"""What a shell adds to the signal that ended a command."""

KILLED = _SIGNALS + 9
"""How a process ends for which there is no memory left."""


@dataclass(frozen=True)
class Cost:
    """CPU seconds, user and system, and peak resident bytes."""

    cpu: float
    peak: int


def cost_of(arguments: Sequence[str], build: Path) -> tuple[Cost, str]:
    """Of Python with those arguments and the modules of that build, and what it says.

    Raises CalledProcessError where it fails.
    """
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(Path(__file__).resolve()), sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(build)},
        cwd=build,
        check=True,
        capture_output=True,
        text=True,
    )
    said, _, last = ran.stdout.rstrip().rpartition("\n")
    return Cost(**json.loads(last)), said


def _main(command: list[str]) -> int:
    ctypes.CDLL(None).prctl(_ADOPTS, 1, 0, 0, 0)
    process = subprocess.Popen(command)
    process.wait()
    while _adopted():
        pass
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = Cost(used.ru_utime + used.ru_stime, used.ru_maxrss * _KIBIBYTE)
    sys.stdout.write("\n" + json.dumps(asdict(cost)) + "\n")
    return process.returncode if process.returncode >= 0 else _SIGNALS - process.returncode


def _adopted() -> bool:
    """Waits for a process that outlives the one that started it, as Spark's do; whether there was one."""
    try:
        os.wait()
    except ChildProcessError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
