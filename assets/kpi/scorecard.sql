-- The headline KPIs at as_of, against target, the same day of the month before, and peers (their median in the latest
-- period given).
-- Grain: kpi × slice_by × slice.
with parameters as (
    select * from core.parameters
),

headlines as (
    select * from kpi.headlines
),

latest_period as (
    select kpi, max(period) as period from staging.benchmarks group by kpi
),

peers as (
    select
        benchmarks.kpi,
        percentile_cont(0.5) within group (order by benchmarks.value) as benchmark
    from staging.benchmarks as benchmarks
    inner join latest_period on benchmarks.kpi = latest_period.kpi and benchmarks.period = latest_period.period
    group by benchmarks.kpi
)

select
    headlines.kpi,
    labels.label,
    parameters.as_of,
    headlines.slice_by,
    headlines.slice,
    headlines.numerator,
    headlines.denominator,
    headlines.value,
    'rate' as unit,
    targets.target,
    case
        when headlines.value >= targets.target then 'met'
        when headlines.value >= targets.target * 0.95 then 'near'
        when headlines.value < targets.target then 'missed'
    end as status,
    previous.value as previous,
    headlines.value - previous.value as delta,
    peers.benchmark
from headlines
cross join parameters
left join core.kpi_labels as labels on headlines.kpi = labels.kpi
left join core.targets as targets on headlines.kpi = targets.kpi
left join core.previous_headlines as previous
    on headlines.kpi = previous.kpi
    and headlines.slice_by = previous.slice_by
    and headlines.slice = previous.slice
left join peers on headlines.kpi = peers.kpi
