"""A process that lives, one that ended, one whose number another has now, one that cannot be seen from here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from fellowship_pipeline.history.processes import here, is_gone

NAMES = "from fellowship_pipeline.history.processes import here; print(here(), flush=True); input()"


def test_a_process_that_lives_is_not_gone() -> None:
    assert here().split(" ")[3] == str(os.getpid())
    assert is_gone(here()) is False


@pytest.mark.slow
def test_a_process_that_was_killed_is_gone_before_anybody_collects_it() -> None:
    with subprocess.Popen([sys.executable, "-c", NAMES], stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout is not None
        name = other.stdout.readline().strip()
        assert is_gone(name) is False
        other.send_signal(signal.SIGKILL)
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
        assert is_gone(name) is True
    assert is_gone(name) is True


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        (0, "another-machine", None),
        (1, "an-earlier-boot", True),
        (2, "another-container", None),
        (3, "999999999", True),
        (4, "1", True),
        (4, "-", None),
    ],
)
def test_what_differs_from_this_process(part: int, value: str, expected: bool | None) -> None:
    parts = here().split(" ")
    parts[part] = value
    assert is_gone(" ".join(parts)) is expected
