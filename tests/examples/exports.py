"""The example's exports read back in plain Python, without the pipeline: the truth that its tests compare with."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

SEOUL = timedelta(hours=9)
Row = dict[str, str]


def rows(path: Path, encoding: str = "utf-8-sig") -> list[Row]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def sheets(folder: Path) -> list[Row]:
    return [row for path in sorted(folder.glob("*.csv")) for row in rows(path)]


def whole_facts(path: Path) -> list[Row]:
    """The records of a file up to one that was cut off."""
    text = path.read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text[: text.rfind("\n") + 1])))


@dataclass
class Month:
    xp: int = 0
    days: set[date] = field(default_factory=set)


@dataclass
class Truth:
    """Who is who, who held a seat when, who studied how much in each of Seoul's months."""

    landing: Path
    members: dict[str, str] = field(default_factory=dict)
    events: list[tuple[datetime, str, str]] = field(default_factory=list)
    months: dict[tuple[str, date], Month] = field(default_factory=lambda: defaultdict(Month))
    months_of_utc: dict[tuple[str, date], Month] = field(default_factory=lambda: defaultdict(Month))

    def __post_init__(self) -> None:
        for row in [*sheets(self.landing / "roster"), *sheets(self.landing / "aliases")]:
            self.members[(row.get("value") or row["email"]).casefold()] = row["member"]
        self.events = sorted(self._events())
        for member, moment, xp in self._work():
            local = moment + SEOUL
            for months, at in ((self.months, local), (self.months_of_utc, moment)):
                month = months[member, at.date().replace(day=1)]
                month.xp += xp
                month.days.add(at.date())

    def _events(self) -> Iterable[tuple[datetime, str, str]]:
        found = set()
        for row in rows(self.landing / "seats-2021" / "좌석대장_2021.csv", "cp949"):
            found.add((datetime.fromisoformat(row["일시"]), row["이메일"], row["상태"]))
        for row in sheets(self.landing / "seats"):
            moment = datetime.fromisoformat(row["occurred_at"]).replace(tzinfo=None)
            found.add((moment, row["member"], row["event"]))
        return ((at, self.members[who.casefold()], event) for at, who, event in found if who.casefold() in self.members)

    def _work(self) -> Iterable[tuple[str, datetime, int]]:
        emails: dict[str, str] = {}
        done: dict[tuple[str, ...], tuple[datetime, int]] = {}
        for folder in sorted((self.landing / "datacamp").glob("2*")):
            emails |= {row["user_id"]: row["email"].casefold() for row in rows(folder / "user_dim.csv")}
            for path in folder.glob("learning_[ep]*_fact.csv"):
                for row in whole_facts(path):
                    key = (path.name, row["user_id"], row.get("exercise_id") or row["practice_id"], row["started_at"])
                    done[key] = (datetime.fromisoformat(row["completed_at"] or row["started_at"]), int(row["xp"]))
        for (_, user, *_), (moment, xp) in done.items():
            if (email := emails[user]) in self.members:
                yield self.members[email], moment, xp

    def holders_on(self, day: date) -> dict[str, date]:
        """Who holds a seat at the end of the day, and since when."""
        since: dict[str, date] = {}
        for at, member, event in self.events:
            if at.date() > day:
                break
            if event == "accepted":
                since[member] = at.date()
            elif event in ("reclaimed", "returned"):
                del since[member]
        return since

    def occupied(self) -> list[tuple[date, int]]:
        """Seats held or offered after each event."""
        taken: set[str] = set()
        counts = []
        for at, member, event in self.events:
            if event in ("invited", "accepted"):
                taken.add(member)
            else:
                taken.discard(member)
            counts.append((at.date(), len(taken)))
        return counts
