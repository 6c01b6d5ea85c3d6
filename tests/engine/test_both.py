"""DuckDB and Spark make the same tables, and the same is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.distributed import Cluster as Distributed

from .both import example_differences, program_differences
from .clusters import Cluster

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.slow]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("seed", [0, 6])
def test_generated_programs(spark_cluster: Cluster, seed: int, tmp_path: Path) -> None:
    with Distributed(spark_cluster.remote, tmp_path / "parts", 4) as cluster:
        assert list(program_differences(seed, cluster)) == []


@pytest.mark.whole_run
def test_an_example(spark_cluster: Cluster, tmp_path: Path) -> None:
    assert list(example_differences("ml_bootcamp_2020", spark_cluster.remote, tmp_path)) == []
