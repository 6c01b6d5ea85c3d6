"""Each expectation of meaning passes on clean rows and fails on its own minimal bad row."""

from __future__ import annotations

import duckdb
import pytest

from checks.contract import contract
from checks.model import Expectation, has_persons, meanings, suites
from checks.runner import run_expectations, run_suite
from checks.screening import counts
from fellowship_pipeline.contracts import TABLE_BY_KEY, Table
from fellowship_pipeline.warehouse.selects import parse

from . import world

pytestmark = pytest.mark.slow

ALL = [(key, expectation) for key, expectations in suites().items() for expectation in expectations]

# (table, expectation) → (table changed, the change)
BAD: dict[tuple[str, str], tuple[str, str]] = {
    ("raw.files", "every_record_is_staged_rejected_superseded_or_ignored"): (
        "raw.files",
        "update raw.files set rows = 3 where file_id = 'f1'",
    ),
    ("raw.files", "staged_records_are_those_in_staging"): (
        "staging.roster",
        "delete from staging.roster where _row = 2",
    ),
    ("raw.files", "every_rejected_record_has_its_reason"): (
        "raw.files",
        "update raw.files set rows = 3, rejected = 1 where file_id = 'f1'",
    ),
    ("raw.files", "no_file_waits_for_a_decision"): (
        "raw.files",
        "update raw.files set status = 'held' where file_id = 'f1'",
    ),
    ("raw.files", "no_record_is_rejected"): (
        "raw.files",
        "update raw.files set rows = 3, rejected = 1 where file_id = 'f1'",
    ),
    ("raw.files", "no_record_is_restated"): ("raw.files", "update raw.files set restated = 1 where file_id = 'f1'"),
    ("raw.rejects", "every_reject_belongs_to_a_file"): (
        "raw.rejects",
        "insert into raw.rejects values ('f9', 1, 'xp', 'many', 'number', 2)",
    ),
    ("staging.roster", "nobody_leaves_before_joining"): (
        "staging.roster",
        "update staging.roster set left_on = date '2021-12-31' where _row = 1",
    ),
    ("staging.completions", "nothing_is_completed_before_it_is_started"): (
        "staging.completions",
        "update staging.completions set started_at = timestamp '2022-01-31 00:00:01'",
    ),
    ("staging.catalog", "every_course_of_a_track_has_hours"): (
        "staging.catalog",
        "update staging.catalog set hours = null",
    ),
    ("staging.outcomes", "every_kind_is_known"): (
        "staging.outcomes",
        "update staging.outcomes set kind = 'Job'",
    ),
    ("staging.attendance", "nobody_leaves_before_joining"): (
        "staging.attendance",
        "update staging.attendance set left_at = timestamp '2022-01-31 02:59:59'",
    ),
    ("core.parameters", "there_is_exactly_one_row"): ("core.parameters", "delete from core.parameters"),
    ("core.seats", "no_seat_ends_before_it_begins"): (
        "core.seats",
        "update core.seats set held_before = date '2022-01-29' where person = 'm2'",
    ),
    ("core.seats", "nobody_holds_two_seats_of_a_pool_at_once"): (
        "core.seats",
        "insert into core.seats values ('m2', 'm2', 'datacamp', 1, date '2022-01-31', null, null)",
    ),
    ("core.holdings", "spans_of_a_member_do_not_touch"): (
        "core.holdings",
        "insert into core.holdings values ('m2', date '2022-02-01', null)",
    ),
    ("core.invitations", "nothing_is_accepted_before_it_is_sent"): (
        "core.invitations",
        "update core.invitations set accepted_on = date '2022-01-29' where person = 'm1'",
    ),
    ("core.member_periods", "periods_of_a_member_follow_without_gaps"): (
        "core.member_periods",
        "update core.member_periods set valid_to = date '2021-12-31' where valid_to = date '2022-01-01'",
    ),
    ("core.person_slices", "slices_of_a_person_follow_without_gaps"): (
        "core.person_slices",
        "update core.person_slices set valid_to = date '2021-12-31' where valid_to = date '2022-01-01'",
    ),
    ("staging.missions", "rows_of_a_mission_agree"): (
        "staging.missions",
        "update staging.missions set mandatory = false where _row = 1",
    ),
    ("staging.missions", "every_requirement_can_be_met"): (
        "staging.missions",
        "update staging.missions set requirement = 'essay' where _row = 1",
    ),
    ("core.mission_exceptions", "every_exception_is_of_a_member_and_a_mission"): (
        "core.mission_exceptions",
        "update core.mission_exceptions set position = 1",
    ),
    ("core.mission_results", "statuses_follow_from_when_a_mission_was_met_and_is_due"): (
        "core.mission_results",
        "update core.mission_results set status = 'late' where status = 'met'",
    ),
    ("core.mission_results", "nobody_is_in_a_mission_due_after_being_eliminated"): (
        "core.mission_results",
        "update core.mission_results set member_id = 'm2' where mission = 'M2'",
    ),
    ("core.mission_results", "everybody_else_of_the_cohort_is_in"): (
        "core.mission_results",
        "delete from core.mission_results where mission = 'M2'",
    ),
    ("core.cohort_members", "nobody_begins_after_as_of"): (
        "core.cohort_members",
        "update core.cohort_members set starts_on = date '2022-02-02' where member_id = 'm1'",
    ),
    ("core.expected_roles", "every_kind_is_of_a_session"): (
        "core.expected_roles",
        "update core.expected_roles set kind = 'Talk'",
    ),
    ("core.survey_population", "whoever_responds_is_of_a_cohort_of_the_survey"): (
        "core.survey_population",
        "insert into core.survey_population values ('year-1', 'm9', 'cohort', '(none)', false, true, false)",
    ),
    ("core.activity_days", "no_day_is_after_as_of"): (
        "core.activity_days",
        "update core.activity_days set day = date '2022-02-02' where day = date '2022-01-31'",
    ),
    ("core.activity_days", "no_learning_is_lost_or_doubled"): (
        "core.activity_days",
        "update core.activity_days set xp = 99 where day = date '2022-01-30'",
    ),
    ("core.first_completions", "no_completion_is_after_as_of"): (
        "core.first_completions",
        "update core.first_completions set completed_on = date '2022-02-02'",
    ),
    ("core.stays", "no_attendance_is_lost"): ("core.stays", "delete from core.stays"),
    ("core.stays", "what_counts_has_a_session_and_says_how_it_was_found"): (
        "core.stays",
        "update core.stays set session = null",
    ),
    ("core.session_attendances", "no_session_is_after_as_of"): (
        "core.session_attendances",
        "update core.session_attendances set starts_on = date '2022-02-02'",
    ),
    ("core.session_attendances", "everybody_in_a_session_is_there_once"): (
        "core.session_attendances",
        "delete from core.session_attendances",
    ),
    ("core.requests", "nothing_after_as_of_counts"): (
        "core.requests",
        "update core.requests set answered_at = timestamp '2022-02-01 15:00:00'",
    ),
    ("kpi.community", "attendance_rate_is_expected_attended_by_members"): (
        "kpi.community",
        "update kpi.community set attendance_rate = 0.49 where kind = 'talk'",
    ),
    ("kpi.community", "fill_rate_is_places_taken_by_capacity"): (
        "kpi.community",
        "update kpi.community set fill_rate = null where kind = 'talk'",
    ),
    ("kpi.community", "parts_are_no_more_than_the_whole"): (
        "kpi.community",
        "update kpi.community set answered = 2 where kind = '(none)'",
    ),
    ("kpi.community", "every_attendance_and_every_question_is_counted"): (
        "core.requests",
        "delete from core.requests",
    ),
    ("kpi.community", "no_more_attend_than_are_in_the_program"): (
        "kpi.community",
        "update kpi.community set unique_members = 3 where kind = '(none)'",
    ),
    ("kpi.support", "parts_are_no_more_than_the_whole"): ("kpi.support", "update kpi.support set asked_ahead = 2"),
    ("kpi.support", "every_request_is_counted"): ("kpi.support", "delete from kpi.support"),
    ("kpi.support", "open_on_as_of_is_what_has_no_answer"): (
        "core.requests",
        "update core.requests set answered_at = null",
    ),
    ("kpi.adoption", "adoption_rate_is_accepted_by_invited"): (
        "kpi.adoption",
        "update kpi.adoption set adoption_rate = 0.99 where slice_by = 'all' and month = date '2022-01-01'",
    ),
    ("kpi.adoption", "activation_rate_is_activated_by_accepted"): (
        "kpi.adoption",
        "update kpi.adoption set activation_rate = null where slice_by = 'all' and month = date '2022-01-01'",
    ),
    ("kpi.adoption", "slices_add_up_to_all"): (
        "kpi.adoption",
        "update kpi.adoption set activated = 0 where slice_by = 'track' and month = date '2022-01-01'",
    ),
    ("kpi.adoption", "counts_never_fall"): (
        "kpi.adoption",
        "update kpi.adoption set invited = 3 where slice_by = 'all' and month = date '2022-01-01'",
    ),
    ("kpi.adoption", "the_running_month_counts_every_invitation"): (
        "kpi.adoption",
        "update kpi.adoption set accepted = 1 where slice_by = 'all' and month = date '2022-02-01'",
    ),
    ("kpi.engagement", "engagement_rate_is_active_by_holders"): (
        "kpi.engagement",
        "update kpi.engagement set holders = 0 where slice_by = 'all' and day = date '2022-02-01'",
    ),
    ("kpi.engagement", "stickiness_is_active_1d_by_active"): (
        "kpi.engagement",
        "update kpi.engagement set stickiness = 0.5 where slice_by = 'all' and day = date '2022-02-01'",
    ),
    ("kpi.engagement", "the_active_are_holders_and_shorter_windows_have_fewer"): (
        "kpi.engagement",
        "update kpi.engagement set active_7d = 2 where slice_by = 'all' and day = date '2022-01-30'",
    ),
    ("kpi.engagement", "slices_add_up_to_all"): (
        "kpi.engagement",
        "delete from kpi.engagement where slice_by = 'cohort' and day = date '2022-01-30'",
    ),
    ("kpi.engagement", "every_day_since_the_first_seat_has_a_row"): (
        "kpi.engagement",
        "delete from kpi.engagement where day = date '2022-01-31'",
    ),
    ("kpi.engagement", "holders_on_as_of_are_those_who_hold_a_seat"): (
        "kpi.engagement",
        "update kpi.engagement set holders = 2 where slice_by = 'all' and day = date '2022-02-01'",
    ),
    ("kpi.activity", "slices_add_up_to_all"): (
        "kpi.activity",
        "update kpi.activity set xp = 149 where slice_by = 'track'",
    ),
    ("kpi.activity", "learners_are_no_more_than_their_days"): (
        "kpi.activity",
        "update kpi.activity set learners = 3 where slice_by = 'all'",
    ),
    ("kpi.activity", "every_day_of_learning_is_counted"): (
        "kpi.activity",
        "update kpi.activity set active_days = 1 where slice_by = 'all'",
    ),
    ("kpi.seats", "held_end_is_held_start_and_what_changed"): (
        "kpi.seats",
        "update kpi.seats set returned = 1 where month = date '2022-02-01'",
    ),
    ("kpi.seats", "a_month_starts_with_what_the_month_before_held"): (
        "kpi.seats",
        "update kpi.seats set held_start = 1 where month = date '2022-02-01'",
    ),
    ("kpi.seats", "peak_is_at_least_what_is_held_at_the_end"): (
        "kpi.seats",
        "update kpi.seats set peak_held = 0 where month = date '2022-02-01'",
    ),
    ("kpi.seats", "idle_is_capacity_less_held_and_invited"): (
        "kpi.seats",
        "update kpi.seats set idle = null where month = date '2022-02-01'",
    ),
    ("kpi.seats", "utilization_is_held_end_by_capacity"): (
        "kpi.seats",
        "update kpi.seats set capacity = 0 where month = date '2022-02-01'",
    ),
    ("kpi.seats", "held_on_as_of_is_what_core_seats_hold"): (
        "kpi.seats",
        "update kpi.seats set held_end = 2 where month = date '2022-02-01'",
    ),
    ("kpi.seats", "the_latest_month_is_not_over_committed"): (
        "kpi.seats",
        "update kpi.seats set idle = -1 where month = date '2022-02-01'",
    ),
    ("kpi.seats", "the_rotation_budget_is_not_overdrawn"): (
        "kpi.seats",
        "update kpi.seats set rotations_left = -1 where month = date '2022-02-01'",
    ),
    ("kpi.retention", "retention_rate_is_active_by_started"): (
        "kpi.retention",
        "update kpi.retention set retention_rate = 1.5 where slice_by = 'all' and months_since = 0",
    ),
    ("kpi.retention", "slices_add_up_to_all"): (
        "kpi.retention",
        "update kpi.retention set active = 0 where slice_by = 'track' and months_since = 0",
    ),
    ("kpi.retention", "those_who_started_stay_the_denominator"): (
        "kpi.retention",
        "update kpi.retention set started = 3 where slice_by = 'all' and months_since = 1",
    ),
    ("kpi.courses", "completion_rate_is_completed_by_started"): (
        "kpi.courses",
        "update kpi.courses set completion_rate = 0 where course = 'c2'",
    ),
    ("kpi.courses", "a_course_counts_the_same_in_every_track"): (
        "kpi.courses",
        "update kpi.courses set started = 2 where track = 'U'",
    ),
    ("kpi.courses", "who_started_is_known_where_most_starts_are"): (
        "kpi.courses",
        "update kpi.courses set known_starts = 0 where track = 'U'",
    ),
    ("kpi.courses", "every_completion_has_a_start"): (
        "kpi.courses",
        "update kpi.courses set known_starts = 0 where course = 'c1'",
    ),
    ("kpi.courses", "every_completion_is_counted"): (
        "kpi.courses",
        "update kpi.courses set completed = 0 where course = 'c1'",
    ),
    ("kpi.tracks", "completion_rate_is_completed_by_members"): (
        "kpi.tracks",
        "update kpi.tracks set completed = null where slice_by = 'all'",
    ),
    ("kpi.tracks", "slices_add_up_to_all"): (
        "kpi.tracks",
        "update kpi.tracks set members = 1 where slice_by = 'cohort'",
    ),
    ("kpi.applications", "everybody_who_entered_has_one_result"): (
        "kpi.applications",
        "update kpi.applications set pending = 0 where position = 2",
    ),
    ("kpi.applications", "pass_rate_is_passed_by_entered"): (
        "kpi.applications",
        "update kpi.applications set pass_rate = 0.5 where position = 2",
    ),
    ("kpi.applications", "overall_rate_is_passed_by_entered_at_the_first_stage"): (
        "kpi.applications",
        "update kpi.applications set overall_rate = 0.75 where position = 2",
    ),
    ("kpi.applications", "no_stage_passes_more_than_entered_the_first"): (
        "kpi.applications",
        "update kpi.applications set overall_rate = 1.25 where position = 2",
    ),
    ("core.graduates", "nobody_completes_after_as_of"): (
        "core.graduates",
        "update core.graduates set completed_at = timestamp '2022-02-01 15:00:00'",
    ),
    ("core.member_outcomes", "every_outcome_of_a_member_is_in_a_cohort"): (
        "core.member_outcomes",
        "delete from core.member_outcomes where kind = 'job'",
    ),
    ("kpi.outcomes", "share_is_members_by_denominator"): (
        "kpi.outcomes",
        "update kpi.outcomes set share = 0.4 where kind = 'job'",
    ),
    ("kpi.outcomes", "the_denominator_is_the_cohort"): (
        "kpi.outcomes",
        "update kpi.outcomes set denominator = 2 where kind = 'placement'",
    ),
    ("kpi.outcomes", "every_outcome_is_counted"): (
        "kpi.outcomes",
        "update kpi.outcomes set members = 2 where kind = 'job'",
    ),
    ("kpi.outcomes", "placements_are_of_those_with_an_internship_or_job"): (
        "kpi.outcomes",
        "update kpi.outcomes set members = 2 where kind = 'placement'",
    ),
    ("kpi.outcome_timeline", "cumulative_share_is_cumulative_members_by_denominator"): (
        "kpi.outcome_timeline",
        "update kpi.outcome_timeline set cumulative_share = 0.4 where kind = 'job' and months_since = 1",
    ),
    ("kpi.outcome_timeline", "curves_have_no_holes_and_never_fall"): (
        "kpi.outcome_timeline",
        "delete from kpi.outcome_timeline where kind = 'job' and months_since = 0",
    ),
    ("kpi.outcome_timeline", "curves_end_with_all_outcomes"): (
        "kpi.outcome_timeline",
        "delete from kpi.outcome_timeline where kind = 'job' and months_since = 1",
    ),
    ("kpi.funnel", "no_stage_passes_more_than_the_one_before"): (
        "kpi.funnel",
        "update kpi.funnel set passed = 3 where position = 3",
    ),
    ("kpi.funnel", "shares_are_passed_by_those_before"): (
        "kpi.funnel",
        "update kpi.funnel set share_of_first = 0.9 where position = 2",
    ),
    ("kpi.funnel", "the_first_stage_is_that_of_the_applications"): (
        "kpi.funnel",
        "update kpi.funnel set stage = 'quiz' where position = 1",
    ),
    ("kpi.application_channels", "acceptance_rate_is_accepted_by_applicants"): (
        "kpi.application_channels",
        "update kpi.application_channels set acceptance_rate = 0.4",
    ),
    ("kpi.application_channels", "channels_add_up_to_the_applications"): (
        "kpi.application_channels",
        "update kpi.application_channels set applicants = 3",
    ),
    ("kpi.application_channels", "the_unanswered_are_those_who_wait"): (
        "kpi.application_channels",
        "update kpi.application_channels set unanswered = 1",
    ),
    ("kpi.missions", "everybody_in_a_mission_has_one_result"): (
        "kpi.missions",
        "update kpi.missions set late = 1 where mission = 'M1'",
    ),
    ("kpi.missions", "the_table_counts_the_results"): (
        "core.mission_results",
        "delete from core.mission_results where mission = 'M2'",
    ),
    ("kpi.missions", "on_time_rate_is_met_by_members"): (
        "kpi.missions",
        "update kpi.missions set on_time_rate = null where mission = 'M2'",
    ),
    ("kpi.missions", "survival_rate_is_remaining_by_members_of_the_cohort"): (
        "kpi.missions",
        "update kpi.missions set survival_rate = 1 where mission = 'M2'",
    ),
    ("kpi.missions", "everybody_of_the_cohort_remains_or_is_out_or_left"): (
        "kpi.missions",
        "update kpi.missions set left_before = 1 where mission = 'M2'",
    ),
    ("kpi.missions", "somebody_is_in_every_mission_of_a_cohort_that_is_over"): (
        "kpi.missions",
        "update kpi.missions set members = 0 where mission = 'M2'",
    ),
    ("kpi.missions", "those_who_remain_never_grow"): (
        "kpi.missions",
        "update kpi.missions set remaining = 2 where mission = 'M2'",
    ),
    ("kpi.competitions", "teams_and_those_who_pass_are_of_the_members"): (
        "kpi.competitions",
        "update kpi.competitions set passing = 3",
    ),
    ("kpi.competitions", "the_best_share_is_no_worse_than_the_median"): (
        "kpi.competitions",
        "update kpi.competitions set best_share = 0.3",
    ),
    ("kpi.survey", "the_chosen_are_of_those_who_answered_of_those_who_responded"): (
        "kpi.survey",
        "update kpi.survey set respondents = 32 where slice_by = 'all'",
    ),
    ("kpi.survey", "share_is_chosen_by_answered"): (
        "kpi.survey",
        "update kpi.survey set share = 0.8485 where slice_by = 'all'",
    ),
    ("kpi.survey", "the_interval_is_the_wilson_score_interval"): (
        "kpi.survey",
        "update kpi.survey set ci_low = 0.6908 where slice_by = 'all'",
    ),
    ("kpi.survey", "slices_add_up_to_all"): (
        "kpi.survey",
        "update kpi.survey set chosen = 27 where slice_by = 'cohort'",
    ),
    ("kpi.survey_ratings", "percentiles_are_in_order"): (
        "kpi.survey_ratings",
        "update kpi.survey_ratings set p90 = 7 where slice_by = 'all'",
    ),
    ("kpi.survey_ratings", "slices_add_up_to_all"): (
        "kpi.survey_ratings",
        "update kpi.survey_ratings set answered = 1 where slice_by = 'cohort'",
    ),
    ("kpi.survey_response", "response_rate_is_respondents_by_population"): (
        "kpi.survey_response",
        "update kpi.survey_response set population = 0 where slice_by = 'all'",
    ),
    ("kpi.survey_response", "slices_add_up_to_all"): (
        "kpi.survey_response",
        "update kpi.survey_response set respondents = 32 where slice_by = 'cohort'",
    ),
    ("kpi.survey_response", "no_more_respond_than_were_asked"): (
        "kpi.survey_response",
        "update kpi.survey_response set response_rate = 1.01 where slice_by = 'all'",
    ),
    ("kpi.review_summary", "every_review_is_decided"): (
        "kpi.review_summary",
        "update kpi.review_summary set kept = 2",
    ),
    ("kpi.review_summary", "reclaim_rate_is_reclaimed_by_judged"): (
        "kpi.review_summary",
        "update kpi.review_summary set exempt = 1",
    ),
    ("kpi.review_summary", "the_summary_counts_the_reviews"): (
        "ops.seat_reviews",
        "delete from ops.seat_reviews where member_id = 'm1'",
    ),
    ("kpi.what_if", "reclaim_rate_is_reclaimed_by_judged"): (
        "kpi.what_if",
        "update kpi.what_if set reclaim_rate = 0.4 where minimum_xp = 0",
    ),
    ("kpi.what_if", "a_higher_minimum_never_reclaims_fewer"): (
        "kpi.what_if",
        "update kpi.what_if set reclaimed = 0 where minimum_xp = 1000",
    ),
    ("kpi.what_if", "the_rules_own_minimum_reclaims_what_the_review_does"): (
        "kpi.what_if",
        "update kpi.what_if set reclaimed = 2 where minimum_xp = 100",
    ),
    ("kpi.terms", "value_is_numerator_by_denominator"): (
        "kpi.terms",
        "update kpi.terms set value = 0.8 where kpi = 'goal_helped_rate'",
    ),
    ("kpi.terms", "a_term_that_ends_on_as_of_has_the_headlines_of_the_day"): (
        "kpi.terms",
        "update kpi.terms set kpi = 'seat_utilization' where kpi = 'goal_helped_rate'",
    ),
    ("kpi.terms", "only_terms_that_are_over_are_compared"): (
        "kpi.terms",
        "update kpi.terms set term = 'running' where kpi = 'goal_helped_rate'",
    ),
    ("kpi.term_surveys", "share_is_chosen_by_answered"): (
        "kpi.term_surveys",
        "update kpi.term_surveys set share = 0.8",
    ),
    ("kpi.term_surveys", "every_answer_is_that_of_its_survey"): (
        "kpi.term_surveys",
        "update kpi.term_surveys set chosen = 27",
    ),
    ("kpi.scorecard", "value_is_numerator_by_denominator"): (
        "kpi.scorecard",
        "update kpi.scorecard set value = 0.99 where kpi = 'engagement_rate' and slice_by = 'all'",
    ),
    ("kpi.scorecard", "every_headline_equals_its_own_table"): (
        "kpi.scorecard",
        "delete from kpi.scorecard where kpi = 'reclaim_rate'",
    ),
    ("kpi.scorecard", "attendance_is_that_of_the_last_whole_month"): (
        "kpi.scorecard",
        "delete from kpi.scorecard where kpi = 'attendance_rate'",
    ),
    ("kpi.scorecard", "no_more_seats_are_studied_in_than_are_held"): (
        "kpi.scorecard",
        "update kpi.scorecard set numerator = 2 where kpi = 'platform_adoption_score'",
    ),
    ("kpi.scorecard", "status_and_delta_follow_from_their_values"): (
        "kpi.scorecard",
        "update kpi.scorecard set status = 'missed' where kpi = 'activation_rate' and slice_by = 'all'",
    ),
    ("ops.seat_reviews", "no_review_of_a_month_that_is_not_covered"): (
        "core.coverage",
        "delete from core.coverage where day = date '2022-01-17'",
    ),
    ("ops.seat_reviews", "decisions_follow_from_the_evidence"): (
        "ops.seat_reviews",
        "update ops.seat_reviews set xp = 99 where member_id = 'm1'",
    ),
    ("ops.seat_reviews", "everybody_reviewed_holds_a_seat"): (
        "core.seats",
        "update core.seats set held_before = date '2022-01-31' where person = 'm2'",
    ),
    ("ops.review_decisions", "every_issued_decision_is_listed"): (
        "ops.review_decisions",
        "update ops.review_decisions set xp = 1 where undo_id is null",
    ),
    ("ops.review_decisions", "a_seat_is_decided_once_in_a_review"): (
        "ops.review_decisions",
        "insert into ops.review_decisions"
        " select * replace ('d2' as decision_id) from ops.review_decisions where undo_id is null",
    ),
    ("ops.seat_offers", "positions_of_a_pool_follow_without_gaps"): (
        "ops.seat_offers",
        "update ops.seat_offers set position = 2",
    ),
    ("ops.seat_offers", "nobody_who_holds_a_seat_is_offered_one"): (
        "ops.seat_offers",
        "update ops.seat_offers set member_id = 'm1'",
    ),
    ("ops.at_risk", "everybody_with_a_seat_is_listed_once"): ("ops.at_risk", "delete from ops.at_risk"),
    ("ops.at_risk", "whoever_lacks_xp_is_watched"): ("ops.at_risk", "update ops.at_risk set risk = 'none'"),
    ("ops.open_invitations", "every_open_invitation_is_listed"): (
        "ops.open_invitations",
        "insert into ops.open_invitations values ('datacamp', 'x', null, date '2022-01-30', 2, 1, date '2022-01-30')",
    ),
    ("ops.waiting_applicants", "nobody_waits_for_too_long"): (
        "ops.waiting_applicants",
        "update ops.waiting_applicants set is_unanswered = true",
    ),
    ("ops.recognition", "places_begin_at_one_and_end_at_the_last_recognized"): (
        "ops.recognition",
        "update ops.recognition set rank = 2",
    ),
    ("ops.unmatched", "few_rows_have_an_unmatched_name"): (
        "staging.roster",
        "update staging.roster set member_id = null where _row = 1",
    ),
    ("ops.stray_seat_events", "every_seat_event_fits_its_seat"): (
        "ops.stray_seat_events",
        "insert into ops.stray_seat_events"
        " values ('m1', 'datacamp', 'reclaimed', timestamp '2022-01-01 00:00:00', 'f1', 1)",
    ),
    ("ops.stray_attendance", "all_attendance_belongs_to_a_session"): (
        "ops.stray_attendance",
        "insert into ops.stray_attendance values ('s9', 'm1', null, null, 'unknown_session', 'joins', 1)",
    ),
    ("ops.uncovered_days", "every_month_due_for_review_is_covered"): (
        "ops.uncovered_days",
        "insert into ops.uncovered_days values (date '2022-03-01', date '2022-02-17')",
    ),
}


LABELS_ALONE = {("core.expected_roles", "every_kind_is_of_a_session")}
"""Expectations whose bad rows are labels of groups and no more: there is nothing of them that may be told."""


def _has_an_example(table: Table, expectation: Expectation) -> bool:
    """Whether anything of a bad row may be told: of a KPI table which day, number or kind it is of, and no figure."""
    if has_persons(table) or (table.key, expectation.name) in LABELS_ALONE:
        return False
    if table.privacy is None or not expectation.rows_query:
        return True
    keys = set(parse(expectation.rows_query).named_selects) & set(table.grain)
    return any(table.column(key).values or table.column(key).type != "VARCHAR" for key in keys)


@pytest.mark.parametrize("table_key", sorted(key for key, rows in world.WORLD.items() if rows))
def test_everything_expected_of_a_table_holds_on_clean_rows(clean: duckdb.DuckDBPyConnection, table_key: str) -> None:
    assert [(result.name, result.error) for result in run_suite(clean, table_key) if not result.passed] == []
    wrong = counts(clean, TABLE_BY_KEY[table_key], [*contract(table_key), *meanings(table_key)])
    assert wrong is not None
    assert set(wrong.values()) == {0}


@pytest.mark.parametrize(("table_key", "expectation"), ALL, ids=[f"{key}-{e.name}" for key, e in ALL])
def test_an_expectation_fails_on_its_own_bad_row(
    clean: duckdb.DuckDBPyConnection, table_key: str, expectation: Expectation
) -> None:
    changed, change = BAD[table_key, expectation.name]
    table = TABLE_BY_KEY[table_key]
    clean.execute(change)
    try:
        [result] = run_expectations(clean, table, {"meaning": (expectation,)})
        counted = counts(clean, table, [expectation])
    finally:
        world.put(clean, changed)
    assert (result.passed, result.is_error) == (False, False)
    assert counted == {expectation.name: 1}
    if expectation.rows_query:
        assert result.unexpected_count == 1
        assert len(result.examples) == _has_an_example(table, expectation)


def test_every_bad_row_is_of_an_expectation_that_exists() -> None:
    assert set(BAD) == {(key, expectation.name) for key, expectation in ALL}
