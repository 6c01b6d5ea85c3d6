"""Whose words are quoted, and whose are not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from assets.publication.quoted import refusals
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.operations import make_lists
from fellowship_pipeline.program import Program, parse_program
from fellowship_pipeline.report.quotes import Quote, chosen
from tests.assets.tiny import Tiny


@pytest.fixture
def tiny() -> Iterator[Tiny]:
    with warehouse.connect(None) as con:
        tiny = Tiny(con)
        tiny.add(
            "staging.roster", member="m1", member_id="m1", name="김하늘", email="haneul@example.org", role="learner"
        )
        tiny.add("staging.roster", member="m2", member_id="m2", name="Grace Kim", role="learner")
        tiny.add("staging.aliases", member="m2", value="gracious_g", kind="discord")
        tiny.add("core.survey_questions", survey="s", question="liked", kind="single")
        tiny.add("core.survey_questions", survey="s", question="words", kind="text")
        yield tiny


def answer(tiny: Tiny, response: str, text: str, *, question: str = "words", at: str = "2022-04-01") -> None:
    number = len(tiny.given.get("staging.survey_responses", []))
    tiny.add(
        "staging.survey_responses", survey="s", response=response, question=question, answer=text,
        submitted_at=datetime.fromisoformat(at), _file_id="f", _row=number,
    )  # fmt: skip


def program(*quotes: str) -> Program:
    return Program.model_validate({"program": {"id": "x"}, "sources": {}, "report": {"quotes": quotes}})


def written(tiny: Tiny) -> None:
    """All tables: with what was given, the responses made of it, the others empty."""
    tiny.rows("core.survey_responses", "response")
    found = tiny.con.execute("select table_schema || '.' || table_name from information_schema.tables").fetchall()
    for table in TABLES:
        if (table.key,) not in found:
            warehouse.create(tiny.con, table)


def test_the_chosen_answers_in_their_order_and_nothing_else_of_the_response(tiny: Tiny) -> None:
    answer(tiny, "r1", "Alone I would have stopped.")
    answer(tiny, "r1", "yes", question="liked")
    answer(tiny, "r2", "Too many courses.")
    answer(tiny, "r3", "Not chosen.")
    written(tiny)
    found = chosen(tiny.con, program("r2", "r1"))
    assert found.quotes == (
        Quote("s", "words", "Too many courses."),
        Quote("s", "words", "Alone I would have stopped."),
    )
    assert found.refused == ()
    assert chosen(tiny.con, program()).quotes == ()


@pytest.mark.fault("H9")
@pytest.mark.parametrize(
    "text",
    [
        "김하늘 님 감사합니다",
        "하늘님이 도와주셨어요",
        "thanks, GRACE!",
        "Grace  Kim helped",
        "ask gracious_g",
        "write to haneul@example.org",
        "write to nobody@elsewhere.example",
        "call 010-1234-5678",
        "see https://example.org/me",
        "m1",
    ],
)
def test_an_answer_with_a_name_or_an_address_is_refused(tiny: Tiny, text: str) -> None:
    answer(tiny, "r1", text)
    written(tiny)
    assert chosen(tiny.con, program("r1")).quotes == ()
    assert chosen(tiny.con, program("r1")).refused == ((0, "named"),)


@pytest.mark.parametrize(
    "text", ["푸른 하루하루", "gracefully done", "매달 1,000 XP, 100 hours since 2022-03-01", "<b>"]
)
def test_an_answer_that_only_looks_alike_is_quoted(tiny: Tiny, text: str) -> None:
    answer(tiny, "r1", text)
    written(tiny)
    assert [quote.text for quote in chosen(tiny.con, program("r1")).quotes] == [text]


@pytest.mark.fault("H9")
def test_one_answer_with_a_name_refuses_the_whole_response(tiny: Tiny) -> None:
    answer(tiny, "r1", "All good.")
    answer(tiny, "r1", "Grace helped.", question="undeclared")
    written(tiny)
    assert chosen(tiny.con, program("r1")).quotes == ()


@pytest.mark.parametrize("response", ["r1", "r2", "r3", "r9"])
def test_what_has_no_words_or_does_not_count_is_not_there(tiny: Tiny, response: str) -> None:
    answer(tiny, "r1", "yes", question="liked")
    answer(tiny, "r2", "After as_of.", at="2022-05-02")
    tiny.add(
        "staging.survey_responses", survey="s", response="r3", question="words", answer="A stranger's.",
        submitted_at=datetime(2022, 4, 1), member="nobody", member_id=None, _file_id="f", _row=99,
    )  # fmt: skip
    written(tiny)
    assert chosen(tiny.con, program(response)).refused == ((0, "unknown"),)


@pytest.mark.fault("H9")
def test_a_refusal_is_said_by_its_place_and_says_no_word_of_it(tiny: Tiny) -> None:
    answer(tiny, "secret-id", "Grace helped.")
    written(tiny)
    asked = parse_program("program: {id: x}\nsources: {}\nreport:\n  quotes:\n    - gone\n    - secret-id\n")
    lines = list(refusals(tiny.con, asked))
    assert [line["en"].split(":")[0] for line in lines] == [
        "program.yaml line 5, report.quotes[0]",
        "program.yaml line 6, report.quotes[1]",
    ]
    assert "no such response" in lines[0]["en"]
    assert "name or an address" in lines[1]["en"]
    assert not any(word in text for line in lines for text in line.values() for word in ("secret-id", "Grace"))


def test_the_list_to_choose_from_has_words_and_no_names(tiny: Tiny) -> None:
    answer(tiny, "r1", "Alone I would have stopped.")
    answer(tiny, "r1", "yes", question="liked")
    written(tiny)
    name = make_lists(tiny.con)["survey_texts"]
    assert tiny.con.execute(f"select * from {name}").fetchall() == [("s", "words", "r1", "Alone I would have stopped.")]


def test_the_key_of_before_says_what_to_write_instead() -> None:
    with pytest.raises(UserError, match=r"line 4, surveys\[0\]\.quote: is `quotes` of the program's `report` now"):
        parse_program("program: {id: x}\nsources: {}\nsurveys:\n  - {id: s, quote: [r1]}\n")
