"""Timestamps as people's tools write them, by explicit formats only; what no format fits is not read.

Belongs here: text → canonical instant text, and instants to compare. Does not belong here: general date parsers, which
get Korean forms silently wrong (a zone's sign inverted, 오후 dropped).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from fellowship_pipeline.intake.readers.records import Quarantined

_DATE = r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"
_CANONICAL = re.compile(
    _DATE + r"(?:[T ](?P<H>\d{2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.(?P<f>\d{1,6}))?)?"
    r"(?P<zone>Z|[+-]\d{2}:\d{2})?)?"
)
_FORMS = (
    re.compile(
        r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2}) (?P<H>\d{1,2}):(?P<M>\d{2}):(?P<S>\d{2}) "
        r"(?P<half>오전|오후|AM|PM) GMT(?P<zone>[+-]\d{1,2}(?::\d{2})?)?"
    ),
    re.compile(
        r"(?P<y>\d{4})\. (?P<m>\d{1,2})\. (?P<d>\d{1,2})\.? (?P<half>오전|오후) "
        r"(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2}))?"
    ),
)
NO_FORM = "no known form of dates and times: declare `datetime_format`, such as '%d/%m/%Y %H:%M'"
NOT_CERTAIN = "whether the day or the month comes first is not certain"
_HOUR = re.compile("%[HI]")
_ZULU = re.compile(r"\b(?:UTC|GMT)\b(?!\s*[+-])")
_OFFSET_AS_TEXT = re.compile(r"(?:UTC|GMT)([+-]\d{1,2}(?::\d{2})?)")
_SIDE_BY_SIDE = re.compile("(?:%[YmdHIMSyj]){2,}")
_WIDTHS = {"Y": 4, "j": 3} | dict.fromkeys("mdHIMSy", 2)
AFTERNOON = {"오전": 0, "AM": 0, "오후": 12, "PM": 12}


def canonical(text: str) -> datetime | None:
    """The instant that canonical text says, without a zone where the text has none; None where it is none."""
    found = _CANONICAL.fullmatch(text.strip())
    if found is None:
        return None
    part = found.groupdict(default="0")
    year, month, day, hour, minute, second = (int(part[key]) for key in "ymdHMS")
    try:
        zone = _offset(found["zone"]) if found["zone"] else None
        return datetime(year, month, day, hour, minute, second, int(part["f"].ljust(6, "0")), zone)
    except ValueError:
        return None


def form(text: str) -> str | None:
    """Canonical text of a form tool's timestamp; canonical text as it is; None where no format fits."""
    text = " ".join(text.split())
    if canonical(text) is not None:
        return text
    for pattern in _FORMS:
        if found := pattern.fullmatch(text):
            return _twelve_hours(found)
    return None


def spelled(text: str, pattern: str) -> str | None:
    """Canonical text of what ``pattern`` spells, as strptime has it, 오전 and 오후 for AM and PM; None: no fit.

    UTC and GMT are %z as Z is; an offset that the pattern itself has as text, as in ``GMT+9``, is one. Numbers without
    anything between them need all their digits: 2025119 could be two days.
    """
    text = " ".join(text.split()).replace("오전", "AM").replace("오후", "PM")
    if "%z" in pattern:
        text = _ZULU.sub("Z", text)
    try:
        moment = datetime.strptime(text, pattern)
        if offset := _OFFSET_AS_TEXT.search(pattern):
            moment = moment.replace(tzinfo=_offset(offset[1]))
    except ValueError:
        return None
    if not all(re.search(_digits(numbers), text) for numbers in _SIDE_BY_SIDE.findall(pattern)):
        return None
    return moment.isoformat() if _HOUR.search(pattern) else moment.date().isoformat()


@cache
def _digits(numbers: str) -> str:
    """A regular expression of all the digits of ``%Y%m%d``."""
    return r"(?<!\d)" + "".join(rf"\d{{{_WIDTHS[letter]}}}" for letter in numbers[1::2]) + r"(?!\d)"


def common_pattern(texts: Iterable[str], patterns: Sequence[str]) -> str:
    """The pattern that most of the texts fit, which may be all empty.

    Raises Quarantined where none fits any, or where several do and read something else; it names them.
    """
    written = sorted({text for text in texts if text.strip()})
    readings = {pattern: tuple(spelled(text, pattern) for text in written) for pattern in patterns}
    fewest = min(read.count(None) for read in readings.values())
    fitting = {pattern: read for pattern, read in readings.items() if read.count(None) == fewest}
    if written and fewest == len(written):
        raise Quarantined(NO_FORM)
    differing: dict[tuple[str | None, ...], str] = {}
    for pattern, read in fitting.items():
        differing.setdefault(read, pattern)
    if len(differing) > 1:
        raise Quarantined(f"{NOT_CERTAIN}: declare {' or '.join(map(_declared, differing.values()))}")
    return next(iter(fitting))


def _declared(pattern: str) -> str:
    """What an entry says where dates are written so, and which of day and month comes first there."""
    letters = re.findall("%([dmb])", pattern)
    first = "day" if letters and letters[0] == "d" else "month"
    return f"`datetime_format: '{pattern}'` ({first} first)"


def instant(text: str, zone: str) -> datetime | None:
    """Canonical text as an instant in UTC without tzinfo; ``zone`` where it has none. None outside all years."""
    found = canonical(text)
    if found is None:
        return None
    try:
        return found.replace(tzinfo=found.tzinfo or ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
    except OverflowError:  # 0001-01-01 and 9999-12-31, which tools write for no date, are in another year in UTC
        return None


def is_unsure(text: str, zone: str) -> bool:
    """Whether clocks of the zone show the time of canonical text twice, or never, and it has no offset."""
    found = canonical(text)
    if found is None or found.tzinfo is not None or len(text.strip()) <= len("2000-01-01"):
        return False
    first, second = (found.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1))
    return first != second


def midnight(day: date, zone: str) -> datetime:
    """The first moment of the day in the zone, in UTC without tzinfo."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def _twelve_hours(found: re.Match[str]) -> str | None:
    """12 in the morning is 00, 12 in the afternoon 12; no other hour than 1 to 12."""
    part = found.groupdict()
    hour = int(part["H"])
    if not 1 <= hour <= 12:
        return None
    try:
        moment = datetime(
            int(part["y"]),
            int(part["m"]),
            int(part["d"]),
            hour % 12 + AFTERNOON[part["half"]],
            int(part["M"]),
            int(part["S"] or 0),
            tzinfo=_offset(part.get("zone") or "+0") if "zone" in part else None,
        )
    except ValueError:
        return None
    return moment.isoformat()


def _offset(text: str) -> timezone:
    """``Z``, ``+9``, ``-3:30``, ``+09:00`` as a zone; raises ValueError at a day and more."""
    if text == "Z":
        return UTC
    hours, _, minutes = text[1:].partition(":")
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-offset if text[0] == "-" else offset)
