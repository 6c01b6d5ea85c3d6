"""The settings of a home's Dagster: ``dagster/dagster.yaml``, there before any Dagster opens the folder.

``python -m fellowship_pipeline.home.instance HOME`` writes them, as ``make ui`` does. A Dagster that is started in the
checkout without DAGSTER_HOME finds the same file there. Belongs here: that file. Does not belong here: any Dagster.
"""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path

from fellowship_pipeline.errors import writing
from fellowship_pipeline.home.durable import write_durably
from fellowship_pipeline.home.places import Home

SETTINGS = resources.files("fellowship_pipeline.home") / "dagster.yaml"


def settle(home: Home) -> None:
    """Makes the folder and writes the settings where there are none; those of an operator stay as they are."""
    file = home.dagster / "dagster.yaml"
    with writing(file):
        home.dagster.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            write_durably(file, SETTINGS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    settle(Home(Path(sys.argv[1])))
