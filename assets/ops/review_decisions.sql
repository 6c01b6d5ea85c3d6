-- Confirmed reviews as they were issued, and what of them was undone.
-- Grain: decision_id.
select
    issued.decision_id,
    issued.review_month,
    issued.member_id,
    issued.pool,
    issued.study_mode,
    issued.rule,
    issued.minimum_xp,
    issued.minimum_active_days,
    issued.seat_since,
    issued.xp,
    issued.active_days,
    issued.last_activity,
    issued.proposed,
    issued.decision,
    issued.reason,
    issued.exception,
    issued.files,
    issued.issued_by,
    issued.issued_at,
    undone.undo_id,
    undone.undone_at,
    undone.undone_by,
    undone.reason as undone_because
from core.issued_decisions as issued
left join core.undone_decisions as undone on issued.decision_id = undone.decision_id
