"""The dashboard as one file: HTML, style, scripts and the released data, nothing fetched from anywhere.

Belongs here: putting the page together. Does not belong here: what a figure says (``figures``), or any KPI.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from fellowship_pipeline.dashboard import quality, tiles
from fellowship_pipeline.dashboard.context import PageContext
from fellowship_pipeline.dashboard.drawing import CONFIG, TEMPLATE
from fellowship_pipeline.dashboard.figures.retention import SHADES
from fellowship_pipeline.dashboard.figures.wording import slice_name
from fellowship_pipeline.dashboard.scene import KINDS, WHOLE, Scene, Slice, is_hidden, known
from fellowship_pipeline.dashboard.sections import SECTIONS, Figure, Section
from fellowship_pipeline.dashboard.variants import Pool, column, diff, packed
from fellowship_pipeline.dashboard.view import Table, View
from fellowship_pipeline.dashboard.words import LOCALES, Words
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release

HERE = Path(__file__).parent
STALE_AFTER = timedelta(days=35)
"""Older than this the page calls itself stale: a monthly rhythm with a few days' grace."""


def render(release: Release, program: Program, page: PageContext) -> str:
    """The whole page."""
    return Page(Scene(release, program, page)).html()


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


class Page:
    """What is gathered while the page is put together."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.voices: dict[str, Words] = {language: Words(language) for language in scene.program.languages}
        self.first = next(iter(self.voices.values()))
        self.strings, self.patches, self.heads, self.heats, self.shown = (Pool() for _ in range(5))
        self.columns, self.masks = Pool(), Pool()
        self.used: dict[str, None] = {}
        self.sections = [section for section in SECTIONS if self._stands(section)]
        self.quality = {language: quality.texts(scene, words) for language, words in self.voices.items()}
        self.facts = {language: self._facts(words) for language, words in self.voices.items()}
        self.views = self._views()
        self.texts = {
            one: {language: self._texts(one, words) for language, words in self.voices.items()} for one in scene.slices
        }

    def _stands(self, section: Section) -> bool:
        return self.scene.configured(section.sources) or self._filled(section)

    def _filled(self, section: Section) -> bool:
        return any(figure.make(self.scene, WHOLE, self.first) is not None for figure in section.figures)

    def _views(self) -> dict[str, dict[Slice, dict[str, View]]]:
        found: dict[str, dict[Slice, dict[str, View]]] = {}
        for figure in (figure for section in self.sections for figure in section.figures):
            cut = self.scene.slices if figure.follows else [WHOLE]
            made = {
                one: {
                    language: view
                    for language, words in self.voices.items()
                    if (view := figure.make(self.scene, one, words)) is not None
                }
                for one in cut
            }
            if not figure.follows and made[WHOLE]:
                noted = {
                    language: replace(made[WHOLE][language], scope=words("scope.whole"))
                    for language, words in self.voices.items()
                }
                made |= dict.fromkeys(self.scene.slices[1:], noted)
            if any(made.values()):
                found[figure.key] = made
        return found

    def _texts(self, one: Slice, words: Words) -> dict[str, str]:
        """Every text that depends on the selection, by key."""
        said = {"lead": tiles.lead(self.scene, one, words)}
        for headline in tiles.headlines(self.scene):
            tile = tiles.tile(self.scene, headline, one, words)
            said |= {f"tile.{tile.kpi}.{key}": text for key, text in tile.texts.items()}
        for key, made in self.views.items():
            view = made.get(one, {}).get(words.language)
            for part in ("title", "subtitle", "scope", "caution"):
                said[f"fig.{key}.{part}"] = getattr(view, part) if view else ""
        for section in self.sections:
            seen = any(self.views[figure.key].get(one) for figure in section.figures if figure.key in self.views)
            said[f"empty.{section.key}"] = "" if seen else words("section.nothing")
        return said

    def text(self, key: str, words: Words, one: Slice = WHOLE) -> str:
        """A text by its key: of the selection, of the data, else a plain message."""
        for texts in (self.texts[one][words.language], self.quality[words.language]):
            if key in texts:
                return texts[key]
        if key in self.facts[words.language]:
            return self.facts[words.language][key]
        return words(key)

    def _facts(self, words: Words) -> dict[str, str]:
        program, page = self.scene.program, self.scene.page
        first, last = self._period()
        return {
            "program": program.program.title(words.language),
            "page.title": f"{program.program.title(words.language)} · {words('page.kind')}",
            "page.period": words("page.period", first=words.month(first), last=words.month(last)),
            "meta.day": words.day(self.scene.as_of),
            "meta.end_of_day": words("meta.end_of_day", timezone=program.timezone),
            "meta.stale_from": words("meta.stale_from", day=words.day(self.scene.as_of + STALE_AFTER)),
            "footer.about": words("footer.about", day=words.day(self.scene.as_of), run=page.run_id),
            "footer.privacy": words(
                "footer.privacy",
                operational=program.privacy.operational_minimum,
                sensitive=program.privacy.sensitive_minimum,
            ),
            **{
                f"source.{name}.said": words("page.source", source=words(f"source.{name}"))
                for name in {figure.source for section in SECTIONS for figure in section.figures}
            },
        }

    def _period(self) -> tuple[Any, Any]:
        days = [row["day"] for row in self.scene.of("engagement", WHOLE)]
        days += [row["month"] for table in ("adoption", "activity") for row in self.scene.of(table, WHOLE)]
        days += [row["month"] for row in self.scene.rows("community")]
        begun = [cohort.starts_on for cohort in self.scene.program.cohorts if cohort.starts_on]
        days = days or [day for day in begun if day <= self.scene.as_of]
        return min(days, default=self.scene.as_of), self.scene.as_of

    def t(self, key: str, tag: str = "span", classes: str = "") -> Markup:
        """A text that follows selection and language: an element with its first value and its key."""
        self.used[key] = None
        text = self.text(key, self.first)
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
        return self.text(key, self.first)

    def slice_groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The control's options by kind: their keys and the keys of their names."""
        return [
            (kind, [(one.key, f"option.{one.key}") for one in self.scene.slices if one.kind == kind])
            for kind in KINDS
            if any(one.kind == kind for one in self.scene.slices)
        ]

    def option(self, one: Slice, words: Words) -> str:
        """A slice's name and how many hold a seat in it."""
        rows = self.scene.of("engagement", one)
        if not rows or rows[-1]["day"] != self.scene.as_of:
            return slice_name(one, words)
        holders = rows[-1]["holders"]
        if is_hidden(holders):
            return words("slice.option", name=slice_name(one, words), size=self.scene.label("operational"))
        if known(holders) is None:
            return slice_name(one, words)
        return words("slice.option", name=slice_name(one, words), size=words.integer(holders))

    def _figure(self, figure: Figure) -> dict[str, Any]:
        """A figure's drawings, tables and shaded rows for every selection and language, as places in pools."""
        made = self.views[figure.key]
        base: Any = None
        slices: list[list[int] | None] = []
        for one in self.scene.slices:
            views = made.get(one)
            if not views:
                slices.append(None)
                continue
            first = views[self.first.language]
            wide = first.draw(False) if first.draw else None
            base = base or wide
            entry: list[int] = []
            for view in views.values():
                shown: dict[str, Any] = {"table": self._table(view.table)}
                if view.draw and wide:
                    here, narrow = view.draw(False), view.draw(True)
                    steps = (diff(base, wide), diff(wide, here), diff(here, narrow))
                    shown["heights"] = [here["layout"]["height"], narrow["layout"]["height"]]
                    shown["plot"] = [self.patches.add(packed(step, self.columns)) for step in steps]
                if view.heat:
                    shown["heat"] = self.heats.add(asdict(view.heat))
                entry.append(self.shown.add(shown))
            slices.append(entry)
        return {"base": packed(base, self.columns), "slices": slices}

    def _varies(self, key: str) -> bool:
        return any(
            self.texts[one][language].get(key) != self.texts[WHOLE][language].get(key)
            for one in self.scene.slices
            for language in self.voices
        )

    def _table(self, table: Table) -> list[Any]:
        heads = [[one.field, one.head, one.kind] for one in table.columns]
        columns = [
            self.columns.add(column([None if value is False else value for value in values])) for values in table.values
        ]
        withheld = [
            self.masks.add([at for at, value in enumerate(values) if value is False]) for values in table.values
        ]
        return [self.heads.add(heads), columns, withheld, table.hidden]

    def data(self) -> dict[str, Any]:
        """Everything the page's script needs."""
        keys = list(self.used)
        program = self.scene.program
        figures = {
            figure.key: self._figure(figure)
            for section in self.sections
            for figure in section.figures
            if figure.key in self.views
        }
        sliced = [key for key in keys if self._varies(key)]
        fixed = [key for key in keys if key not in set(sliced)]
        return {
            "asOf": self.scene.as_of.isoformat(),
            "shades": SHADES,
            "staleAfter": STALE_AFTER.days,
            "timezone": program.timezone,
            "languages": list(self.voices),
            "locales": {language: LOCALES[language].replace("_", "-") for language in self.voices},
            "sliced": sliced,
            "slices": [one.key for one in self.scene.slices],
            "texts": [
                [[self.strings.add(texts[key]) for key in sliced] for texts in self.texts[one].values()]
                for one in self.scene.slices
            ],
            "fixed": {
                language: {key: self.text(key, words) for key in fixed}
                | {f"option.{one.key}": self.option(one, words) for one in self.scene.slices}
                for language, words in self.voices.items()
            },
            "script": {language: words.messages("script.") for language, words in self.voices.items()},
            "heat": {
                language: {key: words(f"retention.{key}") for key in ("started", "n", "caption", "under")}
                for language, words in self.voices.items()
            },
            "figures": figures,
            "quality": {
                language: self._table(quality.table(self.scene, words)) for language, words in self.voices.items()
            },
            "strings": self.strings.values,
            "patches": self.patches.values,
            "heads": self.heads.values,
            "columns": self.columns.values,
            "masks": self.masks.values,
            "heats": self.heats.values,
            "shown": self.shown.values,
            "template": TEMPLATE,
            "config": CONFIG,
        }

    def html(self) -> str:
        """The finished file."""
        environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        body = environment.get_template("body.html").render(
            page=self,
            t=self.t,
            v=self.value,
            tiles=[tiles.tile(self.scene, one, WHOLE, self.first) for one in tiles.headlines(self.scene)],
            sections=self.sections,
            views=self.views,
            coverage=quality.lines(self.scene),
            remarks=quality.remarks(self.scene),
            unmatched=self.scene.page.unmatched_share is not None,
            whole=WHOLE,
            option=lambda key: self.option(next(one for one in self.scene.slices if one.key == key), self.first),
        )
        scripts = [static("page.js"), static("plotly-cartesian.min.js")]
        self.used["page.title"] = None
        return environment.get_template("page.html").render(
            body=Markup(body),  # noqa: S704 - rendered with escaping above
            language=self.first.language,
            title=self.text("page.title", self.first),
            style=Markup(static("page.css")),  # noqa: S704 - our own file
            scripts=[Markup(script) for script in scripts],  # noqa: S704 - our own files
            hashes=" ".join(f"'{fingerprint(script)}'" for script in scripts),
            data=script_json(self.data()),
        )
