-- Members whom sessions, answers and program.yaml name, resolved as in every source: by member id, else by aliases,
-- else by e-mail.
-- Grain: name.
with parameters as (
    select * from core.parameters
),

names as (
    select host as name from staging.sessions where host is not null
    union
    select answered_by as name from staging.support_requests where answered_by is not null
    union
    select member as name from core.leaves
    union
    select member as name from core.mission_exceptions
),

forms as (
    select name, name as form, false as is_email from names
    union all
    select name, replace(replace(lower(nfc_normalize(name)), 'ß', 'ss'), 'ς', 'σ') as form, true as is_email from names
),

known as (
    select member_id as form, member_id, 1 as step from staging.roster
    union
    select member as form, member as member_id, 1 as step from staging.aliases
    union
    select value as form, member as member_id, 2 as step from staging.aliases
    union
    select replace(replace(lower(nfc_normalize(email)), 'ß', 'ss'), 'ς', 'σ') as form, member_id, 3 as step
    from staging.roster
    where email is not null
    union
    select replace(replace(lower(nfc_normalize(value)), 'ß', 'ss'), 'ς', 'σ') as form, member as member_id, 3 as step
    from staging.aliases
    where kind = 'email'
),

found as (
    select
        forms.name,
        known.member_id,
        rank() over (partition by forms.name order by known.step) as choice
    from forms
    inner join known on forms.form = known.form and forms.is_email = (known.step = 3)
),

decided as (
    select
        name,
        min(member_id) as first_member_id,
        max(member_id) as last_member_id
    from found
    where choice = 1
    group by name
)

select
    names.name,
    case
        when not parameters.has_names then names.name
        when decided.first_member_id = decided.last_member_id then decided.first_member_id
    end as member_id
from names
cross join parameters
left join decided on names.name = decided.name
