-- Answers that count: of each respondent those of the response in force, as a whole.
-- Grain: survey × respondent × question × answer.
with responses as (
    select * from core.survey_responses where is_in_force
),

answers as (
    select * from staging.survey_responses
)

select distinct
    responses.survey,
    responses.respondent,
    responses.is_anonymous,
    answers.question,
    answers.answer
from responses
inner join answers
    on responses.survey = answers.survey
    and responses.response = answers.response
    and answers.submitted_at <= responses.submitted_at
