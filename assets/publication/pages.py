"""The publication: gate, privacy, page, files; what anybody may have, and what operators work with.

Tables of another day than the data reaches (``generation.other_day``) are published beside, and nothing becomes
current. Belongs here: the order of those steps. Does not belong here: any of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import duckdb

from assets.describe import OWNER, asset_key, unchanged
from assets.publication import earlier, standing, told
from assets.publication.account import page_context
from assets.publication.files import publish, publish_beside
from assets.publication.frames import checked
from assets.publication.gate import Policy, Verdict, verdicts
from assets.publication.operations import hand_over
from assets.publication.revisions import revised
from assets.publication.warnings import revisions
from assets.resources import RunProgram, WarehouseResource, demand
from assets.sql import models
from fellowship_pipeline.apart import ALONE, Apart
from fellowship_pipeline.contracts import META_TABLES, TABLES
from fellowship_pipeline.dashboard import render
from fellowship_pipeline.dashboard.context import PageContext
from fellowship_pipeline.home.generations import noted, show
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release, build_release
from fellowship_pipeline.release.held import beside
from fellowship_pipeline.release.memory import remember
from fellowship_pipeline.report import render_reports
from fellowship_pipeline.report.quotes import chosen

DASHBOARD = dg.AssetKey(["publication", "dashboard"])
OPERATIONS = dg.AssetKey(["publication", "operations"])
FRESHNESS = dg.FreshnessPolicy.time_window(warn_window=timedelta(hours=30), fail_window=timedelta(days=3))
"""The refresh is daily: a day missed is a warning, three are a failure."""


def build_publication(checks: Mapping[dg.AssetCheckKey, Policy], apart: Apart = ALONE) -> dg.AssetsDefinition:
    """The publication, which refuses while a check of ``checks`` that blocks has not passed."""
    deps = [asset_key(key, apart) for key in (*models(), *(table.key for table in META_TABLES))]

    def spec(key: dg.AssetKey, description: str, kinds: set[str], *, skippable: bool = False) -> dg.AssetSpec:
        return dg.AssetSpec(
            key.with_prefix(apart.prefix),
            skippable=skippable,
            deps=deps,
            description=description,
            group_name="publication",
            owners=[OWNER],
            kinds=kinds,
            freshness_policy=FRESHNESS,
        )

    @dg.multi_asset(
        specs=[
            spec(
                DASHBOARD,
                "What anybody may have: dashboard, renewal reports, suppressed tables, manifest in published/current. "
                "Grain: one release.",
                {"plotly", "duckdb", "parquet"},
            ),
            spec(
                OPERATIONS,
                "Pages and lists with persons for operators: operations/current. Grain: one list per kind.",
                {"csv", "excel"},
                skippable=True,  # nothing is made of it as of another day
            ),
        ],
        pool=apart.pool,
        op_tags={"dagster/priority": "-10"},
    )
    def publication(
        context: dg.AssetExecutionContext, program: dg.ResourceParam[RunProgram], warehouse: WarehouseResource
    ) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        """Publishes what has passed its checks, unless it is what stands; or refuses and leaves the last release."""
        settings = program.load()
        found = verdicts(context.instance, checks, context.run.run_id)
        if stopping := [verdict for verdict in found if verdict.stops]:
            raise dg.Failure(
                f"nothing new is published: {_counted(stopping)} not passed",
                metadata={"checks": dg.MetadataValue.md(_listed(stopping, settings.languages[0]))},
                allow_retries=False,
            )
        with warehouse.connect(read_only=True) as con:
            demand(con, [table.key for table in TABLES])  # lists and warnings read settings and staging, too
            about = page_context(con, program.place, settings, context.run.run_id, found)
            if generation.other_day(con, settings) is not None:
                release = checked(beside(build_release(con, settings), earlier.remembered(program.place)))
                pages = _pages(con, settings, release, about)
                there = publish_beside(program.place, context.run.run_id, release, pages, program=settings)
                shown = there.relative_to(program.place.path)
                yield _dashboard(con, there, settings, apart, shown=shown, as_of=about.generated_as_of)
                return
            is_known = all(verdict.state in ("passed", "failed") for verdict in found)
            made_of = standing.basis(con, settings, about.warnings) if is_known else None
            since = None if program.makes_all or program.restates else standing.stands_since(program.place, made_of)
            if since is None:
                made = build_release(con, settings)
                held = earlier.beside_earlier(con, program.place, settings, made, anew=program.restates)
                release = checked(held.release)
                changed = revised(program.place, release)
                kept = earlier.in_words(held, settings)
                unnamed = [earlier.TEXTS["stand_unnamed"]] if kept else []
                about = replace(about, warnings=[*about.warnings, *revisions(changed), *unnamed])
                pages = _pages(con, settings, release, about)
                folder = publish(program.place, context.run.run_id, release, pages, changed, program=settings)
                note = {**standing.noted(made_of), earlier.STANDS: kept, earlier.RELEASE: held.memory.last}
                warned = [*([kept] if kept else []), *(check.words for check in about.checks if not check.passed)]
                lists = hand_over(program.place, context.run.run_id, con, settings, [*about.warnings, *warned], **note)
                remember(program.place, held.memory)
                show(noted(program.place), [folder, lists])
            for seen in told.observations(con, program.place.release, settings, apart):
                context.log_event(seen)
            as_of, stands = about.generated_as_of, since is not None
            current = program.place.release
            yield _dashboard(con, current, settings, apart, made_of=made_of, as_of=as_of, stands=stands)
        yield dg.MaterializeResult(
            asset_key=OPERATIONS.with_prefix(apart.prefix),
            metadata={
                "page": dg.MetadataValue.path(str(program.place.lists.relative_to(program.place.path) / "index.html")),
                **unchanged(stands=stands),
            },
            data_version=dg.DataVersion(made_of) if made_of else None,
        )

    return publication


def _counted(stopping: Sequence[Verdict]) -> str:
    return f"{len(stopping)} blocking checks have" if len(stopping) > 1 else "1 blocking check has"


def _listed(stopping: Sequence[Verdict], language: str) -> str:
    """Of each check what is wrong; of one without a result that it has none, or an old one."""
    return "\n".join(f"- {one.name}: {one.words[language] if one.state == 'failed' else one.state}" for one in stopping)


def _pages(con: duckdb.DuckDBPyConnection, program: Program, release: Release, about: PageContext) -> dict[str, str]:
    """Dashboard and reports, by the names of their files."""
    reports = render_reports(release, program, about, chosen(con, program).quotes)
    return {"dashboard.html": render(release, program, about), **reports}


def _dashboard(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    program: Program,
    apart: Apart,
    *,
    shown: Path = told.CURRENT,
    made_of: str | None = None,
    as_of: date,
    stands: bool = False,
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """What is told of the release in that folder, which is called ``shown`` in the home."""
    return dg.MaterializeResult(
        asset_key=DASHBOARD.with_prefix(apart.prefix),
        metadata={
            "as_of": as_of.isoformat(),
            "scorecard": dg.MetadataValue.md(told.scorecard(con, folder, program)),
            "page": told.page(program, shown=shown),
            "report": dg.MetadataValue.path(str(shown / f"report.{program.languages[0]}.html")),
            "tables": dg.MetadataValue.path(str(shown / "tables")),
            **unchanged(stands=stands),
        },
        data_version=dg.DataVersion(made_of) if made_of else None,
    )
