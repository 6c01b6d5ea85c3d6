-- Members whom sessions, answers and program.yaml name, resolved as in every source: by member id, else by aliases,
-- else by e-mail; those of program.yaml also by a name that only one member of the roster has.
-- Grain: named_by, name.
with parameters as (
    select * from core.parameters
),

names as (
    select 'file' as named_by, host as name from staging.sessions where host is not null
    union
    select 'file' as named_by, answered_by as name from staging.support_requests where answered_by is not null
    union
    select 'program.yaml' as named_by, member as name from core.leaves
    union
    select 'program.yaml' as named_by, member as name from core.mission_exceptions
),

forms as (
    select named_by, name, name as form, 'exact' as kind from names
    union all
    select
        named_by,
        name,
        replace(replace(lower(nfc_normalize(name)), 'ß', 'ss'), 'ς', 'σ') as form,
        'email' as kind
    from names
    union all
    select named_by, name, nfc_normalize(name) as form, 'person' as kind from names where named_by = 'program.yaml'
),

known as (
    select member_id as form, member_id, 1 as step, 'exact' as kind from staging.roster
    union
    select member as form, member_id, 1 as step, 'exact' as kind from staging.aliases where member = member_id
    union
    select value as form, member_id, 2 as step, 'exact' as kind from staging.aliases where member_id is not null
    union
    select
        replace(replace(lower(nfc_normalize(email)), 'ß', 'ss'), 'ς', 'σ') as form,
        member_id,
        3 as step,
        'email' as kind
    from staging.roster
    where email is not null
    union
    select
        replace(replace(lower(nfc_normalize(value)), 'ß', 'ss'), 'ς', 'σ') as form,
        member_id,
        3 as step,
        'email' as kind
    from staging.aliases
    where kind = 'email' and member_id is not null
    union
    select nfc_normalize(name) as form, member_id, 4 as step, 'person' as kind
    from staging.roster
    where name is not null
),

found as (
    select
        forms.named_by,
        forms.name,
        known.member_id,
        rank() over (partition by forms.named_by, forms.name order by known.step) as choice
    from forms
    inner join known on forms.form = known.form and forms.kind = known.kind
),

decided as (
    select
        named_by,
        name,
        min(member_id) as first_member_id,
        max(member_id) as last_member_id
    from found
    where choice = 1
    group by named_by, name
)

select
    names.named_by,
    names.name,
    case
        when not parameters.has_names then names.name
        when decided.first_member_id = decided.last_member_id then decided.first_member_id
    end as member_id
from names
cross join parameters
left join decided on names.named_by = decided.named_by and names.name = decided.name
