-- Whom a survey was sent to and who returned it, in the slices of the latest roster row among the survey's cohorts. It was
-- sent to learners, or the roles that program.yaml says, with a row of these cohorts that had begun when it closed and
-- was not left before it opened; a row that only ended with its cohort counts.
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
    select survey, respondent, is_anonymous from core.survey_responses where is_in_force
),

begun as (
    select periods.*
    from core.roster_periods as periods
    cross join parameters
    where periods.starts_on <= parameters.as_of
),

returned as (
    select
        survey,
        min(submitted_on) as first_on,
        max(submitted_on) as last_on
    from core.survey_responses
    group by survey
),

scope as (
    select
        returned.survey,
        coalesce(surveys.all_cohorts, true) as all_cohorts,
        coalesce(surveys.opens_on, returned.first_on) as opens_on,
        coalesce(surveys.closes_on, returned.last_on) as closes_on
    from returned
    left join surveys on returned.survey = surveys.survey
),

listed as (
    select
        scope.survey,
        scope.opens_on,
        scope.closes_on,
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

asked as (
    select distinct listed.survey, listed.member_id
    from listed
    left join core.survey_roles as roles on listed.survey = roles.survey
    where
        listed.role = coalesce(roles.role, 'learner')
        and listed.starts_on <= listed.closes_on
        and coalesce(listed.left_on >= listed.opens_on, true)
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
        coalesce(answers.is_anonymous, false) as is_anonymous,
        coalesce(latest.cohort, '(none)') as cohort,
        coalesce(latest.study_mode, '(none)') as study_mode,
        coalesce(latest.study_group, '(none)') as study_group,
        coalesce(latest.track, '(none)') as track
    from people
    left join asked on people.survey = asked.survey and people.person = asked.member_id
    left join listed as latest
        on people.survey = latest.survey and people.person = latest.member_id and latest.choice = 1
    left join answers on people.survey = answers.survey and people.person = answers.respondent
)

select survey, person, 'all' as slice_by, 'all' as slice, is_asked, has_responded, is_anonymous from placed
union all
select survey, person, 'cohort' as slice_by, cohort as slice, is_asked, has_responded, is_anonymous from placed
union all
select survey, person, 'study_mode' as slice_by, study_mode as slice, is_asked, has_responded, is_anonymous from placed
union all
select survey, person, 'study_group' as slice_by, study_group as slice, is_asked, has_responded, is_anonymous from placed
union all
select survey, person, 'track' as slice_by, track as slice, is_asked, has_responded, is_anonymous from placed
