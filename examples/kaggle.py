"""Kaggle's leaderboard download as an example writes it: a row per team, in UTC, alone or in a zip.

Belongs here: the header, how members and times are written, the zip. Does not belong here: which teams there are.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from examples.writing import csv_bytes

LEADERBOARD = "Rank,TeamId,TeamName,LastSubmissionDate,Score,SubmissionCount,TeamMemberUserNames"
BENCHMARK = 0


@dataclass(frozen=True)
class Team:
    """A team on a board; the time is in UTC. A ``rank`` of 0 is a benchmark's."""

    rank: int
    number: int
    name: str
    submitted_at: datetime
    score: str
    submissions: int
    members: tuple[str, ...]


def leaderboard(teams: Iterable[Team]) -> bytes:
    """The CSV, with a byte-order mark."""
    rows = (
        [
            team.rank,
            team.number,
            team.name,
            f"{team.submitted_at:%Y-%m-%d %H:%M:%S}",
            team.score,
            team.submissions,
            ",".join(team.members),
        ]
        for team in teams
    )
    return csv_bytes(LEADERBOARD, rows, encoding="utf-8-sig")


def zipped(name: str, content: bytes) -> bytes:
    """The zip that the download comes in."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
