"""One run per home."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fellowship_pipeline.home.lock import LockHeld, hold

HOLDER = """
import sys, time
from pathlib import Path
from fellowship_pipeline.home.lock import hold
with hold(Path(sys.argv[1]), 0):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def _holder(state: Path, seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(state), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_owner_stands_in_the_file_while_it_holds(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with hold(state, 0):
        assert (state / "lock").read_text() == f"{os.getpid()}\n"
    assert (state / "lock").read_text() == ""


def test_a_second_run_is_refused_and_told_by_whom(tmp_path: Path) -> None:
    with _holder(tmp_path / "state", 60) as other:
        with pytest.raises(LockHeld, match=rf"process {other.pid}\) holds {tmp_path}$"), hold(tmp_path / "state", 0):
            pass
        other.kill()


def test_a_second_run_waits_for_the_first_and_says_so_once(tmp_path: Path) -> None:
    said: list[str] = []
    with _holder(tmp_path / "state", 0.5) as other, hold(tmp_path / "state", 60, said.append):
        pass
    assert said == [f"another run (process {other.pid}) holds {tmp_path}"]


def test_the_lock_of_a_killed_run_is_free(tmp_path: Path) -> None:
    with _holder(tmp_path / "state", 60) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        with hold(tmp_path / "state", 0):
            pass


def test_waiting_ends(tmp_path: Path) -> None:
    with hold(tmp_path / "state", 0):
        begun = time.monotonic()
        with pytest.raises(LockHeld), hold(tmp_path / "state", 0.3):
            pass
        assert time.monotonic() - begun >= 0.3
