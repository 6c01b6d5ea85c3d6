"""The end of the command's process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LEAVES = "from fellowship_pipeline.short_lived import leave; "
AT_WORK = "import threading, time; threading.Thread(target=lambda: (time.sleep(0.2), print('worked'))).start(); "


def ended(program: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-c", LEAVES + program], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("code", [0, 3])
def test_what_was_written_is_out_and_what_waits_for_the_exit_is_done(code: int) -> None:
    assert ended(f"import atexit; atexit.register(print, 'left'); print('said'); leave({code})") == (
        code,
        "said\nleft\n",
    )


def test_nothing_is_taken_down() -> None:
    told = "class Told:\n    def __del__(self): print('taken down')\ntold = Told()\nleave(0)"
    assert ended("\n" + told) == (0, "")


def test_a_thread_at_work_is_waited_for() -> None:
    assert ended(AT_WORK + "leave(2)") == (2, "worked\n")


def test_what_cannot_be_written_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", LEAVES + "print('said'); leave(0)"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode != 0
    assert b"No space left" in done.stderr
