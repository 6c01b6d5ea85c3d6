-- As behind kpi.survey, of the latest survey's question and option about the goal.
select
    units.survey,
    units.question,
    units.slice_by,
    units.slice,
    units.person,
    true as answered,
    bool_or(units.option = surveys.goal_option and units.chosen) as chosen
from units_of_survey as units
inner join latest_survey on units.survey = latest_survey.survey
inner join core.surveys as surveys on units.survey = surveys.survey and units.question = surveys.goal_question
group by units.survey, units.question, units.slice_by, units.slice, units.person
