-- Names that resolve to nobody, those in most rows first, and what it takes to resolve each: a line for the aliases
-- file, the member to be written before its first comma. Strangers on leaderboards have a list of their own. Whom the
-- roster calls by the name, blanks and what stands in brackets behind it aside, is said and never taken for granted.
with known as (
    select value, count(distinct member_id) as members from staging.aliases group by value
),

written as (
    select name from staging.roster where name is not null
    union
    select value from ops.unmatched
),

plain as (
    select
        name,
        regexp_replace(lower(nfc_normalize(name)), '\s+|\s*[(（][^()（）]*[)）]\s*$', '', 'g') as plain_name
    from written
),

namesakes as (
    select
        plain.plain_name,
        case count(distinct roster.member)
            when 1 then min(roster.member)
            when 2 then 'two of the roster'
            else cast(count(distinct roster.member) as varchar) || ' of the roster'
        end as could_be
    from staging.roster as roster
    inner join plain on roster.name = plain.name
    group by plain.plain_name
),

names as (
    select
        unmatched.*,
        coalesce(known.members, 0) > 1 as contradicted,
        namesakes.could_be,
        case
            when regexp_full_match(unmatched.value, '[^@\s]+@[^@\s]+') then 'email'
            when unmatched.source in ('survey_responses', 'applications') then 'survey'
            when unmatched.source = 'competitions' then 'kaggle'
            when unmatched.source = 'support_requests' then 'discord'
            when unmatched.source = 'attendance' then 'meeting'
            else 'platform'
        end as kind,
        case
            when regexp_matches(unmatched.value, '[",\r\n]') then '"' || replace(unmatched.value, '"', '""') || '"'
            else unmatched.value
        end as field
    from ops.unmatched as unmatched
    left join known on unmatched.value = known.value
    left join plain on unmatched.value = plain.name
    left join namesakes on plain.plain_name = namesakes.plain_name
    where unmatched.source <> 'competitions' or unmatched.reason <> 'unknown'
)

select
    source,
    value,
    "rows",
    first_seen,
    file,
    reason,
    could_be,
    case
        when source = 'aliases'
            then 'its lines in aliases count for nobody: write the id of a member of the roster in their first column'
        when contradicted then 'aliases name several members by it: delete all its lines but the right one'
        when reason = 'ambiguous' then 'several members have this e-mail address: add the line with the right one'
        else 'add the line with the member, or the person to the roster'
    end as what_to_do,
    case when not contradicted and source <> 'aliases' then ',' || kind || ',' || field end as aliases_line
from names
order by "rows" desc, source, value
