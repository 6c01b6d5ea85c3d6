"""What a preset makes of one file, before anything is compared between files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Shaped
from fellowship_pipeline.intake.presets import preset
from fellowship_pipeline.intake.readers.formats import read_file
from fellowship_pipeline.program.sources import Entry


def shape(name: str, source: str, content: str | bytes, *beside: str | bytes, **entry: Any) -> Shaped:
    """The rows of the content, with others in its entry."""
    settings = Entry(files="landing/*", preset=name, **entry)
    found = preset(name)
    contents = [one.encode() if isinstance(one, str) else one for one in (content, *beside)]
    files = tuple(
        Incoming(str(at), (f"landing/{at}",), len(one), datetime(2024, 3, 6)) for at, one in enumerate(contents)
    )
    read = found.reader or read_file
    group = EntryFiles(
        SOURCE_BY_NAME[source],
        settings,
        found.timezone or "Asia/Seoul",
        files,
        lambda file: read(contents[int(file.sha256)], settings),
    )
    return found.layout(group).shape(files[0], group.open(files[0]))


def rows(shaped: Shaped, *columns: str) -> list[tuple[Any, ...]]:
    """The columns of its rows."""
    assert shaped.rows is not None
    return list(zip(*(shaped.rows.column(name).to_pylist() for name in columns), strict=True))
