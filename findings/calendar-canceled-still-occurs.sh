#!/usr/bin/env bash
# recurring-ical-events lists sessions that were canceled among those that occur.
#
# Asked what takes place between two days, it returns an occurrence with STATUS:CANCELLED like any other: one of a series
# that was called off (as calendars write it, an exception with that status), and a single event that was. Only EXDATE
# takes an occurrence away. It hits attendance rates, whose divisor is the number of sessions: nobody was present, and
# everybody counts as absent.
# Seen with recurring-ical-events 3.8.2, icalendar 7.3.2.
# Here canceled events and occurrences, and calendars whose method is CANCEL, are counted as ignored.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check recurring-ical-events==3.8.2 icalendar==7.3.2
venv/bin/python - <<'PYTHON'
import sys
from datetime import date
from importlib.metadata import version

import icalendar
import recurring_ical_events

print("recurring-ical-events", version("recurring-ical-events"), "icalendar", icalendar.__version__)
EVENT = """BEGIN:VEVENT
UID:{uid}
DTSTAMP:20260201T000000Z
SUMMARY:{uid}
DTSTART:{day}T100000Z
DTEND:{day}T110000Z
{more}
END:VEVENT
"""
events = [
    ("weekly", "20260302", "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE:20260309T100000Z"),
    ("weekly", "20260316", "RECURRENCE-ID:20260316T100000Z\nSTATUS:CANCELLED"),
    ("single", "20260304", "STATUS:CANCELLED"),
]
text = "".join(EVENT.format(uid=uid, day=day, more=more) for uid, day, more in events)
text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//sessions//EN\n" + text + "END:VCALENDAR\n"
calendar = icalendar.Calendar.from_ical(text.replace("\n", "\r\n"))
found = recurring_ical_events.of(calendar).between(date(2026, 3, 1), date(2026, 4, 1))
seen = sorted((str(event["DTSTART"].dt.date()), str(event["UID"]), str(event.get("STATUS", ""))) for event in found)
print("expected  2026-03-02 weekly, 2026-03-23 weekly")
for day, uid, status in seen:
    print("seen     ", day, uid, status)
if seen != [
    ("2026-03-02", "weekly", ""),
    ("2026-03-04", "single", "CANCELLED"),
    ("2026-03-16", "weekly", "CANCELLED"),
    ("2026-03-23", "weekly", ""),
]:
    sys.exit("The behavior has changed.")
PYTHON
