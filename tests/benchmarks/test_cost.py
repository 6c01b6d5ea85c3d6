"""What a process costs is its own, whoever starts it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks.growth.cost import KILLED, cost_of

ROOT = Path(__file__).parents[2]
LARGE = 300_000_000


def test_a_peak_is_that_of_the_process_and_not_of_whoever_starts_it() -> None:
    held = b"x" * LARGE
    small, said = cost_of(["-c", "print('one'); print('two')"], ROOT)
    assert said.splitlines() == ["one", "two"]
    assert small.peak < len(held)
    large, _ = cost_of(["-c", f"held = b'x' * {LARGE}"], ROOT)
    assert large.peak > LARGE


def test_what_children_cost_is_part_of_it() -> None:
    child = f"held = b'x' * {LARGE}; sum(range(10_000_000))"
    alone, _ = cost_of(["-c", "pass"], ROOT)
    whole, _ = cost_of(["-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"], ROOT)
    assert whole.peak > LARGE
    assert whole.cpu > alone.cpu


def test_how_it_ended_is_told_as_a_shell_does() -> None:
    for command, code in (("import sys; sys.exit(3)", 3), ("import os; os.kill(os.getpid(), 9)", KILLED)):
        with pytest.raises(subprocess.CalledProcessError) as raised:
            cost_of(["-c", command], ROOT)
        assert raised.value.returncode == code
