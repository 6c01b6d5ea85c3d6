"""Kaggle leaderboards: the download, its older form without ranks, and what the command line prints.

Belongs here: Kaggle's headers, names of files, lines before the header. Instants without a zone are UTC. A team is its
id, which outlives its name; a row is made per member. The competition comes from the file's name, what no leaderboard
says from the entry: ``values: {category: playground, board: private}``.

What the command line prints is a page: a rank is the place in it, so it has to be the first page, and how many teams
there are has to be declared.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from pathlib import PurePosixPath

import pyarrow as pa

from fellowship_pipeline.intake.layouts.declared import exported
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped, rows_of
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.decoding import decode
from fellowship_pipeline.intake.readers.formats import read_file
from fellowship_pipeline.intake.readers.instants import instant
from fellowship_pipeline.intake.readers.records import Quarantined, Records
from fellowship_pipeline.intake.readers.unpacking import ZIP, unpack
from fellowship_pipeline.program.sources import Entry

RANKED = ("Rank", "TeamId", "TeamName", "LastSubmissionDate", "Score", "SubmissionCount", "TeamMemberUserNames")
UNRANKED = ("TeamId", "TeamName", "SubmissionDate", "Score")
PRINTED = (b"Next Page Token", b"Warning:", b"Using competition:")
"""Beginnings of the lines that the command line prints before the header."""
PAGE = "teamId"
"""A header as only the command line spells it."""
BOARD = re.compile(r"(?P<competition>.+)-publicleaderboard(?:-(?P<date>\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2})?))?.*")
ARCHIVE = re.compile(r"(?P<competition>.+?)(?: \(\d+\))?\.zip", re.IGNORECASE)
BENCHMARK = "0"
"""The rank of a benchmark, which is no team."""


def read(data: bytes, entry: Entry) -> Records:
    """The records after the printed lines; ``about`` has the name of the file inside a zip."""
    table, kind = unpack(data)
    printed = 0
    if kind == "text" and not entry.skip_lines:
        lines = decode(table, entry.encoding)[0][:10_000].splitlines()
        printed = next((at for at, line in enumerate(lines) if not line.startswith(PRINTED)), 0)
    records = read_file(data, entry.model_copy(update={"skip_lines": entry.skip_lines + printed}))
    notes = (Note("lines_printed", {"lines": printed}),) if printed else ()
    return replace(records, about={"name": _inside(data)}, notes=(*records.notes, *notes))


def _inside(data: bytes) -> str:
    """The name of the table in a zip that could be unpacked; empty where it is in none."""
    if not data.startswith(ZIP):
        return ""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        paths = [PurePosixPath(name) for name in archive.namelist() if not name.startswith("__MACOSX/")]
    return next((path.name for path in paths if path.suffix.lower() == ".csv"), "")


@dataclass(frozen=True)
class _Kaggle:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        count = len(records.rows)
        if records.place("Rank") is not None:
            records, ranks, teams = _ranked(records)
        else:
            records, ranks, teams = _in_order(records)
        if teams is None and "teams" not in self.group.entry.values:
            raise Quarantined("a part of a leaderboard: declare how many teams there are, `values: {teams: …}`")
        columns = {"rank": ranks, "team": _teams(records), "score": _texts(records, "Score")}
        if records.place("SubmissionCount") is not None:
            columns["submissions"] = _texts(records, "SubmissionCount")
        said = {"board": "public", "teams": teams, **self._said(file, records)}
        columns |= {name: [text] * len(ranks) for name, text in said.items() if text is not None}
        return Shaped(_by_member(records, columns), ignored=count - len(ranks))

    def _said(self, file: Incoming, records: Records) -> dict[str, str | None]:
        """The competition, if the names of the file agree on one, and the instant of the board."""
        paths = [PurePosixPath(path).name for path in file.paths]
        names = [records.about["name"]] if records.about.get("name") else paths
        found = [match for name in names if (match := BOARD.fullmatch(name))]
        named = {match["competition"] for match in found or filter(None, map(ARCHIVE.fullmatch, paths))}
        dates = [match["date"] for match in found if match["date"]]
        moment = exported(self.group.entry, None, file.paths, records, self.group.zone) or _latest(
            dates or _submissions(records), self.group.zone
        )
        return {
            "competition": named.pop() if len(named) == 1 else None,
            "as_of": moment.isoformat() + "Z" if moment else None,
        }


def _ranked(records: Records) -> tuple[Records, list[str], str | None]:
    """The teams, their ranks, and how many there are; None where ranks tell that some are missing."""
    records.demand(("Rank", "TeamId", "TeamName", "Score"))
    records = records.only(pa.array([rank != BENCHMARK for rank in _texts(records, "Rank")], pa.bool_()))
    ranks = _texts(records, "Rank")
    count = len(ranks) + len(records.rejects)
    last = max((int(rank) for rank in ranks if rank.isdecimal()), default=0)
    return records, ranks, str(count) if last <= count else None


def _in_order(records: Records) -> tuple[Records, list[str], str | None]:
    """The teams, ranked by their place in the file, and how many there are; None where it is a page."""
    records.demand(UNRANKED)
    teams, scores = _teams(records), []
    if len(set(teams)) < len(teams):
        raise Quarantined("a team stands in it several times: a history of scores, no leaderboard")
    for text in _texts(records, "Score"):
        try:
            scores.append(float(text))
        except ValueError:
            continue
    steps = [later - earlier for earlier, later in pairwise(scores)]
    if any(step < 0 for step in steps) and any(step > 0 for step in steps):
        raise Quarantined("it has no ranks, and its scores both rise and fall: not in the order of the leaderboard")
    numbers = sorted({*records.rows.to_pylist(), *(reject.row for reject in records.rejects)})
    places = {number: str(place) for place, number in enumerate(numbers, start=1)}
    return (
        records,
        [places[number] for number in records.rows.to_pylist()],
        None if PAGE in records.header else str(len(numbers)),
    )


def _by_member(records: Records, columns: dict[str, list[str]]) -> pa.Table:
    """A row per member of a team; one without a member where the board does not say who they are."""
    if records.place("TeamMemberUserNames") is None:
        return _rows(records, columns)
    members = [
        [name.strip() for name in text.split(",") if name.strip()] for text in _texts(records, "TeamMemberUserNames")
    ]
    sizes = [str(len(names)) if names else "" for names in members]
    rows = rows_of(
        records, {name: pa.array(texts, pa.string()) for name, texts in {**columns, "team_size": sizes}.items()}
    )
    at = [place for place, names in enumerate(members) for _ in names or [""]]
    each_name = [name for names in members for name in names or [""]]
    return rows.take(at).append_column("member", pa.array(each_name, pa.string()))


def _rows(records: Records, columns: dict[str, list[str]]) -> pa.Table:
    return rows_of(records, {name: pa.array(texts, pa.string()) for name, texts in columns.items()})


def _teams(records: Records) -> list[str]:
    """The teams by id, by name where one has none."""
    both = zip(_texts(records, "TeamId"), _texts(records, "TeamName"), strict=True)
    return [number or name for number, name in both]


def _submissions(records: Records) -> list[str]:
    """When teams submitted last."""
    dates = ("LastSubmissionDate", "SubmissionDate")
    return next((_texts(records, name) for name in dates if records.place(name) is not None), [])


def _latest(texts: list[str], zone: str) -> datetime | None:
    return max((moment for text in texts if (moment := instant(text, zone))), default=None)


def _texts(records: Records, header: str) -> list[str]:
    return [text.strip() for text in records.column(header).to_pylist()]


PRESET = Preset(
    _Kaggle,
    timezone="UTC",
    known=(
        Known("Kaggle leaderboard", ("competitions",), RANKED),
        Known("Kaggle leaderboard, older or as the command line prints it", ("competitions",), UNRANKED),
    ),
    reader=read,
)
