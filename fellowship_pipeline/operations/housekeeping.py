"""The operators' page: names and files to settle, missions, sessions, study groups, warnings, the lists themselves.

Belongs here: those sections. Does not belong here: seats and applicants (``index``), cells (``blocks``), HTML
(``pages``).
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from itertools import groupby

from markupsafe import Markup, escape

from fellowship_pipeline.dashboard.context import Said
from fellowship_pipeline.dashboard.words import DASH
from fellowship_pipeline.operations.blocks import (
    MOST_ROWS,
    Block,
    CopyText,
    Grid,
    ListRow,
    ListSection,
    Sentence,
    person,
    state,
    under,
)
from fellowship_pipeline.operations.desk import Desk
from fellowship_pipeline.operations.speech import Spoken, counted, spoken

COUNTED_ROSTER = " of the roster"
"""How the list says that several have the name: two of the roster."""


def unmatched(desk: Desk) -> ListSection:
    """Names that resolve to nobody, and the lines that would resolve them."""
    say, total, rows = desk.say, desk.count("unmatched"), desk.first("unmatched")
    blocks: list[Block] = []
    if rows:
        blocks.append(Sentence(say("unmatched.title", count=total), "title"))
        lines = [row["aliases_line"] for row in rows if row["aliases_line"]]
        if lines:
            blocks.append(CopyText(say("unmatched.copy"), "\n".join(lines)))
        blocks.append(Grid("unmatched", ("name", "source", "todo", "seen", "+rows"), _names(desk, rows), total))
    else:
        blocks.append(Sentence(say("unmatched.none"), "empty"))
    strangers = desk.count("leaderboard_strangers")
    if strangers:
        blocks.append(Sentence(say("unmatched.strangers", count=strangers)))
    lists = ("unmatched", "leaderboard_strangers") if strangers else ("unmatched",)
    return ListSection("unmatched", blocks, lists, total)


def _names(desk: Desk, rows: Sequence[ListRow]) -> list[list[Markup]]:
    say = desk.say

    def could_be(row: ListRow) -> Markup | None:
        if row["could_be"] is None:
            return None
        if row["could_be"].endswith(COUNTED_ROSTER):
            return say("unmatched.several")
        return say("unmatched.could_be", member=row["could_be"])

    def todo(row: ListRow) -> str:
        if row["source"] == "aliases":
            return "aliases"
        if row["aliases_line"] is None:
            return "contradicted"
        return str(row["reason"])

    return [
        [
            under(Markup("<b>{}</b>").format(row["value"]), could_be(row)),
            under(say.source(row["source"]), row["file"]),
            say.code("unmatched.todo", todo(row)),
            say.day(row["first_seen"]),
            say.number(row["rows"]),
        ]
        for row in rows
    ]


STATUS_SHAPES = {"held": "held", "quarantined": "missed", "loaded": "near"}


def files(desk: Desk) -> ListSection:
    """Files that wait for a decision, what accepting one would change, and the command that does."""
    say, total = desk.say, desk.count("files")
    if not total:
        return ListSection("files", [Sentence(say("files.none"), "empty")], ("files",))
    rows = [
        [
            under(Markup("<b>{}</b>").format(row["path"]), say.source(row["source"])),
            state(STATUS_SHAPES.get(row["status"], "none"), say.code("files.status", row["status"])),
            escape(row["reason"] or ""),
            _change(desk, row),
        ]
        for row in desk.ask("files", most=MOST_ROWS)
    ]
    blocks: list[Block] = [
        Sentence(say("files.title", count=total), "title"),
        Grid("files", ("file", "status", "why", "change"), rows, total),
    ]
    waiting = desk.count("files", "status in ('received', 'held', 'quarantined')")
    return ListSection("files", blocks, ("files", "rejects"), waiting)


def _change(desk: Desk, row: ListRow) -> Markup:
    """What becomes of the file's records if it is accepted, and the commands to decide."""
    say = desk.say
    if row["status"] == "quarantined":
        return say("files.quarantined")
    if row["status"] == "loaded":
        rejects = say("files.rejects", count=row["rejected"]) if row["rejected"] else None
        return rejects or say("files.look")
    if row["status"] == "rejected":
        return under(say("files.rejected_file"), _command(desk, "accept", row["file_id"]))
    key = f"enters.{row['source']}"
    what = spoken(key) if say.first.knows(key) else row["source"]
    if row["records"] is None:
        said = say("files.accept.adds", what=what)
    else:
        said = say("files.accept.replaces", what=what, rows=counted(row["records"]))
    commands = [_command(desk, verb, row["file_id"]) for verb in ("accept", "reject")]
    return under(said, Markup("<br>").join(commands))


def _command(desk: Desk, verb: str, file_id: str) -> Markup:
    return Markup("<code>{}</code>").format(shlex.join(["fellowship", "files", desk.place, verb, file_id]))


def missions(desk: Desk) -> ListSection | None:
    """How the missions stand and who still has to meet one."""
    if not desk.has("missions"):
        return None
    say, total = desk.say, desk.count("mission_standings")
    if not total:
        return ListSection("missions", [Sentence(say("missions.none"), "empty")], ("mission_standings",))
    standing = desk.ask("missions", most=MOST_ROWS)
    heads = ("bound", "cohort", "due", "+met", "+late", "+missed", "+pending", "+out")
    rows = [
        [
            under(
                Markup("<b>{}</b>").format(row["title"] or row["mission"]),
                say("missions.mandatory" if row["is_mandatory"] else "missions.voluntary"),
            ),
            escape(row["cohort"]),
            say.day(row["due_at"].date()),
            *(say.number(row[name]) for name in ("met", "late", "missed", "pending", "out")),
        ]
        for row in standing
    ]
    blocks: list[Block] = [
        Sentence(say("missions.title", count=len(standing)), "title"),
        Grid("missions", heads, rows, len(standing)),
    ]
    pending = desk.count("mission_standings", "status = 'pending'")
    if pending:
        cells = [
            [
                person(row["name"], row["email"], row["member_id"]),
                escape(row["title"] or row["mission"]),
                say.day(row["due_at"].date()),
                escape(row["missing"] or ""),
            ]
            for row in desk.first("mission_standings", "status = 'pending'")
        ]
        title = say("missions.pending", count=pending)
        blocks.append(Grid("missions-pending", ("who", "bound", "due", "missing"), cells, pending, title))
    else:
        blocks.append(Sentence(say("missions.all_done"), "empty"))
    return ListSection("missions", blocks, ("mission_standings",), pending)


def sessions(desk: Desk) -> ListSection | None:
    """What is to come, and what is asked of it ahead."""
    if not desk.has("sessions"):
        return None
    say, rows = desk.say, desk.first("sessions_to_come")
    if not rows:
        return ListSection("sessions", [Sentence(say("sessions.none"), "empty")], ("sessions_to_come",))
    cells = []
    for _, found in groupby(rows, key=lambda row: (row["starts_at"], row["session"])):
        questions = list(found)
        row = questions[0]
        asked = Markup("").join(_question(desk, one) for one in questions if one["asked_at"] is not None)
        title = Markup("<b>{}</b>").format(row["title"] or row["session"])
        place = " · ".join(part for part in (row["kind"], row["study_group"], row["host"]) if part)
        shown = Markup('<ul class="qs">{}</ul>').format(asked) if asked else say("sessions.no_question")
        cells.append([under(title, place), say.moment(row["starts_at"]), shown])
    blocks: list[Block] = [
        Sentence(say("sessions.title", count=len(cells)), "title"),
        Grid("sessions", ("session", "when", "questions"), cells, len(cells)),
    ]
    return ListSection("sessions", blocks, ("sessions_to_come",), len(cells))


def _question(desk: Desk, row: ListRow) -> Markup:
    said = [row["topic"] or row["channel"] or "", row["name"] or row["member_id"] or row["email"] or ""]
    text = escape(" · ".join(part for part in said if part))
    return Markup("<li>{}{}</li>").format(
        text, Markup(" · {}").format(desk.say("sessions.answered")) if row["is_answered"] else ""
    )


def groups(desk: Desk, paths: Mapping[str, str]) -> ListSection | None:
    """The study groups, with the page of each that has one; ``paths`` by name."""
    rows = desk.ask("groups")
    say = desk.say
    if not rows:
        return None
    cells = [
        [
            Markup('<b><a href="{}" data-page>{}</a></b>').format(paths[row["study_group"]], row["study_group"]),
            escape(", ".join(row["builders"] or [DASH])),
            say.number(row["members"]),
            say.number(row["active"]),
            say.number(row["high"]),
        ]
        for row in rows
        if row["study_group"] in paths
    ]
    blocks: list[Block] = [
        Sentence(say("groups.title", count=len(rows)), "title"),
        Grid("groups", ("group", "builder", "+members", "+active", "+high"), cells, len(cells)),
    ]
    if len(cells) < len(rows):
        blocks.append(Sentence(say("groups.more", shown=counted(len(cells)), all=counted(len(rows))), "caution"))
    return ListSection("groups", blocks, ("study_groups",))


def warnings(desk: Desk, said: Sequence[Said]) -> ListSection:
    """What the run warned of."""
    blocks: list[Block] = [Sentence(state("near", desk.say.each(_said(one)))) for one in said[:MOST_ROWS]]
    misnamed = desk.count("settings")
    if misnamed:
        rows = [
            [Markup("<b>{}</b>").format(row["name"]), escape(row["nearest"] or DASH), under(row["key"], row["place"])]
            for row in desk.first("settings")
        ]
        blocks.append(Sentence(desk.say("warnings.settings"), "title"))
        blocks.append(Grid("settings", ("name", "nearest", "key"), rows, misnamed))
    return ListSection("warnings", blocks or [Sentence(desk.say("warnings.none"), "empty")], ("settings",), len(said))


def _said(one: Said) -> Spoken:
    if isinstance(one, str):
        return lambda _voice: one
    return lambda voice: one.get(voice.language) or next(iter(one.values()))


def lists(desk: Desk, rows: Mapping[str, int], books: Sequence[str]) -> ListSection:
    """Every list as files; ``books``: those that are workbooks, too."""
    say = desk.say

    def link(name: str, kind: str) -> Markup:
        return Markup('<a href="{}.{}">{}</a>').format(name, kind, say(f"page.{kind}"))

    cells = [
        [
            under(Markup("<b>{}</b>").format(name), say(f"lists.{name}")),
            link(name, "csv") + " · " + (link(name, "xlsx") if name in books else say("lists.long")),
            say.number(total),
        ]
        for name, total in rows.items()
    ]
    grid = Grid("lists", ("list", "files", "+rows"), cells, len(cells))
    return ListSection("lists", [Sentence(say("lists.title"), "title"), grid])
