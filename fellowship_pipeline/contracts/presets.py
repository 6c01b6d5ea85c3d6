"""Which layouts ship, and the canonical sources that each can feed: what ``program.yaml`` may name.

Belongs here: that vocabulary. Does not belong here: any layout (``intake/presets``, a module each).
"""

from __future__ import annotations

PRESET_SOURCES: dict[str, frozenset[str]] = {
    "canvas_gradebook": frozenset({"roster", "completions"}),
    "coursera": frozenset({"activity", "completions", "seat_snapshots"}),
    "datacamp_data_connector": frozenset({"activity", "completions"}),
    "discord_chat_exporter": frozenset({"support_requests"}),
    "edx_enterprise": frozenset({"activity", "completions", "seat_snapshots"}),
    "github_classroom": frozenset({"aliases", "roster"}),
    "google_forms": frozenset({"survey_responses"}),
    "google_meet": frozenset({"attendance"}),
    "icalendar": frozenset({"sessions"}),
    "kaggle": frozenset({"competitions"}),
    "kobotoolbox": frozenset({"survey_responses"}),
    "kolibri": frozenset({"activity", "completions"}),
    "limesurvey": frozenset({"survey_responses"}),
    "microsoft_forms": frozenset({"survey_responses"}),
    "moodle": frozenset({"activity", "completions"}),
    "notion_roster": frozenset({"roster"}),
    "oulad": frozenset({"roster", "activity", "completions", "catalog"}),
    "qualtrics": frozenset({"survey_responses"}),
    "surveymonkey": frozenset({"survey_responses"}),
    "tally": frozenset({"survey_responses"}),
    "teams": frozenset({"sessions", "attendance"}),
    "typeform": frozenset({"survey_responses"}),
    "udemy_business": frozenset({"activity", "completions"}),
    "webex": frozenset({"attendance", "sessions"}),
    "xapi": frozenset({"activity", "completions"}),
    "zoom": frozenset({"sessions", "attendance"}),
}
"""The canonical sources that each preset can feed."""
