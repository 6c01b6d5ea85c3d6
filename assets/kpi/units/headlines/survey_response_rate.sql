-- As behind kpi.survey_response, of the latest survey.
select units.*
from units_of_survey_response as units
inner join latest_survey on units.survey = latest_survey.survey
