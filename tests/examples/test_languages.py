"""The examples' pages are in two languages: what the files say in Korean has an English label."""

import re
from pathlib import Path

import pytest

from fellowship_pipeline.program import load_program
from fellowship_pipeline.program.labels import Labels

EXAMPLES = Path(__file__).parents[2] / "examples"
HANGUL = re.compile("[가-힣]")


@pytest.mark.parametrize("name", ["datacamp_fellowship", "ml_bootcamp_2020"])
def test_what_pages_call_things_is_english_on_the_english_page(name: str) -> None:
    program = load_program(EXAMPLES / name)
    names = Labels(program, "en")
    said = [program.program.title("en")]
    said += [names.stage(stage) for stage in program.applications.stages]
    said += [names.channel(channel) for channel in program.applications.channels]
    said += [names.mission(mission, None) for mission in program.missions.labels]
    said += [names.session_kind(kind) for kind in program.community.kinds]
    said += [names.term(term.id) for term in program.terms]
    for entry in program.sources.get("survey_responses", []):
        survey = entry.survey or ""
        said.append(names.survey(survey))
        for question, asked in entry.questions.items():
            said.append(names.question(survey, question))
            said += [names.option(survey, question, option) for option in asked.options.values()]
    assert len(said) > 15
    assert [one for one in said if HANGUL.search(one)] == []
