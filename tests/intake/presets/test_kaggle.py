from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from tests.intake.homes import Place

pytestmark = pytest.mark.slow

ENTRY: dict[str, Any] = {"preset": "kaggle", "files": "landing/*", "values": {"category": "playground"}}
RANKED = "Rank,TeamId,TeamName,LastSubmissionDate,Score,SubmissionCount,TeamMemberUserNames\n"
BOARD = (
    RANKED
    + '1,101,"김, 이 & Co. ""최고""","2026-08-03 23:01:03",0.943,2,"u1,u2"\n'
    + "2,102,Solo,2026-08-04 11:26:42,0.9,7,u3\n"
)
OLD = "TeamId,TeamName,SubmissionDate,Score\n"
PRINTED = "teamId,teamName,submissionDate,score\n"
ROWS = "select competition, category, team, rank, teams, member, team_size, score, submissions, as_of, board"
LOADED = ROWS + " from raw.competitions order by rank, member"
FATES = "select rows, ignored, status, reason from raw.files"


def archive(name: str, text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("__MACOSX/._" + name, b"resource fork")
        file.writestr(name, "\ufeff" + text)
    return out.getvalue()


def test_a_download_gives_a_row_per_member(place: Place) -> None:
    """Names with commas, quotes and Hangul; the members are in one cell; the board is as old as its last submission."""
    place.configure({"competitions": [ENTRY]})
    place.land({"titanic.zip": archive("titanic-publicleaderboard.csv", BOARD)})
    first = ("titanic", "playground", "101", "1", "2")
    as_of = ("2026-08-04T11:26:42Z", "public")
    assert place.rows(LOADED) == [
        (*first, "u1", "2", "0.943", "2", *as_of),
        (*first, "u2", "2", "0.943", "2", *as_of),
        ("titanic", "playground", "102", "2", "2", "u3", "1", "0.9", "7", *as_of),
    ]
    assert place.rows("select _row, _line from raw.competitions order by all") == [(1, 2), (1, 2), (2, 3)]
    assert place.rows(FATES) == [(2, 0, "loaded", None)]


@pytest.mark.parametrize(
    ("name", "as_of"),
    [
        ("digits-publicleaderboard-2026-09-30T17:41:44.csv", "2026-09-30T17:41:44Z"),
        ("digits-publicleaderboard-2026-09-30.csv", "2026-09-30T00:00:00Z"),
        ("digits-publicleaderboard.csv", "2026-08-04T11:26:42Z"),
        ("digits (1).zip", "2026-08-04T11:26:42Z"),
    ],
)
def test_names_of_files_say_the_competition_and_when(place: Place, name: str, as_of: str) -> None:
    place.configure({"competitions": [ENTRY]})
    place.land({name: archive("board.csv", BOARD) if name.endswith("zip") else BOARD})
    assert place.rows("select distinct competition, as_of from raw.competitions") == [("digits", as_of)]


def test_the_entry_decides_what_it_says(place: Place) -> None:
    values = {"category": "featured", "competition": "house", "board": "private"}
    exported = {"filename": r"(?P<date>\d{4}-\d{2}-\d{2})"}
    place.configure({"competitions": [ENTRY | {"values": values, "exported": exported}]})
    place.land({"final 2026-09-01 titanic-publicleaderboard.csv": BOARD})
    assert place.rows("select distinct competition, category, board, as_of from raw.competitions") == [
        ("house", "featured", "private", "2026-09-01T00:00:00Z")
    ]


@pytest.mark.parametrize(
    ("entry", "lacking"),
    [({"preset": "kaggle", "files": "landing/*"}, "category"), (ENTRY, "competition")],
)
def test_what_nobody_says_has_to_be_declared(place: Place, entry: dict[str, Any], lacking: str) -> None:
    place.configure({"competitions": [entry]})
    place.land({"leaders.csv" if lacking == "competition" else "titanic-publicleaderboard.csv": BOARD})
    ((rows, _, status, reason),) = place.rows(FATES)
    assert (rows, status) == (0, "quarantined")
    assert reason == f"it does not say {lacking}: declare `values: {{{lacking}: …}}` in the entry"


def test_benchmarks_are_no_teams(place: Place) -> None:
    place.configure({"competitions": [ENTRY]})
    place.land({"t-publicleaderboard.csv": BOARD + "0,900,sample_benchmark,2026-08-01 00:00:00,0.5,1,host\n"})
    assert place.rows("select distinct teams from raw.competitions") == [("2",)]
    assert place.rows(FATES)[0][:3] == (3, 1, "loaded")


def test_a_rejected_record_is_still_a_team(place: Place) -> None:
    place.configure({"competitions": [ENTRY]})
    place.land({"t-publicleaderboard.csv": BOARD + "3,103,Extra,2026-08-01 00:00:00,0.5,1,u9,what\n"})
    assert place.rows("select distinct teams from raw.competitions") == [("3",)]


def test_ranks_above_the_number_of_rows_tell_that_teams_are_missing(place: Place) -> None:
    place.configure({"competitions": [ENTRY]})
    place.land({"t-publicleaderboard.csv": BOARD + "9,109,Ours,2026-08-01 00:00:00,0.5,1,u9\n"})
    assert place.rows(FATES)[0][2:] == (
        "quarantined",
        "a part of a leaderboard: declare how many teams there are, `values: {teams: …}`",
    )


def test_the_older_download_ranks_by_the_order_of_rows(place: Place) -> None:
    place.configure({"competitions": [ENTRY]})
    rows = "1,Alpha,2024-06-01T12:00:00.000Z,0.12\n2,Beta,2024-06-02 09:30:00,0.15\n3,Gamma,,0.15\n"
    place.land({"titanic-publicleaderboard.csv": OLD + rows})
    assert place.rows("select team, rank, teams, score, as_of, member from raw.competitions order by rank") == [
        ("1", "1", "3", "0.12", "2024-06-02T09:30:00Z", None),
        ("2", "2", "3", "0.15", "2024-06-02T09:30:00Z", None),
        ("3", "3", "3", "0.15", "2024-06-02T09:30:00Z", None),
    ]


def test_a_rejected_record_keeps_its_place_among_ranks(place: Place) -> None:
    place.configure({"competitions": [ENTRY]})
    place.land({"t-publicleaderboard.csv": OLD + "1,A,2024-06-01,0.9\n2,B\n3,C,2024-06-01,0.8\n"})
    assert place.rows("select team, rank, teams from raw.competitions order by rank") == [
        ("1", "1", "3"),
        ("3", "3", "3"),
    ]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("1,A,2024-06-01,0.5\n1,A,2024-06-02,0.6\n", "a team stands in it several times: a history of scores"),
        ("1,A,2024-06-01,0.5\n2,B,2024-06-02,0.6\n3,C,2024-06-02,0.4\n", "it has no ranks, and its scores both rise"),
    ],
)
def test_what_is_no_leaderboard_in_order_is_refused(place: Place, rows: str, reason: str) -> None:
    place.configure({"competitions": [ENTRY]})
    place.land({"titanic-publicleaderboard.csv": OLD + rows})
    ((_, _, status, said),) = place.rows(FATES)
    assert status == "quarantined"
    assert said.startswith(reason)


PAGE = "Next Page Token = CfDJ8\n" + PRINTED + "1,alpha,2026-06-10 01:02:03,0.95\n2,beta,2026-06-11 01:02:03,0.9\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.fault("B19")
def test_a_printed_page_needs_the_number_of_teams(place: Place, encoding: str) -> None:
    """The command line's own lines before the header are left out, whatever shell wrote the file."""
    warned = "Warning: Looks like you're using an outdated API Version\r\n" + PAGE
    place.configure({"competitions": [ENTRY | {"values": {"category": "x", "competition": "titanic", "teams": 1877}}]})
    place.land({"page.csv": warned.encode(encoding)})
    assert place.rows("select team, rank, teams, as_of, _row, _line from raw.competitions order by rank") == [
        ("1", "1", "1877", "2026-06-11T01:02:03Z", 1, 4),
        ("2", "2", "1877", "2026-06-11T01:02:03Z", 2, 5),
    ]
    assert place.rows(FATES) == [(2, 0, "loaded", "2 printed lines before the header left out")]


def test_a_printed_page_without_the_number_of_teams_is_refused(place: Place) -> None:
    place.configure({"competitions": [ENTRY | {"values": {"category": "x", "competition": "titanic"}}]})
    place.land({"page.csv": PAGE})
    assert place.rows(FATES)[0][2:] == (
        "quarantined",
        "a part of a leaderboard: declare how many teams there are, `values: {teams: …}`",
    )


def test_another_list_of_kaggle_is_refused(place: Place) -> None:
    place.configure({"competitions": [ENTRY]})
    place.land({"s.csv": "ref,fileName,date,description,status,publicScore,privateScore\n1,a,2026-01-01,x,c,1,1\n"})
    assert place.rows(FATES)[0][2:] == (
        "quarantined",
        "the file has no column 'TeamId', 'TeamName', 'SubmissionDate', 'Score'",
    )
