"""``fellowship notify``: the digest, sent or only printed.

Belongs here: its arguments, what it says. Does not belong here: any work.
"""

from __future__ import annotations

import dataclasses
import os
from typing import Annotated

import typer

from fellowship_pipeline.cli.wording import HomePath, JsonOption, Wait, echo_json, say, say_waiting
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.program import load_program

NOT_TAKEN = 1


def notify(
    home: HomePath,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print it, send nothing.")] = False,
    as_json: JsonOption = False,
    wait: Wait = 600,
) -> None:
    """Sends the digest: two headlines, what to look at, the review to confirm, held files."""
    place, program = Home(home), load_program(home)
    if program.notify is None and not dry_run:
        raise UserError(f"nothing is sent: {place.program_file} has no `notify:` (`notify: {{}}` will do)")
    from fellowship_pipeline.digest.contents import digest  # noqa: PLC0415 - loads the page's words

    sent = []
    with hold(place.state, wait, say_waiting):
        message = digest(place, program, wait)
    if program.notify is not None and not dry_run:
        from fellowship_pipeline.digest.sending import send, services  # noqa: PLC0415 - apprise takes a second

        sent = send(message, services(program.notify.urls_from, os.environ))
    if as_json:
        echo_json({**dataclasses.asdict(message), "sent": [dataclasses.asdict(one) for one in sent]})
    elif dry_run:
        typer.echo(f"{message.title}\n{message.body}")
    for one in sent:
        say(f"{one.service}: {'sent' if one.is_taken else 'not taken'}")
    if not all(one.is_taken for one in sent):
        raise typer.Exit(NOT_TAKEN)
