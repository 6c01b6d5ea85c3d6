"""The operators' page: every section from literal rows."""

from __future__ import annotations

import base64
import csv
import hashlib
import re
import stat
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest

from tests.operations import literal
from tests.operations.conftest import Make
from tests.operations.reading import PageRead

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(folder: Path) -> PageRead:
    return read(folder)


def read(folder: Path, language: str = "en") -> PageRead:
    return PageRead((folder / "index.html").read_text(encoding="utf-8"), language)


def test_the_review_is_shown_by_decision_with_its_evidence(page: PageRead) -> None:
    assert "Review of March 2022: 1 of 4 seats to take back" in page.texts["review"]
    assert "1 keep the seat, 1 are deferred, 1 are exempt" in page.texts["review"]
    assert page.tables["review-reclaim"][1] == [
        "Bo Kim bo@example.org · bo", "too little XP", "999 of 1,000 XP 2 of 1 day", "20 Feb 2022", "5 Jan 2022",
        "xp-1000 p",
    ]  # fmt: skip
    assert page.tables["review-deferred"][1][1].startswith("the term's budget")
    assert page.tables["review-exempt"][1][:2] == ["Cy Kim cy@example.org · cy", "role: builder"]


def test_accounts_to_paste_are_those_of_the_newest_export(page: PageRead) -> None:
    assert page.copies["review"] == ["\nbo@work.example"]


def test_a_proposal_comes_with_the_command_that_confirms_it(page: PageRead) -> None:
    assert re.search(r"Not confirmed\..* fellowship review '/.*/my home\d+' 2022-03 confirm", page.texts["review"])
    assert "2 files that may tell of February 2022 wait for a decision (Files)." in page.texts["review"]


def test_what_was_issued_stands_whatever_is_proposed_today(make: Make) -> None:
    rows = literal.given()
    rows["ops.review_decisions"] = [
        literal.issued("ann", "reclaim", "xp", 999.0),
        literal.issued("bo", "keep", "xp", 999.0, proposed="reclaim", exception="was <i>ill</i>"),
        literal.issued("dee", "reclaim", "xp", 1.0, undo_id="u1"),
        literal.issued("eve", "reclaim", "xp", 1.0, review_month=date(2022, 2, 1)),
    ]
    rows["ops.review_differences"] = [
        {
            "review_month": date(2022, 3, 1), "pool": "p", "member_id": "ann", "kind": "recomputed",
            "difference": "decision", "issued": "reclaim", "found": "keep",
        },
    ]  # fmt: skip
    page = read(make(rows))
    assert "Confirmed on 3 Mar 2022 by kim <b>." in page.texts["review"]
    assert "wait for a decision" not in page.texts["review"]
    assert re.search(
        r"1 decision was undone, .* decided again by: fellowship review '/.*/my home\d+' 2022-03 confirm",
        page.texts["review"],
    )
    assert "1 of 2 seats to take back" in page.texts["review"]
    assert page.copies["review"] == ["\nann@example.org"]
    assert [row[0] for row in page.tables["review-reclaim"][1:]] == ["Ann Kim ann@example.org · ann"]
    assert page.tables["review-differences"][1:] == [
        ["Ann Kim ann@example.org · ann", "another decision today", "take back", "keep"],
    ]


def test_what_was_decided_again_is_no_more_undone(make: Make) -> None:
    rows = literal.given()
    rows["ops.review_decisions"] = [
        literal.issued("dee", "reclaim", "xp", 1.0, undo_id="u1"),
        literal.issued("dee", "keep", "met", 1000.0, decision_id="d-again"),
    ]
    page = read(make(rows))
    assert "undone" not in page.texts["review"]
    assert "0 of 1 seats to take back" in page.texts["review"]


def test_files_that_were_made_before_the_month_reviewed_tell_nothing_of_it(make: Make) -> None:
    rows = literal.given()
    for row in rows["raw.files"]:
        row["exported_at"] = datetime(2022, 1, 31, 23)
    assert "wait for a decision" not in read(make(rows)).texts["review"]
    rows["raw.files"][0]["exported_at"] = datetime(2022, 2, 1)
    assert "1 file that may tell of February 2022 waits for a decision" in read(make(rows)).texts["review"]


def test_a_review_that_waits_says_for_which_days_and_gives_no_account_of_an_older_one(make: Make) -> None:
    rows = literal.given()
    rows["ops.seat_reviews"] = [
        {**row, "review_month": date(2022, 2, 1)} for row in rows["ops.seat_reviews"] if row["decision"] == "reclaim"
    ]
    days = [*range(3, 6), 9]
    rows["ops.uncovered_days"] = [{"review_month": date(2022, 3, 1), "day": date(2022, 2, day)} for day in days]
    page = read(make(rows))
    assert "The review of March 2022 is not made: 4 days" in page.texts["review"]
    assert "Missing: 3 Feb 2022 – 5 Feb 2022, 9 Feb 2022" in page.texts["review"]
    assert page.tables["review-reclaim"][1][0] == "Bo Kim bo@example.org · bo"
    assert page.copies["review"] == []
    assert re.search(r"To take back\s*0", page.texts[""])


def test_offers_waiting_and_invitations(page: PageRead) -> None:
    assert page.tables["offers"][1] == ["new@example.org", "1", "a seat that the review frees", "p"]
    assert page.copies["offers"] == ["\nnew@example.org"]
    assert page.tables["waiting"][1] == [
        "wait@example.org", "c", "screening", "1 Jan 2022", "more than 60 days", "79",
    ]  # fmt: skip
    assert page.tables["invitations"][1] == [
        "Eve Kim eve@example.org · Eve · eve", "p", "1 Mar 2022", "8 Mar 2022", "2", "20",
    ]  # fmt: skip
    assert page.copies["invitations"] == ["\neve@example.org"]


def test_those_at_risk_have_what_is_missing_and_a_message(page: PageRead) -> None:
    (_, high), (_, watch) = page.tables["risk-high"], page.tables["risk-watch"]
    assert high[:5] == [
        "Bo Kim bo@example.org · bo", "High", "20 days ago", "900 of 1,000 XP 0 of 1 day",
        "M1 due 31 Mar 2022 · course c2",
    ]  # fmt: skip
    assert watch[:3] == ["Ann Kim ann@example.org · ann", "Watch", "never"]
    (korean, english) = [link for link in page.links if link.startswith("mailto:bo@example.org?subject=")]
    assert "body=Hello%20Bo%20Kim%2C%0D%0A" in english
    assert "Bo%20Kim%20%EB%8B%98" in korean


def test_the_list_of_those_at_risk_has_the_messages_that_the_page_has(page: PageRead, folder: Path) -> None:
    with (folder / "at_risk.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["member_id"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["bo", "ann"]
    links = [link for link in page.links if link.startswith("mailto:bo@example.org?")]
    for language, link in zip(("ko", "en"), links, strict=True):
        asked = parse_qs(urlsplit(link).query)
        assert rows["bo"][f"subject_{language}"] == asked["subject"][0]
        assert rows["bo"][f"message_{language}"] == asked["body"][0].replace("\r\n", "\n")
    head, first, *_ = openpyxl.load_workbook(folder / "at_risk.xlsx")["at_risk"].iter_rows(values_only=True)
    assert dict(zip(head, first, strict=True))["message_en"] == rows["bo"]["message_en"]


def test_names_come_with_the_lines_that_resolve_them(page: PageRead) -> None:
    assert page.copies["unmatched"] == ["\n,email,=who@example.org\n,meeting,Ann Kim"]
    told = {row[0]: row[2] for row in page.tables["unmatched"][1:]}
    assert told["Ann Kim the roster has the name: ann; see whether it is that person"].startswith("Add the line")
    assert told["gone"].startswith("Its lines in aliases count for nobody")


def test_a_held_file_says_what_accepting_changes_and_the_commands(page: PageRead) -> None:
    held, quarantined = page.tables["files"][1:]
    assert held[:3] == ["landing/a.csv Activity", "Held", "fewer rows than before"]
    assert held[3].startswith("Its records would count in place of those of the version before it (120).")
    assert re.search(r"fellowship files '/.*/my home\d+' accept aaaa", held[3])
    assert re.search(r"fellowship files '/.*/my home\d+' reject aaaa", held[3])
    assert quarantined[1] == "Quarantined"
    assert "fellowship" not in quarantined[3]


def test_missions_and_sessions(page: PageRead) -> None:
    assert page.tables["missions"][1] == ["First mandatory", "c", "31 Mar 2022", "1", "0", "0", "1", "0"]
    assert page.tables["missions-pending"][1] == ["Bo Kim bo@example.org · bo", "First", "31 Mar 2022", "course c2"]
    assert page.tables["sessions"][1:] == [
        ["s2 study · Other", "24 Mar 2022 19:00", "none yet"],
        [f"s1 study · {literal.GROUP}", "25 Mar 2022 19:00", "joins · Ann Kim"],
    ]


def test_warnings_and_lists_stand_on_the_page(page: PageRead, folder: Path) -> None:
    assert "a warning" in page.texts["warnings"]
    assert "경고" in read(folder, "ko").texts["warnings"]
    listed = {row[0].split(" ")[0]: row for row in page.tables["lists"][1:]}
    assert set(listed) == {path.stem for path in folder.glob("*.csv")} == {path.stem for path in folder.glob("*.xlsx")}
    assert listed["at_risk"][2] == "2"
    local = [link for link in page.links if not link.startswith(("#", "mailto:"))]
    assert [link for link in local if not (folder / link).is_file()] == []


def test_the_lists_have_name_and_address_beside_the_id(folder: Path) -> None:
    headers = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as opened:
            headers[path.stem] = next(csv.reader(opened))
    of_members = {name: header for name, header in headers.items() if "member_id" in header}
    assert len(of_members) == 12
    for header in of_members.values():
        at = header.index("member_id")
        assert header[at + 1 : at + 3] == ["name", "email"]


def test_a_workbook_has_the_cells_of_the_list_as_text(folder: Path) -> None:
    for name in ("unmatched", "seat_reviews", "study_groups"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as opened:
            rows = list(csv.reader(opened))
        sheet = openpyxl.load_workbook(folder / f"{name}.xlsx").active
        assert sheet is not None
        assert [["" if cell.value is None else cell.value for cell in row] for row in sheet] == rows
        assert {cell.data_type for row in sheet for cell in row if cell.value is not None} == {"s"}
    assert rows


def test_a_section_without_its_source_is_left_out_and_one_without_rows_says_so(make: Make) -> None:
    only = {"ops.at_risk", "core.parameters", "core.measured"}
    rows = {key: found for key, found in literal.given().items() if key in only} | {"ops.at_risk": []}
    sources = {"activity": [{"files": "a.csv"}], "seat_events": [{"files": "s.csv"}]}
    page = read(make(rows, literal.program(review={}, sources=sources)))
    assert [key for key in page.texts if key] == [
        "risk", "invitations", "unmatched", "files", "warnings", "lists",
    ]  # fmt: skip
    assert "Nobody is at risk." in page.texts["risk"]
    assert "No file waits for anybody." in page.texts["files"]


def test_a_large_program_has_a_small_page_that_names_the_list_with_the_rest(make: Make) -> None:
    rows = literal.given()
    many = [f"many{number}" for number in range(7000)]
    rows["ops.at_risk"] = [literal.risk(one, "high") for one in many]
    rows["ops.seat_reviews"] = [literal.review(one, "reclaim", "xp", 1.0) for one in many]
    folder = make(rows)
    page = read(folder)
    assert len(page.tables["risk-high"]) == len(page.tables["review-reclaim"]) == 201
    assert "The first 200 of 7,000 rows" in page.texts["risk"]
    assert (folder / "index.html").stat().st_size < 2_000_000
    assert not (folder / "at_risk.xlsx").exists()
    assert "too long for a workbook" in {row[0].split(" ")[0]: row for row in page.tables["lists"]}["at_risk"][1]
    with (folder / "at_risk.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 7001


def test_a_page_asks_nothing_of_anybody(folder: Path) -> None:
    for path in folder.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        starts = PageRead(html).starts
        (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
        allowed = "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"
        (policy,) = [given["content"] for _, given in starts if given.get("http-equiv") == "Content-Security-Policy"]
        assert policy == (
            f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
            "base-uri 'none'; form-action 'none'"
        )
        assert {tag for tag, _ in starts} & {"link", "img", "iframe", "object", "embed", "base", "form"} == set()
        given = [(name, value or "") for _, attributes in starts for name, value in attributes.items()]
        links = [value for name, value in given if name in ("href", "src", "action", "data")]
        assert [link for link in links if re.match(r"(?!mailto:)\w+:|//", link)] == []
        assert [name for name, _ in given if name.startswith("on")] == []


def test_only_the_owner_may_look_and_nothing_is_published(folder: Path) -> None:
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")} == {0o700, 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.parents[1].iterdir()] == ["operations"]


def test_the_review_due_follows_the_day(make: Make) -> None:
    rows = literal.given()
    rows["core.parameters"][0]["as_of"] = date(2022, 4, 1) - timedelta(1)
    assert "In the review of April 2022 no seat is under a rule." in read(make(rows)).texts["review"]


def test_a_program_of_one_language_has_no_other_and_no_switch(make: Make) -> None:
    html = (make(literal.given(), literal.program(languages=["en"])) / "index.html").read_text(encoding="utf-8")
    page = PageRead(html)
    assert [given for tag, given in page.starts if tag == "input" or given.get("class") == "lg"] == []
    assert page.starts[0] == ("html", {"lang": "en"})
    assert "한국어" not in html
