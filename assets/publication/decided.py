"""What a run warns of issued reviews: where they differ from today's recomputation, or from what the seats show.

Belongs here: those texts and the queries behind them. Does not belong here: what a difference is (``assets/ops``), or
any person.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

WARNINGS = {
    "recomputed": {
        "en": "the issued review of {month} differs from today's recomputation: {decisions} decisions, {figures} in "
        "figures only; see operations/current/review_differences.csv",
        "ko": "확정된 {month} 심사가 오늘 다시 계산한 결과와 다릅니다(결정 {decisions}건, 수치만 {figures}건): "
        "operations/current/review_differences.csv 참고",
    },
    "recomputed_unnamed": {
        "en": "the issued review of {month} differs from today's recomputation; what was issued stands",
        "ko": "확정된 {month} 심사가 오늘 다시 계산한 결과와 다릅니다. 확정된 결정은 그대로입니다",
    },
    "done": {
        "en": "the seats do not show what the review of {month} decided: {decisions}; see "
        "operations/current/review_differences.csv",
        "ko": "좌석이 {month} 심사의 결정과 다릅니다({decisions}건): operations/current/review_differences.csv 참고",
    },
    "done_unnamed": {
        "en": "the seats do not show what the review of {month} decided",
        "ko": "좌석이 {month} 심사의 결정과 다릅니다",
    },
}
"""What a warning says, by language; ``…_unnamed`` is for a page, which counts no persons."""

_COUNTED = """
select
    review_month,
    kind,
    count(case when difference <> 'evidence' then 1 end) as decisions,
    count(case when difference = 'evidence' then 1 end) as figures
from ops.review_differences
group by review_month, kind
order by review_month, kind desc
"""


def differences(con: duckdb.DuckDBPyConnection, *, named: bool) -> Iterator[dict[str, str]]:
    """A line per review and kind of difference, by language. ``named``: with how many, never for a page."""
    for month, kind, decisions, figures in con.execute(_COUNTED).fetchall():
        texts = WARNINGS[kind if named else f"{kind}_unnamed"]
        values = {"month": f"{month:%Y-%m}", "decisions": decisions, "figures": figures}
        yield {language: text.format(**values) for language, text in texts.items()}
