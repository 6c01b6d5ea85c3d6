"""A ready message to somebody at risk: what is missing of seat and mission, in the person's language.

Belongs here: which sentences a message has, and the list's columns of them. Does not belong here: sending one; a
person reads it first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyarrow as pa
from markupsafe import Markup

from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.operations.blocks import ListRow, is_address
from fellowship_pipeline.operations.speech import Speech, amount
from fellowship_pipeline.operations.tables import PREFIX

if TYPE_CHECKING:
    from fellowship_pipeline.operations.desk import Desk

EVERYBODY = 2**31
LONGEST = 600
"""Characters of what a mission still asks for; a link to a mail program has room for little more."""
SILENT_DAYS = 14


def message(row: ListRow, program: str, as_of: date, voice: Voice) -> tuple[str, str]:
    """Subject and text for a row of the list ``at_risk``."""
    asked = (
        ("xp", row["xp_month_to_date"], row["xp_needed"]),
        ("days", row["active_days_month_to_date"], row["active_days_needed"]),
    )
    lines = [voice("message.hello", name=row["name"] or row["member_id"]), ""]
    for what, have, needed in asked:
        if needed is not None and have < needed:
            said = amount(have, voice), amount(needed, voice)
            lines.append(_asked(voice, what, *said, as_of=as_of, days_left=row["days_left"]))
    if row["next_mission"]:
        lines.append(voice("message.mission", mission=row["next_mission"], day=voice.day(row["next_due"].date())))
        if row["mission_missing"]:
            lines.append(voice("message.missing", missing=row["mission_missing"][:LONGEST]))
    if row["days_since_activity"] is None:
        lines.append(voice("message.never"))
    elif row["days_since_activity"] >= SILENT_DAYS:
        lines.append(voice("message.silent", count=row["days_since_activity"]))
    return voice("message.subject", program=program), "\n".join([*lines, "", voice("message.end")])


def _asked(voice: Voice, what: str, have: str, needed: str, *, as_of: date, days_left: int) -> str:
    """What the seat still asks for: by the month's last day, or in vain where that is over."""
    if days_left == 0:
        return voice(f"message.{what}_over", month=voice.month(as_of), have=have, needed=needed)
    return voice(f"message.{what}", day=voice.day_of_year(as_of + timedelta(days_left)), have=have, needed=needed)


def add_messages(desk: Desk) -> None:
    """Adds each message, in every language, to the list ``at_risk``: ``subject_ko``, ``message_ko`` and so on."""
    rows = [row for risk in ("high", "watch") for row in desk.ask("at_risk", risk=risk, most=EVERYBODY)]
    columns = {"member_id": [row["member_id"] for row in rows]}
    for language, voice in desk.say.voices.items():
        said = [message(row, desk.titles[language], desk.as_of, voice) for row in rows]
        columns[f"subject_{language}"] = [subject for subject, _ in said]
        columns[f"message_{language}"] = [text for _, text in said]
    desk.con.register("messages", pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()}))
    desk.con.execute(
        f"create or replace temp table {PREFIX}at_risk as"
        f" select risks.*, messages.* exclude (member_id) from {PREFIX}at_risk as risks"
        " left join messages on risks.member_id = messages.member_id order by risks.rowid"
    )
    desk.con.unregister("messages")


def mail_link(address: str, subject: str, text: str) -> str:
    """A link that opens the message in a mail program."""
    body = quote(text.replace("\n", "\r\n"), safe="")
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject, safe='')}&body={body}"


def message_cell(say: Speech, row: ListRow, titles: Mapping[str, str], as_of: date) -> Markup:
    """The message in every language, with a link that opens it as a mail."""
    shown = []
    for language, voice in say.voices.items():
        subject, text = message(row, titles[language], as_of, voice)
        link = Markup("")
        if is_address(row["email"]):
            link = Markup('<a href="{}">{}</a>').format(mail_link(row["email"], subject, text), say("risk.mail"))
        shown.append(
            Markup('<p><b lang="{0}">{1}</b>{2}</p><pre lang="{0}">{3}</pre>').format(
                language, voice("message.language"), link, text
            )
        )
    return Markup('<details class="msg"><summary>{}</summary>{}</details>').format(
        say("risk.message"), Markup("").join(shown)
    )
