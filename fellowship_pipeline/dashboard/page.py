"""The dashboard as one file: HTML, style, scripts and the released data, nothing fetched from anywhere.

Belongs here: putting its template together. Does not belong here: what the page says and shows (``contents``), what its
script reads (``data``), or what keeps any page safe (``shell``).
"""

from __future__ import annotations

from markupsafe import Markup

from fellowship_pipeline.dashboard import quality, tiles
from fellowship_pipeline.dashboard.contents import Made, PageContents
from fellowship_pipeline.dashboard.context import PageContext
from fellowship_pipeline.dashboard.data import Data, Drawn
from fellowship_pipeline.dashboard.scene import WHOLE, ReleasedRows, Scene
from fellowship_pipeline.dashboard.shell import environment, framed, static
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release

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
        pages = environment()
        contents, scene = self.contents, self.contents.scene
        body = pages.get_template("body.html").render(
            page=contents,
            t=self.t,
            v=self.value,
            tiles=[tiles.tile(scene, one, WHOLE, contents.first) for one in tiles.headlines(scene)],
            sections=contents.sections,
            views=contents.views,
            coverage=quality.lines(scene),
            failures=quality.failures(scene),
            whole=WHOLE,
            left_out=scene.left_out,
            option=lambda key: contents.option(next(one for one in scene.slices if one.key == key), contents.first),
        )
        return framed(
            pages,
            body,
            language=contents.first.language,
            title=self.value("page.title"),
            style=static("page.css"),
            scripts=[static("page.js"), static("plotly-cartesian.min.js")],
            data=Data(contents, self.drawn).of(list(self.used)),
        )
