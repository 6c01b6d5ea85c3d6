"""Two years of the DataCamp example as they were lived, month by month, beside one run over everything.

On the morning of each month's first day the landing folder has what had been exported by then and the sheets as they
stood; the program is run, files that are held are decided on (what is cut off is rejected, the rest accepted), and the
month's review confirmed, now and then with an exception. What must hold, month by month and at the end, is printed with
what was found; it exits with 1 where anything does not. ``python -m
benchmarks.replay [--from 2021-10] [--to 2023-09]``. Belongs here: what lay there when, the walk, the laws.
"""

from __future__ import annotations

import argparse
import csv
import fnmatch
import io
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from fellowship_pipeline import warehouse  # noqa: E402
from fellowship_pipeline.cli import status  # noqa: E402
from fellowship_pipeline.home import Home, clock, decisions  # noqa: E402
from fellowship_pipeline.init import new_home  # noqa: E402

EXAMPLE = "datacamp_fellowship"
ZONE = ZoneInfo("Asia/Seoul")
FIRST, LAST = date(2021, 10, 1), date(2023, 9, 1)
AT = time(10)
"""When operators put the exports there, run and confirm, on a month's first day."""

EXCEPTION_EVERY = 4
"""Of so many reviews one has an exception: the first member whose seat was to be taken back keeps it."""

Rows = list[tuple[Any, ...]]
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Sheet:
    """A file that grows: ``dated``, the column that says since when a row is there (without a value: always).

    ``begun``: the day on which the file is there at the earliest. ``filled_in``: a column with a later date is empty
    until then, and with it those after the first.
    """

    files: str
    dated: str
    begun: date = date.min
    filled_in: tuple[str, ...] = ()
    encoding: str = "utf-8"


SHEETS = (
    Sheet("roster/roster_2021-H2.csv", "joined_on", filled_in=("left_on",)),
    Sheet("roster/roster_2022-H1.csv", "joined_on", date(2022, 2, 1), ("left_on",)),
    Sheet("roster/roster_2022-H2.csv", "joined_on", date(2022, 8, 1), ("left_on",)),
    Sheet("roster/roster_2023-H1.csv", "joined_on", date(2023, 1, 1), ("left_on",)),
    Sheet("applications/*.csv", "decided_at"),
    Sheet("seats-2021/*.csv", "일시", encoding="cp949"),
    Sheet("seats/seat_ledger_2022H1*.csv", "occurred_at", date(2022, 1, 1)),
    Sheet("seats/seat_ledger_2022H2.csv", "occurred_at", date(2022, 7, 1)),
    Sheet("seats/seat_ledger_2023.csv", "occurred_at", date(2023, 1, 1)),
    Sheet("sessions/*.csv", "starts_at"),
    Sheet("support/*.csv", "opened_at", filled_in=("answered_at", "answered_by", "escalated_to")),
)
"""Sheets that are kept; the ledger of 2023 brings acceptances of November 2022, which nobody had entered."""

WHOLE = {"surveys/year-1/*": date(2022, 8, 1), "surveys/year-2/*": date(2023, 9, 1)}
"""Files that come once; what is in no table here is there from the beginning."""


def lying(exports: Files, day: date) -> dict[str, bytes]:
    """What lay in the landing folder on the morning of that day, of all that there was in the end."""
    found = {}
    for path, content in exports.items():
        if (there := _as_it_stood(exports, path, content, day)) is not None:
            found[path] = there
    return found


def _as_it_stood(exports: Files, path: str, content: bytes, day: date) -> bytes | None:
    for sheet in SHEETS:
        if fnmatch.fnmatch(path, sheet.files):
            return _cut(sheet, content, day) if sheet.begun <= day else None
    if path.startswith("datacamp/latest/"):
        made = [folder for folder in _folders(exports) if folder <= day.isoformat()]
        return exports[path.replace("latest", made[-1])] if made else None
    if path.startswith("datacamp/"):
        return content if path.split("/")[1] <= day.isoformat() else None
    if path.startswith("zoom/"):
        return content if path.removesuffix(".csv")[-10:] < day.isoformat() else None
    begins = next((since for files, since in WHOLE.items() if fnmatch.fnmatch(path, files)), date.min)
    return content if begins <= day else None


def _folders(exports: Files) -> list[str]:
    return sorted({path.split("/")[1] for path in exports if path.startswith("datacamp/2")})


def _cut(sheet: Sheet, content: bytes, day: date) -> bytes | None:
    """The lines that were there; as they are, but for cells that were filled in later."""
    head, *lines = content.decode(sheet.encoding).splitlines(keepends=True)
    columns = next(csv.reader([head.lstrip("\ufeff")]))
    kept = [head]
    for line in lines:
        row = dict(zip(columns, next(csv.reader([line])), strict=True))
        if row[sheet.dated][:10] >= day.isoformat():
            continue
        if sheet.filled_in and row[sheet.filled_in[0]][:10] >= day.isoformat():
            cells = ["" if name in sheet.filled_in else row[name] for name in columns]
            kept.append(_line(cells, line))
        else:
            kept.append(line)
    return "".join(kept).encode(sheet.encoding) if len(kept) > 1 else None


def _line(cells: Iterable[str], like: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n" if like.endswith("\r\n") else "\n").writerow(cells)
    return text.getvalue()


def exports_of(landing: Path) -> dict[str, bytes]:
    """All that lies there, by its place."""
    files = (path for path in sorted(landing.rglob("*")) if path.is_file())
    return {path.relative_to(landing).as_posix(): path.read_bytes() for path in files}


def lay(landing: Path, files: Files) -> None:
    """Has these files, and no other, lie there; those that are as they were are not touched."""
    for name, content in files.items():
        path = landing / name
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def months(first: date, last: date) -> Iterator[date]:
    """The 1st of every month from the first to the last."""
    while first <= last:
        yield first
        first = (first + timedelta(31)).replace(day=1)


def by_command(home: Home) -> None:
    """A whole run, as `fellowship run` makes it; raises RuntimeError where it does not come through."""
    commanded("run", str(home.path))


def commanded(*arguments: str) -> None:
    """A command in this process, whose words go nowhere; raises RuntimeError with them where it does not succeed."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = status(list(arguments))
    if code:
        raise RuntimeError(f"{' '.join(arguments)}: exit code {code}\n{said.getvalue()}")


@contextmanager
def at(day: date) -> Iterator[None]:
    """What is done within is done on that morning."""
    before, moment = clock.source, datetime.combine(day, AT, ZONE).astimezone(UTC)
    clock.source = lambda: moment
    try:
        yield
    finally:
        clock.source = before


def asked(home: Home, query: str) -> Rows:
    """Rows of the home's warehouse."""
    with warehouse.connect(home.warehouse, read_only=True) as con:
        return con.execute(query).fetchall()


EVIDENCE = """
    review_month, pool, member_id, rule, minimum_xp, minimum_active_days, seat_since, xp, active_days, last_activity,
    decision, reason
"""
"""What a review says of a seat; the first three tell which seat of which month."""

BALANCE = """
select month, pool
from kpi.seats
window by_month as (partition by pool order by month)
qualify
    held_end <> held_start + accepted - reclaimed - returned
    or held_start <> coalesce(lag(held_end) over by_month, 0)
"""


@dataclass
class Lived:
    """What was seen on the way: the proposals as they were confirmed, the exceptions, and every law that broke.

    ``decided``: how many files were accepted and rejected. ``written``: ``decisions.jsonl`` after the last review.
    """

    home: Home
    runs: int = 0
    decided: Counter[str] = field(default_factory=Counter)
    proposed: dict[date, Rows] = field(default_factory=dict)
    excepted: set[tuple[date, str]] = field(default_factory=set)
    written: bytes = b""
    broken: list[str] = field(default_factory=list)

    def month(self, day: date, run: Callable[[Home], None]) -> None:
        """One morning: the run over what lies there, the laws, the review confirmed if there is one."""
        with at(day):
            run(self.home)
            self.runs += 1
            if self.decide():
                run(self.home)
            self.look(day)
            where = f"where review_month = date '{day}'"
            rows = asked(self.home, f"select {EVIDENCE} from ops.seat_reviews {where} order by all")
            if not rows:
                return
            self.proposed[day] = rows
            lost = [row[2] for row in rows if row[-2] == "reclaim"]
            excepted = lost[:1] if len(self.proposed) % EXCEPTION_EVERY == 0 else []
            self.excepted |= {(day, member) for member in excepted}
            said = [word for member in excepted for word in ("--except", f"{member}=asked for another month")]
            commanded("review", str(self.home.path), f"{day:%Y-%m}", "confirm", "--by", "kim", *said)
            self.written = self.home.decisions.read_bytes()

    def decide(self) -> bool:
        """Decides on the files that are held; whether there were any."""
        held = asked(self.home, "select file_id, reason from raw.files where status = 'held' order by file_id")
        for file_id, reason in held:
            decision = "reject" if "cut off" in reason else "accept"
            commanded("files", str(self.home.path), decision, file_id)
            self.decided[decision] += 1
        return bool(held)

    def look(self, day: date) -> None:
        """Laws that hold after every run."""
        there = self.home.decisions.read_bytes() if self.home.decisions.exists() else b""
        if there != self.written:
            self.broken.append(f"{day}: decisions.jsonl is other than it was")
        issued = sorted((one.decision_id, one.decision, one.xp) for one in decisions.load(self.home).issued)
        if asked(self.home, "select decision_id, decision, xp from ops.review_decisions order by all") != issued:
            self.broken.append(f"{day}: ops.review_decisions is other than what was issued")
        for month, pool in asked(self.home, BALANCE):
            self.broken.append(f"{day}: the seats of {pool} do not add up in {month}")


def differing(lived: Lived) -> set[tuple[Any, ...]]:
    """Seats (month, pool, member) of which the reviews said something else when they were confirmed than today."""
    then = {row for rows in lived.proposed.values() for row in rows}
    confirmed = ", ".join(f"date '{month}'" for month in lived.proposed)
    query = f"select {EVIDENCE} from ops.seat_reviews where review_month in ({confirmed})"
    return {row[:3] for row in then ^ set(asked(lived.home, query))}


def compared(lived: Lived, once: Home) -> Iterator[str]:
    """Every law of the end that does not hold: against one run over everything, and of the differences told."""
    everything = f"select {EVIDENCE} from ops.seat_reviews order by all"
    if asked(lived.home, everything) != asked(once, everything):
        yield "the reviews after all the months are other than those of one run over everything"
    seats = "select * from kpi.seats order by all"
    if asked(lived.home, seats) != asked(once, seats):
        yield "the seats after all the months are other than those of one run over everything"
    told = asked(lived.home, "select review_month, pool, member_id, kind, difference from ops.review_differences")
    if {row[:3] for row in told if row[3] == "recomputed"} != differing(lived):
        yield "ops.review_differences does not tell exactly where the reviews say something else today"
    done = {(month, member, difference) for month, _, member, kind, difference in told if kind == "done"}
    if done != {(month, member, "reclaimed") for month, member in lived.excepted if month < max(lived.proposed)}:
        yield f"what was not done as issued is not the exceptions: {sorted(done)}"


def replay(folder: Path, first: date, last: date, run: Callable[[Home], None] = by_command) -> tuple[Lived, Home]:
    """The example lived from the first month to the last, and a home that was run once over the same in the end."""
    lived, once = Lived(Home(folder / "lived")), Home(folder / "once")
    new_home(once.path, EXAMPLE)
    exports = exports_of(once.landing)
    shutil.copytree(once.path, lived.home.path, ignore=lambda where, names: names if where.endswith("landing") else [])
    for day in months(first, last):
        lay(lived.home.landing, lying(exports, day))
        lived.month(day, run)
    shutil.rmtree(once.landing)
    lay(once.landing, exports_of(lived.home.landing))
    with at(last):
        run(lived.home)
        lived.look(last)
        run(once)
    lived.broken += compared(lived, once)
    return lived, once


def told(lived: Lived) -> Iterator[str]:
    """The figures."""
    issued = decisions.load(lived.home).issued
    counts = Counter(one.decision for one in issued)
    first, last = min(lived.proposed), max(lived.proposed)
    said = ", ".join(f"{counts[name]} {name}" for name in sorted(counts))
    yield f"{lived.runs} runs, one a month; {len(lived.proposed)} reviews confirmed, {first:%Y-%m} to {last:%Y-%m}"
    files = ", ".join(f"{decision} {count}" for decision, count in sorted(lived.decided.items())) or "none"
    yield f"decided on files that were held: {files}"
    yield f"{len(issued)} decisions issued: {said}; {len(lived.excepted)} exceptions"
    kinds = "select review_month, kind, difference, count(*) from ops.review_differences group by all order by all"
    for month, kind, difference, count in asked(lived.home, kinds):
        yield f"differs since: {month:%Y-%m} {kind} {difference}: {count}"
    pools = asked(lived.home, "select count(*), count(distinct pool) from kpi.seats")[0]
    yield f"seats balance in {pools[0]} months of {pools[1]} pools, after each run"
    yield from lived.broken or ["every law holds; the reviews are those of one run over everything"]


def main() -> int:
    """Prints the figures; 1 where a law broke."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="first", type=lambda text: date.fromisoformat(f"{text}-01"), default=FIRST)
    parser.add_argument("--to", dest="last", type=lambda text: date.fromisoformat(f"{text}-01"), default=LAST)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lived, _ = replay(Path(folder), given.first, given.last)
        print("\n".join(told(lived)))
    return 1 if lived.broken else 0


if __name__ == "__main__":
    sys.exit(main())
