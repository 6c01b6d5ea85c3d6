"""Commands that change a home, broken off everywhere and given again: confirmation, undoing, erasure, backup, restore.

Broken off as runs are in ``kills``. The figures to keep: a review is issued whole or not at all, and once; an undoing
is there or not, and once; of whom an erasure was begun nothing is left after the next run, in whatever encoding, and
the tables equal those of an erasure that nobody disturbed; backups are whole or have no name of one; a home is restored
whole or has no program file; and no command ends in a traceback.

``python benchmarks/commands.py [PART ...] [--every N] [--random N] [--runs N]``: ``--every 40 --random 3 --runs 1``
takes a few minutes, ``--every 1 --random 200 --runs 50`` many hours.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from benchmarks import breaking, tiny  # noqa: E402
from benchmarks.breaking import Asked, Breaking, Subject, Tally, well  # noqa: E402
from benchmarks.sites import (  # noqa: E402
    FILES,
    NAMES,
    Site,
    Work,
    back_up,
    begin,
    confirm,
    erase,
    erase_without_dagster,
    least_of_it,
    restore,
    run,
    run_without_dagster,
    undo,
)
from benchmarks.stopped import REFUSED, Ended, forked, found_out  # noqa: E402
from fellowship_pipeline import health, warehouse  # noqa: E402
from fellowship_pipeline.backup import document  # noqa: E402
from fellowship_pipeline.backup.restoring import UNFINISHED  # noqa: E402
from fellowship_pipeline.forgetting import tombstones  # noqa: E402
from fellowship_pipeline.forgetting.residue import residue  # noqa: E402
from fellowship_pipeline.home import decisions  # noqa: E402

DECIDED = [("a", "keep"), ("b", "reclaim")]
LONG_AGO = "20200101T000000Z"
"""The name of a backup that the next one removes."""
THOROUGH = 10
"""Of how many that broke off one is followed by a whole run, or its backup restored."""


class Bench:
    """The sites that parts start from, each made when it is first asked for."""

    def __init__(self, place: Path) -> None:
        self.place = place

    @cached_property
    def ran(self) -> Site:
        """A home that ran."""
        site = Site(self.place / "ran")
        tiny.laid(site.home, FILES)
        breaking.warmed(partial(run_without_dagster, site))
        return site

    @cached_property
    def confirmed(self) -> Site:
        """Its review is confirmed, and it ran again."""
        return self._with(self._copy(self.ran, "confirmed"), confirm, run_without_dagster)

    @cached_property
    def backed_up(self) -> Site:
        """It was backed up twice: the first backup is old by now."""
        site = self._with(self._copy(self.confirmed, "backed-up"), back_up)
        (first,) = document.backups_in(site.backups)
        first.rename(first.with_name(LONG_AGO))
        shutil.copytree(first.with_name(LONG_AGO), first)
        return site

    def _copy(self, site: Site, name: str) -> Site:
        return Site(Path(shutil.copytree(site.path, self.place / name, symlinks=True)))

    def _with(self, site: Site, *works: Work) -> Site:
        for work in works:
            well(forked(partial(work, site)))
        return site

    @cache  # noqa: B019 - as long as the bench
    def whole(self, start: str, work: Work, find: Callable[[Site], Any]) -> Any:
        """What is found where nobody disturbs the work."""
        site = Site(next(breaking.copies(getattr(self, start).path, self.place / "whole")))
        well(forked(partial(work, site)))
        return found_out(partial(find, site))


Wrong = Iterator[str]
"""What is wrong with a site: words, or nothing."""


def _gone_on(ended: Ended, *refusals: str) -> Wrong:
    """What is wrong with how a command ended that was given again: it came through, or had nothing left to do."""
    if ended.code and not (
        ended.code == REFUSED and len(ended.said) and any(one in ended.said[-1] for one in refusals)
    ):
        yield f"exit {ended.code}: {ended.said[-3:]}"


def _readers(site: Site) -> Wrong:
    """What readers see that is not whole."""
    if not (site.home.release.is_dir() and tiny.is_whole(site.home.release)):
        yield "published/current is not whole"


def _left_behind(site: Site) -> Wrong:
    """What lies about, half written, after the beginning of a run."""
    yield from _gone_on(forked(partial(begin, site)))
    names = [path for path in site.path.rglob("*") if path.suffix in (".tmp", ".part") and path.name != "current.tmp"]
    if names:
        yield f"left behind: {names}"


def _as_decided(site: Site) -> Wrong:
    """What is wrong with decisions, and whether tables have them, after the next run."""
    if found := [finding.line() for finding in health.look(site.home)]:
        yield f"found: {found}"
    issued = sorted((one.member_id or "", one.decision) for one in decisions.load(site.home).of(tiny.MONTH))
    if issued != DECIDED:
        yield f"issued: {issued}"


def _reviews(site: Site) -> list[list[str]]:
    """The decisions that tables have, without what is another each time."""
    query = "select member_id, decision, reason, undone_because from ops.review_decisions order by all"
    with warehouse.connect(site.home.warehouse, read_only=True) as con:
        return [list(map(str, row)) for row in con.execute(query).fetchall()]


def _figures(site: Site) -> dict[str, str]:
    return {**tiny.figures(site.home), **{name: str(rows) for name, rows in tiny.raw_rows(site.home).items()}}


def _thoroughly(bench: Bench, site: Site, tally: Tally, start: str, work: Work) -> Wrong:
    """A whole run after every tenth, and its tables."""
    if not tally.breaks % THOROUGH:
        ended = forked(partial(run_without_dagster, site))
        yield from _gone_on(ended)
        if not ended.code and found_out(partial(_reviews, site)) != bench.whole(
            start, _followed_by_run(work), _reviews
        ):
            yield "other decisions in tables"


@cache
def _followed_by_run(work: Work) -> Work:
    def both(site: Site) -> None:
        work(site)
        run_without_dagster(site)

    return both


def after_confirmation(bench: Bench, site: Site, tally: Tally) -> Wrong:
    """All decisions or none; then all, once."""
    yield from _readers(site)
    if len(decisions.load(site.home).issued) not in (0, len(DECIDED)):
        yield "half issued"
    yield from _gone_on(forked(partial(confirm, site)), "was confirmed on")
    yield from _thoroughly(bench, site, tally, "ran", confirm)
    yield from _as_decided(site)
    yield from _left_behind(site)


def after_undoing(bench: Bench, site: Site, tally: Tally) -> Wrong:
    """Undone or not; then undone, once."""
    yield from _readers(site)
    yield from _gone_on(forked(partial(undo, site)), "was undone already")
    if len(decisions.load(site.home).undone) != 1:
        yield "not undone once"
    yield from _thoroughly(bench, site, tally, "confirmed", undo)
    yield from _as_decided(site)
    yield from _left_behind(site)


def after_erasure(
    bench: Bench, site: Site, tally: Tally, again: Work = run_without_dagster, anew: Work = erase_without_dagster
) -> Wrong:
    """Begun or not; what was begun the next run finishes, what was not is asked for again; then nothing is left."""
    yield from _readers(site)
    ended = forked(partial(again, site))
    yield from _gone_on(ended)
    if ended.code:
        return
    known = tombstones.load(site.home)
    if known.pending:
        yield "the next run did not finish it"
    if not known.ended:
        tally.said["asked for again"] += 1
        yield from _gone_on(forked(partial(anew, site)))
    if len(tombstones.load(site.home).ended) != 1:
        yield "not erased once"
    if found := [path for path in site.path.rglob("*") if path.is_file() and _names(path.read_bytes())]:
        yield f"left: {found}"
    if not tally.breaks % THOROUGH and (residual := residue(site.path, NAMES).found):
        yield f"left: {residual}"
    if found_out(partial(_figures, site)) != bench.whole("confirmed", anew, _figures):
        yield "other rows"
    wrong = found_out(lambda: [finding.line() for finding in health.examine(site.home, mend=False)])
    if again is not quick_run and wrong:
        yield f"not mended: {wrong}"
    yield from _readers(site)
    yield from _left_behind(site)


def _names(content: bytes) -> bool:
    """Whether bytes have the name or the address as they stand, which takes no time to ask."""
    return any(name.encode() in content for name in NAMES[1:])


quick_run = partial(run_without_dagster, rebuilt=least_of_it)
quick_erasure = partial(erase_without_dagster, rebuilt=least_of_it)


def _unsound(folder: Path) -> bool:
    """Whether a backup is not whole."""
    files = document.read(folder).files
    return not all(document.is_as_kept(folder / file.path, file) for file in files)


def after_backup(bench: Bench, site: Site, tally: Tally) -> Wrong:
    """What has the name of a backup is a whole one; the next command makes one and leaves nothing unfinished."""
    yield from _readers(site)
    before = document.backups_in(site.backups)
    yield from (f"{folder.name} is not whole" for folder in before if _unsound(folder))
    if not [folder for folder in before if folder.name != LONG_AGO]:
        yield "no backup is left"
    yield from _gone_on(forked(partial(back_up, site)))
    *_, last = document.backups_in(site.backups)
    if last in before or _unsound(last):
        yield "no further backup, or not whole"
    if (site.backups / LONG_AGO).exists():
        yield "what is old is still there"
    yield from _left_behind(site)
    if not tally.breaks % THOROUGH:
        yield from after_restore(bench, site, tally)


def _contents(site: Site) -> dict[str, str]:
    """Every file of the restored home, but what tells of this very folder."""
    return {
        path.relative_to(site.restored.path).as_posix(): path.read_bytes().hex()
        for path in sorted(site.restored.path.rglob("*"))
        if path.is_file() and path.name != "backups.json"
    }


def after_restore(bench: Bench, site: Site, tally: Tally) -> Wrong:
    """A whole home, or none; what broke off is removed and done again."""
    place = site.restored
    if not place.program_file.exists():
        if place.path.exists() and any(place.path.iterdir()):
            ended = forked(partial(restore, site))
            if ended.code != REFUSED or UNFINISHED not in str(list(place.path.iterdir())):
                yield f"what broke off is not told: {ended.said[-1:]}"
            tally.said.update([ended.said[-1].partition("restored ")[2][:60]] if ended.said else [])
            shutil.rmtree(place.path)
        yield from _gone_on(forked(partial(restore, site)))
    if _contents(site) != bench.whole("backed_up", restore, _contents):
        yield "restored otherwise"
    if any((place.path / UNFINISHED).glob("*")):
        yield "left behind"


@dataclass(frozen=True)
class Command:
    """A command: of which site (an attribute of the bench), what is looked for after a break."""

    about: str
    start: str
    work: Work
    again: Callable[[Bench, Site, Tally], Wrong]


COMMANDS = {
    "confirm": Command("confirmation", "ran", confirm, after_confirmation),
    "undo": Command("undoing", "confirmed", undo, after_undoing),
    "erase": Command(
        "erasure, little built anew",
        "confirmed",
        quick_erasure,
        partial(after_erasure, again=quick_run, anew=quick_erasure),
    ),
    "rebuild": Command("erasure, all built anew", "confirmed", erase_without_dagster, after_erasure),
    "backup": Command("backup", "backed_up", back_up, after_backup),
    "restore": Command("restore", "backed_up", restore, after_restore),
}
WHOLE_ERASURE = Command("fellowship erase", "confirmed", erase, partial(after_erasure, again=run))
BREAKINGS: dict[str, tuple[str, Breaking]] = {
    "files": ("killed at an operation", breaking.left_at_operations),
    "refusals": ("refused an operation", breaking.failing_at_operations),
    "statements": ("killed at a statement", breaking.killed_at_statements),
    "errors": ("error in a statement", breaking.failing_at_statements),
    "power": ("power lost", breaking.losing_power),
    "moments": ("killed at random", lambda subject, given: breaking.killed_at_random(subject, given.random)),
}
WITHOUT_STATEMENTS = ("backup", "restore")
PARTS = {
    f"{name}-{way}": (f"{words}: {command.about}", command, doing)
    for name, command in COMMANDS.items()
    for way, (words, doing) in BREAKINGS.items()
    if not (name in WITHOUT_STATEMENTS and way in ("statements", "errors"))
} | {
    "erasures": (
        "killed at random: fellowship erase",
        WHOLE_ERASURE,
        lambda subject, given: breaking.killed_at_random(subject, given.runs),
    )
}


def measure(names: list[str], given: Asked) -> dict[str, Tally]:
    """Breaks off what those parts are about; tells of each when it is done."""
    tallies = {}
    with breaking.private_place() as folder:
        bench = Bench(folder)
        for name in names:
            (_, command, doing), began = PARTS[name], perf_counter()
            tallies[name] = doing(_subject(bench, command), given)
            tallies[name].seconds = perf_counter() - began
            print(f"{name}: {tallies[name].breaks} breaks", *tallies[name].wrong, sep="\n  ", file=sys.stderr)
    return tallies


def _subject(bench: Bench, command: Command) -> Subject:
    def again(place: Path, tally: Tally, where: str) -> None:
        tally.wrong += [f"{where}: {one}" for one in command.again(bench, Site(place), tally)]

    copies = breaking.copies(getattr(bench, command.start).path, bench.place / "scratch")
    return Subject(copies, lambda place: command.work(Site(place)), again, bench.place / "left")


def main() -> int:
    """Prints what came of all breaks; 1 where something was wrong."""
    names, given = breaking.asked_for(list(PARTS))
    return breaking.told("commands", {name: about for name, (about, _, _) in PARTS.items()}, measure(names, given))


if __name__ == "__main__":
    sys.exit(main())
