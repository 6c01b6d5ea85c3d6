-- Members on the track, and how far they are.
select
    progressed.track,
    slices.slice_by,
    slices.slice,
    progressed.member_id as person,
    progressed.progress,
    true as members,
    case
        when
            bool_and(progressed.is_known) over (
                partition by progressed.track, slices.slice_by, slices.slice
            )
            then progressed.is_complete
    end as completed
from progressed
cross join parameters
inner join core.person_slices as slices
    on progressed.member_id = slices.person
    and slices.valid_from <= parameters.as_of
    and slices.valid_to > parameters.as_of
