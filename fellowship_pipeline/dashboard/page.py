"""The dashboard as one file: HTML, style, scripts and the released data, nothing fetched from anywhere.

Belongs here: putting templates and static files together, and what keeps them safe. Does not belong here: what the page
says and shows (``contents``), or what its script reads (``data``).
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from fellowship_pipeline.dashboard import quality, tiles
from fellowship_pipeline.dashboard.contents import Made, PageContents
from fellowship_pipeline.dashboard.context import PageContext
from fellowship_pipeline.dashboard.data import Data, Drawn
from fellowship_pipeline.dashboard.scene import WHOLE, ReleasedRows, Scene
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release

HERE = Path(__file__).parent

MOST_BYTES = 2_200_000
"""What a page may have: it is mailed, and opened on telephones."""

SLICES = (160, 100, 60, 30, 0)
"""How many slices a page offers: the first number with which it is small enough."""

FIRST_TRIED = 60
"""Most programs have fewer; where they have more, this is what mostly fits. Of fewer slices a page is smaller."""


def render(release: Release, program: Program, about: PageContext) -> str:
    """The whole page, with as many slices to select as fit into ``MOST_BYTES``; the tables beside it have all."""
    rows, made, drawn = ReleasedRows(release, program.timezone), Made(), Drawn()

    def page(most: int) -> tuple[str, bool, int]:
        scene = Scene(release, program, about, most, rows)
        html = Page(PageContents(scene, made), drawn).html()
        return html, len(html.encode()) <= MOST_BYTES, scene.left_out

    first = next(at for at, most in enumerate(SLICES) if most <= FIRST_TRIED)
    html, fits, left_out = page(SLICES[first])
    if not fits:
        for most in SLICES[first + 1 :]:
            html, fits, _ = page(most)
            if fits:
                break
        return html
    for most in reversed(SLICES[:first]):
        if not left_out:
            break
        larger, fits, left_out = page(most)
        if not fits:
            break
        html = larger
    return html


def script_json(value: Any) -> Markup:
    """JSON that no HTML parser takes for markup inside a script: none of it begins without ``<``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped above


def fingerprint(script: str) -> str:
    """What a Content-Security-Policy allows an inline script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def static(name: str) -> str:
    """A file that is put into the page as it is."""
    return (HERE / "static" / name).read_text(encoding="utf-8")


@cache
def template(name: str) -> Template:
    """A template, compiled once."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


class Page:
    """The page in its first language, which notes the key of every text it uses for the script."""

    def __init__(self, contents: PageContents, drawn: Drawn | None = None) -> None:
        """``drawn``: what was drawn for another choice of slices."""
        self.contents = contents
        self.drawn = drawn or Drawn()
        self.used: dict[str, None] = {}

    def t(self, key: str, tag: str = "span", classes: str = "") -> Markup:
        """A text that follows selection and language: an element with its first value and its key."""
        text = self.value(key)
        return Markup('<{tag}{classes} data-t="{key}"{hidden}>{text}</{tag}>').format(
            tag=Markup(tag),  # noqa: S704 - a literal of the template
            classes=Markup(' class="{}"').format(classes) if classes else "",
            key=key,
            hidden=Markup(" hidden") if not text else "",
            text=text,
        )

    def value(self, key: str) -> str:
        """A text for an attribute that the page's script keeps up to date."""
        self.used[key] = None
        return self.contents.text(key, self.contents.first)

    def html(self) -> str:
        """The finished file."""
        contents, scene = self.contents, self.contents.scene
        body = template("body.html").render(
            page=contents,
            t=self.t,
            v=self.value,
            tiles=[tiles.tile(scene, one, WHOLE, contents.first) for one in tiles.headlines(scene)],
            sections=contents.sections,
            views=contents.views,
            coverage=quality.lines(scene),
            remarks=quality.remarks(scene),
            unmatched=scene.page.unmatched_share is not None,
            whole=WHOLE,
            left_out=scene.left_out,
            option=lambda key: contents.option(next(one for one in scene.slices if one.key == key), contents.first),
        )
        title = self.value("page.title")
        scripts = [static("page.js"), static("plotly-cartesian.min.js")]
        return template("page.html").render(
            body=Markup(body),  # noqa: S704 - rendered with escaping above
            language=contents.first.language,
            title=title,
            style=Markup(static("page.css")),  # noqa: S704 - our own file
            scripts=[Markup(script) for script in scripts],  # noqa: S704 - our own files
            hashes=" ".join(f"'{fingerprint(script)}'" for script in scripts),
            data=script_json(Data(contents, self.drawn).of(list(self.used))),
        )
