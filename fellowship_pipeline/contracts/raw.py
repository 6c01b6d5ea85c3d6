"""What came in and what became of it.

Belongs here: the ledger's tables in schema ``raw``. The text of the rows is described in ``sources``.
"""

from __future__ import annotations

from fellowship_pipeline.contracts.model import Column, Table

STATUSES = (
    "received",
    "held",
    "quarantined",
    "loaded",
    "superseded",
    "ignored",
    "rejected",
    "withdrawn",
    "erased",
)


def _count(name: str, description: str) -> Column:
    return Column(name, "BIGINT", description, unit="records", required=True, minimum=0)


META_TABLES: tuple[Table, ...] = (
    Table(
        "raw",
        "files",
        "Every file that came and what became of it. Grain: file_id.",
        (
            Column("file_id", "VARCHAR", "Identity: the content, the source and the entry.", required=True),
            Column("path", "VARCHAR", "Where it lay, relative to HOME; may name a person.", "direct", required=True),
            Column("source", "VARCHAR", "The source it feeds.", required=True),
            Column("sha256", "VARCHAR", "SHA-256 of the bytes, hex.", required=True),
            Column("bytes", "BIGINT", "Size.", unit="bytes", required=True, minimum=0),
            _count("rows", "Records after the header."),
            _count("staged", "Records that reached staging."),
            _count("rejected", "Records that could not be read."),
            _count("superseded", "Records that a later export replaced."),
            _count("ignored", "Records that carry nothing for this source."),
            Column("first_seen", "TIMESTAMP", "When it first came.", required=True),
            Column("known_at", "TIMESTAMP", "When it was last there for certain, by a clock that is not in doubt."),
            Column("exported_at", "TIMESTAMP", "When the platform made it."),
            Column("covers_from", "DATE", "First day it vouches for."),
            Column("covers_to", "DATE", "Last day it vouches for."),
            Column("status", "VARCHAR", "What became of it.", required=True, values=STATUSES),
            Column("reason", "VARCHAR", "Why it is held, quarantined or ignored; what is odd about it.", "direct"),
            Column("entry", "BIGINT", "The place of its entry among those of the source, from 0."),
            Column("encoding", "VARCHAR", "The encoding found."),
            _count("restated", "Records that replaced other values of an earlier export."),
            Column("needs_look", "BOOLEAN", "Whether it is loaded, but somebody has to look at it.", required=True),
        ),
        ("file_id",),
    ),
    Table(
        "raw",
        "rejects",
        "Values that broke a rule, and so kept their record out. Grain: file × record × column.",
        (
            Column("file_id", "VARCHAR", "The file.", required=True),
            Column("row", "BIGINT", "The record in it.", required=True),
            Column("column", "VARCHAR", "The canonical column; empty: the whole record.", required=True),
            Column("value", "VARCHAR", "The value, as written.", "direct"),
            Column("reason", "VARCHAR", "The rule it broke.", required=True),
            Column("line", "BIGINT", "The line of the file on which the record begins."),
        ),
    ),
    Table(
        "raw",
        "plain",
        "Large files whose every cell has a form that leaves no doubt: their rows are typed. Grain: file_id.",
        (
            Column("file_id", "VARCHAR", "The file.", required=True),
            Column("rows_in", "VARCHAR", "The table in `raw` that has its rows, in their order.", required=True),
        ),
        ("file_id",),
    ),
    Table(
        "raw",
        "names",
        "Who the names in typed files are. Grain: source × value.",
        (
            Column("source", "VARCHAR", "The source.", required=True),
            Column("value", "VARCHAR", "The name, as written.", "direct", required=True),
            Column("member_id", "VARCHAR", "The member whom the name resolves to; NULL: nobody.", "direct"),
        ),
        ("source", "value"),
    ),
    Table(
        "raw",
        "superseded",
        "Rows of typed files that another file replaced: `staging` leaves them out. Grain: file × row.",
        (
            Column("file_id", "VARCHAR", "The file.", required=True),
            Column("row", "BIGINT", "The record in it.", required=True),
        ),
        ("file_id", "row"),
    ),
    Table(
        "raw",
        "versions",
        "Files that lay at one place one after the other, of which both count. Grain: older × newer.",
        (
            Column("older", "VARCHAR", "The file that lay there before.", required=True),
            Column("newer", "VARCHAR", "One that came there later: on equal keys it decides.", required=True),
        ),
        ("older", "newer"),
    ),
    Table(
        "raw",
        "excluded",
        "What was left out for each name under `excluded`. Grain: name.",
        (
            Column("name", "VARCHAR", "The name, as program.yaml has it.", "direct", required=True),
            _count("records", "Records under any name of that person."),
        ),
        ("name",),
    ),
    Table(
        "raw",
        "days",
        "Days on which a file of activity has rows that can be read, replaced later or not. Grain: file × day.",
        (
            Column("file_id", "VARCHAR", "The file.", required=True),
            Column("day", "DATE", "The day, in the program's zone.", required=True),
            Column(
                "version",
                "VARCHAR",
                "What `staging.activity` has of the file on that day: as long as a day has the same files with the same"
                " versions, its rows are the same.",
                required=True,
            ),
        ),
        ("file_id", "day"),
    ),
    Table(
        "raw",
        "totals",
        "Who is in the exports of a cumulative entry, and since when no longer. Grain: entry × member × course.",
        (
            Column("entry", "BIGINT", "The place of the entry among those of activity, from 0.", required=True),
            Column("member", "VARCHAR", "The last name of the person, as written.", "direct", required=True),
            Column("member_id", "VARCHAR", "The member whom the name resolves to; NULL: nobody.", "direct"),
            Column("course", "VARCHAR", "The course.", "quasi"),
            Column("first_on", "DATE", "Day of the first export that has them.", "quasi", required=True),
            Column("last_on", "DATE", "Day of the last export that has them.", "quasi", required=True),
            Column("missing_on", "DATE", "Day of the first export after it, without them; NULL: still there.", "quasi"),
        ),
        ("entry", "member", "course"),
    ),
)
