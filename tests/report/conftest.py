"""Reports of the synthetic release, its year 2 over."""

from __future__ import annotations

from typing import Any

import pytest

from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release
from fellowship_pipeline.report import render_reports
from fellowship_pipeline.report.quotes import Quote
from tests.dashboard import synthetic

QUOTES = (
    Quote("year-2", "words", "혼자였다면 <b>끝까지</b> 못 했을 거예요."),
    Quote("year-1", "words", "From the first year."),
)
ASK = {"ko": "150석을 한 해 더.\n\n심사는 그대로.", "en": "150 seats for one more year."}


def program(**changes: Any) -> Program:
    return synthetic.program(**{"report": {"ask": ASK}, **changes})


@pytest.fixture(scope="session")
def release() -> Release:
    return synthetic.release()


@pytest.fixture(scope="session")
def reports(release: Release) -> dict[str, str]:
    return render_reports(release, program(), synthetic.page(), QUOTES)
