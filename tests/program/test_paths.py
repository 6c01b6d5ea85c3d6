from __future__ import annotations

import unicodedata

import pytest

from fellowship_pipeline.intake.presets import beside
from fellowship_pipeline.program.paths import asked_for, fits, in_landing
from fellowship_pipeline.program.sources import Entry


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("landing/a*.csv", "landing/activity.csv", True),
        ("landing/a*.csv", "landing/x/activity.csv", False),
        ("landing/*/a.csv", "landing/x/a.csv", True),
        ("landing/**/a.csv", "landing/a.csv", True),
        ("landing/**/a.csv", "landing/x/y/a.csv", True),
        ("landing/**", "landing/x/y/a.csv", True),
        ("landing/*.csv", "landing/.hidden.csv", False),
        ("landing/*.csv", "landing/a[1]'; --.csv", True),
        ("landing/*.CSV", "landing/a.csv", False),
        ("landing/설문.csv", unicodedata.normalize("NFD", "landing/설문.csv"), True),
        ("landing/a[1].csv", "landing/a1.csv", True),
        ("landing/a[1].csv", "landing/a[1].csv", True),
        ("landing/a**.csv", "landing/activity.csv", True),
        ("landing/*.csv", "landing/two\nlines.csv", True),
        ("s3://b/x/*.csv", "s3://b/x/a.csv", True),
        ("s3://b/x/*.csv", "s3://b/x/y/a.csv", False),
        ("s3://b/**/*.csv", "s3://b/x/y/a.csv", True),
        ("s3://*/a.csv", "s3://b/a.csv", False),
        ("https://[::1]:8000/*.csv", "https://[::1]:8000/a.csv", True),
        ("https://host/a.csv?day=1", "https://host/a.csv?day=1", True),
        ("landing/*.csv", "s3://b/landing/a.csv", False),
    ],
)
def test_patterns(pattern: str, path: str, expected: bool) -> None:
    assert fits(pattern, path) is expected


def test_what_a_preset_looks_up_lies_in_the_folder_of_its_files() -> None:
    entry = Entry(files="s3://b/*/learning_course_fact.csv", preset="datacamp_data_connector")
    paths = ["s3://b/1/learning_course_fact.csv", "s3://b/1/user_dim.csv", "s3://b/2/user_dim.csv"]
    assert asked_for(entry.files, paths) == {paths[0]}
    assert beside("activity", entry, paths) == {paths[1]}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("landing/2022-03-01/a.csv", "2022-03-01/a.csv"),
        ("s3://bucket/2022-03-01/a.csv", "2022-03-01/a.csv"),
        ("https://host/2022-03-01/a.csv?v=2", "2022-03-01/a.csv?v=2"),
        ("file:///srv/2022-03-01/a.csv", "srv/2022-03-01/a.csv"),
    ],
)
def test_dates_are_searched_below_the_landing_folder_or_the_host(path: str, expected: str) -> None:
    assert in_landing(path) == expected
