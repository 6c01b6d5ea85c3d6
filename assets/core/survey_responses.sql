-- Responses that count: sent in by as_of, by somebody who is known or by nobody in particular; one whose name resolves to
-- nobody is left out. A response without a name is its own respondent; of each respondent's, the last is in force.
-- Grain: survey × response.
with parameters as (
    select * from core.parameters
),

sent_in as (
    select
        responses.survey,
        responses.response,
        max(responses.submitted_at) as submitted_at,
        max(responses.member_id) as member_id,
        max(responses.member) as member
    from staging.survey_responses as responses
    cross join parameters
    where cast(timezone(parameters.timezone, timezone('UTC', responses.submitted_at)) as date) <= parameters.as_of
    group by responses.survey, responses.response
),

named as (
    select
        sent_in.survey,
        sent_in.response,
        sent_in.submitted_at,
        cast(timezone(parameters.timezone, timezone('UTC', sent_in.submitted_at)) as date) as submitted_on,
        coalesce(sent_in.member_id, 'response:' || sent_in.response) as respondent,
        sent_in.member_id is null as is_anonymous
    from sent_in
    cross join parameters
    where sent_in.member is null or sent_in.member_id is not null
)

select
    survey,
    response,
    submitted_at,
    submitted_on,
    respondent,
    is_anonymous,
    row_number() over (partition by survey, respondent order by submitted_at desc, response desc) = 1 as is_in_force
from named
