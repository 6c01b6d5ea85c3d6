-- Answers of the response in force.
select
    responses.respondent as person,
    responses.survey,
    answers.question,
    responses.submitted_on as day,
    'survey_responses' as source,
    answers._file_id,
    answers._row
from core.survey_responses as responses
inner join staging.survey_responses as answers
    on responses.survey = answers.survey
    and responses.response = answers.response
    and answers.submitted_at <= responses.submitted_at
where responses.is_in_force
