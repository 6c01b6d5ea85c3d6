-- Ratings given; the net promoter score (9–10 less 0–6, of 100) only on scales from 0 to 10.
-- Grain: survey × question × slice_by × slice.
with questions as (
    select * from core.survey_questions where kind = 'rating'
),

people as (
    select * from core.survey_population where has_responded
),

ratings as (
    select
        answers.survey,
        answers.respondent,
        answers.question,
        max(try_cast(answers.answer as double)) as rating,
        max(case when questions.scale_low = 0 and questions.scale_high = 10 then 1 else 0 end) as is_promoter_scale
    from core.survey_answers as answers
    inner join questions on answers.survey = questions.survey and answers.question = questions.question
    where
        coalesce(
            try_cast(answers.answer as double) between coalesce(questions.scale_low, -1e300)
            and coalesce(questions.scale_high, 1e300),
            false
        )
    group by answers.survey, answers.respondent, answers.question
)

select
    people.survey,
    ratings.question,
    people.slice_by,
    people.slice,
    count(*) as answered,
    avg(ratings.rating) as mean,
    percentile_cont(0.5) within group (order by ratings.rating) as median,
    percentile_cont(0.1) within group (order by ratings.rating) as p10,
    percentile_cont(0.9) within group (order by ratings.rating) as p90,
    case
        when max(ratings.is_promoter_scale) = 1
            then
                100.0 * cast(
                    count(case when ratings.rating >= 9 then 1 end) - count(case when ratings.rating <= 6 then 1 end)
                    as double
                ) / count(*)
    end as nps
from people
inner join ratings on people.survey = ratings.survey and people.person = ratings.respondent
group by people.survey, ratings.question, people.slice_by, people.slice
