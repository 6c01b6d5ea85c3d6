"""``published/`` in a browser on this machine, ``operations/`` for whoever has the token: for looking, not for hosting.

Files alone, by names that are known: no listing of folders, nothing outside the two, whatever a link or a path says.
The token is a part of operations' addresses, so that their own links work without a cookie. Belongs here: what is
answered, and with which headers. Does not belong here: words on a terminal (``cli``), what the pages are.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import socket
from contextlib import suppress
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.places import CURRENT

TOKEN_BYTES = 32
NAMES = ["localhost", "127.0.0.1"]
"""What a browser may call this machine: a page elsewhere whose name leads here by a trick calls it something else."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
"""Of every answer; those of operations are not stored at all."""

NOT_STORED = "no-store"
NOWHERE = "frame-ancestors 'none'"
NOTHING = f"default-src 'none'; {NOWHERE}"
"""The policy of what is no page, and of a page that has none."""

_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"<>]+)">')
_HEAD = 4096
"""Bytes at a page's beginning in which its policy stands."""


def application(home: Home, token: str) -> Starlette:
    """What answers. ``token``: stands in the addresses of operations, ``/operations/TOKEN/current/index.html``."""
    published, operations = _Files(home.published), _Files(home.operations, cache=NOT_STORED)

    async def with_token(scope: Scope, receive: Receive, send: Send) -> None:
        given: str = scope["path_params"]["token"]
        if not secrets.compare_digest(given.encode(errors="replace"), token.encode()):
            raise HTTPException(404)
        await operations(scope, receive, send)

    async def first_page(request: Request) -> Response:
        return RedirectResponse(f"/{CURRENT}/dashboard.html")

    return Starlette(
        routes=[
            Route("/", first_page),
            Mount("/operations/{token}", with_token),
            Mount("/", published),
        ],
        middleware=[Middleware(_WithHeaders), Middleware(TrustedHostMiddleware, allowed_hosts=NAMES)],
    )


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def listening(host: str, port: int) -> socket.socket:
    """A socket at an address of this machine alone; ``port`` 0: any that is free.

    Raises UserError where others could reach it, or another program has it.
    """
    if not (host == "localhost" or _is_loopback(host)):
        raise UserError(
            f"--host {host}: other machines could reach it, and this is for looking alone; to host it, copy"
            " published/current to a web server"
        )
    try:
        return socket.create_server(("127.0.0.1" if host == "localhost" else host, port))
    except OSError as error:
        raise UserError(f"--port {port}: {os.strerror(error.errno or 0)}; name another, or 0 for any") from None


def server(application: Starlette) -> uvicorn.Server:
    """What answers by it. Nothing is logged: an address may have the token in it."""
    config = uvicorn.Config(
        application, log_config=None, access_log=False, server_header=False, proxy_headers=False, lifespan="off"
    )
    return uvicorn.Server(config)


def serve(application: Starlette, at: socket.socket) -> None:
    """Answers until it is interrupted."""
    with suppress(KeyboardInterrupt):
        server(application).run(sockets=[at])


class _Files(StaticFiles):
    """A folder's files, with the policy that each page says of itself; what leads out of the folder is not there."""

    def __init__(self, folder: Path, cache: str | None = None) -> None:
        super().__init__(directory=folder, check_dir=False)
        self.config_checked = True  # a folder that is not there yet has no file; starlette would break
        self.cache = cache

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Content-Security-Policy"] = policy(Path(full_path))
        if self.cache:
            response.headers["Cache-Control"] = self.cache
        return response


def policy(file: Path) -> str:
    """The Content-Security-Policy that a page says itself, and that none frames it; of anything else: nothing."""
    if file.suffix != ".html":
        return NOTHING
    with file.open("rb") as page:
        said = _POLICY.search(page.read(_HEAD))
    return f"{said[1].decode('latin-1')}; {NOWHERE}" if said else NOTHING


class _WithHeaders:
    """Adds what every answer says, refusals too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", NOTHING)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False
