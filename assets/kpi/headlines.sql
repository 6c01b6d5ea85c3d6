-- The headline KPIs at as_of, each taken from its own table. Of a term that is looked at, reviews and sessions are added up.
-- Grain: kpi × slice_by × slice.
with parameters as (
    select
        *,
        cast(date_trunc('month', as_of) as date) as month,
        cast(date_trunc('month', as_of + interval 1 day) - interval 1 month as date) as whole_month
    from core.parameters
),

adoption as (
    select adoption.* from kpi.adoption as adoption inner join parameters on adoption.month = parameters.month
),

engagement as (
    select engagement.* from kpi.engagement as engagement inner join parameters on engagement.day = parameters.as_of
),

seats as (
    select
        sum(seats.held_end) as held_end,
        sum(seats.capacity) as capacity
    from kpi.seats as seats
    inner join parameters on seats.month = parameters.month
    where seats.capacity is not null
),

holders as (
    select distinct seats.member_id
    from core.seats as seats
    cross join parameters
    inner join kpi.seats as pools
        on seats.pool = pools.pool and pools.month = parameters.month and pools.capacity is not null
    inner join core.member_months as months
        on seats.member_id = months.member_id and months.last_on >= seats.held_from
    where seats.held_before is null
),

review as (
    select
        case when min(reviews.review_month) = max(reviews.review_month) then max(reviews.review_month) end as review_month,
        sum(reviews.reclaimed) as reclaimed,
        sum(reviews.reviewed - reviews.exempt) as judged
    from kpi.review_summary as reviews
    cross join parameters
    where
        case
            when parameters.since is null
                then reviews.review_month = (select max(review_month) from kpi.review_summary)
            else reviews.review_month between parameters.since and parameters.as_of
        end
    having count(*) > 0
),

retained as (
    select
        slice_by,
        slice,
        sum(active) as active,
        sum(started) as started
    from kpi.retention
    where months_since = 3
    group by slice_by, slice
),

courses as (
    select
        sum(once.completed) as completed,
        sum(once.started) as started
    from (select distinct course, started, completed from kpi.courses where started is not null) as once
    inner join core.configured_sources as sources on sources.source = 'completions'
),

due as (
    select
        missions.*,
        dense_rank() over (order by missions.due_at desc) as recency
    from kpi.missions as missions
    inner join parameters
        on cast(timezone(parameters.timezone, timezone('UTC', missions.due_at)) as date)
        between coalesce(parameters.since, date '-infinity') and parameters.as_of
),

last_due as (
    select
        cohort,
        min(mission) as mission,
        max(remaining) as remaining,
        max(cohort_members) as cohort_members
    from due
    where recency = 1
    group by cohort
),

placed as (
    select
        sum(outcomes.numerator) as placed,
        sum(outcomes.denominator) as seeking
    from kpi.outcomes as outcomes
    inner join core.cohorts as cohorts on outcomes.cohort = cohorts.cohort
    inner join parameters
        on cohorts.ends_on between coalesce(parameters.since, date '-infinity') and parameters.as_of
    where outcomes.kind = 'placement'
),

meetings as (
    select
        community.month,
        community.kind
    from kpi.community as community
    inner join parameters
        on community.month between coalesce(parameters.since, parameters.whole_month) and parameters.whole_month
    where community.sessions > 0
),

attended as (
    select
        meetings.month,
        count(distinct attendances.member_id) as attended,
        count(distinct expected.member_id) as members
    from meetings
    left join core.expected_members as expected
        on meetings.month = expected.month and meetings.kind = expected.kind
    left join core.session_attendances as attendances
        on expected.month = attendances.month
        and expected.kind = attendances.kind
        and expected.member_id = attendances.member_id
        and attendances.status = 'attended'
        and not attendances.is_host
    group by meetings.month
),

latest_survey as (
    select responses.survey
    from core.survey_responses as responses
    cross join parameters
    where
        coalesce(
            cast(timezone(parameters.timezone, timezone('UTC', responses.submitted_at)) as date) >= parameters.since,
            true
        )
    group by responses.survey
    order by max(responses.submitted_at) desc, responses.survey desc
    limit 1
),

returned as (
    select response.* from kpi.survey_response as response
    inner join latest_survey on response.survey = latest_survey.survey
),

goal as (
    select
        survey.survey,
        survey.slice_by,
        survey.slice,
        max(survey.answered) as answered,
        sum(case when survey.option = surveys.goal_option then survey.chosen else 0 end) as chosen
    from kpi.survey as survey
    inner join latest_survey on survey.survey = latest_survey.survey
    inner join core.surveys as surveys
        on survey.survey = surveys.survey and survey.question = surveys.goal_question
    group by survey.survey, survey.slice_by, survey.slice
),

gathered as (
    select
        'adoption_rate' as kpi,
        slice_by,
        slice,
        accepted as numerator,
        invited as denominator,
        cast(null as varchar) as subject
    from adoption
    union all
    select 'activation_rate', slice_by, slice, activated, accepted, null from adoption
    union all
    select 'platform_adoption_score', 'all', 'all', (select count(*) from holders), capacity, null
    from seats
    where capacity is not null
    union all
    select 'engagement_rate', slice_by, slice, active, holders, null from engagement
    union all
    select 'seat_utilization', 'all', 'all', held_end, capacity, null from seats where capacity is not null
    union all
    select 'reclaim_rate', 'all', 'all', reclaimed, judged, strftime(review_month, '%Y-%m') from review
    union all
    select 'retention_3m', slice_by, slice, active, started, null from retained
    union all
    select 'course_completion_rate', 'all', 'all', completed, started, null from courses where started > 0
    union all
    select 'survey_response_rate', slice_by, slice, respondents, population, survey from returned
    union all
    select 'goal_helped_rate', slice_by, slice, chosen, answered, survey from goal
    union all
    select 'mission_survival_rate', 'all', 'all', sum(remaining), sum(cohort_members), min(cohort || ' ' || mission)
    from last_due
    having count(*) > 0
    union all
    select 'placement_rate', 'all', 'all', placed, seeking, null from placed where seeking is not null
    union all
    select
        'attendance_rate', 'all', 'all', sum(attended), sum(members),
        case when min(month) = max(month) then strftime(max(month), '%Y-%m') end
    from attended
    having count(*) > 0
)

select
    kpi,
    slice_by,
    slice,
    numerator,
    denominator,
    cast(numerator as double) / nullif(denominator, 0) as value,
    subject
from gathered
