"""``fellowship serve``: its arguments, and the addresses that it says.

Belongs here: that. Does not belong here: what is answered (``serving``).
"""

from __future__ import annotations

from typing import Annotated

import typer

from fellowship_pipeline.cli.wording import HomePath, say
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home


def serve(
    home: HomePath,
    *,
    host: Annotated[str, typer.Option(help="An address of this machine alone.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 8321,
) -> None:
    """Shows what is published in a browser on this machine, and operations to whoever has the address it prints.

    For looking, not for hosting; Ctrl-C ends it.
    """
    place = Home.existing(home)
    if not (place.release / "dashboard.html").is_file():
        raise UserError(f"{home} has published nothing yet: `fellowship run {home}`")
    from fellowship_pipeline import serving  # noqa: PLC0415 - uvicorn takes a while to import

    token = serving.new_token()
    with serving.listening(host, port) as at:
        address = "http://{}:{}".format(*at.getsockname()[:2])
        typer.echo(f"{address}/current/dashboard.html")
        if place.lists.is_dir():
            say(f"operations, which name people: {address}/operations/{token}/current/index.html")
        say("Ctrl-C ends it")
        serving.serve(serving.application(place, token), at)
