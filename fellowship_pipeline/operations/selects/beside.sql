-- What the KPI tables have of every study group and of all, at as_of and in the last month that was over.
with parameters as (
    select
        as_of,
        cast(date_trunc('month', as_of + 1) - interval 1 month as date) as month,
        cast(date_trunc('month', as_of) as date) as running
    from core.parameters
),

asked as (
    select 'all' as slice_by, 'all' as slice
    union all
    select distinct 'study_group' as slice_by, study_group as slice from list_study_groups
)

select
    asked.slice_by,
    asked.slice,
    parameters.month,
    engagement.active as engagement_rate_numerator,
    engagement.holders as engagement_rate_denominator,
    engagement.engagement_rate,
    adoption.accepted as adoption_rate_numerator,
    adoption.invited as adoption_rate_denominator,
    adoption.adoption_rate,
    activity.median_xp,
    activity.active_days / nullif(activity.learners, 0) as active_days,
    activity.completions / nullif(activity.learners, 0) as completions
from asked
cross join parameters
left join kpi.engagement as engagement
    on asked.slice_by = engagement.slice_by and asked.slice = engagement.slice and engagement.day = parameters.as_of
left join kpi.adoption as adoption
    on asked.slice_by = adoption.slice_by and asked.slice = adoption.slice and adoption.month = parameters.running
left join kpi.activity as activity
    on asked.slice_by = activity.slice_by and asked.slice = activity.slice and activity.month = parameters.month
