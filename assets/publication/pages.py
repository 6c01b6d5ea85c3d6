"""The publication: gate, privacy, page, files; the only assets that leave the warehouse.

Belongs here: the order of those steps. Does not belong here: any of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import dagster as dg
import duckdb

from assets.describe import OWNER, STANDS, asset_key
from assets.publication import standing
from assets.publication.account import page_context
from assets.publication.files import publish
from assets.publication.frames import checked
from assets.publication.gate import Policy, verdicts
from assets.publication.operations import hand_over
from assets.publication.revisions import revised
from assets.publication.warnings import revisions
from assets.resources import POOL, RunProgram, WarehouseResource, demand
from assets.sql import models
from fellowship_pipeline.contracts import META_TABLES, TABLES
from fellowship_pipeline.dashboard import render
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import noted, show
from fellowship_pipeline.release.build import build_release

DASHBOARD = dg.AssetKey(["publication", "dashboard"])
OPERATIONS = dg.AssetKey(["publication", "operations"])
FRESHNESS = dg.FreshnessPolicy.time_window(warn_window=timedelta(hours=30), fail_window=timedelta(days=3))
"""The refresh is daily: a day missed is a warning, three are a failure."""


def build_publication(checks: Mapping[dg.AssetCheckKey, Policy]) -> dg.AssetsDefinition:
    """The publication, which refuses while a check of ``checks`` that blocks has not passed."""
    deps = [asset_key(key) for key in (*models(), *(table.key for table in META_TABLES))]

    def spec(key: dg.AssetKey, description: str, kinds: set[str]) -> dg.AssetSpec:
        return dg.AssetSpec(
            key,
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
                "What anybody may have: page, suppressed tables, manifest in published/current. Grain: one release.",
                {"plotly", "duckdb", "parquet"},
            ),
            spec(
                OPERATIONS,
                "Pages and lists with persons for operators: operations/current. Grain: one list per kind.",
                {"csv", "excel"},
            ),
        ],
        pool=POOL,
        op_tags={"dagster/priority": "-10"},
    )
    def publication(
        context: dg.AssetExecutionContext, program: dg.ResourceParam[RunProgram], warehouse: WarehouseResource
    ) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        """Publishes what has passed its checks, unless it is what stands; or refuses and leaves the last release."""
        found = verdicts(context.instance, checks, context.run.run_id)
        stopping = [verdict for verdict in found if verdict.stops]
        if stopping:
            raise dg.Failure(
                f"nothing new is published: {len(stopping)} blocking checks have not passed",
                metadata={"checks": dg.MetadataValue.md("\n".join(f"- {v.name} {v.state}" for v in stopping))},
                allow_retries=False,
            )
        settings = program.load()
        with warehouse.connect(read_only=True) as con:
            demand(con, [table.key for table in TABLES])  # lists and warnings read settings and staging, too
            about = page_context(con, program.place, settings, context.run.run_id, found)
            is_known = all(verdict.state in ("passed", "failed") for verdict in found)
            made_of = standing.basis(con, settings, about.warnings) if is_known else None
            since = None if program.makes_all else standing.stands_since(program.place, made_of)
            if since is None:
                release = checked(build_release(con, settings))
                changed = revised(program.place, release)
                about = replace(about, warnings=[*about.warnings, *revisions(changed)])
                page = render(release, settings, about)
                folder = publish(program.place, context.run.run_id, release, page, changed)
                note = standing.noted(made_of)
                lists = hand_over(program.place, context.run.run_id, con, settings, about.warnings, **note)
                show(noted(program.place), [folder, lists])
            preview = _preview(con, program.place)
        yield dg.MaterializeResult(
            asset_key=DASHBOARD,
            metadata={
                "dashboard": dg.MetadataValue.path(str(program.place.release / "dashboard.html")),
                "as_of": about.generated_as_of.isoformat(),
                "scorecard": dg.MetadataValue.md(preview),
                STANDS: since is not None,
            },
            data_version=dg.DataVersion(made_of) if made_of else None,
        )
        yield dg.MaterializeResult(
            asset_key=OPERATIONS,
            metadata={
                "folder": dg.MetadataValue.path(str(program.place.lists)),
                "page": dg.MetadataValue.path(str(program.place.lists / "index.html")),
                STANDS: since is not None,
            },
            data_version=dg.DataVersion(made_of) if made_of else None,
        )

    return publication


def _preview(con: duckdb.DuckDBPyConnection, home: Home) -> str:
    """The whole program's scorecard as it is published, in Markdown."""
    shown = "select label, value, target, status from read_parquet(?) where slice_by = 'all'"
    lines = ["| KPI | value | target | status |", "| --- | --- | --- | --- |"]
    for label, *shares, status in con.execute(shown, [str(home.release / "tables/scorecard.parquet")]).fetchall():
        value, target = ("–" if share is None else f"{share:.1%}" for share in shares)
        lines.append(f"| {label} | {value} | {target} | {status or '–'} |")
    return "\n".join(lines)
