"""What a publication says about itself: days covered, files, records, warnings, all from the warehouse.

Belongs here: queries for the page's data-quality section and the run's warnings. Does not belong here: any KPI, any
person's value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb

from assets.publication.gate import Verdict
from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.dashboard.context import CheckResult, CoverageState, PageContext, SourceCoverage
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.ledger import Ledger, shown
from fellowship_pipeline.intake.reading.files import entries_without_files
from fellowship_pipeline.program import Program
from fellowship_pipeline.warehouse.names import identifier

WARNINGS = {
    "entry_without_file": {
        "en": "{where}: no file fits {pattern!r}",
        "ko": "{where}: {pattern!r}에 맞는 파일이 없습니다",
    },
    "left_for_later": {
        "en": "{path}: left for the next run: {reason}",
        "ko": "{path}: 다음 실행으로 미룹니다: {reason}",
    },
    "held": {"en": "{path}: held: {reason}", "ko": "{path}: 보류됨: {reason}"},
    "quarantined": {"en": "{path}: quarantined: {reason}", "ko": "{path}: 격리됨: {reason}"},
    "noted": {"en": "{path}: loaded, but {reason}", "ko": "{path}: 적재했지만 확인하세요: {reason}"},
    "rejects": {
        "en": "records rejected: {number}; see operations/current/rejects.csv",
        "ko": "거부된 레코드 {number}건: operations/current/rejects.csv 참고",
    },
    "unmatched": {
        "en": "names that resolve to nobody: {number}; see operations/current/unmatched.csv",
        "ko": "누구인지 알 수 없는 이름 {number}개: operations/current/unmatched.csv 참고",
    },
    "strangers": {
        "en": "names on leaderboards are nobody of this program: {number}; a member among them lacks an alias, "
        "see operations/current/leaderboard_strangers.csv",
        "ko": "순위표의 이름 {number}개는 이 프로그램 구성원이 아닙니다. 구성원이 있으면 별칭이 빠진 것입니다: "
        "operations/current/leaderboard_strangers.csv 참고",
    },
    "stray_seat_events": {
        "en": "seat events that fit no state: {number}; see operations/current/stray_seat_events.csv",
        "ko": "좌석 상태에 맞지 않는 이벤트 {number}건: operations/current/stray_seat_events.csv 참고",
    },
    "stray_attendance": {
        "en": "attendance of no session for certain: {number}; see operations/current/stray_attendance.csv",
        "ko": "어느 모임인지 알 수 없는 출석 {number}건: operations/current/stray_attendance.csv 참고",
    },
    "vanished": {
        "en": "members and courses gone from newer exports of totals: {number}; see operations/current/vanished.csv",
        "ko": "새 누적 내보내기에 없는 구성원의 과목 {number}개: operations/current/vanished.csv 참고",
    },
    "before_cohorts": {
        "en": "rows of activity and completions before every cohort: {number}",
        "ko": "모든 기수보다 앞선 학습 활동·수료 행 {number}건",
    },
    "after_as_of": {
        "en": "rows of activity, completions and seat events after {as_of}, which count for nothing yet: {number}",
        "ko": "{as_of} 뒤의 학습 활동·수료·좌석 사건 행 {number}건: 아직 집계하지 않습니다",
    },
    "completed_before_start": {
        "en": "completions before their start: {number}",
        "ko": "시작보다 앞선 수료 {number}건",
    },
    "incomplete": {
        "en": "no activity file vouches for {days}: figures of these days are incomplete",
        "ko": "{days}의 학습 활동 파일이 없어 그날의 수치는 불완전합니다",
    },
    "revised": {
        "en": "figures of months that were over differ from those published before: {months} in {table}",
        "ko": "이미 끝난 달의 수치가 이전 발표와 다릅니다: {table}의 {months}",
    },
    "over_committed": {
        "en": "pool {pool} is over-committed by {seats} seats",
        "ko": "{pool} 풀의 좌석이 {seats}개 초과 약정되었습니다",
    },
    "no_review": {
        "en": "no seat review for {month}: activity is missing on {days}",
        "ko": "{month} 좌석 심사를 하지 않았습니다. 학습 활동 자료가 없는 날: {days}",
    },
}
"""What a warning says, by language."""


ODD_TIMES = {
    "before_cohorts": """
        select count(*)
        from (select occurred_at as moment from staging.activity union all select completed_at from staging.completions)
        cross join core.parameters
        where cast(timezone(timezone, timezone('UTC', moment)) as date)
            < (select case when bool_and(starts_on is not null) then min(starts_on) end from core.cohorts)
    """,
    "after_as_of": """
        select count(*)
        from (
            select occurred_at as moment from staging.activity
            union all select completed_at from staging.completions
            union all select occurred_at from staging.seat_events
        )
        cross join core.parameters
        where cast(timezone(timezone, timezone('UTC', moment)) as date) > as_of
    """,
    "completed_before_start": "select count(*) from staging.completions where completed_at < started_at",
}
"""Rows at times that make one wonder; they are staged, and KPIs count them as they define."""


def page_context(
    con: duckdb.DuckDBPyConnection, home: Home, program: Program, run_id: str, verdicts: Sequence[Verdict]
) -> PageContext:
    """Everything on the page that is not a released table."""
    as_of: date = _one(con, "select as_of from core.parameters")
    return PageContext(
        run_id=run_id,
        generated_as_of=as_of,
        coverage=[_coverage(con, program, source, as_of) for source in program.sources],
        files=dict(con.execute("select status, count(*) from raw.files group by status order by status").fetchall()),
        checks=[
            CheckResult(
                verdict.key.name,
                ".".join(verdict.key.asset_key.path),
                verdict.state == "passed",
                "error" if verdict.is_blocking else "warn",
                verdict.words,
            )
            for verdict in verdicts
        ],
        warnings=warnings(con, home, program),
        unmatched_share=unmatched_share(con),
    )


def warnings(con: duckdb.DuckDBPyConnection, home: Home, program: Program) -> list[dict[str, str]]:
    """What a person should look at, a line each by language, counted; empty where there is nothing."""
    left = Ledger(home.ledger).state().left
    lines = [
        _line("entry_without_file", where=program.where("sources", source, place), pattern=pattern)
        for source, place, pattern in entries_without_files(home, program)
        if pattern not in left
    ]
    lines += [_line("left_for_later", path=shown(path), reason=reason) for path, reason in sorted(left.items())]
    doubtful = con.execute(
        "select path, status, reason from raw.files where status in ('held', 'quarantined') order by path, source"
    ).fetchall()
    lines += [_line(status, path=path, reason=reason) for path, status, reason in doubtful]
    noted = con.execute(
        "select distinct path, reason from raw.files where status = 'loaded' and needs_look order by all"
    ).fetchall()
    lines += [_line("noted", path=path, reason=reason) for path, reason in noted]
    counted = {
        "rejects": 'select count(*) from (select distinct file_id, "row" from raw.rejects)',
        "unmatched": "select count(*) from ops.unmatched where source <> 'competitions' or reason <> 'unknown'",
        "strangers": "select count(*) from ops.unmatched where source = 'competitions' and reason = 'unknown'",
        "stray_seat_events": "select count(*) from ops.stray_seat_events",
        "stray_attendance": "select count(*) from ops.stray_attendance",
        "vanished": "select count(*) from ops.vanished",
        **ODD_TIMES,
    }
    as_of = _one(con, "select as_of from core.parameters")
    lines += [
        _line(what, number=number, as_of=as_of) for what, query in counted.items() if (number := int(_one(con, query)))
    ]
    over = con.execute(
        "select pool, -idle from kpi.seats qualify row_number() over (partition by pool order by month desc) = 1 "
        "and idle < 0 order by pool"
    ).fetchall()
    lines += [_line("over_committed", pool=pool, seats=seats) for pool, seats in over]
    missing = con.execute(
        "select review_month, list(day order by day) from ops.uncovered_days group by all order by review_month"
    ).fetchall()
    lines += [_line("no_review", month=f"{month:%Y-%m}", days=_runs(days)) for month, days in missing]
    named = {day for _, days in missing for day in days}
    gaps = [day for day in _gaps(con, program, as_of) if day not in named]
    return [*lines, _line("incomplete", days=_runs(gaps))] if gaps else lines


def revisions(revised: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """A warning per table of which a release changes months that were over, as a manifest names them."""
    return [_line("revised", table=f"kpi.{table}", months=", ".join(months)) for table, months in revised.items()]


def _line(what: str, **values: object) -> dict[str, str]:
    return {language: text.format(**values) for language, text in WARNINGS[what].items()}


def unmatched_share(con: duckdb.DuckDBPyConnection) -> float | None:
    """Of the staged rows that name somebody, the share whose name resolves to nobody; None where none does.

    Leaderboards are left out: they are full of strangers.
    """
    named = unmatched = 0
    for source in SOURCE_BY_NAME.values():
        if source.person != "member" or source.name == "competitions":
            continue
        rows, missing = con.execute(
            "select count(*), count(*) filter (where member_id is null) from staging."
            + identifier(source.name)
            + " where member is not null"
        ).fetchall()[0]
        named += rows
        unmatched += missing
    return unmatched / named if named else None


def _coverage(con: duckdb.DuckDBPyConnection, program: Program, source: str, as_of: date) -> SourceCoverage:
    totals = con.execute(
        "select coalesce(sum(rows), 0), coalesce(sum(staged), 0), coalesce(sum(rejected), 0), "
        "coalesce(sum(superseded), 0), coalesce(sum(ignored), 0) from raw.files where source = ?",
        [source],
    ).fetchall()[0]
    first, last = _days(con, program, source)
    covered: int | None = None
    expected: int | None = None
    gaps: list[tuple[date, date]] = []
    if source == "activity" and first is not None:
        days = _covered_days(con, as_of)
        covered, expected = len(days), (as_of - min([first, *days])).days + 1
        gaps = _spans(_gaps(con, program, as_of))
    rows_in, staged, rejected, superseded, ignored = (int(total) for total in totals)
    state: CoverageState = "gaps" if gaps else "complete" if staged else "empty"
    return SourceCoverage(
        source, first, last, covered, expected, rows_in, staged, rejected, superseded, ignored, state, gaps
    )


def _days(con: duckdb.DuckDBPyConnection, program: Program, source: str) -> tuple[date | None, date | None]:
    """The first and last day of the source's rows, in the program's time zone; None where rows carry no day."""
    contract = SOURCE_BY_NAME[source]
    dated = [c for c in contract.columns if c.required and c.type in ("TIMESTAMP", "DATE")]
    if not dated:
        return None, None
    column = identifier(dated[0].name)
    local = column if dated[0].type == "DATE" else "timezone(?, timezone('UTC', " + column + "))"
    zone = [] if dated[0].type == "DATE" else [program.timezone] * 2
    query = (
        "select cast(min(" + local + ") as date), cast(max(" + local + ") as date) from staging." + identifier(source)
    )
    first, last = con.execute(query, zone).fetchall()[0]
    return first, last


def _covered_days(con: duckdb.DuckDBPyConnection, as_of: date) -> list[date]:
    return [
        day for (day,) in con.execute("select day from core.coverage where day <= ? order by day", [as_of]).fetchall()
    ]


def _gaps(con: duckdb.DuckDBPyConnection, program: Program, as_of: date) -> list[date]:
    """The days from the first of activity up to ``as_of`` that no activity entry vouches for, in order."""
    first, _ = _days(con, program, "activity")
    if first is None:
        return []
    covered = _covered_days(con, as_of)
    start = min([first, *covered])
    return sorted({start + timedelta(n) for n in range((as_of - start).days + 1)} - set(covered))


def _spans(days: Sequence[date]) -> list[tuple[date, date]]:
    """Days in order → first and last day of each run without a break."""
    spans: list[tuple[date, date]] = []
    for day in days:
        if spans and day - spans[-1][1] == timedelta(1):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def _runs(days: Sequence[date]) -> str:
    return ", ".join(f"{first}" if first == last else f"{first} … {last}" for first, last in _spans(days))


def _one(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    return con.execute(query).fetchall()[0][0]
