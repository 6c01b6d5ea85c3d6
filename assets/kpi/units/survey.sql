-- Respondents who answered the question, and whether they chose the option.
with asked as (
    select distinct survey, question, respondent from answers
)

select
    people.survey,
    asked.question,
    options.option,
    people.slice_by,
    people.slice,
    people.person,
    true as answered,
    answers.respondent is not null as chosen
from people
inner join asked on people.survey = asked.survey and people.person = asked.respondent
inner join options on asked.survey = options.survey and asked.question = options.question
left join answers
    on asked.survey = answers.survey
    and asked.question = answers.question
    and asked.respondent = answers.respondent
    and options.option = answers.option
