"""Errors as Dagster keeps them: no name of a file, no value; the terminal has the name again."""

from __future__ import annotations

import traceback
import unicodedata
from pathlib import Path

import duckdb
import pytest
from pydantic import TypeAdapter, ValidationError

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.ledger import Ledger
from fellowship_pipeline.intake.landing.nameless import Wordless, nameless, with_names, without_names

READ, UNREAD = "a" * 64, "b" * 64
NAME = "landing/김민수 export.csv"

pytestmark = pytest.mark.fault("H1", "H2", "H13")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.landing.mkdir()
    (home.landing / "Kim Minsu new.csv").write_bytes(b"")
    at = {"sha256": READ, "path": NAME, "bytes": 1}
    Ledger(home.ledger).append(
        [
            {"event": "received", **at},
            {"event": "loaded", "file_id": "0123456789abcdef", "source": "roster", "rows": 1, "reason": None, **at},
            {"event": "received", "sha256": UNREAD, "path": "landing/Kim Minsu.csv", "bytes": 1},
            {"event": "left", "path": "landing/Kim Minsu busy.csv", "reason": "busy"},
        ]
    )
    return home


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{NAME}: no column", "file 0123456789abcdef: no column"),
        (unicodedata.normalize("NFD", f"{NAME}: no column"), "file 0123456789abcdef: no column"),
        ("replaces 김민수 export.csv, which", "replaces file 0123456789abcdef, which"),
        ("[landing/Kim Minsu.csv]", "[file bbbbbbbbbbbbbbbb]"),
        ("landing/Kim Minsu busy.csv waits", "file not taken in waits"),
        ("'Kim Minsu new.csv' is new", "'file not taken in' is new"),
        ("program.yaml line 3: unknown key", "program.yaml line 3: unknown key"),
    ],
)
def test_a_file_is_told_by_its_id(home: Home, text: str, said: str) -> None:
    assert without_names(home, text) == said


def test_the_terminal_has_the_name(home: Home) -> None:
    assert with_names(home, "file 0123456789abcdef, file cccccccccccccccc") == f"{NAME}, file cccccccccccccccc"


def test_words_for_people_stay_less_the_name(home: Home) -> None:
    with pytest.raises(UserError, match=r"^file 0123456789abcdef: no column$"), nameless(home):
        raise UserError(f"{NAME}: no column")


def test_an_error_of_the_system_keeps_its_kind_and_loses_its_file(home: Home) -> None:
    with pytest.raises(FileNotFoundError) as raised, nameless(home):
        (home.path / "Kim Minsu").read_bytes()
    assert str(raised.value) == "[Errno 2] No such file or directory"


def test_an_error_that_quotes_a_value_loses_its_words_and_so_does_what_led_to_it(home: Home) -> None:
    with pytest.raises(KeyError) as raised, nameless(home):
        try:
            duckdb.sql("select cast('Kim Minsu' as integer)").fetchall()
        except duckdb.Error:
            raise KeyError("Kim Minsu") from None
    led_to = raised.value.__context__
    assert isinstance(led_to, duckdb.ConversionException)
    assert "Kim" not in f"{raised.value} {led_to}" and "its words are left out" in str(raised.value)


VALUE = "Kim Minsu"


def numbered() -> None:
    TypeAdapter(dict[str, int]).validate_python({"name": VALUE})


def test_an_error_that_keeps_its_words_elsewhere_is_raised_as_one_that_says_its_kind_and_place(home: Home) -> None:
    with pytest.raises(Exception, match=r"^ValidationError: its words are left out") as raised, nameless(home):
        numbered()
    said = "".join(traceback.format_exception(raised.value))
    assert "in numbered" in said and VALUE not in said


def test_what_led_to_an_error_and_keeps_its_words_elsewhere_is_left_away(home: Home) -> None:
    with pytest.raises(UserError, match=r"^too late$") as raised, nameless(home):
        try:
            numbered()
        except ValidationError as mistake:
            raise UserError("too late") from mistake
    assert VALUE not in "".join(traceback.format_exception(raised.value))


def test_an_error_in_a_statement_keeps_its_words(home: Home) -> None:
    with pytest.raises(duckdb.BinderException, match="nowhere"), nameless(home):
        duckdb.sql("select nowhere from range(1)")


def test_a_damaged_ledger_hides_no_error(home: Home) -> None:
    home.ledger.write_text("{\n")
    with pytest.raises(UserError, match=r"ledger\.jsonl line 1: damaged"), nameless(home):
        Ledger(home.ledger).state()


class GoneError(Exception):
    """As of a library that asks a process for an error's words, which has died."""

    def __str__(self) -> str:
        raise ConnectionRefusedError(111, "Connection refused")


def test_an_error_that_cannot_tell_its_words_says_its_kind(tmp_path: Path) -> None:
    with pytest.raises(Wordless, match="GoneError: "), nameless(Home(tmp_path)):
        raise GoneError
