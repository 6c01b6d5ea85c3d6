-- What a survey question may be answered with: its scale, or else the options that the mapping declares, or else those
-- that were chosen.
-- Grain: survey × question.
with questions as (
    select * from core.survey_questions where kind in ('single', 'multi', 'rating')
),

declared as (
    select survey, question, string_agg(option, chr(10) order by option) as options
    from core.survey_options
    group by survey, question
),

answers as (
    select distinct survey, question, answer from core.survey_answers where answer is not null
),

chosen as (
    select survey, question, string_agg(answer, chr(10) order by answer) as options
    from answers
    group by survey, question
)

select
    questions.survey,
    questions.question,
    questions.kind || ': ' || coalesce(
        cast(questions.scale_low as varchar) || ' to ' || cast(questions.scale_high as varchar),
        declared.options,
        chosen.options
    ) as form
from questions
left join declared on questions.survey = declared.survey and questions.question = declared.question
left join chosen on questions.survey = chosen.survey and questions.question = chosen.question
