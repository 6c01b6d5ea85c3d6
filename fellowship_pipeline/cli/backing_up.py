"""``fellowship backup`` and ``fellowship restore``: their arguments, and what they say.

Belongs here: that. Does not belong here: any work (``backup``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fellowship_pipeline.cli.wording import HomePath, Wait, counted, say, say_waiting
from fellowship_pipeline.forgetting.key import key_file
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold

KEY_APART = "the pseudonym key is in no backup: keep a copy of it somewhere else"


def backup(
    home: HomePath,
    to: Annotated[Path, typer.Argument(metavar="TO", help="A folder for the backups of this home alone.")],
    *,
    keep_days: Annotated[int, typer.Option(min=1, metavar="N", help="Remove backups older than that many days.")] = 30,
    wait: Wait = 600,
) -> None:
    """Copies what a home cannot make anew into a dated folder of TO; what an earlier backup has is linked.

    While a run is at work, it waits. The pseudonym key is not in it.
    """
    place = Home.existing(home)
    from fellowship_pipeline.backup.making import make  # noqa: PLC0415 - loads DuckDB

    with hold(place.state, wait, say_waiting):
        made = make(place, to, keep_days)
    for line in made.told:
        say(f"warning: {line}")
    removed = f"; {counted(len(made.removed), 'backup')} older than {keep_days} days removed" if made.removed else ""
    say(f"{counted(len(made.backup.files), 'file')}, {made.bytes:,} bytes; {made.copied} new{removed}; {KEY_APART}")
    typer.echo(made.backup.folder)


def restore(
    source: Annotated[
        Path, typer.Argument(metavar="FROM", help="A backup, or the folder of all: the latest of them then.")
    ],
    home: Annotated[Path, typer.Argument(metavar="HOME", help="A new directory, or an empty one.")],
    *,
    tombstones: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="tombstones.jsonl of the home that was, where it is left."),
    ] = None,
) -> None:
    """Makes a home of a backup, every file compared with its hash; `fellowship run HOME` makes the rest.

    Who was erased after the backup was made is erased again by that run.
    """
    from fellowship_pipeline.backup.restoring import restore as put_back  # noqa: PLC0415 - as above

    made = put_back(source, home, tombstones)
    for line in made.told:
        say(f"warning: {line}")
    say(f"{counted(len(made.backup.files), 'file')} as of {made.backup.made:%Y-%m-%d %H:%M} UTC, all as they were kept")
    if made.erasures:
        say(f"{counted(made.erasures, 'erasure')} since then: the next run carries them out again")
    if Home(home).tombstones.exists() and not key_file().exists():
        say(f"warning: {key_file()} is not there: put the pseudonym key back before anything is run")
    say(f"next: `fellowship run {home}`")
    typer.echo(home)
