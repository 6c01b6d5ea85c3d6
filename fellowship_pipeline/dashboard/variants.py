"""One figure for every selection, language and width, in little space: a base and what differs from it.

Belongs here: packing of JSON. Does not belong here: what is packed (``page``) or unpacking (``static/page.js``).
"""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise
from typing import Any

Patch = list[list[Any]]
"""Changes in order: ``[path, value]`` puts a value, ``[path]`` takes one away; a list's ``length`` cuts it."""


DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LONG = 6
"""Lists from this length on are kept once."""


spelled = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
"""A value as text that only equal ones have."""


class Pool:
    """Values kept once each and named by their place."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._keys: list[str] = []
        self._places: dict[str, int] = {}

    def add(self, value: Any) -> int:
        """The value's place."""
        return self.add_known(value, spelled(value))

    def __contains__(self, key: str) -> bool:
        """Whether there is a value that is spelled so."""
        return key in self._places

    def add_known(self, value: Any, key: str) -> int:
        """The place of a value that is already spelled."""
        if key not in self._places:
            self._places[key] = len(self.values)
            self.values.append(value)
            self._keys.append(key)
        return self._places[key]

    def known(self, place: int) -> tuple[Any, str]:
        """The value in a place, and how it is spelled."""
        return self.values[place], self._keys[place]


def diff(old: Any, new: Any, path: str = "") -> Patch:
    """What turns the one into the other."""
    if old == new:
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        changes: Patch = [[f"{path}{key}"] for key in old if key not in new]
        for key, value in new.items():
            changes += diff(old[key], value, f"{path}{key}.") if key in old else [[f"{path}{key}", value]]
        return changes
    if _objects(old) and _objects(new):
        changes = [[f"{path}length", len(new)]] if len(new) < len(old) else []
        for at, value in enumerate(new):
            changes += diff(old[at], value, f"{path}{at}.") if at < len(old) else [[f"{path}{at}", value]]
        return changes
    return [[path.removesuffix("."), new]]


def packed(value: Any, columns: Pool) -> Any:
    """The value with long lists of plain values named by their place among the columns: ``{"$": place}``.

    A list of such lists, point by point, stands as its columns: ``{"zip": [...]}``. Objects stand by their keys, with
    their places in the list and what they have in common: ``{"alike": [...]}``. Numbers keep four decimals.
    """
    if isinstance(value, dict):
        return {key: packed(item, columns) for key, item in value.items()}
    if not isinstance(value, list):
        return rounded(value)
    if len(value) >= LONG and all(isinstance(item, list) and len(item) == len(value[0]) for item in value):
        return {"zip": [packed(list(column), columns) for column in zip(*value, strict=True)]}
    if len(value) >= LONG and _objects(value):
        alike: dict[tuple[str, ...], list[int]] = {}
        for at, item in enumerate(value):
            alike.setdefault(tuple(item), []).append(at)
        return {"alike": [_alike(value, places, columns) for places in alike.values()]}
    if len(value) >= LONG and not any(isinstance(item, (list, dict)) for item in value):
        return {"$": columns.add(column(value))}
    return [packed(item, columns) for item in value]


def placed(value: Any, columns: Pool, own: Pool) -> Any:
    """What was packed, its columns named by their place in a pool of its own, where they are put in their order."""
    if isinstance(value, list):
        return [placed(item, columns, own) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"$"}:
        return {"$": own.add_known(*columns.known(value["$"]))}
    return {key: placed(item, columns, own) for key, item in value.items()}


def _alike(objects: list[dict[str, Any]], places: list[int], columns: Pool) -> dict[str, Any]:
    """Objects with the same keys: their places, what all agree in, and a list for each other key."""
    items = [objects[at] for at in places]
    first = items[0]
    same = [key for key in first if all(item[key] == first[key] for item in items)]
    return {
        "at": packed(places, columns),
        "same": {key: packed(first[key], columns) for key in same},
        "each": {key: packed([item[key] for item in items], columns) for key in first if key not in same},
    }


def column(values: list[Any]) -> Any:
    """A column as it is kept: days as the first one and the days from each to the next."""
    if len(values) >= LONG and all(isinstance(value, str) and DAY.fullmatch(value) for value in values):
        days = [date.fromisoformat(value).toordinal() for value in values]
        return {"from": values[0], "steps": [after - before for before, after in pairwise(days)]}
    return [rounded(value) if isinstance(value, float) else value for value in values]


def rounded(value: Any) -> Any:
    """A number with four decimals, a whole one without any.

    One that would end in a five has more: the page rounds it once again, and not from there.
    """
    if not isinstance(value, float):
        return value
    short = round(value, 4)
    if short != value and str(short).endswith("5"):
        short = round(value, 8)
    return int(short) if short.is_integer() else short


def _objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
