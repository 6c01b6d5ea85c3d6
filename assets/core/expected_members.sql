-- Members whom a month's sessions of a kind, or questions for them, are for: those in the program on any of its days, in a
-- role that the kind expects.
-- Grain: month × kind × member_id.
with parameters as (
    select * from core.parameters
),

roles as (
    select * from core.expected_roles
),

held as (
    select
        sessions.kind,
        cast(timezone(parameters.timezone, timezone('UTC', sessions.starts_at)) as date) as starts_on,
        parameters.as_of
    from staging.sessions as sessions
    cross join parameters
),

kinds as (
    select cast(date_trunc('month', starts_on) as date) as month, kind from held where starts_on <= as_of
    union
    select month, kind from core.requests
),

asked as (
    select
        kinds.month,
        least(parameters.as_of, cast(last_day(kinds.month) as date)) as month_end,
        kinds.kind,
        roles.role
    from kinds
    cross join parameters
    left join roles on kinds.kind = roles.kind
)

select distinct
    asked.month,
    asked.kind,
    periods.member_id
from asked
inner join core.roster_periods as periods
    on periods.starts_on <= asked.month_end
    and periods.ends_before > greatest(asked.month, periods.starts_on)
    and (asked.role is null or asked.role = periods.role)
