"""What comes from forms and meetings: two Google Forms in Korean, Zoom's participants, a list of attendance.

Belongs here: how these write times and answers. Does not belong here: what the figures are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from . import doings
from .facts import Session, sessions
from .people import PEOPLE, day, lines

Spelled = Callable[[str, int], str]
Write = Callable[[Path, str, Iterable[Sequence[object]]], None]
ZOOM = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest"


def land_forms(landing: Path, spelled: Spelled, write: Write) -> None:
    """All of them."""
    _midterm(landing, spelled, write)
    _final(landing, spelled, write)
    _meetings(landing, spelled, write)


def when(text: str) -> datetime:
    """``11-18@09:00:00`` in Seoul."""
    on, _, hour = text.partition("@")
    return datetime.combine(day(on), datetime.strptime(hour, "%H:%M:%S").time())


def session_name(session: Session) -> str:
    """A meeting on Zoom goes by its day."""
    return f"{session.at:%Y-%m-%d}" if session.kind == "builder_meeting" else session.name


def _midterm(landing: Path, spelled: Spelled, write: Write) -> None:
    """The form's download."""
    rows = []
    for number, (person, at, answer) in enumerate(doings.MIDTERM):
        half = "오전" if when(at).hour < 12 else "오후"
        stamp = f"{when(at):%Y/%m/%d} {when(at).hour % 12 or 12}:{when(at):%M:%S} {half} GMT+9"
        rows.append((stamp, spelled(person, number) if person else "", answer))
    write(landing / "forms/midterm.csv", "타임스탬프,이메일 주소,계속하고 싶으신가요?", rows)


def _final(landing: Path, spelled: Spelled, write: Write) -> None:
    """The sheet that is linked to the form: other times, several answers joined by a comma as in the options."""
    rows = []
    for number, (person, at, satisfaction, recommend, helped, liked) in enumerate(lines(doings.FINAL)):
        moment = when(at)
        half = "오전" if moment.hour < 12 else "오후"
        stamp = f"{moment.year}. {moment.month}. {moment.day} {half} {moment.hour % 12 or 12}:{moment:%M:%S}"
        chosen = ", ".join(doings.LIKED[letter] for letter in liked if letter != "-")
        words = {"yes": "예", "no": "아니오", "-": ""}[helped]
        ratings = ("" if rating == "-" else rating for rating in (satisfaction, recommend))
        rows.append((stamp, spelled(person, number) if person != "-" else "", *ratings, words, chosen))
    header = "타임스탬프,이메일 주소,전반적인 만족도,추천할 의향,도움이 되었나요?,좋았던 점을 모두 골라 주세요"
    write(landing / "forms/final.csv", header, rows)


def _meetings(landing: Path, spelled: Spelled, write: Write) -> None:
    listed, attended = [], []
    for number, session in enumerate(sessions()):
        is_zoom = session.kind == "builder_meeting"
        host = PEOPLE[doings.HOST].address if is_zoom else ""
        listed.append((session_name(session), session.kind, f"{session.at:%Y-%m-%d %H:%M}", session.minutes, host))
        if is_zoom:
            write(landing / f"zoom/{session.at:%Y-%m-%d}.csv", ZOOM, _participants(session, number, spelled))
            continue
        came = [(session.name, spelled(who, number), "", rating) for who, rating in session.attended.items()]
        rest = [(session.name, spelled(who, number), "registered", "") for who in session.registered]
        attended += came + rest
    write(landing / "sessions.csv", "session,kind,starts_at,minutes,host", listed)
    write(landing / "attendance.csv", "session,member,status,rating", attended)


def _participants(session: Session, number: int, spelled: Spelled) -> list[tuple[object, ...]]:
    """Everybody comes twice: loses the line after 20 minutes and is back a little later. The host is among them."""
    rows: list[tuple[object, ...]] = []
    for person in (doings.HOST, *session.attended):
        name = spelled(person, number)
        named = (name, "") if "@" not in name else (PEOPLE[person].name, name)
        for first, last in ((0, 20), (25, 55)):
            times = [f"{session.at + timedelta(minutes=after):%m/%d/%Y %I:%M:%S %p}" for after in (first, last)]
            rows.append((*named, *times, last - first, "Yes"))
    return rows
