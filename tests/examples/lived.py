"""``python -m tests.examples.lived [EXAMPLE] [RELEASES]``: an example's releases, kept and solved together.

An example is lived release by release, the two-year one monthly as in ``benchmarks.replay``, the free course weekly; a
member is erased on the way, whose rows lie there again from the next release on; the tables of every release are kept,
and all are one system of whole numbers. Prints how many counts are hidden and could be fewer than three numbers; exits
with 1 where any could. Belongs here: what lay there when of the free course, keeping the releases. Does not belong
here: the attack.
"""

from __future__ import annotations

import csv
import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from benchmarks import replay
from fellowship_pipeline import warehouse
from fellowship_pipeline.home import Home
from fellowship_pipeline.init import new_home
from tests.examples.attacked import answers, single
from tests.examples.runs import DATA
from tests.release.successive import Kept, solved

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Walk:
    """The days on which an example is released, what lay there by then, and who is erased.

    ``dataset``: the folder that the example is made of, where it is not generated. ``somebody``: a select of the one
    who did most.
    """

    days: tuple[date, ...]
    lying: Callable[[Files, date], Files]
    somebody: str
    dataset: str | None = None


FIRST_MONTH = date(2022, 3, 1)
BEGINS, HOLIDAYS, AFTERWARDS = date(2023, 10, 11), date(2023, 12, 20), (date(2024, 1, 24), date(2024, 2, 7))
"""Of the course: registration was open for a week; none was met in the holidays; the last session, the survey."""


def weekly(files: Files, day: date) -> Files:
    """What was registered, and who had come, before that day; the survey lay there after the course."""
    register, came, survey = (f"ds4owd/{name}.csv" for name in ("presurvey", "course_participation", "postsurvey"))
    found = dict(files)
    found[register] = _before(files[register], lambda row: date.fromisoformat(row["google_timestamp"][:10]) < day)
    found[came] = _before(files[came], lambda row: datetime.strptime(row["date"], "%d.%m.%Y").date() < day)
    if day < AFTERWARDS[-1]:
        del found[survey]
    return found


def _before(content: bytes, was: Callable[[dict[str, str]], bool]) -> bytes:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    text = io.StringIO(newline="")
    written = csv.DictWriter(text, rows.fieldnames or ())
    written.writeheader()
    written.writerows(row for row in rows if was(row))
    return text.getvalue().encode()


def _weeks() -> Iterator[date]:
    day = BEGINS
    while day < HOLIDAYS:
        yield day
        day += timedelta(7)
    yield from AFTERWARDS


WALKS = {
    replay.EXAMPLE: Walk(
        tuple(replay.months(FIRST_MONTH, replay.LAST)),
        replay.lying,
        "select member_id from core.member_months group by 1 order by count(*) desc, 1 limit 1",
    ),
    "ds4owd": Walk(
        tuple(_weeks()),
        weekly,
        "select member_id from core.session_attendances group by 1 order by count(*) desc, 1 limit 1",
        "ds4owd",
    ),
}


def releases(folder: Path, example: str, number: int) -> list[Kept]:
    """That many, one a day of the walk; in the middle of them a member is erased."""
    walk, found = WALKS[example], list[Kept]()
    lived = replay.Lived(Home(folder / "lived"))
    new_home(lived.home.path, example, DATA / walk.dataset if walk.dataset else None)
    exports = replay.exports_of(lived.home.landing)
    shutil.rmtree(lived.home.landing)
    for day in walk.days[:number]:
        replay.lay(lived.home.landing, walk.lying(exports, day))
        lived.month(day, replay.by_command)
        if len(found) == number // 2:
            with warehouse.connect(lived.home.warehouse, read_only=True) as con:
                ((member,),) = con.execute(walk.somebody).fetchall()
            with replay.at(day):
                replay.commanded("erase", str(lived.home.path), member, "--yes")
        tables = folder / f"{day}"
        shutil.copytree(lived.home.release / "tables", tables)
        with warehouse.connect(lived.home.warehouse, read_only=True) as con:
            found.append(Kept(tables, *answers(lived.home, con)))
        print(f"{day}: released", flush=True)
    return found


def main(example: str = replay.EXAMPLE, number: int = 12) -> int:
    """Prints what is found; 1 where anything is."""
    with tempfile.TemporaryDirectory() as folder:
        kept = releases(Path(folder), example, number)
        found = solved(kept, single(Home(Path(folder) / "lived")))
    print("\n".join(f"{name}: {values} values" for name, values in found.items()))
    print(f"{len(kept)} releases of {example}: {len(found)} hidden counts of fewer than three values")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2], *map(int, sys.argv[2:])))
