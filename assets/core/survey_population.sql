-- Whom a survey was sent to and who returned it, in the slices of the latest roster row among the survey's cohorts.
-- Grain: survey × person × slice_by.
with parameters as (
    select * from core.parameters
),

surveys as (
    select * from core.surveys
),

cohorts as (
    select * from core.survey_cohorts
),

answers as (
    select distinct survey, respondent from core.survey_answers
),

begun as (
    select periods.*
    from core.roster_periods as periods
    cross join parameters
    where periods.starts_on <= parameters.as_of
),

scope as (
    select answered.survey, coalesce(surveys.all_cohorts, true) as all_cohorts
    from (select distinct survey from answers) as answered
    left join surveys on answered.survey = surveys.survey
),

asked as (
    select
        scope.survey,
        begun.*,
        row_number() over (
            partition by scope.survey, begun.member_id order by begun.starts_on desc, begun.cohort desc,
            begun.period_rank desc
        ) as choice
    from scope
    cross join begun
    left join cohorts on scope.survey = cohorts.survey and begun.cohort = cohorts.cohort
    where scope.all_cohorts or cohorts.cohort is not null
),

people as (
    select survey, member_id as person from asked
    union
    select survey, respondent as person from answers
),

placed as (
    select
        people.survey,
        people.person,
        asked.member_id is not null as is_asked,
        answers.respondent is not null as has_responded,
        coalesce(asked.cohort, '(none)') as cohort,
        coalesce(asked.study_mode, '(none)') as study_mode,
        coalesce(asked.study_group, '(none)') as study_group,
        coalesce(asked.track, '(none)') as track
    from people
    left join asked on people.survey = asked.survey and people.person = asked.member_id and asked.choice = 1
    left join answers on people.survey = answers.survey and people.person = answers.respondent
)

select survey, person, 'all' as slice_by, 'all' as slice, is_asked, has_responded from placed
union all
select survey, person, 'cohort' as slice_by, cohort as slice, is_asked, has_responded from placed
union all
select survey, person, 'study_mode' as slice_by, study_mode as slice, is_asked, has_responded from placed
union all
select survey, person, 'study_group' as slice_by, study_group as slice, is_asked, has_responded from placed
union all
select survey, person, 'track' as slice_by, track as slice, is_asked, has_responded from placed
