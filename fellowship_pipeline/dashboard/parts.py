"""Drawings as Plotly's own JSON: traces, axes, shapes and notes are plain data.

Plotly's objects check every property each time one is set, which took longer than all figures' queries together. The
tests have Plotly check every drawing instead. Belongs here: the shape of that data. Does not belong here: what is
drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DrawnPart = dict[str, Any]
"""A trace, an axis, a shape or a note."""

Drawing = dict[str, Any]
"""A figure: ``data``, its traces, and ``layout``; without the template, which a page has once for all."""


def part(base: Mapping[str, Any] | None = None, /, **settings: Any) -> DrawnPart:
    """A part with these settings over those of ``base``; what is None is not said."""
    return {name: value for name, value in {**(base or {}), **settings}.items() if value is not None}
