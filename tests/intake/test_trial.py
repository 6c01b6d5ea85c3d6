"""One file tried without loading it: the account is what a run would make of it, with what came before."""

from __future__ import annotations

from pathlib import Path

import pytest

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.forgetting.reading import forget_and_read
from fellowship_pipeline.intake.trial import Broken, Trial, try_file, try_proposed
from fellowship_pipeline.warehouse import connect
from tests.intake.homes import Place

pytestmark = pytest.mark.slow

ACTIVITY = {"activity": [{"files": "landing/a*.csv"}]}


def tried(place: Place, file: Path, source: str | None = None) -> list[Trial]:
    return try_file(file, place.program(), place.home, source)


@pytest.fixture
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads") / "activity.csv"


def test_rows_by_what_becomes_of_them(place: Place, file: Path) -> None:
    place.configure(ACTIVITY)
    file.write_text("member,occurred_at,xp\na,2022-03-01,1\nb,soon,2\nc,2022-03-02,-1\nd,2022-03-03,-2\n")
    (trial,) = tried(place, file)
    assert (trial.status, trial.rows, trial.staged, trial.rejected) == ("loaded", 4, 1, 3)
    assert [(broken.column, broken.records, broken.lines) for broken in trial.rejects] == [
        ("xp", 2, (4, 5)),
        ("occurred_at", 1, (3,)),
    ]
    assert isinstance(trial.rejects[0], Broken)
    assert trial.unmatched_names is None
    assert trial.loadable


def test_a_later_export_restates_what_came_before(place: Place, file: Path) -> None:
    place.configure({"completions": [{"files": "landing/*.csv"}]})
    place.land({"old.csv": "member,course,completed_at,score\na,SQL,2022-03-01,1\na,R,2022-03-01,1\n"})
    place.take_in()
    with connect(None) as con:
        forget_and_read(con, place.home, place.program())
    file.write_text("member,course,completed_at,score\na,SQL,2022-03-01,2\nb,R,2022-03-02,1\n")
    (trial,) = tried(place, file)
    assert (trial.staged, trial.superseded, trial.came_before) == (2, 0, False)


def test_the_same_bytes_came_before(place: Place, file: Path) -> None:
    text = "member,occurred_at\na,2022-03-01\n"
    place.configure(ACTIVITY)
    place.land({"a1.csv": text})
    place.take_in()
    file.write_text(text)
    (trial,) = tried(place, file)
    assert trial.came_before
    assert trial.loadable


def test_a_file_in_the_landing_folder_is_tried_where_it_lies(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/platform/*/day.csv"}, {"files": "landing/a.csv"}]})
    place.land({"platform/x/day.csv": "member,occurred_at\na,2022-03-01\n"})
    (trial,) = tried(place, place.home.landing / "platform" / "x" / "day.csv")
    assert trial.entry == "program.yaml line 8, sources.activity[0]"
    assert trial.staged == 1
    assert not place.home.ledger.exists()
    assert not place.home.archive.exists()


def test_folders_of_the_file_may_be_part_of_the_pattern(place: Place, file: Path) -> None:
    place.configure({"activity": [{"files": "landing/downloads*/activity.csv"}]})
    file.write_text("member,occurred_at\na,2022-03-01\n")
    assert [trial.staged for trial in tried(place, file)] == [1]


def test_a_preset_finds_what_it_looks_up_beside_the_file(place: Place, file: Path) -> None:
    place.configure({"activity": [{"preset": "datacamp_data_connector", "files": "landing/*fact.csv"}]})
    fact = file.with_name("learning_course_fact.csv")
    fact.write_text("user_id,course_id,started_at,completed_at,time_spent,xp\n1,7,2022-03-01,,60,50\n")
    (trial,) = tried(place, fact)
    assert (trial.status, trial.reason, trial.loadable) == (
        "quarantined",
        "no usable user_dim.csv in its folder",
        False,
    )
    file.with_name("user_dim.csv").write_text("user_id,email\n1,k@x.org\n")
    file.with_name("course_dim.csv").write_text("course_id,title\n7,SQL\n")
    assert [trial.staged for trial in tried(place, fact)] == [1]


def test_names_are_looked_up_among_the_members_of_the_home(place: Place, file: Path) -> None:
    place.configure({"roster": [{"files": "landing/roster.csv"}], **ACTIVITY})
    place.land({"roster.csv": "member,cohort\na,c\n"})
    place.take_in()
    file.write_text("member,occurred_at\na,2022-03-01\nb,2022-03-01\nb,2022-03-02\n")
    (trial,) = tried(place, file)
    assert (trial.unmatched_names, trial.unmatched_rows) == (1, 2)


def test_every_record_rejected_is_not_loadable(place: Place, file: Path) -> None:
    place.configure(ACTIVITY)
    file.write_text("member,occurred_at\na,soon\n")
    (trial,) = tried(place, file)
    assert (trial.status, trial.reason, trial.loadable) == (
        "loaded",
        "every record would be rejected; `format` under `columns` says how dates are written, such as '%d/%m/%Y %H:%M'",
        False,
    )


def test_every_record_rejected_names_the_key_of_the_entry_that_would_mend_it(place: Place, file: Path) -> None:
    """A preset's entry has no `format`."""
    entry = {"preset": "edx_enterprise", "files": "landing/*.csv"}
    header = "email,course_title,course_subject,enroll_type,activity_date,learning_time_hours,is_engaged_video,"
    file.write_text(header + "is_engaged_forum,is_engaged_problem\na@x.org,Demo,CS,verified,13/5/2024,1.5,1,0,1\n")
    place.configure({"activity": [entry]})
    (trial,) = tried(place, file)
    assert trial.reason == (
        "every record would be rejected; "
        "`datetime_format` in the entry says how dates are written, such as '%d/%m/%Y %H:%M'"
    )
    place.configure({"activity": [entry | {"datetime_format": "%d/%m/%Y"}]})
    (trial,) = tried(place, file)
    assert (trial.staged, trial.loadable) == (1, True)


def test_a_temporary_name_is_ignored(place: Place, file: Path) -> None:
    place.configure({"activity": [{"files": "landing/*"}]})
    (trial,) = tried(place, _written(file.with_name("activity.csv.part"), "member,occurred_at\na,2022-03-01\n"))
    assert (trial.status, trial.rows) == ("ignored", 0)
    assert trial.reason


def _written(file: Path, text: str) -> Path:
    file.write_text(text)
    return file


def test_a_mapping_that_names_no_header_of_the_file_is_an_error_of_program_yaml(place: Place, file: Path) -> None:
    place.configure({"activity": [{"files": "landing/*.csv", "columns": {"member": "Mail", "occurred_at": "Day"}}]})
    file.write_text("E-Mail,Day\na,2022-03-01\n")
    with pytest.raises(UserError, match=r"sources.activity\[0\].columns.member: no file of landing/\*.csv has"):
        tried(place, file)


def test_sources_that_are_not_configured(place: Place, file: Path) -> None:
    place.configure({"completions": []})
    file.write_text("member,occurred_at\na,2022-03-01\n")
    with pytest.raises(UserError, match="unknown source 'activity'"):
        tried(place, file, "activity")
    with pytest.raises(UserError, match=r"no entry of program.yaml asks for activity.csv"):
        tried(place, file)


def test_without_a_home_the_best_mapping_is_tried(file: Path) -> None:
    file.write_text("E-Mail,Date\nk@x.org,2022-03-01\n")
    (trial,) = try_proposed(file, "activity")
    assert (trial.source, trial.staged) == ("activity", 1)
    with pytest.raises(UserError, match=r"activity.csv: for completions it lacks course"):
        try_proposed(file, "completions")


def test_before_the_first_run_names_are_those_of_the_roster_that_lies_in_the_landing_folder(place: Place) -> None:
    place.configure(
        {
            "roster": [{"files": "landing/members.csv"}],
            "aliases": [{"files": "landing/names/*.csv"}],
            "activity": [{"files": "landing/learning.csv"}],
        }
    )
    place.land(
        {
            "members.csv": "member,cohort,email\np1,a,bora@example.org\np2,a,\n",
            "names/chat.csv": "member,kind,value\np2,discord,duri#1\n",
            "learning.csv": "member,occurred_at\nbora@example.org,2025-03-01\nduri#1,2025-03-01\ngaon,2025-03-01\n",
        }
    )
    (trial,) = tried(place, place.home.landing / "learning.csv")
    assert (trial.staged, trial.unmatched_names, trial.unmatched_rows) == (3, 1, 1)
    assert not place.home.ledger.exists()
