"""A digest as it arrives: at a local HTTP server in the forms of Discord and Slack, at a local mail server, whole."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack

from fellowship_pipeline.digest.contents import Digest
from fellowship_pipeline.digest.sending import Delivery, send, services
from fellowship_pipeline.errors import UserError

MESSAGE = Digest(
    "펠로우십, 2026. 11. 28. 기준",
    (
        "참여율 67.3% (▼ 2.0%p), 목표 50%",
        "2026. 11. 28.까지",
        "a_b_c *d* <e> & [f](g)",
        "https://example.org/a_b?c=1&d=2",
    ),
)
SECRET = "TIiajkdnlazkcOXrIdevi7FQ"
SLACK = f"slack://T1JJ3T3L2/A1BRTD4JD/{SECRET}"
DISCORD = f"discord://4174216298/{SECRET}"


class Web:
    """Answers every request with ``answer``, and keeps the bodies by path."""

    def __init__(self) -> None:
        self.answer = 200
        self.bodies: list[tuple[str, dict[str, Any]]] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                web.bodies.append((self.path, json.loads(body)))
                self.send_response(web.answer)
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: object) -> None:
                """Nothing on stderr."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    web = Web()
    thread = threading.Thread(target=web.server.serve_forever)
    thread.start()
    monkeypatch.setattr(NotifyDiscord, "notify_url", f"{web.url}/discord")
    monkeypatch.setattr(NotifySlack, "webhook_url", f"{web.url}/slack")
    yield web
    web.server.shutdown()
    thread.join()
    web.server.server_close()


class Mailbox:
    """Takes every mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"mailto://127.0.0.1:{self.port}?from=fellowship@example.org&to=op@example.org&mode=insecure"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = cast("bytes", envelope.content)
        self.mails.append(cast("EmailMessage", email.message_from_bytes(content, policy=email.policy.default)))
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


def to(*urls: str) -> list[Any]:
    return services("URLS", {"URLS": "\n".join(urls)})


def test_discord_gets_title_and_lines_letter_by_letter(web: Web) -> None:
    assert send(MESSAGE, to(DISCORD)) == [Delivery("Discord", True)]
    ((path, body),) = web.bodies
    assert path == f"/discord/4174216298/{SECRET}"
    assert body["content"].splitlines() == [MESSAGE.title, *MESSAGE.lines]


def test_slack_gets_them_with_its_own_three_escapes(web: Web) -> None:
    assert send(MESSAGE, to(SLACK)) == [Delivery("Slack", True)]
    ((_, body),) = web.bodies
    (attachment,) = body["attachments"]
    assert body["mrkdwn"] is False
    assert attachment["title"] == MESSAGE.title
    text = attachment["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert text == MESSAGE.body


def test_mail_has_them_as_plain_text(mailbox: Mailbox) -> None:
    assert send(MESSAGE, to(mailbox.url)) == [Delivery("E-Mail", True)]
    (mail,) = mailbox.mails
    assert (mail["subject"], mail["to"]) == (MESSAGE.title, "op@example.org")
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == list(MESSAGE.lines)


@pytest.mark.parametrize("form", ["markdown", "text"])
def test_whatever_form_a_url_asks_for_the_date_arrives(form: str, web: Web) -> None:
    """As Markdown its points are escaped, so that no list begins there; Discord shows them as they were."""
    assert send(MESSAGE, to(f"{DISCORD}?format={form}")) == [Delivery("Discord", True)]
    assert "2026. 11. 28.까지" in json.dumps(web.bodies[0][1], ensure_ascii=False).replace("\\", "")


def test_one_that_does_not_take_it_keeps_it_from_no_other(
    web: Web, mailbox: Mailbox, capfd: pytest.CaptureFixture[str]
) -> None:
    web.answer = 404
    assert send(MESSAGE, to(DISCORD, mailbox.url)) == [Delivery("Discord", False), Delivery("E-Mail", True)]
    assert len(mailbox.mails) == 1
    said = capfd.readouterr()
    assert SECRET not in said.out + said.err


@pytest.mark.parametrize("urls", ["", " \n ", f"{SLACK} nonsense://{SECRET}", SECRET])
def test_a_variable_without_urls_or_with_another_text_is_refused_without_saying_it(urls: str) -> None:
    with pytest.raises(UserError) as refused:
        services("URLS", {"URLS": urls})
    assert "$URLS" in str(refused.value)
    assert SECRET not in str(refused.value)
