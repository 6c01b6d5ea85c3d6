"""What every page of this look is put together with: templates, static files, and what keeps them safe.

Belongs here: the frame around a page's body. Does not belong here: the body of any.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

HERE = Path(__file__).parent


@cache
def environment(*folders: Path) -> Environment:
    """Templates that escape whatever is put into them: those of the folders, then those that all pages share."""
    return Environment(
        loader=FileSystemLoader([*folders, HERE / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def static(name: str) -> str:
    """A file of this package that is put into a page as it is."""
    return (HERE / "static" / name).read_text(encoding="utf-8")


def framed(
    pages: Environment,
    body: str,
    *,
    language: str,
    title: str,
    style: str,
    scripts: Sequence[str],
    data: Any,
    for_paper: bool = False,
) -> str:
    """The finished page around a rendered body; ``style`` and ``scripts`` are our own, ``data`` is for the scripts.

    ``for_paper``: light on the screen, too, whatever the reader's color scheme.
    """
    return pages.get_template("page.html").render(
        body=Markup(body),  # noqa: S704 - rendered with escaping before
        language=language,
        title=title,
        style=Markup(style),  # noqa: S704 - our own
        scripts=[Markup(script) for script in scripts],  # noqa: S704 - our own
        hashes=" ".join(f"'{fingerprint(script)}'" for script in scripts),
        data=script_json(data),
        for_paper=for_paper,
    )


def script_json(value: Any) -> Markup:
    """JSON that no HTML parser takes for markup inside a script: none of it begins without ``<``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped above


@cache
def fingerprint(script: str) -> str:
    """What a Content-Security-Policy allows an inline script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
