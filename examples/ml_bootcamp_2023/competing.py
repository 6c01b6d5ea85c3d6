"""Competitions: which members form which team, and the leaderboards among strangers.

Belongs here: teams, ranks, the files of Kaggle. Does not belong here: what a place is worth
(``records``).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from examples.kaggle import BENCHMARK, Team, leaderboard, zipped
from examples.ml_bootcamp_2023 import plan
from examples.ml_bootcamp_2023.people import Member

Line = Mapping[str, Sequence[Member]]
"""The members of each team, by its name."""
Known = tuple[int, str, tuple[str, ...]]
"""A team on every board: its id, its name, the names of its members."""
WORDS = ("Overfit", "Blend", "Fold", "Kernel", "가중치", "Tensor, Inc.", "데이터랩", 'Lucky "Seed"')


def teams(rng: random.Random, finishers: Sequence[Member]) -> dict[str, list[Member]]:
    """Those who may compete, in teams; who is left has none."""
    free = [member for member in rng.sample(finishers, len(finishers)) if member.member not in plan.EXCUSED]
    entries = [entry for competition in plan.COMPETITIONS for entry in competition.entries]
    return {entry.name: [free.pop() for _ in range(entry.size)] for entry in entries}


def files(rng: random.Random, ours: Line) -> dict[str, bytes]:
    """Every board: the last public ones as the zip that they come in, private ones under their day."""
    found = {}
    for number, competition in enumerate(plan.COMPETITIONS, 1):
        strangers = _strangers(rng, number, competition.teams - len(competition.entries))
        for at, board in enumerate(competition.boards):
            placed = {
                entry.ranks[at]: (number * 100_000 + nth, entry.name, tuple(m.kaggle for m in ours[entry.name]))
                for nth, entry in enumerate(competition.entries)
            }
            content = leaderboard(_board(rng, board.as_of, _ranked(placed, strangers)))
            name = f"{competition.slug}-publicleaderboard-{board.as_of:%Y-%m-%dT%H:%M:%S}.csv"
            if board.board == "private":
                found[f"kaggle/private/{board.as_of:%Y-%m-%d} {competition.slug}.csv"] = content
            elif board.as_of == plan.LAST_BOARD:
                found[f"kaggle/{competition.category}/{competition.slug}.zip"] = zipped(name, content)
            else:
                found[f"kaggle/{competition.category}/{name}"] = content
    return found


def _strangers(rng: random.Random, number: int, many: int) -> list[Known]:
    """Teams from elsewhere."""
    found = []
    for at in range(many):
        members = tuple(f"kaggler{number}x{at}{letter}" for letter in "abcde"[: rng.choice((1, 1, 1, 2, 4))])
        found.append((number * 100_000 + 1000 + at, f"{rng.choice(WORDS)} {at}", members))
    return found


def _ranked(placed: Mapping[int, Known], strangers: Sequence[Known]) -> list[Known]:
    """The teams in order: ours where they are to be, strangers in between."""
    others = iter(strangers)
    return [placed.get(rank) or next(others) for rank in range(1, len(placed) + len(strangers) + 1)]


def _board(rng: random.Random, as_of: datetime, ranked: Sequence[Known]) -> Iterator[Team]:
    """The teams with scores and last submissions; the host's benchmark stands among them."""
    yield Team(BENCHMARK, 1, "sample_submission.csv", as_of - timedelta(days=60), "0.50000", 1, ("host",))
    for rank, (number, name, members) in enumerate(ranked, 1):
        submitted_at = as_of - timedelta(minutes=rng.randrange(30, 40_000))
        score = f"{0.95 - 0.4 * rank / len(ranked):.5f}"
        yield Team(rank, number, name, submitted_at, score, rng.randrange(1, 120), members)
