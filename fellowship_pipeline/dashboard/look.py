"""The look of every figure: its colors, the one Plotly template, and how the page lets Plotly behave.

Belongs here: what all figures have in common. Does not belong here: the drawing of any (``drawing``), or what a color
is in light and in dark (``static/page.css``).
"""

from __future__ import annotations

import plotly.graph_objects as go

from fellowship_pipeline.dashboard.parts import DrawnPart

INK, INK2, PAGE = "var(--ink)", "var(--ink2)", "var(--bg)"
FIRST, SECOND, GREY = "var(--c1)", "var(--c2)", "var(--c3)"
AREA, RULE, TRACK, HATCH = "var(--c1s)", "var(--rule)", "var(--track)", "var(--hatch)"
"""CSS variables, which Plotly takes for colors; the page's script puts in their values for light or dark."""
TRANSPARENT = "rgba(0,0,0,0)"
FONT = "var(--font)"

FLAT = 230
"""The height of a figure over time, in pixels: as wide as half the page it is twice as wide as high."""

TEMPLATE: DrawnPart = go.layout.Template(
    layout=go.Layout(
        autosize=True,
        colorway=[FIRST, SECOND, GREY],
        dragmode=False,
        font={"family": FONT, "size": 12, "color": INK2},
        hoverlabel={
            "bgcolor": PAGE,
            "bordercolor": INK2,
            "align": "left",
            "font": {"family": FONT, "size": 13, "color": INK},
        },
        hovermode="x",
        margin={"l": 44, "r": 92, "t": 22, "b": 28},
        paper_bgcolor=TRANSPARENT,
        plot_bgcolor=TRANSPARENT,
        showlegend=False,
        bargap=0.4,
        xaxis=go.layout.XAxis(
            fixedrange=True,
            linecolor=INK2,
            showgrid=False,
            showline=True,
            tickcolor=INK2,
            ticklen=5,
            ticks="outside",
            tickangle=0,
            zeroline=False,
            automargin=False,
        ),
        yaxis=go.layout.YAxis(
            fixedrange=True,
            gridcolor=RULE,
            nticks=5,
            zeroline=False,
            automargin=False,
            ticks="outside",
            tickcolor=TRANSPARENT,
            ticklen=6,
        ),
        annotationdefaults={"showarrow": False, "font": {"size": 12}},
    )
).to_plotly_json()
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
    "typesetMath": False,
}
