"""What Dagster tells of a release: the published figures, rounded as they read, in the page's order and language."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import duckdb
import pytest

from assets.publication import told
from assets.publication.files import publish
from fellowship_pipeline.contracts import KPI_SUBJECTS
from fellowship_pipeline.dashboard.sections import SECTIONS
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import noted, show
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release

SCORECARD = """kpi,slice_by,value,target,status
retention_3m,all,0.61560,,
survey_response_rate,all,0.12,,
placement_rate,all,≤5%,0.125,missed
adoption_rate,all,0.9333333333333333,0.9,met
adoption_rate,cohort,0.5,0.9,missed
attendance_rate,all,<5,,
engagement_rate,all,0.67345,0.5,met
seat_utilization,all,withheld,,
reclaim_rate,all,,,
"""


def program(language: str = "en", **settings: object) -> Program:
    return Program.model_validate({"program": {"id": "p"}, "languages": [language], "sources": {}, **settings})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "scorecard.csv").write_text(SCORECARD, encoding="utf-8")
    return tmp_path


def scorecard(folder: Path, of: Program) -> list[str]:
    return told.scorecard(duckdb.connect(), folder, of).replace("\u00a0", " ").splitlines()


def test_the_scorecard_reads_as_the_tiles_do_in_their_order(folder: Path) -> None:
    assert scorecard(folder, program()) == [
        "| Scorecard | Value | Target | State |",
        "| --- | ---: | ---: | --- |",
        "| Adoption rate | 93.3% | 90% | Target met |",
        "| Engagement rate | 67.3% | 50% | Target met |",
        "| Seat utilization | withheld | – | – |",
        "| Reclaim rate | – | – | – |",
        "| Retention, month 3 | 61.6% | – | – |",
        "| Attendance rate | <5 | – | – |",
        "| Survey response | 12% | – | – |",
        "| Placement rate | ≤5% | 12.5% | Target missed |",
    ]


def test_the_program_says_language_first_lines_and_where_the_page_is(folder: Path) -> None:
    said = program("ko", scorecard={"headline": ["retention_3m"]}, notify={"link": "https://example.org/page"})
    lines = scorecard(folder, said)
    assert lines[0] == "| 점수표 | 값 | 목표 | 상태 |"
    assert lines[2:4] == [
        "| [3개월 유지율](https://example.org/page#retention) | 61.6% | – | – |",
        "| [초대 수락률](https://example.org/page#seats) | 93.3% | 90% | 목표 달성 |",
    ]
    assert told.page(said, "seats") == dg.MetadataValue.url("https://example.org/page#seats")
    assert told.page(program()) == dg.MetadataValue.path("published/current/dashboard.html")


def test_every_subject_is_a_part_of_the_page() -> None:
    assert set(KPI_SUBJECTS) == {section.key for section in SECTIONS} | {"program"}
    assert "kpi.headlines" not in told.places(program()), "it is not published"
    assert told.places(program())["kpi.courses"] == {
        "page": dg.MetadataValue.path("published/current/dashboard.html#learning"),
        "published_as": dg.MetadataValue.path("published/current/tables/courses.csv"),
    }


@pytest.mark.slow
def test_of_a_kpi_table_only_what_is_published_of_it_is_told(tmp_path: Path, release: Release) -> None:
    home = Home(tmp_path)
    show(noted(home), [publish(home, "r1", release, {}, {}, program=program())])
    seen = {
        one.asset_key.path[-1]: {name: value.value for name, value in one.metadata.items()}
        for one in told.observations(duckdb.connect(), home.release, program())
    }
    assert seen["activity"] == {"learners (persons)": 40, "rows_published": 2, "rows_withheld": 2}
    assert seen["seats"] == {"held_end (seats)": 62, "rows_published": 1, "rows_withheld": 0}
    assert seen["missions"] == {"survival_rate (%)": 75, "rows_published": 1, "rows_withheld": 0}
    assert seen["courses"] == {"rows_published": 0, "rows_withheld": 0}


@pytest.mark.parametrize(
    ("rows", "figures"),
    [
        ([("p", 6, 3), ("p", 7, 4)], {"held_end (seats)": 4}),
        ([("p", 6, 3), ("p", 7, 4), ("q", 7, 5)], {"held_end (seats) · p": 4, "held_end (seats) · q": 5}),
        ([("p", 6, 3), ("p", 7, None)], {}),  # withheld: an older one is not the latest
    ],
)
def test_the_latest_figure_is_that_of_the_last_period(
    tmp_path: Path, release: Release, rows: list[tuple[str, int, int | None]], figures: dict[str, int]
) -> None:
    home = Home(tmp_path)
    show(noted(home), [publish(home, "r1", release, {}, {}, program=program())])
    con = duckdb.connect()
    con.execute("create table seats (pool varchar, month date, held_end bigint, suppressed boolean)")
    for pool, month, held in rows:
        con.execute("insert into seats values (?, make_date(2022, ?, 1), ?, ?)", [pool, month, held, held is None])
    con.table("seats").write_parquet(str(home.release / "tables" / "seats.parquet"), overwrite=True)
    found = {one.asset_key.path[-1]: one.metadata for one in told.observations(con, home.release, program())}
    assert {name: value.value for name, value in found["seats"].items() if "held" in name} == {
        **figures,
        "rows_withheld": sum(held is None for _, _, held in rows),
    }
