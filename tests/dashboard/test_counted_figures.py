"""Figures drawn in counts, and those of which nothing can be shown."""

from datetime import date
from typing import Any

from fellowship_pipeline.contracts import KPI_TABLES, Table
from fellowship_pipeline.dashboard.figures import reviews, seats, survey
from fellowship_pipeline.dashboard.scene import WHOLE, Scene
from fellowship_pipeline.dashboard.sections import SECTIONS
from fellowship_pipeline.dashboard.view import View
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.release.policy import KEPT
from tests.dashboard import synthetic

EN = Voice("en")
EVERYBODY = {"slice_by": "all", "slice": "all"}


def scene_of(rows: dict[str, list[dict[str, Any]]], **program: Any) -> Scene:
    return Scene(synthetic.release(rows), synthetic.program(**program), synthetic.page())


def seen(view: View | None) -> View:
    assert view is not None
    return view


def withheld(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """The row with no figure left but those that say nothing of anybody."""
    stays = {*table.grain, *KEPT.get(table.name, ())}
    figures = {column.name for column in table.columns if column.type in {"BIGINT", "DOUBLE"}} - stays
    return {field: None if field in figures else value for field, value in row.items()} | {"suppressed": True}


def test_a_figure_of_which_everything_is_withheld_is_a_sentence() -> None:
    """Whatever the figure: words and table, no drawing of hatch alone."""
    tables = synthetic.tables()
    rows = {table.name: [withheld(table, row) for row in tables[table.name]] for table in KPI_TABLES}
    scene = scene_of(rows)
    figures = [figure for section in SECTIONS for figure in section.figures]
    seen_of = {figure.key: figure.make(scene, WHOLE, EN) for figure in figures}
    views = {key: view for key, view in seen_of.items() if view is not None}
    assert [key for key, view in views.items() if view.draw or view.heat] == []
    assert {key for key, view in seen_of.items() if view is None} <= {"timeline", "survival"}
    assert all(view.title and view.table.rows for view in views.values())


def test_seats_are_a_funnel_from_the_invitation_to_the_seat_that_is_held() -> None:
    rates = {"adoption_rate": 0.9, "activation_rate": 0.8}
    adoption = {"month": date(2023, 7, 1), "invited": 50, "accepted": 45, "activated": 36} | rates | EVERYBODY
    pool = {"month": date(2023, 7, 1), "pool": "a", "capacity": 30, "held_end": 20, "invited_open": 3, "idle": 7}
    rows = {
        "adoption": [adoption],
        "engagement": [{"day": date(2023, 7, 31), "holders": 20, "active": 10, "engagement_rate": 0.5} | EVERYBODY],
        "seats": [pool],
    }
    view = seen(seats.adoption(scene_of(rows), WHOLE, EN))
    assert view.title == "90% of the seat invitations were accepted, which meets the 90% target"
    assert view.subtitle.endswith("3 invitations have no answer yet, 7 seats are free.")
    assert view.draw
    plot = view.draw(False)
    assert plot["data"][2]["x"] == [1, 0.9, 0.72, 0.4]
    assert plot["data"][2]["hovertext"] == [
        "Invited: 50, –",
        "Accepted: 45, 90.0%",
        "Have studied since: 36, 80.0%",
        "Hold a seat on 31 July 2023: 20, –",
    ]


def test_a_review_is_drawn_in_counts_before_the_seats_it_judged() -> None:
    base = {"rule": "xp-1000", "kept": 70, "deferred": 0}
    reviewed = {"reviewed": 84, "exempt": 10, "reclaimed": 4, "reclaim_rate": 4 / 74}
    rows = [
        base | {"review_month": date(2022, 9, 1)} | reviewed,
        base | {"review_month": date(2022, 10, 1)} | reviewed | {"reviewed": 80, "reclaimed": 7, "reclaim_rate": 0.1},
    ]
    view = seen(reviews.reviews(scene_of({"review_summary": rows}), WHOLE, EN))
    assert view.title == "The October 2022 review takes back 7 of the 70 seats that it judged"
    assert view.draw
    judged, taken = view.draw(False)["data"][:2]
    assert (judged["y"], taken["y"], taken["text"]) == ([74, 70], [4, 7], ["4", "7"])
    assert taken["customdata"][1] == ["70", "1,000 XP rule", "10.0%"]


def test_mean_ratings_stand_on_their_question_s_own_scale() -> None:
    base = EVERYBODY | {"survey": "year-2", "answered": 25}
    rows = [base | {"question": "goal", "mean": 4.0}, base | {"question": "friends", "mean": 8.5, "nps": 40.0}]
    asked = {"goal": {"kind": "rating", "scale": [1, 5]}, "friends": {"kind": "rating"}}
    scene = scene_of({"survey_ratings": rows}, surveys=[{"id": "year-2", "questions": asked}])
    view = seen(survey.ratings(scene, WHOLE, EN))
    assert view.subtitle.endswith("NPS: year-2 40.")
    assert view.draw
    plot = view.draw(False)
    assert plot["data"][0]["x"] == [0.75]
    assert [one["text"] for one in plot["layout"]["annotations"]][2:] == [
        "<span style='color:var(--c1)'>◆</span> 8.5",
        "<span style='color:var(--c1)'>◆</span> <b>4</b>",
    ]
