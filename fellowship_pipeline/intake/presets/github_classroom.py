"""GitHub Classroom's roster: who of the class goes by which GitHub account.

Belongs here: GitHub Classroom's headers. A member is the ``identifier``, which the teacher gave: an address, a number,
a name. Who is on the roster and has not joined yet has no account, and so no alias; who joined without being on it has
no identifier, and is rejected until the teacher links the account. ``name`` is what the person wrote on GitHub.

Seen only in public programs that read these files, not in a file of a class: the four columns in this order, and
``group_name`` behind them, which is a team of one assignment and is not read.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped, rows_of
from fellowship_pipeline.intake.readers.records import Records

HEADER = ("identifier", "github_username", "github_id", "name")
KIND = "github"


@dataclass(frozen=True)
class _Classroom:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand(HEADER)
        if self.group.source.name == "aliases":
            return _aliases(records)
        return Shaped(rows_of(records, {"member": records.column("identifier"), "name": records.column("name")}))


def _aliases(records: Records) -> Shaped:
    account = pc.utf8_trim_whitespace(records.column("github_username"))
    joined = records.only(pc.not_equal(account, ""))
    columns = {
        "member": joined.column("identifier"),
        "kind": pa.array([KIND] * len(joined.rows), pa.string()),
        "value": joined.column("github_username"),
    }
    return Shaped(rows_of(joined, columns), ignored=len(records.rows) - len(joined.rows))


PRESET = Preset(_Classroom, known=(Known("GitHub Classroom roster", ("aliases", "roster"), HEADER),))
