"""Copies the tables that ``program.yaml`` reads from a folder of the dataset.

Belongs here: which files those are. Does not belong here: what they mean (the preset ``oulad``).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from fellowship_pipeline.errors import UserError

FILES = ("studentRegistration.csv", "assessments.csv", "studentAssessment.csv", "studentVle_excel_truncated.zip")


def copy(landing: Path, data: Path) -> None:
    """Puts the dataset's files into ``landing/oulad``. Raises UserError where one is missing."""
    missing = [name for name in FILES if not (data / name).is_file()]
    if missing:
        raise UserError(f"{data} has no {', '.join(missing)}; expected the Open University Learning Analytics Dataset")
    folder = landing / "oulad"
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(data / name, folder / name)
