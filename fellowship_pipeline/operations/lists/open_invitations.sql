-- Who has not answered an invitation, the longest open first.
select
    invitations.pool,
    invitations.value,
    invitations.member_id,
    people.name,
    coalesce(people.email, address_in(invitations.value)) as email,
    invitations.* exclude (pool, value, member_id)
from ops.open_invitations as invitations
left join people on invitations.member_id = people.member_id
order by invitations.invited_on, invitations.pool, invitations.value
