-- The members of one study group, as the list has them.
select * from list_study_groups where study_group = $study_group
