-- Members whom the survey was sent to, and respondents without a name.
select
    survey,
    slice_by,
    slice,
    person,
    is_anonymous,
    is_asked as population,
    has_responded as respondents
from core.survey_population
where is_asked or is_anonymous
