-- Answers that count: of each respondent the last response by as_of, as a whole. A response without a name is its own
-- respondent; one whose name resolves to nobody is left out.
-- Grain: survey × respondent × question × answer.
with parameters as (
    select * from core.parameters
),

dated as (
    select
        responses.survey,
        responses.response,
        responses.submitted_at,
        responses.question,
        responses.answer,
        responses.member_id,
        responses.member
    from staging.survey_responses as responses
    cross join parameters
    where cast(timezone(parameters.timezone, timezone('UTC', responses.submitted_at)) as date) <= parameters.as_of
),

returned as (
    select
        survey,
        response,
        max(submitted_at) as submitted_at,
        max(member_id) as member_id,
        max(member) as member
    from dated
    group by survey, response
),

named as (
    select
        survey,
        response,
        submitted_at,
        coalesce(member_id, 'response:' || response) as respondent,
        member_id is null as is_anonymous
    from returned
    where member is null or member_id is not null
),

ranked as (
    select
        *,
        row_number() over (partition by survey, respondent order by submitted_at desc, response desc) as choice
    from named
)

select distinct
    ranked.survey,
    ranked.respondent,
    ranked.is_anonymous,
    dated.question,
    dated.answer
from ranked
inner join dated on ranked.survey = dated.survey and ranked.response = dated.response
where ranked.choice = 1
