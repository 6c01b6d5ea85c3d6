"""What the page says and shows: every text and every figure's view, for each selection and language.

Belongs here: gathering them, and finding one by its key. Does not belong here: their packing for the page's script
(``data``), HTML (``page``), what a figure says (``figures``), or any KPI.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from fellowship_pipeline.dashboard import quality, tiles
from fellowship_pipeline.dashboard.figures.wording import slice_name
from fellowship_pipeline.dashboard.scene import KINDS, WHOLE, Scene, Slice, is_hidden, known, shown_as
from fellowship_pipeline.dashboard.sections import SECTIONS, PageFigure, PageSection
from fellowship_pipeline.dashboard.view import View
from fellowship_pipeline.dashboard.words import Voice

STALE_AFTER = timedelta(days=35)
"""Older than this the page calls itself stale: a monthly rhythm with a few days' grace."""


class Made:
    """What depends on one selection alone, and so is the same whichever others there are: views and tiles."""

    def __init__(self) -> None:
        self.views: dict[tuple[str, Slice], dict[str, View]] = {}
        self.tiles: dict[tuple[Slice, str], dict[str, str]] = {}


class PageContents:
    """Everything by key; ``voices`` are the page's languages, ``first`` the one it opens in."""

    def __init__(self, scene: Scene, made: Made | None = None) -> None:
        """``made``: what was made for another choice of slices."""
        self.scene = scene
        self._made = made or Made()
        self.voices: dict[str, Voice] = {language: Voice(language) for language in scene.program.languages}
        self.first = next(iter(self.voices.values()))
        self.sections = [section for section in SECTIONS if self._stands(section)]
        self.quality = {language: quality.texts(scene, words) for language, words in self.voices.items()}
        self.facts = {language: self._facts(words) for language, words in self.voices.items()}
        self.views = {
            figure.key: views
            for section in self.sections
            for figure in section.figures
            if any((views := self._views(figure)).values())
        }
        self.texts = {
            one: {language: self._texts(one, words) for language, words in self.voices.items()} for one in scene.slices
        }

    def _stands(self, section: PageSection) -> bool:
        filled = (figure.make(self.scene, WHOLE, self.first) is not None for figure in section.figures)
        return self.scene.configured(section.sources) or any(filled)

    def _views(self, figure: PageFigure) -> dict[Slice, dict[str, View]]:
        """What the figure shows of each selection by language; of one that does not follow it, always the whole."""
        made = {
            one: self._made.views[figure.key, one] if (figure.key, one) in self._made.views else self._view(figure, one)
            for one in (self.scene.slices if figure.follows else [WHOLE])
        }
        if not figure.follows and made[WHOLE]:
            noted = {
                language: replace(made[WHOLE][language], scope=words("scope.whole"))
                for language, words in self.voices.items()
            }
            made |= dict.fromkeys(self.scene.slices[1:], noted)
        return made

    def _view(self, figure: PageFigure, one: Slice) -> dict[str, View]:
        """By language. What is said of everybody may depend on which slices can be selected."""
        made = ((language, figure.make(self.scene, one, words)) for language, words in self.voices.items())
        views = {language: view for language, view in made if view is not None}
        if one != WHOLE:
            self._made.views[figure.key, one] = views
        return views

    def _tiles(self, one: Slice, words: Voice) -> dict[str, str]:
        """The page's first sentence and its tiles, by key."""
        if (one, words.language) not in self._made.tiles:
            said = {"lead": tiles.lead(self.scene, one, words)}
            for headline in tiles.headlines(self.scene):
                tile = tiles.tile(self.scene, headline, one, words)
                said |= {f"tile.{tile.kpi}.{key}": text for key, text in tile.texts.items()}
            self._made.tiles[one, words.language] = said
        return self._made.tiles[one, words.language]

    def _texts(self, one: Slice, words: Voice) -> dict[str, str]:
        """Every text that depends on the selection, by key."""
        said = dict(self._tiles(one, words))
        named = [] if one.whole else [slice_name(one, words)]
        said["page.selected"] = "" if one.whole else words("page.selected", name=self.option(one, words))
        said["page.title"] = " · ".join([*named, self.scene.program.program.title(words.language), words("page.kind")])
        for key, made in self.views.items():
            view = made.get(one, {}).get(words.language)
            for part in ("title", "subtitle", "scope", "caution"):
                said[f"fig.{key}.{part}"] = getattr(view, part) if view else ""
        for section in self.sections:
            seen = any(self.views[figure.key].get(one) for figure in section.figures if figure.key in self.views)
            said[f"empty.{section.key}"] = "" if seen else words("section.nothing")
        return said

    def _facts(self, words: Voice) -> dict[str, str]:
        """Every text that depends on program and release alone, by key."""
        program, page = self.scene.program, self.scene.page
        first, last = self._period()
        return {
            "program": program.program.title(words.language),
            "page.period": words("page.period", first=words.month(first), last=words.month(last)),
            "page.left_out": words("page.left_out", count=self.scene.left_out) if self.scene.left_out else "",
            "meta.day": words.day(self.scene.as_of),
            "meta.end_of_day": words("meta.end_of_day", timezone=program.timezone),
            "meta.stale_from": words("meta.ended", day=words.day(ended))
            if (ended := self.ended_on)
            else words("meta.stale_from", day=words.day(self.scene.as_of + STALE_AFTER)),
            **{f"waits.{section.key}": self._awaited(section, words) for section in self.sections},
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

    @property
    def ended_on(self) -> date | None:
        """The program's last day, where every cohort has ended by as_of: nothing more is to come."""
        ends = [cohort.ends_on for cohort in self.scene.program.cohorts]
        last = max((day for day in ends if day), default=None)
        return last if last and None not in ends and last <= self.scene.as_of else None

    def _awaited(self, section: PageSection, words: Voice) -> str:
        """Why a section is empty: no row, or its cohorts have not ended."""
        ends = [(one.ends_on, one.id) for one in self.scene.program.cohorts if one.ends_on]
        running = sorted(end for end in ends if end[0] > self.scene.as_of)
        if not section.waits or len(running) < len(ends) or not running:
            return words("section.empty_note")
        day, cohort = running[0]
        return words("section.waits", cohort=cohort, day=words.day(day))

    def _period(self) -> tuple[date, date]:
        days = [row["day"] for row in self.scene.of("engagement", WHOLE)]
        days += [row["month"] for table in ("adoption", "activity") for row in self.scene.of(table, WHOLE)]
        days += [row["month"] for row in self.scene.rows("community")]
        begun = [cohort.starts_on for cohort in self.scene.program.cohorts if cohort.starts_on]
        days = days or [day for day in begun if day <= self.scene.as_of]
        return min(days, default=self.scene.as_of), self.scene.as_of

    def text(self, key: str, words: Voice, one: Slice = WHOLE) -> str:
        """A text by its key: of the selection, of the data, else a plain message."""
        for texts in (self.texts[one][words.language], self.quality[words.language], self.facts[words.language]):
            if key in texts:
                return texts[key]
        return words(key)

    def varies(self, key: str) -> bool:
        """Whether a text depends on the selection."""
        whole = self.texts[WHOLE]
        return any(
            texts[language].get(key) != whole[language].get(key)
            for texts in self.texts.values()
            for language in self.voices
        )

    def slice_groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The control's options by kind: their keys and the keys of their names."""
        return [
            (kind, [(one.key, f"option.{one.key}") for one in self.scene.slices if one.kind == kind])
            for kind in KINDS
            if any(one.kind == kind for one in self.scene.slices)
        ]

    def option(self, one: Slice, words: Voice) -> str:
        """A slice's name and how many hold a seat in it."""
        rows = self.scene.of("engagement", one)
        if not rows or rows[-1]["day"] != self.scene.as_of:
            return slice_name(one, words)
        holders = rows[-1]["holders"]
        if is_hidden(holders):
            return words("slice.option", name=slice_name(one, words), size=words.withheld(shown_as(holders)))
        if known(holders) is None:
            return slice_name(one, words)
        return words("slice.option", name=slice_name(one, words), size=words.integer(holders))
