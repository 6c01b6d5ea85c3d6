"""Every record of a preset's file is staged, rejected, superseded or ignored, and none is two of them."""

from __future__ import annotations

from typing import Any

import pytest

from fellowship_pipeline.intake.staging import stage
from tests.intake.homes import Place
from tests.intake.presets import test_canvas_gradebook as canvas
from tests.intake.presets import test_coursera as coursera
from tests.intake.presets import test_edx_enterprise as edx
from tests.intake.presets import test_icalendar as ics
from tests.intake.presets import test_kaggle as kaggle
from tests.intake.presets import test_kobotoolbox as kobo
from tests.intake.presets import test_kolibri as kolibri
from tests.intake.presets import test_limesurvey as limesurvey
from tests.intake.presets import test_microsoft_forms as microsoft
from tests.intake.presets import test_moodle as moodle
from tests.intake.presets import test_qualtrics as qualtrics
from tests.intake.presets import test_surveymonkey as surveymonkey
from tests.intake.presets import test_webex as webex

pytestmark = pytest.mark.slow

Case = tuple[str, dict[str, Any], dict[str, str | bytes], list[tuple[int, ...]]]
FILES = "select rows, staged, rejected, superseded, ignored from raw.files order by path"
CASES: dict[str, Case] = {
    "canvas": (
        "completions",
        {"preset": "canvas_gradebook", "values": {"completed_at": "2025-06-30"}},
        {"a.csv": canvas.BOOK, "b.csv": canvas.BOOK.replace("bora@example.org", "nari@example.org")},
        [(6, 1, 0, 1, 4), (6, 2, 0, 0, 4)],
    ),
    "icalendar": (
        "sessions",
        {"preset": "icalendar"},
        {"a.ics": ics.calendar(ics.WEEKLY, ics.MOVED + "STATUS:CANCELLED\n", "UID:b\nSUMMARY:Sometime")},
        [(4, 2, 1, 0, 1)],
    ),
    "moodle": (
        "completions",
        {"preset": "moodle"},
        {"progress.csv": moodle.REPORT.replace("Completed (set by Kim)", "Perhaps")},
        [(4, 2, 1, 0, 1)],
    ),
    "webex": (
        "attendance",
        {"preset": "webex"},
        {"a.csv": webex.report(*webex.CAME_BACK, webex.HOST, (*webex.GUEST[:4], "19:00:00", "18:00:00"))},
        [(5, 2, 1, 2, 0)],
    ),
    "coursera activity": (
        "activity",
        {"preset": "coursera"},
        {
            "2024-03-01.csv": coursera.report(
                coursera.ACTIVITY,
                coursera.OPENED | {"Learning Hours": "3"},
                coursera.OPENED | {"Course": "Statistics", "Last Course Activity Time": ""},
                coursera.OPENED | {"Email": ""},
            ),
        },
        [(3, 1, 1, 0, 1)],
    ),
    "coursera completions": (
        "completions",
        {"preset": "coursera"},
        {
            "a.csv": coursera.report(
                coursera.USAGE,
                coursera.OPENED,
                coursera.FINISHED | {"Course Grade": "0.9"},
                coursera.FINISHED | {"Course": "Statistics", "Course Grade": "90"},
                coursera.FINISHED | {"Completion Time": ""},
            )
        },
        [(4, 1, 2, 0, 1)],
    ),
    "coursera learning paths": (
        "completions",
        {"preset": "coursera"},
        {
            "a.csv": coursera.report(
                coursera.PATH,
                coursera.STEP,
                coursera.STEP | {"Course Name": "Python"},
                coursera.STEP | {"Is Course Completed": "No"},
                coursera.STEP | {"Is Course Completed": "No", "Badge Completed": "Perhaps"},
            )
        },
        [(4, 3, 1, 0, 0)],
    ),
    "coursera seats": (
        "seat_snapshots",
        {"preset": "coursera", "values": {"status": coursera.STATES}},
        {
            "2024-02-01.csv": coursera.report(
                coursera.MEMBERSHIP,
                coursera.SEAT,
                coursera.SEAT | {"Member State": "Gone"},
                coursera.SEAT | {"Member State": "New"},
            )
        },
        [(3, 1, 1, 0, 1)],
    ),
    "kaggle": (
        "competitions",
        kaggle.ENTRY,
        {"t-publicleaderboard.csv": kaggle.BOARD + "0,9,sample,,0.1,1,host\n3,103,Extra,,x,1,u9\n4,104,A,,1,1,u4,?\n"},
        [(5, 2, 2, 0, 1)],
    ),
    "edx licenses": (
        "seat_snapshots",
        {"preset": "edx_enterprise"},
        {
            "2024-04-01.csv": edx.LICENSES
            + ",l,,assigned,a@x.org\n,l,,revoked,a@x.org\n,l,,revoked,b@x.org\n,l,,unassigned,c@x.org\n"
        },
        [(4, 2, 1, 0, 1)],
    ),
    "kobotoolbox": (
        "survey_responses",
        kobo.ENTRY,
        {"a.csv": kobo.FILE + kobo.BORA.replace("2025-03-01T01:05:02", "")},
        [(4, 2, 1, 0, 1)],
    ),
    "kolibri": (
        "activity",
        {"preset": "kolibri"},
        {"session.csv": kolibri.SESSION + kolibri.VISIT, "summary.csv": kolibri.SUMMARY + kolibri.DONE + kolibri.OPEN},
        [(1, 1, 0, 0, 0), (2, 0, 0, 0, 2)],
    ),
    "limesurvey": (
        "survey_responses",
        limesurvey.ENTRY,
        {"a.csv": limesurvey.FILE + limesurvey.BORA.replace("2025-03-01", "once")},
        [(5, 2, 1, 0, 2)],
    ),
    "microsoft forms": (
        "survey_responses",
        microsoft.ENTRY,
        {
            "a.csv": microsoft.CSV
            + "1,2025-03-01 09:00,2025-03-01 09:05,anonymous,,People;,5\n"
            + "2,2025-03-01 09:00,later,anonymous,,People;,5\n,,,,,,\n"
        },
        [(3, 1, 1, 0, 1)],
    ),
    "qualtrics": (
        "survey_responses",
        qualtrics.ENTRY,
        {"a.csv": qualtrics.FILE + qualtrics.BORA.replace("2025-03-01 10:05:01", "then")},
        [(7, 2, 1, 0, 4)],
    ),
    "surveymonkey": (
        "survey_responses",
        surveymonkey.ENTRY,
        {"a.csv": surveymonkey.FILE + surveymonkey.BORA.replace("03/01/2025 12", "once at 12")},
        [(4, 2, 1, 0, 1)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_record_ends_in_one_place(place: Place, case: str) -> None:
    source, entry, files, fates = CASES[case]
    place.configure({source: [{"files": "landing/*", **entry}]})
    place.land(files)
    with place.read() as con:
        stage(con, place.program())
        assert con.execute(FILES).fetchall() == fates
