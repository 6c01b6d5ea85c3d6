"""Figures of missions, sessions, outcomes, selection and terms: what they say and how they are cut."""

from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pytest

from fellowship_pipeline.dashboard import tiles
from fellowship_pipeline.dashboard.figures import community, missions, outcomes, selection, terms
from fellowship_pipeline.dashboard.scene import WHOLE, Scene, Slice
from fellowship_pipeline.dashboard.view import View
from fellowship_pipeline.dashboard.words import Voice
from tests.dashboard import cohorts, synthetic

EN = Voice("en")
KO = Voice("ko")
GROUP = Slice("study_mode", "group")
SPRING = Slice("cohort", cohorts.COHORT)


@pytest.fixture(scope="session")
def scene() -> Scene:
    return Scene(synthetic.release(), synthetic.program(), synthetic.page())


def scene_of(rows: dict[str, list[dict[str, Any]]], **program: Any) -> Scene:
    return Scene(synthetic.release(rows), synthetic.program(**program), synthetic.page())


def seen(view: View | None) -> View:
    assert view is not None
    return view


def drawn(view: View, narrow: bool = False) -> Any:
    assert view.draw
    return view.draw(narrow)


def notes(plot: Any) -> list[str]:
    return [note["text"] for note in plot["layout"]["annotations"]]


def test_missions_say_how_many_met_the_last_one_that_is_due(scene: Scene) -> None:
    view = seen(missions.missions(scene, SPRING, EN))
    assert view.title == "2023-H1: “Sequence models” was met in time by 92%"
    assert "Base: 71 members at “Sequence models”." in view.subtitle
    assert view.scope == ""
    assert view.table.rows[0][:6] == ["2023-H1", "신경망과 딥러닝", "2023-03-05", 120, 101, 9]
    assert view.table.rows[-1][2] == "2023-08-20"


def test_a_mission_s_bar_is_made_of_those_still_in_at_it(scene: Scene) -> None:
    plot = drawn(seen(missions.missions(scene, SPRING, EN)))
    met, late, missed, pending, hidden = plot["data"]
    assert [round(trace["x"][0], 3) for trace in (met, late, missed, pending)] == [0.842, 0.075, 0.083, 0]
    assert round(pending["x"][-1], 3) == 0.692
    assert hidden["x"] == [0] * 6
    assert "신경망과 딥러닝 · 5 March" in notes(plot)
    assert "Reflection (optional)<br>· 20 August" in notes(plot)
    assert notes(plot)[0].count("■") == 4


def test_a_due_day_is_one_of_the_program_s_zone() -> None:
    due = {"due_at": datetime(2023, 3, 5, 15, 0), "cohort": "a", "mission": "m", "is_mandatory": True}
    scene = scene_of({"missions": [due | {"members": 30, "met": 30}]})
    assert scene.rows("missions")[0]["due_at"] == date(2023, 3, 6)


def test_one_cohort_at_a_time_the_latest_that_has_figures(scene: Scene) -> None:
    whole, mode = (seen(missions.missions(scene, chosen, EN)) for chosen in (WHOLE, GROUP))
    assert whole.title == mode.title == "2023-H1: “Sequence models” was met in time by 92%"
    assert whole.scope.startswith("One cohort at a time: here 2023-H1")
    assert mode.scope.startswith("This figure follows cohorts only")
    assert {row[0] for row in whole.table.rows} == {"2023-H1", "2022-H2"}
    hidden = seen(missions.missions(scene, Slice("cohort", "2022-H2"), EN))
    assert hidden.title == "2022-H2: Who met each mission, as far as it can be shown"
    assert hidden.table.rows == [["2022-H2", "Project", "2022-12-20", *["<10"] * 11]]


def test_the_survival_curve_has_mandatory_missions_that_were_due(scene: Scene) -> None:
    view = seen(missions.survival(scene, SPRING, EN))
    assert view.title == "2023-H1: 54% of the cohort is still in after “Sequence models”"
    across, steps, hidden = drawn(view)["data"]
    assert across["x"] == []
    assert steps["y"] == [1, 0.84, 0.73, 0.67, 0.59, 0.54]
    assert steps["line"]["shape"] == "hv"
    assert hidden["x"] == []
    assert notes(drawn(view)) == ["<b>84%</b>", "<b>73%</b>", "<b>67%</b>", "<b>59%</b>", "<b>54%</b>"]
    assert notes(drawn(view, True)) == ["<b>54%</b>"]


def test_a_withheld_step_is_hatched_and_crossed_by_dots() -> None:
    rows = [
        row | {"survival_rate": None, "suppressed": True} if at == 1 else row
        for at, row in enumerate(cohorts.missions())
    ]
    across, steps, hidden = drawn(seen(missions.survival(scene_of({"missions": rows}), SPRING, EN)))["data"]
    assert (across["x"], across["y"]) == ([1, 3, None], [0.84, 0.67, None])
    assert steps["y"][:4] == [1, 0.84, None, 0.67]
    assert hidden["x"] == [2]


def test_what_is_withheld_of_a_mission_is_hatched() -> None:
    first = cohorts.missions()[0] | {"late": None, "missed": None, "suppressed": True}
    *_, hidden = drawn(seen(missions.missions(scene_of({"missions": [first]}), SPRING, EN)))["data"]
    assert [round(share, 3) for share in hidden["x"]] == [0.158]


def test_competitions_say_how_many_pass(scene: Scene) -> None:
    view = seen(missions.competitions(scene, SPRING, EN))
    assert (
        view.title
        == "2023-H1: “LLM <i>Science</i> Exam”: about 20 of about 30 members are in a team whose place passes"
    )
    plot = drawn(view)
    assert plot["data"][0]["x"] == [0.154, 0.1508]
    assert "1 more leaderboard cannot be shown." in view.subtitle
    rows = [row for row in cohorts.competitions() if row["board"] == "public"]
    best = seen(missions.competitions(scene_of({"competitions": [row | {"passing": None} for row in rows]}), WHOLE, EN))
    assert best.title == "2023-H1: The best team came among the first 15% in “LLM <i>Science</i> Exam”"
    assert best.scope == ""


def test_attendance_by_kind_over_all_months(scene: Scene) -> None:
    view = seen(community.attendance(scene, WHOLE, EN))
    assert view.title == "83 of the 152 members expected at “tech talk” came in July 2023 (55%)"
    plot = drawn(view)
    assert [trace["yaxis"] for trace in plot["data"]] == [*["y"] * 3, *["y2"] * 3]  # of the third kind nothing is shown
    expected, came = plot["data"][3:5]
    assert len(came["x"]) == 24
    assert came["y"][:12] == [None] * 12
    assert (came["y"][-1], expected["y"][-1]) == (83, 152)
    assert came["customdata"][0] == ["–", "–", "–"]
    assert came["customdata"][-1] == ["152", "55%", "2"]
    assert "<b>83 of 152</b>" in notes(plot)
    assert "&lt;b&gt;빌더&lt;/b&gt; 모임" in notes(plot)[0]


def test_questions_without_a_session_are_in_the_table_only() -> None:
    base = {
        "month": date(2023, 7, 1),
        "sessions": 1,
        "questions": 7,
        "members": 20,
        "unique_members": 12,
        "expected_attended": 10,
    }
    rows = [base | {"kind": "talk", "attendance_rate": 0.5}, base | {"kind": "(none)", "attendance_rate": 0}]
    view = seen(community.attendance(scene_of({"community": rows}), WHOLE, EN))
    assert [row[1] for row in view.table.rows] == ["talk", "no session"]
    assert [trace["y"] for trace in drawn(view)["data"]] == [[20], [10], []]
    assert community.attendance(scene_of({"community": rows[1:]}), WHOLE, EN) is None


def test_questions_of_a_month_are_summed_over_channels() -> None:
    base = {"topic": "(none)", "answered": 5, "open_at_end": 2, "escalated": 1}
    rows = [
        base | {"month": date(2023, 5, 1), "channel": "chat", "opened": 8},
        base | {"month": date(2023, 5, 1), "channel": "meeting", "opened": 6},
        base | {"month": date(2023, 7, 1), "channel": "chat", "opened": 9},
    ]
    view = seen(community.support(scene_of({"support": rows}), WHOLE, EN))
    assert view.title == "At least 23 questions were raised and 15 answered; 3 were passed on"
    assert [trace["y"] for trace in drawn(view)["data"][::2]] == [[14, 0, 9], [10, 0, 5], [4, 0, 2], [2, 0, 1]]
    assert view.table.rows[0][:3] == ["2023-05-01", "chat", "not said"]


def test_outcomes_begin_with_placement(scene: Scene) -> None:
    view = seen(outcomes.outcomes(scene, Slice("cohort", "2022-H1"), EN))
    assert view.title == "2022-H1: 56% of those who completed and looked for work found an internship or job"
    assert [row[1] for row in view.table.rows] == [
        *("Internship or job", "Internship", "Job", "Graduate school", "Certification", "open <i>source</i>")
    ]
    assert view.table.rows[3][2:] == ["<10"] * 4
    assert seen(outcomes.outcomes(scene, WHOLE, KO)).title == (
        "2022-H1: 수료하고 일자리를 찾던 사람의 56%\u2060가 인턴이나 취업에 이르렀다"
    )


@pytest.mark.parametrize(
    ("figures", "title"),
    [
        ({"members": 30, "share": 0.25}, "2022-H1: Job: 25% of the cohort's members"),
        ({"members": 15}, "2022-H1: Job: about 15 members"),
        ({"suppressed": True}, "2022-H1: Too few outcomes to show"),
    ],
)
def test_outcomes_without_placement(figures: dict[str, Any], title: str) -> None:
    rows = [{"cohort": "2022-H1", "kind": "job"} | figures]
    assert seen(outcomes.outcomes(scene_of({"outcomes": rows}), WHOLE, EN)).title == title


def test_the_timeline_draws_three_kinds_and_keeps_their_names_apart(scene: Scene) -> None:
    view = seen(outcomes.timeline(scene, WHOLE, EN))
    assert view.title == "2022-H1: Internship or job: 56% after 12 months"
    assert "The first 3 of 4; the table has all." in view.subtitle
    plot = drawn(view)
    lines = [trace for trace in plot["data"] if trace["mode"] == "lines+markers"]
    assert [trace["customdata"][0] for trace in lines] == ["Internship or job", "Internship", "Job"]
    ends = [note["y"] for note in plot["layout"]["annotations"][:3]]
    assert [later - earlier >= 0.08 for earlier, later in pairwise(ends)] == [True, True]


def test_a_timeline_that_is_withheld_is_left_out() -> None:
    rows = [{"cohort": "2022-H1", "kind": "job", "months_since": 0, "suppressed": True}]
    assert outcomes.timeline(scene_of({"outcome_timeline": rows}), WHOLE, EN) is None


def test_the_funnel_begins_with_all_who_applied(scene: Scene) -> None:
    view = seen(selection.funnel(scene, Slice("cohort", "2021-H2"), EN))
    assert view.title == "2021-H2: Of about 3,005 applicants, about 45 got as far as “Internship or job”"
    plot = drawn(view)
    assert [round(share, 3) for share in plot["data"][2]["x"]] == [1, 0.998, 0.399, 0.106, 0.07, 0.015]
    same = [row | {"applicants": 3000} for row in cohorts.funnel()]
    assert len(drawn(seen(selection.funnel(scene_of({"funnel": same}), WHOLE, EN)))["data"][2]["x"]) == 5
    assert [text for text in notes(plot) if text in {"All applicants", "quiz", "Completed", "20.5"}] == [
        *("All applicants", "quiz", "20.5", "Completed")
    ]


def test_channels_by_applicants(scene: Scene) -> None:
    view = seen(selection.channels(scene, WHOLE, EN))
    assert view.title == "2022-H1: “blog” brought most applicants: about 900"
    assert [row[1:4] for row in view.table.rows] == [
        ["learner", "blog", 900],
        ["learner", "<b>friends</b>", 640],
        ["learner", "not said", 200],
    ]
    assert [round(length, 3) for length in drawn(view)["data"][2]["x"]] == [1, 0.711, 0.222]
    heads = [note for note in notes(drawn(view)) if note in {"Applied", "Accepted", "Waiting"}]
    assert heads == ["Applied", "Accepted", "Waiting"]


def test_a_column_in_which_nothing_is_shown_is_left_out() -> None:
    base = {"cohort": "2022-H1", "role": "learner", "median_days_to_decision": None, "suppressed": True}
    rows = [base | {"channel": name, "applicants": count} for name, count in (("blog", 25), ("friends", 20))]
    plot = drawn(seen(selection.channels(scene_of({"application_channels": rows}), WHOLE, EN)))
    assert notes(plot) == ["Applied", "blog", "<b>25</b>", "friends", "<b>20</b>"]
    assert plot["data"][1]["x"] == [0, 0]


def test_terms_beside_each_other(scene: Scene) -> None:
    view = seen(terms.terms(scene, WHOLE, EN))
    assert view.title == "Adoption rate went from 88% in year-1 to 95% in year-2"
    assert view.caution.endswith("between the terms: Goal helped.")
    plot = drawn(view)
    assert plot["data"][2]["x"] == [0.951, 0.619]
    assert not any("Goal helped" in text for text in notes(plot))
    assert any("251.0%" in text for text in notes(plot))
    assert [row[-1] for row in view.table.rows if row[0] == "Goal helped"] == ["not comparable"] * 2


def test_answers_of_terms_that_cannot_be_compared_say_so(scene: Scene) -> None:
    view = seen(terms.answers(scene, WHOLE, EN))
    assert view.title == "1 survey question can be compared between the terms, 2 cannot"
    assert [text for text in notes(drawn(view)) if ": " in text] == ["used_in: project"]
    one = [row for row in cohorts.term_surveys() if row["comparable"]]
    same = seen(terms.answers(scene_of({"term_surveys": one}), WHOLE, EN))
    assert same.title == "All survey questions can be compared between the terms"


def test_cohorts_can_be_selected_where_nobody_has_a_seat() -> None:
    scene = scene_of({"funnel": cohorts.funnel(), "missions": cohorts.missions()})
    assert [one.name for one in scene.slices] == ["all", "2021-H2", "2022-H1", "2022-H2", "2023-H1"]


def test_the_first_sentence_of_a_program_without_seats() -> None:
    row = {"as_of": synthetic.AS_OF, "unit": "rate", "label": "x", "slice_by": "all", "slice": "all"}
    rows = [row | {"kpi": "survey_response_rate", "value": 0.54}, row | {"kpi": "course_completion_rate", "value": 0.6}]
    said = tiles.lead(scene_of({"scorecard": rows}), WHOLE, EN)
    assert said == "Course completion 60%, Survey response 54%."
