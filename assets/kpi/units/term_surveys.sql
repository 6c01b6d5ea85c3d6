-- Respondents as behind kpi.survey, of the survey that is the term's.
select
    latest.term,
    latest.question,
    answers.option,
    latest.survey,
    answers.person,
    answers.answered,
    answers.chosen
from latest
inner join units_of_survey as answers
    on latest.survey = answers.survey and latest.question = answers.question and answers.slice_by = 'all'
