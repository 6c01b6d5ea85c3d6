"""Files of form tools as ``fellowship map`` sees them: the preset, and questions that are questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fellowship_pipeline.intake.proposal import propose
from tests.intake.presets import test_kobotoolbox as kobo
from tests.intake.presets import test_limesurvey as limesurvey
from tests.intake.presets import test_microsoft_forms as microsoft
from tests.intake.presets import test_qualtrics as qualtrics
from tests.intake.presets import test_surveymonkey as surveymonkey

pytestmark = pytest.mark.slow

CASES: dict[str, tuple[str | bytes, dict[str, Any]]] = {
    "qualtrics": (
        qualtrics.FILE,
        {
            "questions": {
                "Q1": {"header": "Q1", "kind": "rating", "scale": [1, 5]},
                "Q2": {"header": "Q2", "kind": "text"},
            },
        },
    ),
    "kobotoolbox": (
        kobo.HEADER + kobo.BORA + kobo.BORA.replace('"Talks in person Mentors";"0";"1";"1"', '"Talks";"1";"0";"0"'),
        {
            "questions": {
                "q4": {
                    "kind": "multi",
                    "headers": {
                        "Talks": "end/What did you use?/Talks",
                        "Talks in person": "end/What did you use?/Talks in person",
                        "Mentors": "end/What did you use?/Mentors",
                    },
                },
                "end_score": {"header": "end/Score", "kind": "rating", "scale": [1, 5]},
            }
        },
    ),
    "limesurvey": (
        limesurvey.FILE,
        {
            "questions": {
                "G1Q1": {"header": "G1Q1", "kind": "rating", "scale": [1, 5]},
                "G1Q2": {"kind": "multi", "headers": {"SQ001": "G1Q2[SQ001]", "SQ002": "G1Q2[SQ002]"}},
                "G1Q3": {"header": "G1Q3", "kind": "text"},
            }
        },
    ),
    "surveymonkey": (
        surveymonkey.FILE,
        {
            "questions": {
                "how_useful_was_it": {"header": "How useful was it?", "kind": "rating", "scale": [1, 5]},
                "what_did_you_use": {
                    "kind": "multi",
                    "headers": {"Talks": "What did you use? [Talks]", "Mentors": "What did you use? [Mentors]"},
                },
                "q13": {"header": "What did you use? [Other (please specify)]", "kind": "text"},
                "anything_else": {"header": "Anything else?", "kind": "text"},
            }
        },
    ),
    "microsoft_forms": (
        microsoft.QUIZ,
        {
            "questions": {
                "what_did_you_like": {"header": "What did you like?", "kind": "text"},
                "how_useful_was_it": {"header": "How useful was it?", "kind": "rating", "scale": [1, 5]},
            },
        },
    ),
}


@pytest.mark.parametrize("tool", CASES)
def test_the_preset_is_proposed(tmp_path: Path, tool: str) -> None:
    content, said = CASES[tool]
    file = tmp_path / "landing" / "export.csv"
    file.parent.mkdir()
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    best = propose(file).found[0]
    assert best.entries == {
        "survey_responses": {"preset": tool, "files": "landing/export.csv", "survey": "export", **said}
    }


def test_several_answers_are_parted_as_the_tool_does(tmp_path: Path) -> None:
    """Not taken for one answer that three people gave."""
    file = tmp_path / "export.csv"
    given = ('"Videos,Mentoring"', "Videos", "Mentoring")
    responses = "".join(qualtrics.DURI.replace("R_2", f"R_{at}").replace("Videos", one) for at, one in enumerate(given))
    file.write_text(qualtrics.IDS + qualtrics.LABELS + qualtrics.IMPORT_IDS + responses)
    asked = propose(file).found[0].entries["survey_responses"]["questions"]["Q2"]
    options = {"Mentoring": "Mentoring", "Videos": "Videos"}
    assert asked == {"header": "Q2", "kind": "multi", "separator": ",", "options": options}
