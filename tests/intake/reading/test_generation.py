"""What a reading rests on: a setting that it does not ask for makes no difference, every other does."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from fellowship_pipeline.home import decisions
from fellowship_pipeline.home.chain import Chain
from fellowship_pipeline.home.decisions import Undoing
from fellowship_pipeline.intake.reading import generation, read_into
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.program import Program
from fellowship_pipeline.warehouse import connect
from tests.intake.homes import Place

SOURCES = {
    "roster": [{"files": "landing/roster.csv"}],
    "activity": [{"files": "landing/activity.csv"}],
    "survey_responses": [
        {
            "files": "landing/survey.csv",
            "survey": "s",
            "columns": {"submitted_at": "when"},
            "questions": {"q": {"header": "Why?", "kind": "text"}},
        }
    ],
}
FILES: dict[str, str | bytes] = {
    "roster.csv": "member,name\na,Kim\nb,Lee\n",
    "activity.csv": "member,occurred_at,xp\na,2022-02-01T09:00:00,36\nKim,2022-02-02T09:00:00,36\nc,2022-02-03,1\n",
    "survey.csv": "when,Why?\n2022-02-01,so\n",
}


class Blind(Program):
    """A program that fails whoever asks for a setting that neither reading nor staging asks for."""

    def __getattribute__(self, name: str) -> Any:
        if name in generation.NOT_READ:
            raise AssertionError(f"{name} is asked for")
        return super().__getattribute__(name)


def _home(tmp_path: Path, **settings: Any) -> Place:
    place = Place(tmp_path)
    place.configure(SOURCES, **settings)
    place.land(FILES)
    return place


def test_settings_left_out_of_the_mark_are_not_asked_for(tmp_path: Path) -> None:
    place = _home(tmp_path)
    place.take_in()
    program = place.program()
    blind = Blind.model_construct(_fields_set=program.model_fields_set, **dict(program))
    blind._lines.update(program._lines)
    with connect(None) as con:
        read_into(con, place.home, blind)
        stage(con, blind)
        assert con.execute("select count(*) from staging.activity").fetchall() == [(3,)]


def test_a_reading_stands_until_a_file_a_decision_or_a_setting_that_it_asks_for_changes(tmp_path: Path) -> None:
    place = _home(tmp_path)
    place.take_in()
    with connect(None) as con:
        assert not generation.is_read(con, place.home, place.program())
        read_into(con, place.home, place.program())
        generation.mark(con, place.home, place.program())
        assert generation.is_read(con, place.home, place.program())
        place.configure(SOURCES, targets={"adoption_rate": 0.9})
        assert generation.is_read(con, place.home, place.program())
        place.configure(SOURCES, timezone="UTC")
        assert not generation.is_read(con, place.home, place.program())
        place.configure(SOURCES)
        assert generation.is_read(con, place.home, place.program())
        place.land({"activity.csv": "member,occurred_at,xp\na,2022-02-01T09:00:00,37\n"})
        place.take_in()
        assert not generation.is_read(con, place.home, place.program())


def test_what_was_read_is_staged_once_it_is_marked_and_not_after_another_reading(tmp_path: Path) -> None:
    place = _home(tmp_path)
    place.take_in()
    with connect(None) as con:
        for _ in range(2):
            read_into(con, place.home, place.program())
            generation.mark(con, place.home, place.program())
            assert not generation.is_staged(con)
            stage(con, place.program())
            generation.mark_staged(con)
            assert generation.is_staged(con)


def test_the_day_asked_for_is_remembered_also_where_none_was(tmp_path: Path) -> None:
    place = _home(tmp_path)
    with connect(None) as con:
        assert not generation.is_asked(con, place.home, None)
        con.execute("create table core.parameters (as_of date)")
        for day in (None, date(2022, 3, 1)):
            generation.mark_settled(con, place.home, place.program(), day)
            assert generation.is_asked(con, place.home, day)
            assert not generation.is_asked(con, place.home, date(2022, 3, 2))


def test_what_was_decided_since_is_not_written_yet(tmp_path: Path) -> None:
    place = _home(tmp_path)
    with connect(None) as con:
        con.execute("create table core.parameters (as_of date)")
        generation.mark_settled(con, place.home, place.program(), None)
        decisions.undo(place.home, Undoing("u", "d", "why", "kim", datetime(2022, 3, 1)))
        assert not generation.is_asked(con, place.home, None)
        assert generation.is_settled(con, place.program())
        generation.mark_settled(con, place.home, place.program(), None)
        assert generation.is_asked(con, place.home, None)
        assert generation.marked(con, place.home.decisions) == Chain(place.home.decisions).end()
        place.configure(SOURCES, targets={"adoption_rate": 0.5})
        assert not generation.is_settled(con, place.program())
