"""Writes the exports of a two-year DataCamp fellowship; the same bytes every time.

Belongs here: which files there are. Does not belong here: what stands in any of them (the modules beside).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from examples.datacamp_fellowship import community, connector, records, surveys
from examples.datacamp_fellowship.season import Season

SEED = "datacamp fellowship"


def generate(landing: Path) -> None:
    """Writes every export below ``landing``."""
    for name, content in exports(Season(SEED).run()).items():
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def exports(season: Season) -> Mapping[str, bytes]:
    """Every file by its path below ``landing/``."""
    people, members = season.crowd.people, season.crowd.members()
    works = connector.as_recorded(people, season.motivation.works) + connector.left_by_test_account()
    forms = {
        "surveys/year-1/펠로우십 1년차 설문(응답) - 설문지 응답 시트1.csv": surveys.year_1(members),
        "surveys/year-2/펠로우십 2년차 설문(응답) - 설문지 응답 시트1.csv": surveys.year_2(members),
    }
    return {
        **{f"datacamp/{name}": content for name, content in connector.folders(people, works).items()},
        **records.seat_ledger(season.ledger.events),
        **records.roster(members),
        **records.applications(people),
        **community.files(members),
        **forms,
        "aliases/aliases.csv": records.aliases(members),
        "catalog/catalog.csv": records.catalog_sheet(),
        "benchmarks/benchmarks.csv": records.benchmarks(),
    }
