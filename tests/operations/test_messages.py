"""Messages to those at risk, sentence by sentence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.operations.blocks import is_address
from fellowship_pipeline.operations.messages import mail_link, message
from fellowship_pipeline.operations.speech import LOCALE

ROW: dict[str, Any] = {
    "name": "Bo {x}", "member_id": "bo", "email": "bo@example.org", "days_since_activity": 3, "days_left": 10,
    "xp_month_to_date": 900.0, "xp_needed": 1000.0, "active_days_month_to_date": 2, "active_days_needed": 1,
    "next_mission": None, "next_due": None, "mission_missing": None,
}  # fmt: skip


def said(language: str = "en", **changed: Any) -> str:
    return message(ROW | changed, "Demo", date(2022, 3, 21), Voice(language, LOCALE))[1]


def test_it_says_what_the_seat_still_asks_for() -> None:
    assert said().splitlines() == [
        "Hello Bo {x},",
        "",
        "this month you have 900 XP so far. 1,000 XP by 31 March keep your seat.",
        "",
        "If something stands in your way, or you no longer need the seat, just answer this mail.",
    ]
    assert "31일까지 1,000 XP가 되면" in said("ko").replace("3월 ", "")
    assert "You learned on 0 days; the seat asks for 1 by 31 March." in said(active_days_month_to_date=0)


def test_what_is_reached_is_not_asked_for() -> None:
    assert "XP" not in said(xp_month_to_date=1000.0)


def test_a_month_that_is_over_asks_for_nothing_by_a_day_that_is_past() -> None:
    assert "March 2022 ended with 900 of the 1,000 XP" in said(days_left=0)
    assert " by " not in said(days_left=0)


def test_missions_and_silence() -> None:
    due = {"next_mission": "M1", "next_due": datetime(2022, 3, 31, 23, 59), "mission_missing": "course c2"}
    assert "Your next mission, M1, is due on 31 March 2022.\nStill missing: course c2." in said(**due)
    assert "nothing of your learning for 14 days" in said(days_since_activity=14)
    assert "seen nothing" not in said(days_since_activity=13)
    assert "seen nothing of your learning yet" in said(days_since_activity=None)


def test_the_link_carries_the_message_and_nothing_else_into_the_mail_program() -> None:
    link = urlsplit(mail_link("a+b@example.org", "50% & more?", "Hi\n#1 & <b>"))
    assert (link.scheme, link.path) == ("mailto", "a%2Bb@example.org")
    assert parse_qs(link.query) == {"subject": ["50% & more?"], "body": ["Hi\r\n#1 & <b>"]}


@pytest.mark.parametrize("text", [None, "", "bo", "a@b@c", "a@b?bcc=x@y", "a@b,c@d", "a @b", "<a@b>", 'a"@b', "a@b\n"])
def test_what_is_no_address_gets_no_link(text: str | None) -> None:
    assert not is_address(text)
