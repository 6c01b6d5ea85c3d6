"""What was measured, of which build and on which machine, as it stands in ``docs/benchmarks.json``.

Belongs here: the shape of the figures, and their medians. Does not belong here: measuring, or what a reader sees.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from pydantic import TypeAdapter

from benchmarks.growth.cost import Cost

Costs = dict[str, Cost | None]
"""By what was measured; None: the machine's memory did not do for it."""

PRODUCT = "product"
VERSIONS = ("duckdb", "polars", "pandas", "pyarrow")


@dataclass(frozen=True)
class Round:
    """One after the other: runs of the product, then peers and queries in the home that these left."""

    runs: Costs
    """By what had changed before."""
    readings: Costs
    """From the exports to a table of the rows (read_csv), or to six tables in Parquet (peers)."""
    queries: Costs
    """From rows that are typed already to six tables; the peak is that of the process, rows included."""
    cells: int
    """Of a peer's tables, each compared with the product's and found equal."""


@dataclass(frozen=True)
class Size:
    """The rounds of homes of one size, and what made them."""

    rows: int
    command: str
    build: str
    day: str
    rounds: list[Round] = field(default_factory=list)

    def median(self, of: Callable[[Round], float | None]) -> float | None:
        """Over the rounds; None where one of them has none."""
        found = [of(one) for one in self.rounds]
        whole = [one for one in found if one is not None]
        return median(whole) if len(whole) == len(found) else None


@dataclass(frozen=True)
class Machine:
    """Where it was measured, and with which versions."""

    system: str
    processor: str
    cores: int
    memory: int
    versions: dict[str, str]


@dataclass(frozen=True)
class Measurements:
    """Everything that the page is made of."""

    machine: Machine
    sizes: list[Size]


_ADAPTER = TypeAdapter(Measurements)


def read(place: Path) -> Measurements:
    """As it was written."""
    return _ADAPTER.validate_json(place.read_bytes())


def write(measured: Measurements, place: Path) -> None:
    """As JSON."""
    place.write_bytes(_ADAPTER.dump_json(measured, indent=1) + b"\n")


def this_machine() -> Machine:
    """The one that this runs on."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return Machine(
        system=f"{platform.system()} {platform.machine()}",
        processor=models[0] if models else platform.processor(),
        cores=os.cpu_count() or 1,
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        versions={"Python": platform.python_version()} | {name: importlib.metadata.version(name) for name in VERSIONS},
    )
