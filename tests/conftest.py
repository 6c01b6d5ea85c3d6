"""Options and hooks of all tests: what is sampled, and what a run of them says for ``docs/record.md``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from tests.browsing import chromium, open_uri

__all__ = ["chromium", "open_uri"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """The long form."""
    parser.addoption("--whole", action="store_true", help="every case of the tests of which else a sample is run")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Notes for the run's results which cases a test shows, and its name, to which a worker appends its group."""
    numbers = [number for marker in item.iter_markers("fault") for number in marker.args]
    if numbers:
        item.user_properties += [("test", item.nodeid), *(("fault", number) for number in numbers)]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what is long, and what is not of the sample: of a test's cases every so many stay, the first too."""
    if config.getoption("--whole"):
        return
    seen, left_out = Counter[str](), []
    for item in items:
        if item.get_closest_marker("long"):
            left_out.append(item)
        elif marker := item.get_closest_marker("sampled"):
            test = item.nodeid.partition("[")[0]
            left_out += [item] if seen[test] % marker.args[0] else []
            seen[test] += 1
    gone = set(left_out)
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in gone]


@pytest.fixture
def record_figure(record_property: Callable[[str, object], None]) -> Callable[[str, int], None]:
    """Tells ``docs/record.md`` a figure of ``benchmarks/promises.yaml``, once it held."""
    return lambda name, value: record_property("figure", f"{name}: {value}")


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes are told apart by their place: a workbook or a gzip holds its time, and workers would disagree on it."""
    return argname if isinstance(val, bytes) else None
