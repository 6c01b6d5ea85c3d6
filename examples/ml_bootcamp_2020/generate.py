"""Writes the exports of a machine-learning bootcamp's first run; the same bytes every time.

Belongs here: which files there are. Does not belong here: what stands in any of them (the modules beside).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

from examples.ml_bootcamp_2020 import community, people, records, selection, studying
from examples.ml_bootcamp_2020.plan import SEED


def generate(landing: Path) -> None:
    """Writes every export below ``landing``."""
    for name, content in exports().items():
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def exports() -> Mapping[str, bytes]:
    """Every file by its path below ``landing/``."""
    rng = random.Random(SEED)
    applicants = people.applicants(rng)
    studies = studying.studies(rng, people.members(rng, applicants))
    return {
        **selection.files(rng, applicants),
        **studying.exports(rng, studies),
        **records.files(studies, records.ending(rng, studies)),
        **community.files(rng, studies),
    }
