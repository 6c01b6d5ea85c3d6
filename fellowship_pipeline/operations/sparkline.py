"""Small drawings inside tables: weeks as bars, a share as a bar.

Belongs here: their SVG. Does not belong here: what they show.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT, GAP = 92, 26, 2


def bars(values: Sequence[float], most: float) -> Markup:
    """A bar a value, from 0 to ``most``, which is the same for all that are compared; a line where there is nothing."""
    width = (WIDTH + GAP) / len(values) - GAP
    drawn = []
    for at, value in enumerate(values):
        height = max(round(value / most * (HEIGHT - 1), 1), 1.5) if value > 0 else 0.0
        x = round(at * (width + GAP), 1)
        if height:
            last = ' class="n"' if at == len(values) - 1 else ""
            drawn.append(f'<rect x="{x}" y="{HEIGHT - 1 - height:g}" width="{width:g}" height="{height:g}"{last}/>')
    return Markup(  # noqa: S704 - numbers alone
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" focusable="false">{"".join(drawn)}'
        f'<path d="M0 {HEIGHT - 0.5}h{WIDTH}"/></svg>'
    )


def share(value: float) -> Markup:
    """A share as a filled part of a track."""
    filled = min(max(value, 0.0), 1.0) * 100
    return Markup(  # noqa: S704 - a number alone
        f'<span class="bu pg" aria-hidden="true"><i class="v" style="--v:{filled:.1f}%"></i></span>'
    )
