"""One figure for every selection, language and width, in little space: a base and what differs from it.

Belongs here: packing of JSON. Does not belong here: what is packed (``page``) or unpacking (``static/page.js``).
"""

from __future__ import annotations

import json
from typing import Any

Patch = list[list[Any]]
"""Changes in order: ``[path, value]`` puts a value, ``[path]`` takes one away; a list's ``length`` cuts it."""


class Pool:
    """Values kept once each and named by their place."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[str, int] = {}

    def add(self, value: Any) -> int:
        """The value's place."""
        key = json.dumps(value, ensure_ascii=False, sort_keys=True)
        if key not in self._places:
            self._places[key] = len(self.values)
            self.values.append(value)
        return self._places[key]


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


def _objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
