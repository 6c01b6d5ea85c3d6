"""A seeded part of ``benchmarks/fuzz_intake.py``, which mutates files by the ten thousand."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import islice

import pytest

from benchmarks.fuzz_intake import (
    FORMATS,
    HEADER,
    KINDS,
    ROWS,
    SAME,
    SILENT,
    Format,
    Trial,
    mutations,
    outcomes,
    survey,
)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_what_is_not_damaged_gives_its_rows(form: Format) -> None:
    before = [list(row) for row in (HEADER, *ROWS)]
    assert outcomes([Trial(form, "nothing", form.write(before), before)]) == [SAME]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_staged_that_the_damaged_bytes_do_not_say(
    kind: str, record_figure: Callable[[str, int], None]
) -> None:
    found, failed = survey(kind, 100, seed=2022)
    assert (found.total(), failed) == (100, [])
    record_figure("fuzzed files", 100)
    record_figure("fuzzed files, silent or crashed", 0)


def test_a_value_that_the_bytes_do_not_say_would_be_found() -> None:
    form = FORMATS[0]
    before = [list(row) for row in (HEADER, *ROWS)]
    another = [*before[:-1], [*before[-1][:-1], "7"]]
    pretending = Format(form.name, form.write, lambda _: another)
    assert outcomes([Trial(pretending, "nothing", form.write(before), another)]) == [SILENT]


def test_every_byte_is_mutated_in_every_way() -> None:
    deeds = {deed for deed, _ in islice(mutations(b"abc", random.Random(1)), 15)}
    assert {"byte 0 deleted", "byte 1 deleted", "byte 2 deleted", "cut off at 0"} < deeds
    assert len(deeds) == 15
