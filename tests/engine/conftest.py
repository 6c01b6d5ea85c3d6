from __future__ import annotations

from collections.abc import Iterator

import pytest

from .clusters import Cluster, cluster


@pytest.fixture(scope="session")
def spark_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("spark")) as started:
        yield started
