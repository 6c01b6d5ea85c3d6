-- Every member's name and address: of the latest roster row that has one, else an e-mail address among the aliases.
with aliases as (
    select
        member_id,
        min(value) as email
    from staging.aliases
    where kind = 'email' and member_id is not null
    group by member_id
),

roster as (
    select
        member_id,
        last(name order by joined_on nulls first, cohort, _file_id, _row) filter (where name is not null) as name,
        last(email order by joined_on nulls first, cohort, _file_id, _row) filter (where email is not null) as email
    from staging.roster
    where member_id is not null
    group by member_id
)

select
    coalesce(roster.member_id, aliases.member_id) as member_id,
    roster.name,
    coalesce(roster.email, aliases.email) as email
from roster
full join aliases on roster.member_id = aliases.member_id
