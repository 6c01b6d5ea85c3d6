"""Copies the tables that ``program.yaml`` reads from a folder of the dataset, and writes the course's one mission down.

Belongs here: which files those are. Does not belong here: what they mean (``program.yaml``).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from examples.writing import csv_bytes
from fellowship_pipeline.errors import UserError

FILES = ("course_participation.csv", "presurvey.csv", "postsurvey.csv")
MISSION = {
    "cohort": "course",
    "mission": "half of the course",
    "due_at": "2024-01-23",
    "alternative": "sessions",
    "requirement": "attendance",
    "target": "",
    "threshold": "4",
    "mandatory": "false",
    "title": "At least 4 of the 10 sessions",
}


def copy(landing: Path, data: Path) -> None:
    """Puts the dataset's files and the mission into ``landing``. Raises UserError where one is missing."""
    missing = [name for name in FILES if not (data / name).is_file()]
    if missing:
        raise UserError(f"{data} has no {', '.join(missing)}; expected the data of 'Data Science for openwashdata'")
    folder = landing / "ds4owd"
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(data / name, folder / name)
    (landing / "missions.csv").write_bytes(csv_bytes(list(MISSION), [list(MISSION.values())]))
