-- Invitations sent up to the end of the month.
select
    ended.month,
    slices.slice_by,
    slices.slice,
    invitations.person,
    invitations.pool,
    invitations.sent_on,
    invitations.accepted_on,
    invitations.status,
    started.activated_in,
    ended.month_end,
    true as invited,
    coalesce(invitations.accepted_on <= ended.month_end, false) as accepted,
    coalesce(started.activated_in <= ended.month, false) as activated
from ended
inner join invitations on invitations.sent_on <= ended.month_end
inner join core.person_slices as slices
    on invitations.person = slices.person
    and slices.valid_from <= invitations.sent_on
    and slices.valid_to > invitations.sent_on
left join started
    on invitations.person = started.person
    and invitations.pool = started.pool
    and invitations.phase = started.phase
    and invitations.invitation = started.invitation
