"""What a run warns of quotes: responses that program.yaml names and the report does not quote.

Belongs here: those texts. Does not belong here: why a quote is refused (``fellowship_pipeline.report.quotes``), or any
word of an answer.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from fellowship_pipeline.program import Program
from fellowship_pipeline.report.quotes import chosen

WARNINGS = {
    "named": {
        "en": "{where}, report.quotes[{at}]: the answer holds a member's name or an address; the report leaves it out",
        "ko": "{where}, report.quotes[{at}]: 구성원의 이름이나 주소가 든 답이라 보고서에서 뺐습니다",
    },
    "unknown": {
        "en": "{where}, report.quotes[{at}]: no such response; operations/current/survey_texts.csv has those there are",
        "ko": "{where}, report.quotes[{at}]: 그런 응답이 없습니다: operations/current/survey_texts.csv 참고",
    },
}
"""What a warning says, by language: the place in program.yaml, never the response."""


def refusals(con: duckdb.DuckDBPyConnection, program: Program) -> Iterator[dict[str, str]]:
    """A line per response that is not quoted, by language."""
    for at, why in chosen(con, program).refused:
        where = program.where("report", "quotes", at)
        yield {language: text.format(where=where, at=at) for language, text in WARNINGS[why].items()}
