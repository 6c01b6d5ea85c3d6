"""Figures: what they say, and that they are figures Plotly can draw."""

import json
from datetime import date
from typing import Any

import plotly.graph_objects as go
import pytest

from fellowship_pipeline.dashboard import quality, tiles
from fellowship_pipeline.dashboard.context import CheckResult
from fellowship_pipeline.dashboard.drawing import hatched, in_lines, line, note, plain, shorten, time_axis
from fellowship_pipeline.dashboard.figures import applications, engagement, learning, retention, reviews, seats, survey
from fellowship_pipeline.dashboard.parts import Drawing
from fellowship_pipeline.dashboard.scene import WHOLE, Scene, Slice
from fellowship_pipeline.dashboard.sections import SECTIONS
from fellowship_pipeline.dashboard.view import View
from fellowship_pipeline.dashboard.words import Voice
from tests.dashboard import synthetic

EN = Voice("en")
GROUP = Slice("study_mode", "group")
FIGURES = [figure for section in SECTIONS for figure in section.figures]
CARTESIAN = {"scatter", "bar", "box", "heatmap", "histogram", "contour", "image", "violin"}


@pytest.fixture(scope="session")
def scene() -> Scene:
    return Scene(synthetic.release(), synthetic.program(), synthetic.page())


def scene_of(rows: dict[str, list[dict[str, Any]]], **program: Any) -> Scene:
    return Scene(synthetic.release(rows), synthetic.program(**program), synthetic.page())


def seen(view: View | None) -> View:
    assert view is not None
    return view


def as_plotly_has_it(plot: Drawing) -> Drawing:
    """The drawing once Plotly has checked every property of it; raises ValueError where it does not know one."""
    checked = go.Figure(plot).to_plotly_json()
    del checked["layout"]["template"]
    return as_lists(checked)


def as_lists(value: Any) -> Any:
    """The same with lists in place of tuples."""
    if isinstance(value, dict):
        return {name: as_lists(one) for name, one in value.items()}
    return [as_lists(one) for one in value] if isinstance(value, list | tuple) else value


@pytest.mark.slow
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.key)
@pytest.mark.parametrize(
    "chosen", [WHOLE, GROUP, Slice("study_group", "스터디 A"), Slice("cohort", "2022-H1")], ids=str
)
def test_every_figure_is_one_that_plotly_draws(scene: Scene, figure: Any, chosen: Slice) -> None:
    for language in ("ko", "en"):
        view = figure.make(scene, chosen, Voice(language))
        if view is None:
            continue
        assert view.title
        assert view.subtitle
        assert view.table.rows
        for narrow in (False, True) if view.draw else ():
            plot = view.draw(narrow)
            assert as_plotly_has_it(plot) == plot
            assert {trace["type"] for trace in plot["data"]} <= CARTESIAN


def test_courses_of_which_nobody_knows_who_began_them_say_so() -> None:
    base = {"track": "t", "median_days": None, "hours": 4.0, "known_starts": 0}
    unknown = base | {"course": "a", "started": None, "completed": 20, "completion_rate": None}
    begun = base | {"course": "b", "started": 10, "completed": 8, "completion_rate": 0.8}
    view = seen(learning.courses(scene_of({"courses": [unknown, begun]}), WHOLE, EN))
    assert view.title == "b is begun most: 8 of 10 completed it"
    assert "Of 1 course hardly any start is recorded, so that it has no share." in view.subtitle
    view = seen(learning.courses(scene_of({"courses": [unknown]}), WHOLE, EN))
    assert view.title == "Courses were completed, but who began them is not recorded"


def test_plotly_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="yancor"):
        as_plotly_has_it({"data": [], "layout": {"annotations": [note("text", 0, 0, yancor="bottom")]}})
    with pytest.raises(ValueError, match="color"):
        as_plotly_has_it({"data": [line([1], [1], "var(c1)", "")], "layout": {}})


def test_the_page_has_the_template_once_and_lists_of_plain_numbers(scene: Scene) -> None:
    view = seen(engagement.engagement(scene, WHOLE, EN))
    assert view.draw
    plot = view.draw(False)
    assert "template" not in plot["layout"]
    assert json.loads(json.dumps(plot)) == plot


def test_labels_from_files_are_text_to_plotly() -> None:
    assert plain('<a href="x">&lt;') == '&lt;a href="x"&gt;&amp;lt;'


def test_long_names_are_cut_by_width() -> None:
    assert shorten("Data Analyst", 12) == "Data Analyst"
    assert shorten("Data Analyst with Python", 12) == "Data Analys…"
    assert shorten("데이터 분석가", 8) == "데이터…"


def test_names_of_rows_are_whole_in_two_lines() -> None:
    assert in_lines("Introduction to Data Cleaning in Python", 28) == ["Introduction to Data", "Cleaning in Python"]
    assert in_lines("개인 목표 달성에 도움이 되었나요?", 20) == ["개인 목표 달성에", "도움이 되었나요?"]
    assert in_lines("one two three four", 8) == ["one two", "three f…"]
    assert in_lines("short", 8) == ["short"]


def test_months_are_named_with_the_year_where_it_changes() -> None:
    axis = time_axis(date(2021, 8, 1), date(2022, 5, 31), EN, False)
    assert axis["tickvals"] == ["2021-08-01", "2021-10-01", "2021-12-01", "2022-02-01", "2022-04-01"]
    assert axis["ticktext"] == ["Aug 2021", "Oct", "Dec", "Feb 2022", "Apr"]


def test_withheld_days_are_hatched_halfway_to_their_neighbors() -> None:
    days = [date(2022, 1, day) for day in (1, 3, 5, 7)]
    band, hover = hatched(days, ["", "<5", "withheld", ""], 1)
    assert band["x"] == ["2022-01-02", "2022-01-02", "2022-01-06", "2022-01-06", None]
    assert band["y"] == [0, 1, 1, 0, None]
    assert hover["x"] == ["2022-01-03", "2022-01-05"]
    assert hover["customdata"] == ["&lt;5", "withheld"]
    assert [trace["x"] for trace in hatched(days, [""] * 4, 1)] == [[], []]


def row(day: date, holders: int | None, active: int | None, **slice_: str) -> dict[str, Any]:
    figures = {"holders": holders, "active": active, "engagement_rate": active / holders if holders else None}
    return {"day": day} | (slice_ or {"slice_by": "all", "slice": "all"}) | figures | {"suppressed": holders is None}


def test_engagement_says_since_when_the_target_is_met() -> None:
    rows = [row(date(2023, 7, day), 10, active) for day, active in ((28, 6), (29, 4), (30, 5), (31, 6))]
    view = seen(engagement.engagement(scene_of({"engagement": rows}), WHOLE, EN))
    assert view.title == "60% of seat holders studied in the last 30 days; the 50% target has been met since July 2023"
    assert "Base: 10 seat holders on 31 July 2023." in view.subtitle


def test_engagement_below_its_target() -> None:
    rows = [row(date(2023, 7, 30), 10, 6), row(date(2023, 7, 31), 10, 4)]
    view = seen(engagement.engagement(scene_of({"engagement": rows}), WHOLE, EN))
    assert view.title == "40% of seat holders studied in the last 30 days, short of the 50% target"


def test_a_withheld_slice_says_so_and_shows_the_threshold() -> None:
    tiny = {"slice_by": "study_group", "slice": "A"}
    rows = [row(date(2023, 7, 31), 10, 4), row(date(2023, 7, 31), None, None, **tiny)]
    view = seen(engagement.engagement(scene_of({"engagement": rows}), Slice("study_group", "A"), EN))
    assert view.title == "A: Too few seat holders to show how many studied"
    assert view.table.rows == [["2023-07-31", "<5", "<5", "<5"]]


def test_a_long_program_is_drawn_by_week_to_the_last_day(scene: Scene) -> None:
    rows = seen(engagement.engagement(scene, WHOLE, EN)).table.rows
    assert [rows[-2][0], rows[-1][0]] == ["2023-07-24", "2023-07-31"]
    assert len(rows) == 105


def test_rules_for_another_study_mode_are_not_marked(scene: Scene) -> None:
    def names(chosen: Slice) -> list[str]:
        view = seen(engagement.engagement(scene, chosen, EN))
        assert view.draw
        return [one["text"] for one in view.draw(False)["layout"]["annotations"] if "rule" in one["text"]]

    assert names(WHOLE) == ["Activity rule", "1,000 XP rule"]
    assert names(GROUP) == []


def test_sums_over_pools_keep_what_is_withheld() -> None:
    month = date(2023, 7, 1)
    shown = {"held_start": 5, "accepted": 5, "reclaimed": 0, "returned": 0, "held_end": 10}
    rows = [
        {"month": month, "pool": "a", "capacity": 60} | shown,
        {"month": month, "pool": "b", "capacity": 5, "suppressed": True},
    ]
    (together,) = seats.months(scene_of({"seats": rows}).rows("seats"))
    assert together["capacity"] == 65
    assert together["held_end"] != together["held_end"]
    view = seen(seats.held(scene_of({"seats": rows}), WHOLE, EN))
    assert view.title == "Too few seats are held to show how many"


def test_flows_by_quarter_are_at_least_what_is_shown() -> None:
    def month(at: int, accepted: int | None) -> dict[str, Any]:
        figures = dict.fromkeys(("held_start", "reclaimed", "returned", "held_end"), 1)
        figures |= {"accepted": accepted}
        base = {"month": date(2022 + at // 12, at % 12 + 1, 1), "pool": "p", "capacity": 9}
        return base | (figures if accepted is not None else {"suppressed": True})

    rows = scene_of({"seats": [month(at, None if at == 1 else 2) for at in range(15)]}).rows("seats")
    periods = seats.quarters(seats.months(rows))
    assert [(period["accepted"], period["accepted_open"]) for period in periods] == [
        (4, True),
        (6, False),
        (6, False),
        (6, False),
        (6, False),
    ]


def test_the_rule_in_force(scene: Scene) -> None:
    rules = scene.rules(WHOLE)
    found = [reviews.in_force(rules, month) for month in (date(2022, 2, 1), date(2022, 8, 1), date(2022, 9, 1))]
    assert [rule.id if rule else None for rule in found] == [None, "any-activity", "xp-1000"]


def test_retention_marks_rules_and_gathers_withheld_months() -> None:
    slice_ = {"slice_by": "all", "slice": "all"}
    rows = [
        {"start_month": date(2022, 8, 1), "months_since": 0, "started": 10, "active": 9, "retention_rate": 0.9}
        | slice_,
        {"start_month": date(2022, 9, 1), "months_since": 0, "suppressed": True} | slice_,
        {"start_month": date(2022, 10, 1), "months_since": 0, "started": 8, "active": 4, "retention_rate": 0.5}
        | slice_,
    ]
    view = seen(retention.retention(scene_of({"retention": rows}), WHOLE, EN))
    assert view.heat
    assert [line.get("rule") or (line["name"], line["n"]) for line in view.heat.rows] == [
        ("Aug 2022", "10"),
        "From here on: 1,000 XP rule",
        ("Oct 2022", "8"),
        ("1 other", "<5"),
    ]
    assert (view.heat.months, view.heat.rows[0]["cells"]) == (0, [90])


def test_survey_says_what_helped_with_a_goal_and_keeps_the_whole_program(scene: Scene) -> None:
    view = seen(survey.survey(scene, GROUP, EN))
    assert view.title == "83% of those who answered say that the program helped with a goal (year-2)"
    assert view.scope == "This figure follows closed cohorts only; it is of the whole program here."
    assert "year-2: about 25 of 160 answered (15%)." in view.subtitle
    assert view.caution
    assert seen(survey.survey(scene, WHOLE, EN)).scope == ""
    assert ["year-1", "helped_with", "job", 35, "<10", "<10", "<10", "<10"] in view.table.rows


def test_applications_follow_a_closed_cohort(scene: Scene) -> None:
    everything = seen(applications.applications(scene, WHOLE, EN))
    one = seen(applications.applications(scene, Slice("cohort", "2022-H1"), EN))
    assert everything.title == "Of about 630 applicants, about 180 passed the stage “accepted”"
    assert one.title == "2022-H1: Of about 210 applicants, about 60 passed the stage “accepted”"
    assert one.scope == ""
    assert seen(applications.applications(scene, Slice("cohort", "2023-H1"), EN)).scope


def tile(scene: Scene, kpi: str, chosen: Slice = WHOLE) -> dict[str, str]:
    (headline,) = [one for one in tiles.headlines(scene) if one.kpi == kpi]
    return tiles.tile(scene, headline, chosen, EN).texts


def test_a_tile_of_an_operational_kpi(scene: Scene) -> None:
    texts = tile(scene, "engagement_rate")
    assert [texts[key] for key in ("value", "unit", "status", "target", "peers", "count", "change", "scope")] == [
        "61.9",
        "%",
        "Target met",
        "50%",
        "46%",
        "91 / 147",
        "▲ 1.5 points since 30 June",
        "",
    ]
    assert texts["line"].startswith("M0 ")
    assert [texts["from"], texts["to"]] == ["Aug 2021", "Jul 2023"]


def test_a_tile_of_a_sensitive_kpi_has_whole_percent_and_base_only(scene: Scene) -> None:
    texts = tile(scene, "survey_response_rate", GROUP)
    assert [texts["value"], texts["count"], texts["scope"]] == ["15", "of 160", "Whole program"]


def test_a_tile_of_a_withheld_slice(scene: Scene) -> None:
    texts = tile(scene, "adoption_rate", Slice("study_group", "스터디 A"))
    assert [texts["value"], texts["unit"], texts["state"], texts["count"], texts["line"]] == [
        "<5",
        "",
        "hidden",
        "",
        "",
    ]


def test_a_kpi_whose_blocking_check_failed_is_held() -> None:
    failed = CheckResult("rates", "kpi.adoption", False, "error", "3 rows with a rate above 1.")
    scene = Scene(synthetic.release(), synthetic.program(), synthetic.page(checks=(failed,)))
    assert tile(scene, "adoption_rate")["state"] == "held"
    assert tile(scene, "engagement_rate")["state"] == "met"
    assert quality.title(scene, EN).endswith("; 1 check failed")


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2023, 7, 31), date(2023, 6, 30)),
        (date(2023, 3, 30), date(2023, 2, 28)),
        (date(2023, 1, 15), date(2022, 12, 15)),
    ],
)
def test_the_month_before(day: date, before: date) -> None:
    assert tiles.month_before(day) == before


def test_a_sparkline_on_its_own_scale() -> None:
    assert tiles.spark([0.2, None, 0.4, 0.3], 0.4) == {
        "line": "M0 100M667 0L1000 50",
        "goal": "M0 0H1000",
        "end": "50%",
    }
    assert tiles.spark([0.2], None)["line"] == ""


def test_the_first_sentence(scene: Scene) -> None:
    assert tiles.lead(scene, WHOLE, EN) == (
        "95% of seat invitations were accepted, and 62% of seat holders studied in the last 30 days. "
        "Both figures meet their targets."
    )
    chosen = Scene(
        synthetic.release(),
        synthetic.program(scorecard={"headline": ["attendance_rate", "retention_3m"]}),
        synthetic.page(),
    )
    assert [one.kpi for one in tiles.heroes(chosen)] == ["attendance_rate", "retention_3m"]
    assert tiles.lead(chosen, WHOLE, EN).startswith("Attendance rate ")


def test_the_first_sentences_name_the_study_mode_below_the_target() -> None:
    program = synthetic.program(targets={"adoption_rate": 0.9, "engagement_rate": 0.6})
    scene = Scene(synthetic.release(), program, synthetic.page())
    assert tiles.lead(scene, WHOLE, EN).endswith("Individual study is at 53%, below 60% since June 2023.")
    assert "below" not in tiles.lead(scene, GROUP, EN)


def test_a_measure_that_does_not_follow_takes_no_status_from_the_whole(scene: Scene) -> None:
    assert tile(scene, "survey_response_rate", GROUP)["state"] == "none"


def test_a_cohort_that_has_ended_shows_what_it_had_last() -> None:
    last = date(2022, 1, 31)
    rows = {
        "scorecard": synthetic.scorecard("all", "all", 1.0),
        "engagement": [
            *({**row, "slice_by": "cohort", "slice": "first"} for row in synthetic.engagement("all", "all", 1.0, last)),
            *synthetic.engagement("all", "all", 1.0, synthetic.AS_OF),
        ],
    }
    program = synthetic.program(cohorts=[{"id": "first", "ends_on": last}])
    scene = Scene(synthetic.release(rows), program, synthetic.page())
    texts = tile(scene, "engagement_rate", Slice("cohort", "first"))
    assert texts["value"] == f"{100 * rows['engagement'][0]['engagement_rate']:.1f}"
    assert [texts["scope"], texts["state"]] == ["as of 31 Jan 2022, when it had last", "none"]


def test_coverage_is_drawn_with_its_gaps(scene: Scene) -> None:
    lines = {line.source: line for line in quality.lines(scene)}
    assert len(lines["activity"].stretches) == 2
    assert lines["activity"].state == "near"
    assert lines["outcomes"].stretches == ()


def test_completions_without_a_day_of_learning_are_not_said_to_be_studied_by_nobody() -> None:
    """A program that has lists of completions and no activity."""
    row = {"month": date(2022, 7, 1), "slice_by": "all", "slice": "all", "learners": 0, "active_days": 0}
    row |= {"xp": None, "minutes": None, "median_xp": None, "p90_xp": None, "completions": 73, "suppressed": False}
    view = seen(learning.activity(scene_of({"activity": [row]}), WHOLE, EN))
    assert view.title == "73 courses were completed in July 2022"
    studied = seen(learning.activity(scene_of({"activity": [row | {"learners": 5}]}), WHOLE, EN))
    assert studied.title == "5 members studied in July 2022 and 73 courses were completed"


def of_activity_alone(rows: dict[str, list[dict[str, Any]]]) -> Scene:
    return scene_of(rows, sources={"activity": [{"files": "landing/activity*.csv"}]})


def test_where_nothing_tells_of_completions_nobody_is_said_to_have_none() -> None:
    """Neither in words nor as a column of zeros, nor as bars of 0 %."""
    row = {"month": date(2022, 7, 1), "slice_by": "all", "slice": "all", "learners": 5, "active_days": 9}
    row |= {"xp": 90, "minutes": None, "median_xp": None, "p90_xp": None, "completions": 0, "suppressed": False}
    view = seen(learning.activity(of_activity_alone({"activity": [row]}), WHOLE, EN))
    assert view.title == "5 members studied in July 2022"
    assert "completions" not in [field.name for field in view.table.fields]
    course = {"course": "a", "track": None, "started": 23, "completed": 0, "completion_rate": 0.0, "known_starts": 23}
    view = seen(learning.courses(of_activity_alone({"courses": [course]}), WHOLE, EN))
    assert (view.title, view.draw) == ("a is begun most, by 23; nothing tells who completed a course", None)
    assert "completed" not in [field.name for field in view.table.fields]


def test_progress_that_nobody_can_know_is_not_that_of_too_few() -> None:
    row = {"track": "t", "slice_by": "all", "slice": "all", "members": 26, "median_progress": None, "completed": None}
    view = seen(learning.tracks(scene_of({"tracks": [row]}), WHOLE, EN))
    assert view.title == "How far members are on their track is not known"
