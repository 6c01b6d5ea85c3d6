"""Models of which one row more or less decides: rows in, rows out, every figure computed by hand.

``as_of`` is 30 April 2022, the zone Asia/Seoul. Belongs here: small tables between others, and lists that filter. Does
not belong here: KPIs (``test_models``) and whatever has a module of its own.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from .tiny import Tiny

MAY = datetime(2022, 5, 31, 14, 59, 59)


def respond(tiny: Tiny, response: str, member: str, answer: str, day: int = 1, survey: str = "s") -> None:
    tiny.add(
        "staging.survey_responses", survey=survey, response=response, member=member, member_id=member,
        question="q", answer=answer, submitted_at=datetime(2022, 4, day),
    )  # fmt: skip


def test_an_invitation_under_two_names_at_one_moment_was_sent_once(tiny: Tiny) -> None:
    for name in ("a@x.org", "a@y.org"):
        tiny.add(
            "staging.seat_events", member=name, member_id="a", event="invited", pool="p",
            occurred_at=datetime(2022, 4, 1), _file_id=name, _row=1,
        )  # fmt: skip
    assert tiny.rows("core.invitations", "person, times_sent") == [("a", 1)]


def test_an_open_invitation_that_is_accepted_is_open_no_longer(tiny: Tiny) -> None:
    tiny.seat("a", "invited", "2022-04-02")
    tiny.seat("b", "invited", "2022-04-02")
    tiny.seat("b", "accepted", "2022-04-03")
    assert tiny.rows("kpi.seats", "invited_open, held_end") == [(1, 1)]


def test_activity_without_minutes_has_none(tiny: Tiny) -> None:
    tiny.learn("a", "2022-04-01", xp=5)
    assert tiny.rows("core.measured", "has_xp, has_minutes") == [(True, False)]


def test_a_pace_is_of_the_running_month_and_of_28_days(tiny: Tiny) -> None:
    """Of 3 April on by as_of; one day before that is of the month alone, and of March is neither."""
    for day, xp in (("2022-04-03", 1), ("2022-04-02", 10), ("2022-03-31", 100)):
        tiny.learn("a", day, xp=xp)
    tiny.learn("b", "2022-03-01", xp=5)
    columns = "member_id, month_xp, month_days, recent_xp, recent_days, last_on"
    assert tiny.rows("core.paces", columns) == [
        ("a", 11.0, 2, 1.0, 1, date(2022, 4, 3)),
        ("b", 0.0, 0, 0.0, 0, date(2022, 3, 1)),
    ]


def test_an_item_is_done_by_its_kind_whether_or_not_it_has_a_share(tiny: Tiny) -> None:
    """Of a share alone, and of another kind, it is not."""
    tiny.add("core.completing_kinds", kind="completed")
    tiny.add("staging.roster", member="a", member_id="a", cohort="A")
    for mission, item in (("one", "c/done"), ("two", "c/half")):
        tiny.add(
            "staging.missions", cohort="A", mission=mission, due_at=MAY, alternative="1", requirement="items",
            target=item,
        )  # fmt: skip
    for item, kind, progress in (("done", "completed", None), ("half", "viewed", 0.5)):
        tiny.add(
            "staging.activity", member="a", member_id="a", course="c", item=item, kind=kind, progress=progress,
            occurred_at=datetime(2022, 4, 5),
        )  # fmt: skip
    assert tiny.rows("core.target_results", "target, member_id, met_at") == [("c/done", "a", datetime(2022, 4, 5))]


def test_what_a_target_names_is_one_course_though_it_has_a_bar(tiny: Tiny) -> None:
    """Only of lists a bar separates; a space around it does not count."""
    tiny.add("staging.roster", member="a", member_id="a", cohort="A")
    for mission, requirement in (("one", "course"), ("two", "certification")):
        tiny.add(
            "staging.missions", cohort="A", mission=mission, due_at=MAY, alternative="1", requirement=requirement,
            target="SQL | Python",
        )  # fmt: skip
    found = tiny.rows("core.requirement_targets", "requirement_id, target")
    assert found == [(1, "Python"), (1, "SQL"), (2, "SQL | Python")]


def test_each_respondent_has_a_response_in_force(tiny: Tiny) -> None:
    respond(tiny, "1", "a", "yes", day=1)
    respond(tiny, "2", "a", "no", day=2)
    respond(tiny, "3", "b", "yes", day=3)
    assert tiny.rows("core.survey_responses", "response, is_in_force") == [("1", False), ("2", True), ("3", True)]


def test_an_answer_is_of_its_own_response_and_survey(tiny: Tiny) -> None:
    respond(tiny, "1", "a", "yes")
    respond(tiny, "2", "b", "no")
    respond(tiny, "1", "c", "perhaps", survey="t")
    columns = "survey, respondent, answer"
    assert tiny.rows("core.survey_answers", columns) == [("s", "a", "yes"), ("s", "b", "no"), ("t", "c", "perhaps")]


def test_a_question_asks_for_what_is_declared_or_else_chosen_in_one_order(tiny: Tiny) -> None:
    for survey in ("s", "t"):
        tiny.add("core.survey_questions", survey=survey, question="q", kind="single")
        for number, answer in enumerate("ab"):
            respond(tiny, f"{survey}{number}", f"m{number}", answer, survey=survey)
    for option in "ba":
        tiny.add("core.survey_options", survey="t", question="q", option=option)
    assert tiny.rows("core.question_forms", "survey, form") == [("s", "single: a\nb"), ("t", "single: a\nb")]


def test_peers_are_those_of_each_headline_in_its_own_latest_period(tiny: Tiny) -> None:
    """Engagement has peers of 2022; those of 2021 are the latest of adoption alone."""
    tiny.seat("a", "accepted", "2022-04-01")
    for kpi, period, value in (
        ("engagement_rate", "2021", 0.1), ("engagement_rate", "2022", 0.7), ("adoption_rate", "2021", 0.5),
    ):  # fmt: skip
        tiny.add("staging.benchmarks", kpi=kpi, period=period, value=value, peer="x")
    where = "benchmark is not null and slice_by = 'all'"
    assert tiny.rows("kpi.scorecard", "kpi, benchmark", where) == [("adoption_rate", 0.5), ("engagement_rate", 0.7)]


def test_a_survey_is_of_the_term_begun_last(tiny: Tiny) -> None:
    for term, first in (("one", date(2022, 1, 1)), ("two", date(2022, 3, 1))):
        tiny.add("core.terms", term=term, starts_on=first, ends_on=first + timedelta(days=45))
    tiny.add("core.surveys", survey="s", all_cohorts=True)
    tiny.add("core.survey_questions", survey="s", question="q", kind="single")
    respond(tiny, "1", "a", "yes", day=2)
    assert tiny.rows("kpi.term_surveys", "term, option, chosen") == [("two", "yes", 1)]


def test_only_applicants_without_an_answer_wait(tiny: Tiny) -> None:
    for applicant, result in (("a", "pending"), ("b", "passed")):
        tiny.add(
            "staging.applications", cohort="A", applicant=applicant, stage="form", result=result, role="learner",
            applied_at=datetime(2022, 4, 10), decided_at=datetime(2022, 4, 10 if result == "pending" else 20),
        )  # fmt: skip
    assert tiny.rows("ops.waiting_applicants", "applicant, days_waiting") == [("a", 20)]


def test_only_whom_a_newer_export_leaves_out_has_vanished(tiny: Tiny) -> None:
    for member, missing_on in (("a", None), ("b", date(2022, 4, 20))):
        tiny.add(
            "raw.totals", entry=0, member=member, member_id=member, course="c", first_on=date(2022, 4, 1),
            last_on=date(2022, 4, 10), missing_on=missing_on,
        )  # fmt: skip
    assert tiny.rows("ops.vanished", "member, missing_on") == [("b", date(2022, 4, 20))]


def test_an_event_that_fits_no_state_of_the_seat_is_a_stray(tiny: Tiny) -> None:
    """Nobody returns what nobody accepted."""
    tiny.seat("a", "accepted", "2022-04-02")
    tiny.seat("b", "returned", "2022-04-02")
    assert tiny.rows("ops.stray_seat_events", "person, event") == [("b", "returned")]


def test_one_day_without_activity_is_uncovered(tiny: Tiny) -> None:
    tiny.seat("a", "accepted", "2022-03-01")
    tiny.add("core.review_rules", rule="r", pool="p", valid_from=date(2022, 1, 1), minimum_active_days=1)
    tiny.cover(date(2022, 3, 1), date(2022, 4, 29))
    assert tiny.rows("ops.uncovered_days", "review_month, day") == [(date(2022, 5, 1), date(2022, 4, 30))]
