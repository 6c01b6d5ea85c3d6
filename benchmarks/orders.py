"""The same facts in other files: other names, order, encoding, delimiter, splitting, some of them twice.

Each permutation is a home of its own, taken in, staged and made into every table of core and kpi, whose rows are
compared with those of one file for each source. ``python benchmarks/orders.py [COUNT] [SEED]``; ``--digest THREADS``
prints the digest of the tables as this machine makes them, with so many threads.
"""

from __future__ import annotations

import csv
import hashlib
import io
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from assets.core.settings import write_decisions, write_settings  # noqa: E402
from assets.sql import run_models  # noqa: E402
from fellowship_pipeline import warehouse  # noqa: E402
from fellowship_pipeline.contracts import TABLES  # noqa: E402
from fellowship_pipeline.home import Home  # noqa: E402
from fellowship_pipeline.intake.landing.arrival import take_in  # noqa: E402
from fellowship_pipeline.intake.reading import read_into  # noqa: E402
from fellowship_pipeline.intake.staging import stage  # noqa: E402
from fellowship_pipeline.program import load_program  # noqa: E402

PROGRAM = """\
program: {id: orders}
timezone: Asia/Seoul
arrival: {quiet_seconds: 0}
cohorts: [{id: c, starts_on: 2022-01-01, ends_on: 2022-06-30}]
seats: [{pool: p, from: 2022-01-01, capacity: 6}]
review: {rules: [{id: xp, from: 2022-02, minimum_xp: 200}]}
sources:
  roster: [{files: landing/*/roster*.csv}]
  seat_events: [{files: landing/*/seats*.csv}]
  activity: [{files: landing/*/activity*.csv}]
  completions: [{files: landing/*/completions*.csv}]
"""
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp949")
MEMBERS = ("kim@example.org", "이영희", "박준", "lee", "Choi I.", "ıbrahim")
WHOLE = ("roster",)
"""Sources of which a file is a list, so that its parts are no lists."""
PLACE = ("_file_id", "_row")
"""Where a row stood, which is of its file."""
Rows = list[dict[str, str]]


def facts() -> dict[str, Rows]:
    """What happened, by source, in order."""
    rng = random.Random(1)
    days = [f"2022-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 29)]
    learned = [
        {"member": member, "occurred_at": f"{day}T{rng.randrange(24):02}:{rng.randrange(60):02}:00Z",
         "course": rng.choice(("데이터 과학", "SQL, in depth")), "xp": str(rng.randrange(60))}
        for day in days for member in MEMBERS if rng.random() < 0.4
    ]  # fmt: skip
    return {
        "roster": [{"member": one, "cohort": "c", "study_group": f"g{at % 2}"} for at, one in enumerate(MEMBERS[:5])],
        "seats": [
            {"member": one, "event": event, "occurred_at": f"2022-01-0{day + at}"}
            for event, day in (("invited", 1), ("accepted", 4))
            for at, one in enumerate(MEMBERS)
        ],
        "activity": learned,
        "completions": [
            {"member": one, "course": "SQL, in depth", "completed_at": f"2022-03-0{at + 1}T12:00:00Z"}
            for at, one in enumerate(MEMBERS)
        ],
    }


def written(rows: Rows, rng: random.Random | None = None) -> bytes:
    """A CSV file of the rows; with chance, of any encoding, delimiter, and order of columns and rows."""
    columns = list(rows[0])
    text = io.StringIO()
    if rng is None:
        encoding, delimiter = "utf-8", ","
    else:
        rng.shuffle(columns)
        rows = rng.sample(rows, len(rows))
        # of a file without Korean nobody could tell CP949; a letter of another alphabet it lacks
        can = [one for one in ENCODINGS if one != "cp949" or ("ı" not in str(rows) and str(rows).count("과학") > 2)]
        encoding, delimiter = rng.choice(can), rng.choice(",;\t")
    lines = csv.DictWriter(
        text, columns, delimiter=delimiter, lineterminator="\r\n" if rng and rng.random() < 0.5 else "\n"
    )
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue().encode(encoding)


def plain() -> dict[str, bytes]:
    """One file for each source."""
    return {f"a/{source}.csv": written(rows) for source, rows in facts().items()}


def permuted(rng: random.Random) -> dict[str, bytes]:
    """The same facts in any files: cut between days, some files twice in the same bytes or in others."""
    files = {}
    for source, rows in facts().items():
        for part in [rows] if source in WHOLE else parts(rows, rng):
            for _ in range(1 if source in WHOLE else rng.choice((1, 1, 2))):
                files[f"{rng.randrange(10**6)}/{source} {rng.randrange(10**6)}.csv"] = written(part, rng)
    return dict(rng.sample(sorted(files.items()), len(files)))


def parts(rows: Rows, rng: random.Random) -> Iterator[Rows]:
    """The rows cut between days, at up to three places."""
    dated = next(name for name in ("completed_at", "occurred_at") if name in rows[0])
    days = sorted({row[dated][:10] for row in rows})
    cuts = sorted(rng.sample(days[1:], min(rng.randrange(4), len(days) - 1)))
    for first, last in zip(["", *cuts], [*cuts, "9"], strict=True):
        yield [row for row in rows if first <= row[dated][:10] < last]


def digest(files: Mapping[str, bytes], threads: int = 1) -> str:
    """Of the rows of every table of core and kpi, of a home in which those files landed in that order."""
    found = hashlib.sha256()
    with tempfile.TemporaryDirectory() as folder, warehouse.connect(None) as con:
        con.execute(f"set threads = {threads}")
        home = Home(Path(folder) / "home")
        for name, content in files.items():
            place = home.landing / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        home.program_file.write_text(PROGRAM, encoding="utf-8")
        program = load_program(home.path)
        take_in(home, program)
        read_into(con, home, program)
        fates = con.execute("select path, status, reason from raw.files where status <> 'loaded'").fetchall()
        if fates:
            raise RuntimeError(f"not all files are loaded: {fates}")
        stage(con, program)
        write_settings(con, program, None)
        write_decisions(con, home)
        run_models(con)
        for table in TABLES:
            if table.schema in ("core", "kpi"):
                columns = ", ".join(name for name in table.column_names if name not in PLACE)
                rows = con.execute(f"select {columns} from {table.key} order by all").fetchall()
                found.update(repr((table.key, rows)).encode())
    return found.hexdigest()


def differing(count: int, seed: int) -> list[int]:
    """Numbers of the permutations that gave other tables."""
    expected = digest(plain())
    return [number for number in range(count) if digest(permuted(random.Random(f"{seed} {number}"))) != expected]


def main(count: int = 1000, seed: int = 1) -> int:
    """Prints how many permutations gave other tables; 1 where any did."""
    wrong = differing(count, seed)
    if wrong:
        print(f"other tables: {', '.join(map(str, wrong))}")
    print(f"figure: permutations of files: {count}\nfigure: permutations with other tables: {len(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--digest"]:
        print(digest(plain(), threads=int(sys.argv[2])))
        sys.exit()
    sys.exit(main(*(int(text) for text in sys.argv[1:])))
