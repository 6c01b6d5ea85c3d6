"""A builder's page: that group only, from literal rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fellowship_pipeline.operations.groups import file_name
from fellowship_pipeline.operations.sparkline import bars, share
from tests.operations import literal
from tests.operations.conftest import Make
from tests.operations.reading import PageRead

pytestmark = pytest.mark.slow


def html(folder: Path, group: str = literal.GROUP) -> str:
    return (folder / "groups" / file_name(group)).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(folder: Path) -> PageRead:
    return PageRead(html(folder))


def test_each_member_has_weeks_track_seat_mission_and_attendance(page: PageRead) -> None:
    builder, learner = page.tables["members"][1:]
    assert builder == [
        "Ann Kim ann@example.org · ann builder",
        "By week, the oldest first: 500 · 0 · 0 · 0 · 0 · 0 · 30 · 70. 100 XP in 28 days",
        "that day", "100% · t completed", "Watch", "–", "1 of 1",
    ]  # fmt: skip
    assert learner == [
        "Bo Kim bo@example.org · bo",
        "By week, the oldest first: 0 · 0 · 0 · 0 · 0 · 0 · 0 · 0. 0 XP in 28 days",
        "20 days ago", "25% · t next: Two", "High 900 of 1,000 XP 0 of 1 day",
        "M1 due 31 Mar 2022 · course c2", "0 of 1",
    ]  # fmt: skip


def test_the_agenda_names_who_is_silent_whom_to_praise_and_what_to_pass_on(page: PageRead) -> None:
    text = re.sub(r"\s+", " ", page.texts["agenda"])
    assert "Silent for 14 days or more Bo Kim 20 days ago" in text
    assert "To praise Ann Kim 100 XP in 28 days · 1 course completed · track completed" in text
    assert "Problems to pass on Bo Kim captions are wrong · since 2 Mar 2022" in text
    assert "solved" not in text


def test_the_group_stands_beside_the_program(page: PageRead) -> None:
    assert page.tables["beside"][1] == ["Seat holders who learned in the window", "50.0% 1 of 2", "75.0% 3 of 4"]


def test_sessions_to_come_are_the_groups(page: PageRead) -> None:
    assert page.tables["sessions"][1:] == [["s1 study", "25 Mar 2022 19:00", "1"]]


def test_nobody_of_another_group_or_gone_is_on_it(folder: Path) -> None:
    own, other = html(folder), html(folder, literal.OTHER)
    assert re.search(r"\beve\b|\bEve\b|of the other group|Other|gone", own) is None
    assert re.search(r"\bbo\b|\bann\b|Bo Kim|Ann Kim|새벽", other) is None
    assert "Eve Kim" in other


def test_the_operators_page_links_to_every_group(folder: Path) -> None:
    index = PageRead((folder / "index.html").read_text(encoding="utf-8"))
    linked = {link for link in index.links if link.startswith("groups/")}
    assert linked == {path.relative_to(folder).as_posix() for path in (folder / "groups").iterdir()}
    assert index.tables["groups"][1:] == [["Other", "–", "1", "0", "0"], [literal.GROUP, "Ann Kim", "2", "1", "1"]]


def test_a_group_of_many_is_cut(make: Make) -> None:
    rows = literal.given()
    many = [f"m{number}" for number in range(90)]
    rows["core.member_periods"] = [literal.member(one) for one in many]
    rows["core.roster_periods"] = [{**rows["core.roster_periods"][0], "member_id": one} for one in many]
    page = PageRead(html(make(rows)))
    assert len(page.tables["members"]) == 61
    assert "The first 60 of 90 rows" in page.texts["members"]
    assert "and 70 more" in page.texts["agenda"]


@pytest.mark.parametrize(
    ("has_xp", "has_minutes", "said"),
    [
        (True, True, "100 XP in 28 days"),
        (False, True, "18 minutes in 28 days"),
        (False, False, "2 active days in 28 days"),
    ],
)
def test_learning_is_measured_by_what_there_is(make: Make, has_xp: bool, has_minutes: bool, said: str) -> None:
    rows = literal.given()
    rows["core.measured"] = [{"has_xp": has_xp, "has_minutes": has_minutes}]
    assert said in PageRead(html(make(rows))).tables["members"][1][1]


def test_groups_without_a_page_are_said(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fellowship_pipeline.operations.pages.MOST_GROUPS", 1)
    folder = make(literal.given())
    assert [path.name for path in (folder / "groups").iterdir()] == [file_name(literal.OTHER)]
    index = PageRead((folder / "index.html").read_text(encoding="utf-8"))
    assert "Pages are made of the first 1 of 2 groups" in index.texts["groups"]


NAMES = [
    "../../etc/passwd",
    "a/b\\c",
    "CON",
    "새벽",
    "",
    ".",
    "a" * 400,
    "A",
    "a",
    "x\0y",
    "한 글",
    "x: <y>|?*",
    "é",
    "e\u0301",
]


def test_a_page_s_name_is_safe_on_every_file_system() -> None:
    names = [file_name(group) for group in NAMES]
    assert [name for name in names if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,54}\.html", name)] == []
    assert len({name.lower() for name in names}) == len(NAMES)


def test_drawings_are_on_one_scale() -> None:
    drawn = re.findall(r'height="([\d.]+)"', bars([0, 10, 100], 100))
    assert drawn == ["2.5", "25"]
    assert 'style="--v:100.0%"' in share(1.5)
