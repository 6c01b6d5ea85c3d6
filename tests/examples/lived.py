"""``python -m tests.examples.lived [MONTHS]``: monthly releases of the two-year example, kept and solved together.

The example is lived as in ``benchmarks.replay``; a member is erased on the way; the tables of every release are kept,
and all are one system of whole numbers. Prints how many counts are hidden and could be fewer than three numbers; exits
with 1 where any could. Belongs here: keeping the releases. Does not belong here: what lay there when, or the attack.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.replay import EXAMPLE, Lived, at, by_command, commanded, exports_of, lay, lying, months
from fellowship_pipeline import warehouse
from fellowship_pipeline.home import Home
from fellowship_pipeline.init import new_home
from tests.examples.attacked import answers, single
from tests.release.successive import Kept, solved

FIRST = date(2022, 3, 1)
ONE_WHO_LEARNED = "select member_id from core.member_months group by 1 order by count(*) desc, 1 limit 1"


def releases(folder: Path, number: int) -> list[Kept]:
    """That many, one a month; in the middle of them a member is erased who learned in most months."""
    lived, found = Lived(Home(folder / "lived")), list[Kept]()
    new_home(lived.home.path, EXAMPLE)
    exports = exports_of(lived.home.landing)
    shutil.rmtree(lived.home.landing)
    for month in list(months(FIRST, date(FIRST.year + 1 + number // 12, 12, 1)))[:number]:
        lay(lived.home.landing, lying(exports, month))
        lived.month(month, by_command)
        if len(found) == number // 2:
            with warehouse.connect(lived.home.warehouse, read_only=True) as con:
                ((member,),) = con.execute(ONE_WHO_LEARNED).fetchall()
            with at(month):
                commanded(
                    "erase", str(lived.home.path), member, "--yes"
                )  # whose rows lie there again from the next month on
        tables = folder / f"{month:%Y-%m}"
        shutil.copytree(lived.home.release / "tables", tables)
        with warehouse.connect(lived.home.warehouse, read_only=True) as con:
            found.append(Kept(tables, *answers(lived.home, con)))
        print(f"{month:%Y-%m}: released", flush=True)
    return found


def main(number: int = 12) -> int:
    """Prints what is found; 1 where anything is."""
    with tempfile.TemporaryDirectory() as folder:
        kept = releases(Path(folder), number)
        found = solved(kept, single(Home(Path(folder) / "lived")))
    print("\n".join(f"{name}: {values} values" for name, values in found.items()))
    print(f"{len(kept)} releases: {len(found)} hidden counts of fewer than three values")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
