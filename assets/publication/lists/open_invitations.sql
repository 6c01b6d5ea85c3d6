-- Who has not answered an invitation, the longest open first.
select * from ops.open_invitations order by invited_on, pool, value
