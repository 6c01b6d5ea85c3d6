-- What respondents wrote in their own words, so that quotes for the renewal report can be chosen: by survey and question,
-- without whose they are. Of each respondent the response in force.
with responses as (
    select survey, response, submitted_at from core.survey_responses where is_in_force
),

closed as (
    select survey, question from core.survey_questions where kind <> 'text'
)

select
    answers.survey,
    answers.question,
    answers.response,
    answers.answer
from staging.survey_responses as answers
inner join responses on answers.survey = responses.survey and answers.response = responses.response
left join closed on answers.survey = closed.survey and answers.question = closed.question
where
    answers.answer is not null
    and answers.submitted_at <= responses.submitted_at
    and closed.question is null
order by answers.survey, answers.question, answers.response, answers.answer
