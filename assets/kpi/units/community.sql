-- Members whom the month's sessions of the kind expect, and whether they came to any.
select
    expected.month,
    expected.kind,
    expected.member_id as person,
    true as members,
    came.member_id is not null as expected_attended
from counted
inner join expected on counted.month = expected.month and counted.kind = expected.kind
left join came
    on expected.month = came.month and expected.kind = came.kind and expected.member_id = came.member_id
