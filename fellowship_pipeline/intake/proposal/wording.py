"""Names for what a proposal says of a file: the pattern that later exports of it fit, the survey's id.

Belongs here: turning a path into settings. Does not belong here: what is in the file.
"""

from __future__ import annotations

import glob
import re
from pathlib import Path, PurePosixPath

from fellowship_pipeline.home import Home

OF_TOOLS = re.compile(r"\s*(\((응답|responses|\d+)\)|- (설문지 응답 시트|form responses) ?\d*)")
"""What Google Forms, its sheets and browsers add to the name of a file, in small letters."""

DAY = re.compile(
    r"(?<!\d)(?:19|20)\d{2}[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?(?!\d)"
    r"|(?<!\d)(?:19|20)\d{2}년 ?\d{1,2}월(?: ?\d{1,2}일)?"
)


def pattern(file: Path, *, with_folder: bool = False) -> str:
    """The pattern, days and months in it left open; ``with_folder``: tables of one day lie together in a folder."""
    path = _in_landing(file) or PurePosixPath(*file.resolve().parts[-2 if with_folder else -1 :])
    return str(PurePosixPath("landing", *(DAY.sub("*", glob.escape(part)) for part in path.parts)))


def survey_id(file: Path) -> str:
    """A name for the survey: the file's, less what tools add to it."""
    name = OF_TOOLS.sub("", file.name.partition(".")[0].casefold())
    return re.sub(r"[\W_]+", "-", name).strip("-") or "survey"


def _in_landing(file: Path) -> PurePosixPath | None:
    """The path below the landing folder of a home, where it lies in one."""
    for folder in file.resolve().parents:
        if Home(folder).program_file.exists() and file.resolve().is_relative_to(Home(folder).landing):
            return PurePosixPath(file.resolve().relative_to(Home(folder).landing))
    return None
