"""The look of every figure: its colors, the one Plotly template, and how the page lets Plotly behave.

Belongs here: what all figures have in common. Does not belong here: the drawing of any (``drawing``), or what a color
is in light and in dark (``static/page.css``).
"""

from __future__ import annotations

from fellowship_pipeline.dashboard.parts import DrawnPart

INK, INK2, PAGE = "var(--ink)", "var(--ink2)", "var(--bg)"
FIRST, SECOND, GREY = "var(--c1)", "var(--c2)", "var(--c3)"
AREA, RULE, TRACK, HATCH = "var(--c1s)", "var(--rule)", "var(--track)", "var(--hatch)"
"""CSS variables, which Plotly takes for colors; the page's script puts in their values for light or dark."""
TRANSPARENT = "rgba(0,0,0,0)"
FONT = "var(--font)"

TEMPLATE: DrawnPart = {
    "layout": {
        "annotationdefaults": {"font": {"size": 12}, "showarrow": False},
        "autosize": True,
        "bargap": 0.4,
        "colorway": [FIRST, SECOND, GREY],
        "dragmode": False,
        "font": {"color": INK2, "family": FONT, "size": 12},
        "hoverlabel": {
            "align": "left",
            "bgcolor": PAGE,
            "bordercolor": INK2,
            "font": {"color": INK, "family": FONT, "size": 13},
        },
        "hovermode": "x",
        "margin": {
            "b": 28,
            "l": 44,
            "r": 92,
            "t": 22,
        },
        "paper_bgcolor": TRANSPARENT,
        "plot_bgcolor": TRANSPARENT,
        "showlegend": False,
        "xaxis": {
            "automargin": False,
            "fixedrange": True,
            "linecolor": INK2,
            "showgrid": False,
            "showline": True,
            "tickangle": 0,
            "tickcolor": INK2,
            "ticklen": 5,
            "ticks": "outside",
            "zeroline": False,
        },
        "yaxis": {
            "automargin": False,
            "fixedrange": True,
            "gridcolor": RULE,
            "nticks": 5,
            "tickcolor": TRANSPARENT,
            "ticklen": 6,
            "ticks": "outside",
            "zeroline": False,
        },
    }
}
"""What every figure begins with, as Plotly's JSON."""

CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
}
