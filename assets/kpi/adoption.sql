-- Of the seat invitations sent up to the end of the month, how many were accepted by then.
-- Grain: month × slice_by × slice.
with parameters as (
    select * from core.parameters
),

invitations as (
    select invitations.*
    from core.invitations as invitations
    cross join parameters
    where invitations.status <> 'withdrawn' and coalesce(invitations.sent_on >= parameters.since, true)
),

started as (
    select
        invitations.person,
        invitations.pool,
        invitations.phase,
        invitations.invitation,
        min(learned.month) as activated_in
    from invitations
    inner join core.member_months as learned
        on invitations.member_id = learned.member_id and learned.last_on >= invitations.accepted_on
    group by invitations.person, invitations.pool, invitations.phase, invitations.invitation
),

placed as (
    select
        periods.cohort,
        periods.study_mode,
        periods.study_group,
        periods.track,
        invitations.sent_on,
        invitations.accepted_on,
        started.activated_in,
        date_diff('day', invitations.sent_on, invitations.accepted_on) as days_to_accept
    from invitations
    inner join core.person_periods as periods
        on invitations.person = periods.person
        and periods.valid_from <= invitations.sent_on
        and periods.valid_to > invitations.sent_on
    left join started
        on invitations.person = started.person
        and invitations.pool = started.pool
        and invitations.phase = started.phase
        and invitations.invitation = started.invitation
),

months as (
    select
        cast(unnest(generate_series(
            (select date_trunc('month', min(sent_on)) from invitations),
            date_trunc('month', cast(parameters.as_of as timestamp)),
            interval 1 month
        )) as date) as month
    from parameters
    where exists (select 1 from invitations)
),

ended as (
    select
        months.month,
        least(cast(last_day(months.month) as date), parameters.as_of) as month_end
    from months
    cross join parameters
    where months.month >= date '0001-01-01'
),

counted as (
    select
        ended.month,
        case
            when grouping(placed.cohort) = 0 then 'cohort'
            when grouping(placed.study_mode) = 0 then 'study_mode'
            when grouping(placed.study_group) = 0 then 'study_group'
            when grouping(placed.track) = 0 then 'track'
            else 'all'
        end as slice_by,
        coalesce(placed.cohort, placed.study_mode, placed.study_group, placed.track, 'all') as slice,
        count(*) as invited,
        count(case when placed.accepted_on <= ended.month_end then 1 end) as accepted,
        count(case when placed.activated_in <= ended.month then 1 end) as activated,
        percentile_cont(0.5) within group (
            order by case when placed.accepted_on <= ended.month_end then cast(placed.days_to_accept as double) end
        ) as median_days_to_accept
    from ended
    inner join placed on placed.sent_on <= ended.month_end
    group by grouping sets (
        (ended.month), (ended.month, placed.cohort), (ended.month, placed.study_mode), (ended.month, placed.study_group), (ended.month, placed.track)
    )
)

select
    month,
    slice_by,
    slice,
    invited,
    accepted,
    cast(accepted as double) / nullif(invited, 0) as adoption_rate,
    activated,
    cast(activated as double) / nullif(accepted, 0) as activation_rate,
    median_days_to_accept
from counted
