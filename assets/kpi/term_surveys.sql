-- What the surveys of each term that is over asked, as answered by as_of. A survey is of the term begun last by the start
-- of the latest cohort that it was sent to; where it names none, by its first response.
-- Grain: term × question × option.
with parameters as (
    select * from core.parameters
),

ended as (
    select
        terms.term,
        row_number() over (order by terms.starts_on, terms.ends_on, terms.term) as place
    from core.terms as terms
    inner join parameters on terms.ends_on <= parameters.as_of
),

returned as (
    select
        survey,
        min(submitted_on) as first_on,
        max(submitted_at) as last_at
    from core.survey_responses
    group by survey
),

sent as (
    select
        asked.survey,
        max(cohorts.starts_on) as sent_on
    from core.survey_cohorts as asked
    inner join core.cohorts as cohorts on asked.cohort = cohorts.cohort
    group by asked.survey
),

dated as (
    select
        returned.survey,
        returned.last_at,
        terms.term,
        row_number() over (
            partition by returned.survey order by terms.starts_on desc, terms.ends_on, terms.term
        ) as choice
    from returned
    left join sent on returned.survey = sent.survey
    inner join core.terms as terms on terms.starts_on <= coalesce(sent.sent_on, returned.first_on)
),

asked as (
    select
        ended.term,
        ended.place,
        case when ended.place = 1 then 2 else ended.place - 1 end as other_place,
        forms.survey,
        forms.question,
        forms.form,
        row_number() over (
            partition by ended.term, forms.question order by dated.last_at desc, dated.survey desc
        ) as choice
    from dated
    inner join ended on dated.term = ended.term
    inner join core.question_forms as forms on dated.survey = forms.survey
    where dated.choice = 1 and forms.form is not null
),

latest as (
    select * from asked where choice = 1
)

select
    latest.term,
    latest.survey,
    latest.question,
    survey.option,
    survey.answered,
    survey.chosen,
    survey.share,
    coalesce(latest.form = other.form, false) as comparable
from latest
inner join kpi.survey as survey
    on latest.survey = survey.survey and latest.question = survey.question and survey.slice_by = 'all'
left join latest as other on latest.question = other.question and latest.other_place = other.place
