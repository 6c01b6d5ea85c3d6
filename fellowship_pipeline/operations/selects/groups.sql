-- Every study group: who builds it, how many are in it and how they do.
select
    study_group,
    list(coalesce(name, member_id) order by name, member_id) filter (where role = 'builder') as builders,
    count(*) as members,
    count(*) filter (where days_since_activity < 14) as active,
    count(*) filter (where risk = 'high') as high
from list_study_groups
group by study_group
order by study_group
