"""What pages call what program.yaml and files name."""

from __future__ import annotations

import pytest

from fellowship_pipeline.program import parse_program
from fellowship_pipeline.program.labels import Labels

PROGRAM = """\
program: {id: p}
terms: [{id: y1, from: 2022-01-01, to: 2022-12-31, label: {ko: 1년 차, en: Year 1}}]
applications:
  stages: [seat]
  labels: {seat: {en: Seat}}
  channels: {friends: {ko: 지인 추천, en: A friend}}
missions: {labels: {m1: {ko: 제출물, en: Hand in}}}
community: {kinds: {builder_meeting: {label: {ko: 빌더 모임}}}}
surveys:
  - id: s1
    label: {en: First survey}
    questions: {mood: {kind: single, label: {en: "How was it?"}, labels: {g: {en: Good}}}}
sources:
  survey_responses:
    - preset: google_forms
      files: "landing/s1.csv"
      survey: s1
      questions: {mood: {header: "어땠나요?", options: {좋음: g, 나쁨: b}}}
    - preset: google_forms
      files: "landing/s2.csv"
      survey: s2
      questions: {mood: {kind: single, header: "어땠나요?", options: {좋음: g}, labels: {b: {ko: 나쁨}}}}
"""


@pytest.fixture(scope="module")
def english() -> Labels:
    return Labels(parse_program(PROGRAM.encode()), "en")


@pytest.fixture(scope="module")
def korean() -> Labels:
    return Labels(parse_program(PROGRAM.encode()), "ko")


def test_a_label_is_in_the_language_of_the_page(english: Labels, korean: Labels) -> None:
    assert [english.term("y1"), korean.term("y1")] == ["Year 1", "1년 차"]
    assert [one.channel("friends") for one in (english, korean)] == ["A friend", "지인 추천"]
    assert [one.mission("m1", "제출") for one in (english, korean)] == ["Hand in", "제출물"]


def test_one_that_lacks_the_language_is_in_the_one_there_is(english: Labels, korean: Labels) -> None:
    assert [english.session_kind("builder_meeting"), korean.stage("seat")] == ["빌더 모임", "Seat"]
    assert korean.survey("s1") == "First survey"


def test_a_question_without_a_label_is_called_as_its_column_and_answers_as_they_are_shown(english: Labels) -> None:
    assert [english.question("s1", "mood"), english.question("s2", "mood")] == ["How was it?", "어땠나요?"]
    assert [english.option("s1", "mood", one) for one in "gb"] == ["Good", "나쁨"]
    assert [english.option("s2", "mood", one) for one in "gbx"] == ["좋음", "나쁨", "x"]


def test_what_nobody_labels_keeps_its_name(english: Labels) -> None:
    assert [english.term("y2"), english.stage("quiz"), english.survey("s9"), english.question("s9", "q")] == [
        "y2",
        "quiz",
        "s9",
        "q",
    ]
    assert english.session_kind("office_hours") == "office hours"
    assert [english.channel("블로그"), english.mission("m9", "제출"), english.mission("m9", None)] == [
        "블로그",
        "제출",
        "m9",
    ]
