-- The headline KPIs of each term that is over by as_of, of the whole program.
-- Grain: term × kpi.
with parameters as (
    select * from core.parameters
),

ended as (
    select
        terms.term,
        terms.ends_on,
        row_number() over (order by terms.starts_on, terms.ends_on, terms.term) as place
    from core.terms as terms
    inner join parameters on terms.ends_on <= parameters.as_of
),

headlines as (
    select
        headlines.*,
        ended.place,
        ended.ends_on,
        case when ended.place = 1 then 2 else ended.place - 1 end as other_place,
        headlines.kpi = 'goal_helped_rate' as is_question,
        surveys.goal_question,
        surveys.goal_option,
        forms.form
    from core.term_headlines as headlines
    inner join ended on headlines.term = ended.term
    left join core.surveys as surveys on headlines.subject = surveys.survey
    left join core.question_forms as forms
        on surveys.survey = forms.survey and surveys.goal_question = forms.question
)

select
    headlines.term,
    headlines.kpi,
    headlines.numerator,
    headlines.denominator,
    headlines.value,
    not headlines.is_question
    or coalesce(
        headlines.goal_question = other.goal_question
        and headlines.goal_option = other.goal_option
        and headlines.form = other.form,
        false
    ) as comparable,
    headlines.subject,
    headlines.ends_on
from headlines
left join headlines as other on headlines.kpi = other.kpi and headlines.other_place = other.place
