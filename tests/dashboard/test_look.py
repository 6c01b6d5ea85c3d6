"""The look: every color is a variable that the page's style knows."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fellowship_pipeline.dashboard import look
from fellowship_pipeline.dashboard.scene import WHOLE, Scene
from fellowship_pipeline.dashboard.sections import SECTIONS
from fellowship_pipeline.dashboard.words import Voice
from tests.dashboard import synthetic

STYLE = (Path(look.__file__).parent / "static" / "page.css").read_text(encoding="utf-8")
VARIABLES = [value for value in vars(look).values() if isinstance(value, str) and value.startswith("var(")]


def colors(node: Any, name: str = "") -> Iterator[str]:
    """Every color in Plotly's JSON."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from colors(value, key)
    elif isinstance(node, list):
        for item in node:
            yield from colors(item, name)
    elif "color" in name:
        yield node


def test_every_color_is_a_variable_of_its_own() -> None:
    assert len(VARIABLES) == len(set(VARIABLES)) == 11


def test_every_color_is_there_in_light_and_in_dark() -> None:
    light, dark = (STYLE[STYLE.index(begin) :].split("}")[0] for begin in (":root{", ":root:not(.print){"))
    for variable in set(VARIABLES) - {look.FONT}:
        name = variable.removeprefix("var(").removesuffix(")")
        assert all(re.search(rf"{name}:#[0-9a-f]{{6}}", of_scheme) for of_scheme in (light, dark)), name


def test_no_figure_has_a_color_of_its_own() -> None:
    scene = Scene(synthetic.release(), synthetic.program(), synthetic.page())
    views = [figure.make(scene, WHOLE, Voice("en")) for section in SECTIONS for figure in section.figures]
    plots = [view.draw(narrow) for view in views if view and view.draw for narrow in (False, True)]
    used = set(colors([*plots, look.TEMPLATE]))
    assert used == {*VARIABLES, look.TRANSPARENT} - {look.FONT}
