"""Programs made in parts are those made all at once: a few here, any number by ``python -m tests.truth.divisions``."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from assets import parts
from fellowship_pipeline.contracts.divided import SUMS

from .divisions import differences
from .generate import generate

pytestmark = pytest.mark.slow


@pytest.mark.sampled(3)
@pytest.mark.parametrize("seed", range(6))
def test_parts_make_the_same_tables(seed: int) -> None:
    assert list(differences(generate(seed), seed)) == []


def test_what_does_not_add_up_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(SUMS["kpi.engagement"], adds=("holders",))
    monkeypatch.setattr(parts, "SUMS", MappingProxyType({**SUMS, "kpi.engagement": wrong}))
    assert "kpi.engagement in 15 parts of persons" in list(differences(generate(0), 0))
