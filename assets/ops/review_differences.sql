-- Where an issued review differs from today's recomputation, or from what the next seat export shows was done. Whoever
-- was erased is in neither; a decision that was undone is compared with nothing but the seat that it would have taken,
-- and where one was issued in its place, with nothing at all.
-- The next seat export is one that tells of the pool and was made after the decision, by its own time (not when it
-- came: an old one that comes late knows nothing of what was done since). A review of which a file of the evidence is
-- destroyed (its retention is over, or somebody was erased) cannot be recomputed, and differs from no recomputation.
-- That a seat was taken back counts also where it was after as_of: seats come before the activity of those days.
-- Grain: review_month × pool × member_id × kind.
with parameters as (
    select * from core.parameters
),

issued as (
    select decisions.*
    from ops.review_decisions as decisions
    cross join parameters
    where decisions.review_month <= parameters.as_of + interval 1 day
    qualify
        row_number() over (
            partition by decisions.review_month, decisions.pool, coalesce(decisions.member_id, decisions.decision_id)
            order by decisions.undo_id is not null, decisions.issued_at desc, decisions.decision_id
        ) = 1
),

evidence as (
    select distinct review_month, unnest(string_split(files, ' ')) as sha256
    from issued
),

destroyed as (
    select distinct evidence.review_month
    from evidence
    inner join raw.files as files on evidence.sha256 = files.sha256
    where files.status = 'erased'
),

comparable as (
    select distinct issued.review_month
    from issued
    left join destroyed on issued.review_month = destroyed.review_month
    where destroyed.review_month is null
),

covered as (
    select review_month from core.review_months where days_missing = 0
),

today as (
    select reviews.*
    from ops.seat_reviews as reviews
    inner join comparable on reviews.review_month = comparable.review_month
),

compared as (
    select
        coalesce(issued.review_month, today.review_month) as review_month,
        coalesce(issued.pool, today.pool) as pool,
        coalesce(issued.member_id, today.member_id) as member_id,
        issued.decision_id,
        issued.undone_at,
        issued.proposed,
        issued.reason,
        issued.xp,
        issued.active_days,
        today.decision as found,
        today.reason as found_reason,
        today.xp as found_xp,
        today.active_days as found_active_days,
        today.member_id is not null as is_reviewed,
        issued.rule is distinct from today.rule
        or issued.reason is distinct from today.reason
        or issued.minimum_xp is distinct from today.minimum_xp
        or issued.minimum_active_days is distinct from today.minimum_active_days
        or issued.seat_since is distinct from today.seat_since
        or issued.xp is distinct from today.xp
        or issued.active_days is distinct from today.active_days
        or issued.last_activity is distinct from today.last_activity as is_other_evidence
    from (
        select issued.*
        from issued
        inner join comparable on issued.review_month = comparable.review_month
        where issued.member_id is not null
    ) as issued
    full join today
        on issued.review_month = today.review_month
        and issued.pool = today.pool
        and issued.member_id = today.member_id
),

recomputed as (
    select
        compared.*,
        case
            when compared.decision_id is null then 'new'
            when compared.is_reviewed and compared.proposed <> compared.found then 'decision'
            when compared.is_reviewed and compared.is_other_evidence then 'evidence'
            when compared.is_reviewed then null
            when covered.review_month is null then 'not_covered'
            else 'not_reviewed'
        end as difference
    from compared
    left join covered on compared.review_month = covered.review_month
    where compared.undone_at is null
),

told as (
    select _file_id, pool from staging.seat_events
    union
    select _file_id, pool from staging.seat_snapshots
),

seat_exports as (
    select
        told.pool,
        max(least(files.exported_at, coalesce(files.known_at, files.first_seen))) as last_made
    from told
    inner join raw.files as files on told._file_id = files.file_id
    where files.exported_at is not null
    group by told.pool
),

seat_ends as (
    select member_id, pool, occurred_at as ended_at
    from staging.seat_events
    where event in ('reclaimed', 'returned')
    union all
    select member_id, pool, exported_at as ended_at
    from staging.seat_snapshots
    where status = 'removed'
),

ended as (
    select distinct issued.decision_id
    from issued
    inner join seat_ends on issued.member_id = seat_ends.member_id and issued.pool = seat_ends.pool
    where seat_ends.ended_at >= issued.review_month - interval 1 day
),

seats as (
    select
        issued.*,
        ended.decision_id is not null as is_ended,
        seats.held_before,
        seats.ended_by,
        seat_exports.last_made,
        row_number() over (partition by issued.decision_id order by seats.phase desc) as choice
    from issued
    inner join core.seats as seats
        on issued.member_id = seats.member_id
        and issued.pool = seats.pool
        and issued.seat_since = seats.held_from
    left join ended on issued.decision_id = ended.decision_id
    left join seat_exports on issued.pool = seat_exports.pool
),

done as (
    select
        *,
        case
            when
                decision = 'reclaim'
                and undone_at is null
                and held_before is null
                and not is_ended
                and last_made > issued_at
                then 'not_reclaimed'
            when
                (decision = 'reclaim') = (undone_at is not null)
                and ended_by = 'reclaimed'
                and held_before >= review_month
                and held_before < review_month + interval 1 month
                then 'reclaimed'
        end as difference
    from seats
    where choice = 1
)

select
    review_month,
    pool,
    member_id,
    'recomputed' as kind,
    difference,
    decision_id,
    proposed as issued,
    found,
    reason as issued_reason,
    found_reason,
    xp as issued_xp,
    found_xp,
    active_days as issued_active_days,
    found_active_days,
    null as found_on
from recomputed
where difference is not null
union all
select
    review_month,
    pool,
    member_id,
    'done' as kind,
    difference,
    decision_id,
    decision as issued,
    case when held_before is null then 'held' else ended_by end as found,
    reason as issued_reason,
    null as found_reason,
    null as issued_xp,
    null as found_xp,
    null as issued_active_days,
    null as found_active_days,
    held_before as found_on
from done
where difference is not null
