-- How many of those asked returned the survey; a response without a name is taken for one of theirs.
-- Grain: survey × slice_by × slice.
with counted as (
    select
        survey,
        slice_by,
        slice,
        count(case when is_asked then 1 end) as population,
        count(case when has_responded then 1 end) as respondents
    from core.survey_population
    where is_asked or is_anonymous
    group by survey, slice_by, slice
)

select
    survey,
    slice_by,
    slice,
    population,
    respondents,
    cast(respondents as double) / nullif(population, 0) as response_rate
from counted
