from __future__ import annotations

from typing import Any

import pytest

from fellowship_pipeline.errors import UserError
from tests.intake.homes import Place, fetch

FILE = (
    "AuthorID,Author,Date,Content,Attachments,Reactions\r\n"
    '"1","kim","2024-03-05T14:05:09.1234567+00:00","How do I join?\nIt says ""no seat""","","👍 (2)"\r\n'
    '"2","lee","2024-03-05T23:05:09.0000000+09:00","see https://x.org/?q=1","",""\r\n'
    '"2","lee","2024-03-05T14:06:00+00:00","언제예요？","",""\r\n'
    '"3","bot","2024-03-05T14:07:00.5000000Z","Welcome!","",""\r\n'
)
NAME = "PseudoLab - 도움 - 질문 [123456789012345678] (after 2024-03-01).csv"
ROWS = "select opened_at, member, channel, session, topic, answered_by from raw.support_requests order by _row"


def configure(place: Place, **entry: Any) -> None:
    place.configure({"support_requests": [{"preset": "discord_chat_exporter", "files": "landing/*", **entry}]})


def test_a_message_with_a_question_mark_is_a_support_request(place: Place) -> None:
    """A mark in a link is none; instants lose the seventh decimal only; what was written is in no table."""
    configure(place)
    place.land({NAME: FILE})
    assert place.rows(ROWS) == [
        ("2024-03-05T14:05:09.123456+00:00", "kim", "질문", None, None, None),
        ("2024-03-05T14:06:00+00:00", "lee", "질문", None, None, None),
    ]
    with place.staged() as con:
        assert fetch(con, "select rows, staged, rejected, superseded, ignored from raw.files") == [(4, 2, 0, 0, 2)]
        assert fetch(con, "select cast(opened_at as varchar) from staging.support_requests order by 1") == [
            ("2024-03-05 14:05:09.123456",),
            ("2024-03-05 14:06:00",),
        ]


def test_a_channel_may_be_declared(place: Place) -> None:
    configure(place, values={"channel": "help"})
    place.land({"a.csv": FILE})
    assert place.rows("select distinct channel from raw.support_requests") == [("help",)]


def test_a_name_of_another_form_is_the_channel(place: Place) -> None:
    configure(place)
    place.land({"study-room.csv": FILE})
    assert place.rows("select distinct channel from raw.support_requests") == [("study-room",)]


def test_chats_never_feed_activity(place: Place) -> None:
    place.configure({"activity": [{"preset": "discord_chat_exporter", "files": "landing/*"}]})
    with pytest.raises(UserError, match="'discord_chat_exporter' does not feed activity; it feeds support_requests"):
        place.program()


def test_another_file_is_refused(place: Place) -> None:
    configure(place)
    place.land({"a.csv": FILE.replace("Content", "Text")})
    assert place.rows("select status, reason from raw.files") == [("quarantined", "the file has no column 'Content'")]
