"""What a run warns of: what a person should look at, in words, all of it from the warehouse and the ledger.

Belongs here: the texts of warnings and the queries behind them. Does not belong here: checks, which say when a table is
wrong, or any person's value: what ``program.yaml`` calls a person is in the operators' lists alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from assets.publication import decided, doubtful, quoted
from assets.publication.coverage import gaps, spans
from assets.publication.misnamed import PERSON, UNLISTED, Misnamed, misnamed, nearest
from fellowship_pipeline.forgetting import retention
from fellowship_pipeline.home import Home, clock
from fellowship_pipeline.intake.expected import overdue
from fellowship_pipeline.intake.landing import periods
from fellowship_pipeline.intake.landing.ledger import ID_LENGTH, Ledger, LedgerState, shown
from fellowship_pipeline.intake.reading.files import entries_without_files
from fellowship_pipeline.program import Program

WARNINGS = {
    "entry_without_file": {
        "en": "{where}: no file fits {pattern!r}",
        "ko": "{where}: {pattern!r}에 맞는 파일이 없습니다",
    },
    "entry_without_file_unnamed": {"en": "{where}: no file fits", "ko": "{where}: 맞는 파일이 없습니다"},
    "late": {
        "en": "{where}: a file of {source} is expected {expects}, and the last came on {day}",
        "ko": "{where}: {source} 파일이 마지막으로 온 날은 {day}입니다(expects: {expects})",
    },
    "left_unnamed": {
        "en": "files left for the next run: {number}; `fellowship files` names them and says why",
        "ko": "다음 실행으로 미룬 파일 {number}개: `fellowship files`에서 이름과 이유 참고",
    },
    "left_for_later": {
        "en": "{path}: left for the next run: {reason}",
        "ko": "{path}: 다음 실행으로 미룹니다: {reason}",
    },
    "overdue": {
        "en": "past their retention period, and destroyed by the next run: {number} files: {files}",
        "ko": "보존 기간이 지나 다음 실행이 삭제할 파일 {number}개: {files}",
    },
    "overdue_later": {
        "en": "past their retention period, and destroyed by the first run from {when} UTC on, if the clock is right, "
        "or by `--destroy-now`: {number} files: {files}",
        "ko": "보존 기간이 지난 파일 {number}개: 시계가 맞으면 {when} UTC 뒤의 첫 실행이, 또는 `--destroy-now`가 "
        "삭제합니다: {files}",
    },
    "expired": {
        "en": "destroyed at the end of their retention period: {number} files, the last on {day}; figures of their "
        "time lack them, published/history has those that were published before",
        "ko": "보존 기간이 끝나 삭제한 파일 {number}개(마지막 {day}): 그 기간의 수치에서 빠졌습니다. 전에 발표한 "
        "수치는 published/history에 있습니다",
    },
    "destroyed_early": {
        "en": "destroyed, though their retention period is not over: {number} files; put them into landing/ again: "
        "{files}",
        "ko": "보존 기간이 끝나지 않았는데 삭제된 파일 {number}개: landing/에 다시 넣으세요: {files}",
    },
    "nobody": {
        "en": "{where}, {key}: the name there is nobody; see operations/current/settings.csv",
        "ko": "{where}, {key}: 그곳의 이름은 누구의 이름도 아닙니다: operations/current/settings.csv 참고",
    },
    "nobodies": {
        "en": "{where}, {key}: {number} names there are nobody; see operations/current/settings.csv",
        "ko": "{where}, {key}: 그곳의 이름 {number}개는 누구의 이름도 아닙니다: operations/current/settings.csv 참고",
    },
    "unknown": {
        "en": "{where}, {key}: no data knows this {kind}: {name}",
        "ko": "{where}, {key}: 자료에 없는 {kind}입니다: {name}",
    },
    "no_figure": {
        "en": "{where}: {kpi} has no figure as of {as_of}; `fellowship explain HOME {kpi}` says why",
        "ko": "{where}: {kpi}의 {as_of} 기준 값이 없습니다. 이유는 `fellowship explain HOME {kpi}`",
    },
    "unlisted": {
        "en": "{where}: no entry of seats names a pool of the data, so that it has no capacity: {name}",
        "ko": "{where}: seats에 없는 풀이 자료에 있어 정원을 알 수 없습니다: {name}",
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
    "no_sessions": {
        "en": "no file lists the sessions, so that no attendance counts: {number} rows; give `sources: sessions` a "
        "file with a row for each session (session, kind, starts_at)",
        "ko": "모임을 적은 파일이 없어 출석을 집계하지 않습니다: {number}행. `sources: sessions`에 모임마다 한 행"
        "(session, kind, starts_at)인 파일을 주세요",
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
        "en": "rows of a day after {as_of}, as of which figures are, count for nothing yet: {rows}",
        "ko": "집계 기준일 {as_of} 뒤의 행은 아직 집계하지 않습니다: {rows}",
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
"""What a warning says, by language; ``…_unnamed`` is for a page, where a file is its id and its source."""

COUNTED = {
    "unmatched": "select count(*) from ops.unmatched where source <> 'competitions' or reason <> 'unknown'",
    "strangers": "select count(*) from ops.unmatched where source = 'competitions' and reason = 'unknown'",
    "stray_seat_events": "select count(*) from ops.stray_seat_events",
    "no_sessions": "select count(*) from ops.stray_attendance where not exists (select * from staging.sessions)",
    "stray_attendance": "select count(*) from ops.stray_attendance where exists (select * from staging.sessions)",
    "vanished": "select count(*) from ops.vanished",
    "before_cohorts": """
        with cohorts as (
            select case when bool_and(starts_on is not null) then min(starts_on) end as day from core.cohorts
        )

        select count(*)
        from (select occurred_at as moment from staging.activity union all select completed_at from staging.completions)
        cross join core.parameters
        where moment < (select day + interval 2 days from cohorts)
            and cast(timezone(timezone, timezone('UTC', moment)) as date) < (select day from cohorts)
    """,
    "completed_before_start": "select count(*) from staging.completions where completed_at < started_at",
}
"""What is counted, in this order. Rows at odd times, the last two, are staged: KPIs count them as they define."""


_LATER = """
with moments as (
    select 'activity' as source, occurred_at as moment from staging.activity
    union all select 'completions', completed_at from staging.completions
    union all select 'seat_events', occurred_at from staging.seat_events
    union all select 'applications', decided_at from staging.applications
    union all select 'attendance', joined_at from staging.attendance
    union all select 'support_requests', opened_at from staging.support_requests
    union all
    select 'seat_snapshots', exported_at
    from staging.seat_snapshots
    where (status = 'invited' and invited_at is null) or (status = 'active' and accepted_at is null)
    union all (select distinct on (survey, response) 'survey_responses', submitted_at from staging.survey_responses)
),

days as (
    select source, cast(timezone(timezone, timezone('UTC', moment)) as date) as day, as_of
    from moments cross join core.parameters where moment >= ?
    union all select 'certifications', issued_on, as_of from staging.certifications cross join core.parameters
    union all select 'outcomes', occurred_on, as_of from staging.outcomes cross join core.parameters
)

select source, count(*) from days where day > as_of group by source order by source
"""
"""What happened after as_of, by source. Sessions and deadlines to come are plans. Only rows near it are given a day."""

_TOLD_HEADLINES = "select kpi from kpi.scorecard where slice_by = 'all' and value is not null"

NEAREST = {"en": ". Nearest: {nearest!r}", "ko": ". 가장 가까운 이름: {nearest!r}"}
"""Of an unknown name that is no person's."""

_LAST_PLACE = re.compile(r"\[\d+\](?!.*\[)")
"""Which one it is of the innermost list that a key leads through."""

THERE = {"en": "see operations/current/settings.csv", "ko": "operations/current/settings.csv 참고"}
"""Instead of a name, for a page."""

KINDS = {
    "pool": {"en": "pool", "ko": "풀"},
    "cohort": {"en": "cohort", "ko": "기수"},
    "mission": {"en": "mission", "ko": "미션"},
    "survey": {"en": "survey", "ko": "설문"},
    "question": {"en": "question", "ko": "질문"},
}
"""What program.yaml names beside persons."""


def warnings(
    con: duckdb.DuckDBPyConnection, home: Home, program: Program, *, named: bool = False
) -> list[dict[str, str]]:
    """What a person should look at, a line each by language, counted; empty where there is nothing.

    First what makes figures and reviews wrong, last what only may.

    ``named``: names of files are said, with what is wrong with them, which may quote them, and what program.yaml calls
    pools, cohorts, missions and surveys; never for a page. A person's name is said in neither.
    """
    as_of: date = _one(con, "select as_of from core.parameters")
    return [
        *_of_days(con, program, as_of),
        *_of_times(con, program),
        *doubtful.of_files(con, home, named=named),
        *_of_pools(con),
        *_of_settings(con, program, named=named),
        *_of_headlines(con, program, as_of),
        *decided.differences(con, named=named),
        *expiries(con, home, program, named=named),
        *doubtful.of_rejects(con, named=named),
        *_of_rows(con, as_of),
        *_of_places(home, program, named=named),
        *quoted.refusals(con, program),
    ]


def foremost(con: duckdb.DuckDBPyConnection, program: Program) -> dict[str, str] | None:
    """The first of what makes a figure or a review wrong, as a page says it; None where nothing does."""
    as_of: date = _one(con, "select as_of from core.parameters")
    grave = (*_of_days(con, program, as_of), *_of_pools(con), *_of_settings(con, program, named=False))
    return next(iter(grave), None)


def revisions(revised: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """A warning per table of which a release changes months that were over, as a manifest names them."""
    return [_line("revised", table=f"kpi.{table}", months=", ".join(months)) for table, months in revised.items()]


def expiries(
    con: duckdb.DuckDBPyConnection, home: Home, program: Program, *, named: bool = True
) -> Iterator[dict[str, str]]:
    """What was destroyed at the end of its period, or is about to be; and what should not have been.

    ``named``: files by their paths, else by their ids.
    """
    ledger, now = Ledger(home.ledger), clock.now()
    state = ledger.state()
    if over := retention.overdue(con, program, state, now):
        earliest = retention.not_before(state, now)
        what = "overdue_later" if earliest > now else "overdue"
        yield _line(what, number=len(over), when=f"{earliest:%Y-%m-%d %H:%M}", files=_paths(state, over, named=named))
    expired = {content.sha256 for content in state.contents.values() if content.decision == "expired"}
    if expired:
        day = max(event["at"][:10] for event in ledger.events() if event["event"] == "expired")
        yield _line("expired", number=len(expired), day=day)
    known = {sha256 for sha256 in expired if state.contents[sha256].ages}
    if early := known & periods.not_over(state, program, now.date()):
        yield _line("destroyed_early", number=len(early), files=_paths(state, early, named=named))


def _of_places(home: Home, program: Program, *, named: bool) -> Iterator[dict[str, str]]:
    left = Ledger(home.ledger).state().left
    entry = "entry_without_file" if named else "entry_without_file_unnamed"
    places: dict[str, list[str]] = {}
    for source, place, pattern in entries_without_files(home, program):
        if pattern not in left:
            places.setdefault(pattern if named else "", []).append(program.where("sources", source, place))
    for pattern, lines in places.items():
        yield _line(entry, where=_together(lines), pattern=pattern)
    if left and not named:
        yield _line("left_unnamed", number=len(left))
        return
    for path, reason in sorted(left.items()):
        yield _line("left_for_later", path=shown(path), reason=reason)


def _of_times(con: duckdb.DuckDBPyConnection, program: Program) -> Iterator[dict[str, str]]:
    """Entries of which the last file came longer ago than they expect."""
    today = clock.now().astimezone(ZoneInfo(program.timezone)).date()
    for one in overdue(con, program, today):
        where = program.where("sources", one.source, one.place)
        yield _line("late", where=where, source=one.source, expects=one.expects, day=one.last_on)


def _paths(state: LedgerState, contents: Iterable[str], *, named: bool) -> str:
    """Where contents lay, the first few; where they are not to be named, their ids."""
    known = [state.contents[sha256] for sha256 in contents if sha256 in state.contents]
    paths = sorted(shown(one.sightings[0][1]) if named else f"file {one.sha256[:ID_LENGTH]}" for one in known)
    return doubtful.listed(paths)


def _of_settings(con: duckdb.DuckDBPyConnection, program: Program, *, named: bool) -> Iterator[dict[str, str]]:
    """Names in program.yaml that no data knows, and pools of the data that it does not know."""
    found = misnamed(con, program)
    persons: dict[str, list[Misnamed]] = {}
    for one in found:
        if one.kind == PERSON:
            persons.setdefault(_LAST_PLACE.sub("", one.key), []).append(one)
    for alike in persons.values():
        keys, where = doubtful.listed(one.key for one in alike), _together(one.where for one in alike)
        yield _line("nobody" if len(alike) == 1 else "nobodies", where=where, key=keys, number=len(alike))
    said = [one for one in found if one.kind != PERSON]
    near = dict(zip(said, nearest(con, program, said), strict=True))
    misspelt = {near[one] for one in said if one.kind == "pool"}
    for one in said:
        if one.kind == UNLISTED and one.name in misspelt:
            continue  # said by the name in program.yaml that is meant for it
        lines = {}
        for language, text in WARNINGS["unlisted" if one.kind == UNLISTED else "unknown"].items():
            kind = "" if one.kind == UNLISTED else KINDS[one.kind][language]
            name = repr(one.name) if named else THERE[language]
            hint = NEAREST[language].format(nearest=near[one]) if named and near[one] else ""
            lines[language] = text.format(where=one.where, key=one.key, kind=kind, name=name) + hint
        yield lines


def _of_headlines(con: duckdb.DuckDBPyConnection, program: Program, as_of: date) -> Iterator[dict[str, str]]:
    """Headlines that have a target, or are to open the page, and say nothing."""
    said = {kpi for (kpi,) in con.execute(_TOLD_HEADLINES).fetchall()}
    places: dict[str, list[str]] = {kpi: [program.where("targets", kpi)] for kpi in program.targets}
    for at, kpi in enumerate(program.scorecard.headline):
        places.setdefault(kpi, []).append(program.where("scorecard", "headline", at))
    for kpi, where in places.items():
        if kpi not in said:
            yield _line("no_figure", where=_together(where), kpi=kpi, as_of=as_of)


def _of_rows(con: duckdb.DuckDBPyConnection, as_of: date) -> Iterator[dict[str, str]]:
    for what, query in COUNTED.items():
        if number := int(_one(con, query)):
            yield _line(what, number=number)
    if later := con.execute(_LATER, [as_of]).fetchall():
        yield _line("after_as_of", as_of=as_of, rows=", ".join(f"{source} {number:,}" for source, number in later))


def _of_pools(con: duckdb.DuckDBPyConnection) -> Iterator[dict[str, str]]:
    over = con.execute(
        "select pool, -idle from kpi.seats qualify row_number() over (partition by pool order by month desc) = 1 "
        "and idle < 0 order by pool"
    ).fetchall()
    for pool, seats in over:
        yield _line("over_committed", pool=pool, seats=seats)


def _of_days(con: duckdb.DuckDBPyConnection, program: Program, as_of: date) -> Iterator[dict[str, str]]:
    """Reviews that were not made for want of days, but for those that were issued; then the days that none names."""
    missing = con.execute(
        "select review_month, list(day order by day) from ops.uncovered_days group by all order by review_month"
    ).fetchall()
    issued = {month for (month,) in con.execute("select distinct review_month from ops.review_decisions").fetchall()}
    for month, days in missing:
        if month not in issued:
            yield _line("no_review", month=f"{month:%Y-%m}", days=_runs(days))
    named = {day for _, days in missing for day in days}
    if uncovered := [day for day in gaps(con, program, as_of) if day not in named]:
        yield _line("incomplete", days=_runs(uncovered))


def _line(what: str, **values: object) -> dict[str, str]:
    return {language: text.format(**values) for language, text in WARNINGS[what].items()}


def _together(lines: Iterable[str]) -> str:
    """``program.yaml line 3, 5``: several places of one file."""
    first, *others = dict.fromkeys(lines)
    return ", ".join([first, *(line.rpartition(" ")[2] for line in others)])


def _runs(days: Sequence[date]) -> str:
    return ", ".join(f"{first}" if first == last else f"{first} … {last}" for first, last in spans(days))


def _one(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    return con.execute(query).fetchall()[0][0]
