from __future__ import annotations

import pytest

from tests.intake.homes import Place, fetch

pytestmark = pytest.mark.slow

NO_ID = "a number with an exponent, not an id: its digits are lost, export it as text"
NO_TEXT = "an error value of a spreadsheet, not text: repair the cell"


@pytest.mark.fault("C9")
@pytest.mark.parametrize("written", ["1.2E+19", "1,2E+19", "1e+19", "2.0260001E15"])
def test_an_id_that_lost_its_digits_is_rejected_also_from_csv(place: Place, written: str) -> None:
    """Two persons would be one."""
    place.configure({"aliases": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": f"member;kind;value\nk;platform;{written}\nl;platform;7\n"})
    with place.staged() as con:
        assert fetch(con, "select member, value from staging.aliases") == [("l", "7")]
        assert fetch(con, 'select "row", "column", value, reason, line from raw.rejects') == [
            (1, "value", written, NO_ID, 2)
        ]


def test_texts_that_only_look_a_little_like_it_stay(place: Place) -> None:
    place.configure({"aliases": [{"files": "landing/*.csv"}]})
    texts = ["e19", "12e19x", "1E-5", "0042", "4e528674", "1e19"]
    place.land({"a.csv": "member,kind,value\n" + "".join(f"k,platform,{text}\n" for text in texts)})
    with place.staged() as con:
        assert fetch(con, "select count(*) from staging.aliases") == [(6,)]


@pytest.mark.fault("C6")
@pytest.mark.parametrize("written", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?"])
def test_an_error_value_is_no_name_also_from_csv(place: Place, written: str) -> None:
    place.configure({"roster": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": f"member,cohort,study_group\n{written},1,red\nk,1,{written}\nl,1,#1\nm,1,N/A\n"})
    with place.staged() as con:
        assert fetch(con, "select member from staging.roster order by 1") == [("l",), ("m",)]
        assert fetch(con, 'select "row", "column", reason from raw.rejects order by 1') == [
            (1, "member", NO_TEXT),
            (2, "study_group", NO_TEXT),
        ]
        assert fetch(con, "select rows, staged, rejected from raw.files") == [(4, 2, 2)]
