-- Questions and problems by the month in which they were raised; open_at_end is what all months so far left open.
-- Grain: month × channel × topic.
with parameters as (
    select * from core.parameters
),

requests as (
    select * from core.requests
),

opened as (
    select
        month,
        channel,
        topic,
        count(*) as opened,
        count(answered_at) as answered,
        count(case when is_escalated then 1 end) as escalated,
        count(case when is_asked_ahead then 1 end) as asked_ahead,
        count(case when is_answered_by_member then 1 end) as answered_by_members,
        percentile_cont(0.5) within group (order by hours_to_answer) as median_hours_to_answer
    from requests
    group by month, channel, topic
),

closed as (
    select answered_month as month, channel, topic, count(*) as closed
    from requests
    where answered_month is not null
    group by answered_month, channel, topic
),

months as (
    select
        started.channel,
        started.topic,
        cast(unnest(generate_series(
            cast(started.first_month as timestamp), cast(parameters.as_of as timestamp), interval 1 month
        )) as date) as month
    from (select channel, topic, min(month) as first_month from opened group by channel, topic) as started
    cross join parameters
),

running as (
    select
        months.month,
        months.channel,
        months.topic,
        coalesce(opened.opened, 0) as opened,
        coalesce(opened.answered, 0) as answered,
        sum(coalesce(opened.opened, 0) - coalesce(closed.closed, 0)) over (
            partition by months.channel, months.topic order by months.month
            rows between unbounded preceding and current row
        ) as open_at_end,
        coalesce(opened.escalated, 0) as escalated,
        coalesce(opened.asked_ahead, 0) as asked_ahead,
        coalesce(opened.answered_by_members, 0) as answered_by_members,
        opened.median_hours_to_answer
    from months
    left join opened
        on months.month = opened.month and months.channel = opened.channel and months.topic = opened.topic
    left join closed
        on months.month = closed.month and months.channel = closed.channel and months.topic = closed.topic
)

select
    month,
    channel,
    topic,
    opened,
    answered,
    open_at_end,
    escalated,
    asked_ahead,
    answered_by_members,
    median_hours_to_answer
from running
where opened > 0 or open_at_end > 0
