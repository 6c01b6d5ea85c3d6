"""A digest on its way: through apprise to whatever its URLs name, as plain text.

Belongs here: that. Does not belong here: what it says (``contents``). URLs hold secrets: none is ever said.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.plugins.base import NotifyBase

from fellowship_pipeline.digest.contents import Digest
from fellowship_pipeline.errors import UserError

logging.getLogger("apprise").addHandler(logging.NullHandler())
logging.getLogger("apprise").propagate = False  # what a service answers may quote its URL

_ASSET = AppriseAsset(
    app_id="fellowship", app_desc="fellowship", app_url="", image_url_mask="", image_url_logo="", async_mode=False
)


@dataclass(frozen=True)
class Delivery:
    """What came of sending to one service."""

    service: str
    is_taken: bool


def services(variable: str, environment: Mapping[str, str]) -> list[NotifyBase]:
    """Whom the URLs in that environment variable name. Raises UserError where there are none, or one is no URL."""
    urls = environment.get(variable, "").split()
    if not urls:
        raise UserError(f"${variable} is empty: it holds the URLs to send the digest to, white space between")
    found = []
    for number, url in enumerate(urls, 1):
        service = Apprise.instantiate(url, asset=_ASSET)
        if not isinstance(service, NotifyBase):
            raise UserError(f"${variable}: URL {number} of {len(urls)} is none that apprise knows")
        found.append(service)
    return found


def send(message: Digest, to: list[NotifyBase]) -> list[Delivery]:
    """Sends it to each, whatever becomes of the others."""
    sent = []
    for service in to:
        sender = Apprise(asset=_ASSET)
        sender.add(service)
        is_taken = sender.notify(body=message.body, title=message.title, body_format=NotifyFormat.TEXT)
        sent.append(Delivery(str(service.service_name), bool(is_taken)))
    return sent
