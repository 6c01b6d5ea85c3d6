"""What assets are handed: the home, its settings, its warehouse. No I/O until a run asks.

Belongs here: resources. Does not belong here: what an asset does with them.
"""

import logging
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb
from dagster._core.storage.tags import MAX_RETRIES_TAG

from assets.distributed import Cluster, Here
from assets.interrupted import taken_up
from fellowship_pipeline import health, history, masked, warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.errors import LockHeld, UserError
from fellowship_pipeline.health.warehouse import spoiled, used
from fellowship_pipeline.home import Home, clock
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.intake.lake import lake_table
from fellowship_pipeline.intake.landing.arrival import Arrivals
from fellowship_pipeline.intake.landing.nameless import nameless, without_names
from fellowship_pipeline.program import Program, load_program
from fellowship_pipeline.program.engine import NO_SPARK, Spark
from fellowship_pipeline.program.settings import DagsterHistory
from fellowship_pipeline.warehouse.trouble import Damaged

LOCK_SECONDS = 600.0
"""How long a run waits for another that holds the home."""

AGAIN, AGAIN_SECONDS = 2, 60.0
"""How often, and after what pause, a step waits once more for another program that has the warehouse open."""

ANEW = "a run of everything makes it anew from the archive: `fellowship run HOME`, or the job `refresh`"
"""What is to be done about a warehouse that is not whole."""


def demand(con: duckdb.DuckDBPyConnection, reads: Collection[str]) -> None:
    """Raises UserError where one of the tables (``schema.table``) is not there."""
    if lacking := warehouse.lacking(con, sorted(reads)):
        more = f" (and {len(lacking) - 1} more)" if len(lacking) > 1 else ""
        raise UserError(f"the warehouse lacks {lacking[0]}{more}: {ANEW}")


def home_of(path: str) -> Home:
    """The home at ``path``; raises UserError where none is named or there."""
    if not path:
        raise UserError("no home: set FELLOWSHIP_HOME to a program's home, or use `fellowship run HOME`")
    if not Path(path).is_dir():
        raise UserError(f"{path}: no such home; `fellowship init {path}` makes one")
    return Home(Path(path))


class WarehouseResource(dg.ConfigurableResource["WarehouseResource"]):
    """The home's private DuckDB file, opened for one step and closed whatever happens.

    A run holds the home's lock from its first step to its last, unless its caller does (``is_locked``), and tells the
    others that it lives. Another program that has the file open is waited for, ``wait`` seconds at a step.
    ``keep_runs``: of how many finished runs Dagster keeps the history, ``location``: of which code
    location alone, where several share it. ``memory_mb``: what tables may take at once.
    """

    home: str
    is_locked: bool = False
    wait: float = LOCK_SECONDS
    keep_runs: int = DagsterHistory().keep_runs
    location: str = ""
    memory_mb: int | None = None

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["WarehouseResource"]:
        """The resource, under the home's lock, once the home was found sound."""
        if self.is_locked:
            yield self
            return
        log = context.log or dg.get_dagster_logger()
        with ExitStack() as held:
            held.enter_context(masked.listening(lambda error: self._tell(log, error)))
            if self.home:
                with self._said(context, log):
                    self._begin(context, log, held)
            yield self
            if self.home and context.instance:
                history.prune(context.instance, self.keep_runs, self.location)

    def _begin(self, context: dg.InitResourceContext, log: logging.Logger, held: ExitStack) -> None:
        """Takes the lock, for as long as ``held`` lasts, and examines the home."""
        home = home_of(self.home)
        if context.run and context.instance:
            context.instance.add_run_tags(context.run.run_id, history.tags(home))
        held.enter_context(hold(home.state, self.wait))
        held.enter_context(nameless(home))
        for finding in health.begin(home):
            log.warning(without_names(home, finding.line()))
        if context.instance and context.instance.telemetry_enabled:
            log.warning(
                "this Dagster tells its makers of its use; write `telemetry: {enabled: false}` into its dagster.yaml"
            )
        if context.run:
            held.enter_context(taken_up(home, context.run, log))
        held.enter_context(used(home))

    def _tell(self, log: logging.Logger, error: BaseException) -> None:
        """Writes down what may be kept of an error, without the name of a file."""
        words = str(error.description) if isinstance(error, dg.Failure) else masked.words(error)
        log.error(without_names(Home(Path(self.home)), words) if self.home else words)

    @contextmanager
    def _said(self, context: dg.InitResourceContext, log: logging.Logger) -> Iterator[None]:
        """What is a user's to mend is written down in its own words; Dagster masks all that arises before any step.

        Only a run that did not get the lock is started again by Dagster.
        """
        try:
            yield
        except masked.SAID as error:
            self._tell(log, error)
            if isinstance(error, UserError) and context.run and context.instance:
                context.instance.add_run_tags(context.run.run_id, {MAX_RETRIES_TAG: "0"})
            raise

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """What is a user's to mend fails a run of Dagster's in its own words, which are masked otherwise.

        A file that another program has open is tried again. ``fellowship run`` says all of it itself.
        """
        try:
            yield
        except masked.SAID as error:
            if self.is_locked:
                raise
            if isinstance(error, LockHeld):
                raise dg.RetryRequested(max_retries=AGAIN, seconds_to_wait=AGAIN_SECONDS) from error
            words = without_names(Home(Path(self.home)), str(error)) if self.home else str(error)
            raise dg.Failure(words, allow_retries=False) from None

    @contextmanager
    def connect(self, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection; see ``warehouse.connect``. Whatever breaks within says no name of a file and no value.

        What is found damaged the next run makes anew.
        """
        with self._in_words():
            home = home_of(self.home)
            if read_only and not home.warehouse.exists():
                raise UserError(f"{home.warehouse} is not there: {ANEW}")
            try:
                memory = self.memory_mb << 20 if self.memory_mb else None
                opened = warehouse.connect(home.warehouse, read_only=read_only, wait=self.wait, memory=memory)
                with nameless(home), opened as con:
                    yield con
            except Damaged:
                spoiled(home)
                raise

    @contextmanager
    def making(self, made: Collection[str], reads: Collection[str] = ()) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for a step that makes the tables ``made`` of those of ``reads`` (``schema.table``).

        Where one of these is not there, as in a warehouse that is made anew, it is refused in a line. Where the step
        breaks, of what it made nothing stays that a later run of some assets would take for whole.
        """
        with self.connect() as con, whole(con, made, reads):
            yield con


@contextmanager
def whole(con: duckdb.DuckDBPyConnection, made: Collection[str], reads: Collection[str] = ()) -> Iterator[None]:
    """Around the making of tables; see ``WarehouseResource.making``."""
    demand(con, reads)
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):
            for key in made:
                warehouse.drop(con, TABLE_BY_KEY[key])
        raise


class RunProgram:
    """A home and what its ``program.yaml`` says, read once for a run: saving the file meanwhile mixes no two programs.

    ``as_of`` None means: from the data. ``program``: where it has been read already. ``arrivals``: where what landed
    has been taken in already. ``destroys_now``: what is past retention goes at once, as an operator says.
    ``makes_all``: what stands is made anew, too. ``restates``: what was published is, whatever that tells of persons.
    ``engine``: what makes tables, in the place of what the program says.
    """

    def __init__(
        self,
        home: str,
        as_of: date | None = None,
        program: Program | None = None,
        arrivals: Arrivals | None = None,
        *,
        destroys_now: bool = False,
        makes_all: bool = False,
        engine: str | None = None,
        restates: bool = False,
    ) -> None:
        self.home = home
        self.as_of = as_of
        self.arrivals = arrivals
        self.destroys_now = destroys_now
        self.makes_all = makes_all
        self.engine = engine
        self.restates = restates
        self._program = program

    @property
    def place(self) -> Home:
        """The home's places; raises UserError."""
        return home_of(self.home)

    def maker(self) -> Here:
        """What makes tables; to be entered. Raises UserError where Spark is asked for and the program names none."""
        program = self.load()
        asked = self.engine or ("duckdb" if program.engine == "duckdb" else "spark")
        if asked == "duckdb" and program.lake:
            raise UserError("activity is in a table of a lake, which only Spark reads: leave `--engine duckdb` out")
        if asked == "duckdb":
            return Here()
        said = self.spark()
        return Cluster(said.address, said.folder(self.place), said.parts, lake_table(program, clock.now()))

    def spark(self) -> Spark:
        """Where Spark is; raises UserError where the program names none."""
        said = self.load().engine
        if said == "duckdb":
            raise UserError(NO_SPARK)
        return said.spark

    def load(self) -> Program:
        """``program.yaml``, validated; raises UserError."""
        if self._program is None:
            self._program = load_program(self.place.path)
        return self._program


def program_resource(home: str) -> dg.ResourceDefinition:
    """A :class:`RunProgram` for every run, not read before a step asks."""
    return dg.ResourceDefinition(lambda _: RunProgram(home), description="The home and its program.yaml.")
