-- What the month's seat review proposes, by rule.
-- Grain: review_month × rule.
with counted as (
    select
        review_month,
        rule,
        count(*) as reviewed,
        count(case when decision = 'keep' then 1 end) as kept,
        count(case when decision = 'reclaim' then 1 end) as reclaimed,
        count(case when decision = 'exempt' then 1 end) as exempt,
        count(case when decision = 'deferred' then 1 end) as deferred
    from ops.seat_reviews
    group by review_month, rule
)

select
    review_month,
    rule,
    reviewed,
    kept,
    reclaimed,
    exempt,
    deferred,
    cast(reclaimed as double) / nullif(reviewed - exempt, 0) as reclaim_rate
from counted
