-- What respondents chose, with the 95 % Wilson score interval (Wilson 1927; z = 1.959963984540054).
-- Grain: survey × question × option × slice_by × slice.
with questions as (
    select * from core.survey_questions where kind in ('single', 'multi', 'rating')
),

people as (
    select * from core.survey_population where has_responded
),

answers as (
    select distinct
        answers.survey,
        answers.respondent,
        answers.question,
        case
            when questions.kind = 'rating' then printf('%g', try_cast(answers.answer as double))
            else answers.answer
        end as option
    from core.survey_answers as answers
    inner join questions on answers.survey = questions.survey and answers.question = questions.question
    where
        answers.answer is not null
        and (
            questions.kind <> 'rating'
            or coalesce(
                try_cast(answers.answer as double) between coalesce(questions.scale_low, -1e300)
                and coalesce(questions.scale_high, 1e300),
                false
            )
        )
),

options as (
    select distinct survey, question, option from answers
),

returned as (
    select survey, slice_by, slice, count(*) as respondents from people group by survey, slice_by, slice
),

answered as (
    select
        people.survey,
        answers.question,
        people.slice_by,
        people.slice,
        count(distinct answers.respondent) as answered
    from people
    inner join answers on people.survey = answers.survey and people.person = answers.respondent
    group by people.survey, answers.question, people.slice_by, people.slice
),

chosen as (
    select
        people.survey,
        answers.question,
        answers.option,
        people.slice_by,
        people.slice,
        count(*) as chosen
    from people
    inner join answers on people.survey = answers.survey and people.person = answers.respondent
    group by people.survey, answers.question, answers.option, people.slice_by, people.slice
),

counted as (
    select
        answered.survey,
        answered.question,
        options.option,
        answered.slice_by,
        answered.slice,
        returned.respondents,
        answered.answered,
        coalesce(chosen.chosen, 0) as chosen,
        cast(answered.answered as double) as n,
        cast(coalesce(chosen.chosen, 0) as double) / answered.answered as share,
        1.959963984540054 as z
    from answered
    inner join options on answered.survey = options.survey and answered.question = options.question
    inner join returned
        on answered.survey = returned.survey
        and answered.slice_by = returned.slice_by
        and answered.slice = returned.slice
    left join chosen
        on answered.survey = chosen.survey
        and answered.question = chosen.question
        and options.option = chosen.option
        and answered.slice_by = chosen.slice_by
        and answered.slice = chosen.slice
),

bounded as (
    select
        *,
        (share + z * z / (2 * n)) / (1 + z * z / n) as center,
        z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n) as margin
    from counted
)

select
    survey,
    question,
    option,
    slice_by,
    slice,
    respondents,
    answered,
    chosen,
    share,
    greatest(center - margin, 0) as ci_low,
    least(center + margin, 1) as ci_high
from bounded
