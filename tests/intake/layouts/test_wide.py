from __future__ import annotations

import pytest

from fellowship_pipeline.intake.layouts.wide import decoder, response_ids, split
from fellowship_pipeline.program.sources import EntryQuestion

BOTH = (";", ", ")


@pytest.mark.parametrize(
    ("text", "options", "separators", "expected"),
    [
        ("A, B, with comma, other", ["A", "B, with comma", "B"], BOTH, ["A", "B, with comma", "other"]),
        ("A;B", ["A", "B"], BOTH, ["A", "B"]),
        ("AB, A", ["A", "AB"], BOTH, ["AB", "A"]),
        ("foo, bar, A", ["A"], BOTH, ["foo, bar", "A"]),
        ("A, foo, bar, B, baz", ["A", "B"], BOTH, ["A", "foo, bar", "B", "baz"]),
        ("foo, bar", ["A"], BOTH, ["foo, bar"]),
        ("A,", ["A"], (", ",), ["A"]),
        ("x, y;z", [], BOTH, ["x", "y", "z"]),
        ("x, y;z", [], (", ",), ["x", "y;z"]),
        ("", ["A"], BOTH, []),
    ],
)
def test_split(text: str, options: list[str], separators: tuple[str, ...], expected: list[str]) -> None:
    assert split(text, options, separators) == expected


def question(**settings: object) -> EntryQuestion:
    return EntryQuestion.model_validate({"header": "Q", **settings})


def test_a_single_answer_is_stored_as_its_option_says() -> None:
    decode = decoder(question(kind="single", options={"예": "yes"}))
    assert [decode(" 예 "), decode("아니오"), decode("")] == [["yes"], ["아니오"], [""]]


def test_several_answers_each_once() -> None:
    decode = decoder(question(kind="multi", options={"강의, 실습": "course", "시간": "time"}))
    assert decode("시간;강의, 실습;시간") == ["time", "course"]
    assert decode("시간, 강의, 실습") == ["time", "course"]
    assert decode("") == [""]


def test_response_ids_follow_instant_and_member() -> None:
    korean = response_ids(
        ["2020-03-20T23:58:49+09:00", "2020-03-21", "2020-03-21"], ["a@x", "b@x", "B@X "], "Asia/Seoul"
    )
    sheet = response_ids(["2020-03-20T23:58:49", "2020-03-21T00:00"], ["a@x", "b@x"], "Asia/Seoul")
    assert korean[:2] == sheet
    assert korean[1].removesuffix("-1") == korean[2].removesuffix("-2")


def test_response_ids_without_members_number_equal_moments() -> None:
    first, second, other = response_ids(["2020-03-21", "2020-03-21", "2020-03-22"], None, "UTC")
    assert (first[-2:], second[-2:], first[:16] == second[:16], other[:16] == first[:16]) == ("-1", "-2", True, False)
