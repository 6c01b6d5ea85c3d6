"""What the page's script reads: texts, drawings and tables of every selection and language, in little space.

Belongs here: which of them are kept where, each once. Does not belong here: how JSON is packed (``variants``), HTML
(``page``), or what is said and shown (``contents``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any

from fellowship_pipeline.dashboard import quality
from fellowship_pipeline.dashboard.contents import STALE_AFTER, PageContents
from fellowship_pipeline.dashboard.figures.retention import SHADES
from fellowship_pipeline.dashboard.look import CONFIG, TEMPLATE
from fellowship_pipeline.dashboard.parts import Drawing
from fellowship_pipeline.dashboard.variants import Pool, column, diff, packed, placed, spelled
from fellowship_pipeline.dashboard.view import TableView, View
from fellowship_pipeline.dashboard.words import LOCALES

Spelled = tuple[Any, str]
"""A value and how it is spelled."""
SpelledTable = tuple[Spelled, list[Spelled], list[Spelled]]


class Drawings:
    """The drawings of one figure, each made once: many selections show the same rows."""

    def __init__(self) -> None:
        self._made: list[tuple[partial[Drawing], list[dict[str, Any]]]] = []
        self._known: dict[int, list[dict[str, Any]]] = {}

    def of(self, draw: partial[Drawing]) -> list[dict[str, Any]]:
        """The drawing for a wide and for a narrow screen."""
        if id(draw) not in self._known:
            self._known[id(draw)] = self._alike(draw) or [draw(narrow) for narrow in (False, True)]
            self._made.append((draw, self._known[id(draw)]))
        return self._known[id(draw)]

    def _alike(self, draw: partial[Drawing]) -> list[dict[str, Any]] | None:
        for known, plots in self._made:
            if (known.func, known.args, known.keywords) == (draw.func, draw.args, draw.keywords):
                return plots
        return None


class Drawn:
    """What was drawn, by figure, and how drawings differ, packed with columns of all pages that were tried."""

    def __init__(self) -> None:
        self.figures: dict[str, Drawings] = defaultdict(Drawings)
        self.columns = Pool()
        self._changes: dict[tuple[int, int], Spelled] = {}
        self._tables: dict[int, tuple[TableView, SpelledTable]] = {}

    def changes(self, old: Drawing, new: Drawing) -> Spelled:
        """What turns the one into the other, both from here."""
        if (id(old), id(new)) not in self._changes:
            patch = packed(diff(old, new), self.columns)
            self._changes[id(old), id(new)] = patch, spelled(patch)
        return self._changes[id(old), id(new)]

    def table(self, table: TableView) -> SpelledTable:
        """Its heads, its columns, and the places in them of what is withheld."""
        if id(table) not in self._tables:
            heads = [[field.name, field.head, field.kind] for field in table.fields]
            columns = [column([None if value is False else value for value in values]) for values in table.values]
            withheld = [[at for at, value in enumerate(values) if value is False] for values in table.values]
            made: SpelledTable = (
                (heads, spelled(heads)),
                [(values, spelled(values)) for values in columns],
                [(places, spelled(places)) for places in withheld],
            )
            self._tables[id(table)] = table, made
        return self._tables[id(table)][1]


class Data:
    """Values that many selections share, kept once and named by their place."""

    def __init__(self, contents: PageContents, drawn: Drawn) -> None:
        self.contents = contents
        self.drawn = drawn
        self.strings, self.patches, self.heads, self.heats, self.shown = (Pool() for _ in range(5))
        self.columns, self.masks = Pool(), Pool()

    def of(self, keys: Sequence[str]) -> dict[str, Any]:
        """Everything the script needs; ``keys`` are of the texts that the page's HTML has."""
        contents, scene = self.contents, self.contents.scene
        sliced = [key for key in keys if contents.varies(key)]
        fixed = [key for key in keys if key not in set(sliced)]
        return {
            "asOf": scene.as_of.isoformat(),
            "shades": SHADES,
            "staleAfter": None if contents.ended_on else STALE_AFTER.days,
            "timezone": scene.program.timezone,
            "languages": list(contents.voices),
            "locales": {language: LOCALES[language].replace("_", "-") for language in contents.voices},
            "sliced": sliced,
            "slices": [one.key for one in scene.slices],
            "texts": [
                [[self.strings.add(texts[key]) for key in sliced] for texts in contents.texts[one].values()]
                for one in scene.slices
            ],
            "fixed": {
                language: {key: contents.text(key, words) for key in fixed}
                | {f"option.{one.key}": contents.option(one, words) for one in scene.slices}
                for language, words in contents.voices.items()
            },
            "script": {language: words.messages("script.") for language, words in contents.voices.items()},
            "heat": {
                language: {key: words(f"retention.{key}") for key in ("started", "n", "caption", "under")}
                for language, words in contents.voices.items()
            },
            "figures": {key: self._figure(key) for key in contents.views},
            "quality": {
                language: self._table(quality.table(scene, words)) for language, words in contents.voices.items()
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

    def _figure(self, key: str) -> dict[str, Any]:
        """A figure's drawings, tables and shaded rows for every selection and language, as places in pools."""
        drawings, base = self.drawn.figures[key], None
        slices: list[list[int] | None] = []
        for one in self.contents.scene.slices:
            views = self.contents.views[key].get(one)
            if not views:
                slices.append(None)
                continue
            first = views[self.contents.first.language]
            wide = drawings.of(first.draw)[0] if first.draw else None
            base = base or wide
            slices.append([self.shown.add(self._shown(view, base, wide, drawings)) for view in views.values()])
        return {"base": self._placed(packed(base, self.drawn.columns)), "slices": slices}

    def _placed(self, value: Any) -> Any:
        return placed(value, self.drawn.columns, self.columns)

    def _shown(self, view: View, base: Any, wide: Any, drawings: Drawings) -> dict[str, Any]:
        """A view; its drawing as what differs from the figure's first, the selection's first and the wide one."""
        shown: dict[str, Any] = {"table": self._table(view.table)}
        if view.draw and wide:
            here, narrow = drawings.of(view.draw)
            shown["heights"] = [here["layout"]["height"], narrow["layout"]["height"]]
            shown["plot"] = [self._patch(*ends) for ends in ((base, wide), (wide, here), (here, narrow))]
        if view.heat:
            shown["heat"] = self.heats.add(vars(view.heat))
        return shown

    def _patch(self, old: Drawing, new: Drawing) -> int:
        """The place of what turns the one into the other."""
        patch, key = self.drawn.changes(old, new)
        return self.patches.add_known(None if key in self.patches else self._placed(patch), key)

    def _table(self, table: TableView) -> list[Any]:
        heads, columns, withheld = self.drawn.table(table)
        return [
            self.heads.add_known(*heads),
            [self.columns.add_known(*values) for values in columns],
            [self.masks.add_known(*places) for places in withheld],
            table.hidden,
        ]
