"""Zoom's participants report as an example writes it: the meeting, an empty line, a line per join.

Belongs here: the header, the host's zone, how times are written. Does not belong here: who came.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

MEETING = ("Meeting ID", "Topic", "Start Time", "End Time", "User Email", "Duration (Minutes)", "Participants", "")
KOREAN = ("이름(원래 이름)", "사용자 이메일", "참가 시간", "나간 시간", "기간(분)", "게스트")
PARTICIPANTS = ("Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Guest")


@dataclass(frozen=True)
class Join:
    """A stay of somebody, under the name and address that they joined with; ``is_host``: of the host's account."""

    name: str
    email: str
    joined_at: datetime
    left_at: datetime
    is_host: bool = False


def participants(meeting: int, topic: str, host: str, span: tuple[datetime, datetime], joins: Sequence[Join]) -> bytes:
    """The report with details, as a CSV with a byte-order mark; ``span``: first and last moment, of the host's zone."""
    starts_at, ends_at = span
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    number = f"{meeting:011d}"
    about = [f"{number[:3]} {number[3:7]} {number[7:]}", topic, _time(starts_at), _time(ends_at), host]
    writer.writerow(MEETING)
    writer.writerow([*about, _minutes(starts_at, ends_at), len(joins), ""])
    text.write("\r\n")
    writer.writerow(PARTICIPANTS)
    for join in sorted(joins, key=lambda join: (join.joined_at, join.name)):
        stay = [_time(join.joined_at), _time(join.left_at), _minutes(join.joined_at, join.left_at)]
        writer.writerow([join.name, join.email, *stay, "No" if join.is_host else "Yes"])
    return text.getvalue().encode("utf-8-sig")


def korean_participants(joins: Sequence[Join]) -> bytes:
    """The report in Korean, which says nothing of the meeting; how its times are written is assumed."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(KOREAN)
    for join in sorted(joins, key=lambda join: (join.joined_at, join.name)):
        stay = [_korean_time(join.joined_at), _korean_time(join.left_at), _minutes(join.joined_at, join.left_at)]
        writer.writerow([join.name, join.email, *stay, "아니요" if join.is_host else "예"])
    return text.getvalue().encode("utf-8-sig")


def _korean_time(local: datetime) -> str:
    return f"{local:%Y/%m/%d} {'오전' if local.hour < 12 else '오후'} {local:%I:%M:%S}"


def _time(local: datetime) -> str:
    return f"{local:%m/%d/%Y %I:%M:%S %p}"


def _minutes(begins: datetime, ends: datetime) -> int:
    """Zoom counts every minute begun."""
    return int(-(-(ends - begins).total_seconds() // 60))
