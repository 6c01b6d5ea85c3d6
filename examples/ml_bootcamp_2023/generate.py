"""Writes the exports of a machine-learning bootcamp's fourth run; the same bytes every time.

Belongs here: which files there are. Does not belong here: what stands in any of them (the modules beside).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

from examples.ml_bootcamp_2023 import community, competing, people, records, selection, studying
from examples.ml_bootcamp_2023.plan import SEED


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
    studies = studying.studies(rng, people.members(applicants))
    finishers = [study.member for study in studies if study.is_finisher]
    ours = competing.teams(rng, finishers)
    signed_up = records.groups(finishers)
    return {
        **selection.files(rng, applicants),
        **studying.exports(studies),
        **competing.files(rng, ours),
        **records.files(studies, ours, signed_up),
        **community.files(rng, studies, signed_up, finishers),
    }
