-- As behind kpi.review_summary, all rules.
select
    'all' as slice_by,
    'all' as slice,
    *
from units_of_review_summary
