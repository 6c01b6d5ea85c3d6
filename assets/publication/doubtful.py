"""What a run warns of files and their records: held, quarantined, noted, rejected; alike ones in one line.

Belongs here: those texts and the queries behind them. Does not belong here: why a file is held (``intake``), what
program.yaml says (``warnings``), or any value of a record.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import duckdb

from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.archive import archived
from fellowship_pipeline.intake.readers.records import LACKS, NO_SHEET, SEVERAL_SHEETS
from fellowship_pipeline.intake.readers.workbook_parts import sheet_names

WARNINGS = {
    "held": {
        "en": "{files}: held: {reason}. `fellowship files {home} accept {file}` counts it, `reject {file}` leaves it "
        "out",
        "ko": "{files}: 보류됨: {reason}. 집계하려면 `fellowship files {home} accept {file}`, 빼려면 `reject {file}`",
    },
    "held_alike": {
        "en": "{number} files are held: {files}. The first because: {reason}. `fellowship files {home} accept {file}` "
        "counts it, `reject {file}` leaves it out; `fellowship files {home}` has the ids of the others",
        "ko": "파일 {number}개가 보류되었습니다: {files}. 첫 파일의 이유: {reason}. 집계하려면 `fellowship files "
        "{home} accept {file}`, 빼려면 `reject {file}`. 나머지 파일의 id는 `fellowship files {home}`에 나옵니다",
    },
    "quarantined": {"en": "{files}: quarantined: {reason}", "ko": "{files}: 격리됨: {reason}"},
    "quarantined_alike": {
        "en": "{number} files are quarantined: {files}. The first because: {reason}",
        "ko": "파일 {number}개가 격리되었습니다: {files}. 첫 파일의 이유: {reason}",
    },
    "noted": {"en": "{files}: loaded, but {reason}", "ko": "{files}: 적재했지만 확인하세요: {reason}"},
    "noted_alike": {
        "en": "{number} files are loaded, but have to be looked at: {files}. The first: {reason}",
        "ko": "파일 {number}개를 적재했지만 확인하세요: {files}. 첫 파일: {reason}",
    },
    "all_rejected": {
        "en": "{files}: loaded, but every record of it was rejected; `fellowship check {place} --home {home}` says "
        "what would mend it",
        "ko": "{files}: 적재했지만 모든 레코드가 거부되었습니다. `fellowship check {place} --home {home}`이 고칠 "
        "방법을 알려 줍니다",
    },
    "all_rejected_alike": {
        "en": "{number} files are loaded, but every record of them was rejected: {files}. `fellowship check {place} "
        "--home {home}` says what would mend the first",
        "ko": "파일 {number}개를 적재했지만 모든 레코드가 거부되었습니다: {files}. `fellowship check {place} --home "
        "{home}`이 첫 파일을 고칠 방법을 알려 줍니다",
    },
    "held_unnamed": {
        "en": "file {files} ({source}): held; see operations/current/files.csv",
        "ko": "파일 {files}({source}): 보류됨: operations/current/files.csv 참고",
    },
    "held_alike_unnamed": {
        "en": "{number} files ({source}) are held; see operations/current/files.csv",
        "ko": "파일 {number}개({source})가 보류되었습니다: operations/current/files.csv 참고",
    },
    "quarantined_unnamed": {
        "en": "file {files} ({source}): quarantined; see operations/current/files.csv",
        "ko": "파일 {files}({source}): 격리됨: operations/current/files.csv 참고",
    },
    "quarantined_alike_unnamed": {
        "en": "{number} files ({source}) are quarantined; see operations/current/files.csv",
        "ko": "파일 {number}개({source})가 격리되었습니다: operations/current/files.csv 참고",
    },
    "noted_unnamed": {
        "en": "file {files} ({source}): loaded, but somebody has to look at it; see operations/current/files.csv",
        "ko": "파일 {files}({source}): 적재했지만 확인하세요: operations/current/files.csv 참고",
    },
    "noted_alike_unnamed": {
        "en": "{number} files ({source}) are loaded, but somebody has to look at them; see "
        "operations/current/files.csv",
        "ko": "적재했지만 확인할 파일 {number}개({source}): operations/current/files.csv 참고",
    },
    "all_rejected_unnamed": {
        "en": "file {files} ({source}): loaded, but every record of it was rejected",
        "ko": "파일 {files}({source}): 적재했지만 모든 레코드가 거부되었습니다",
    },
    "all_rejected_alike_unnamed": {
        "en": "{number} files ({source}) are loaded, but every record of them was rejected",
        "ko": "파일 {number}개({source})를 적재했지만 모든 레코드가 거부되었습니다",
    },
    "rejects": {
        "en": "records rejected: {number}; see operations/current/rejects.csv",
        "ko": "거부된 레코드 {number}건: operations/current/rejects.csv 참고",
    },
    "rejects_named": {
        "en": "records rejected: {number}, {most} of them because {column} of {path}: {reason}; all in "
        "operations/current/rejects.csv",
        "ko": "거부된 레코드 {number}건, 그중 {most}건은 {path}의 {column}: {reason}. 전체는 "
        "operations/current/rejects.csv에 있습니다",
    },
}
"""What a warning says, by language; ``…_alike`` of several files, ``…_unnamed`` for a page, where a file is its id."""

MAP = {
    "en": "; `fellowship map {place}` proposes lines that fit it",
    "ko": ". `fellowship map {place}`이 맞는 설정을 제안합니다",
}
"""What to do with a file in another layout."""

SHEETS = {"en": "; its sheets: {names}", "ko": ". 시트: {names}"}
"""Of a workbook of which another sheet is meant; only said, never kept."""

TOLD = frozenset({"no_file_waits_for_a_decision", "no_record_is_rejected"})
"""Checks that say no more than these warnings do."""

MOST_NAMED = 5
"""Paths that one line names."""

_RECORD = "record"

_FOUND = """
select status as what, file_id, source, path, sha256, reason from raw.files where status in ('held', 'quarantined')
union all
select 'noted', file_id, source, path, sha256, reason from raw.files where status = 'loaded' and needs_look
union all
select 'all_rejected', file_id, source, path, sha256, null from raw.files
where status = 'loaded' and rejected > 0 and staged = 0 and superseded = 0
order by what, path, reason, source
"""
"""The last are files of which nothing is left, but what their entries ignore."""

_ORDER = ("held", "quarantined", "all_rejected", "noted")

_REJECTED = """
with broken as (
    select file_id, "column", reason, count(distinct "row") as records from raw.rejects group by all
)

select
    (select count(*) from (select distinct file_id, "row" from raw.rejects)) as number,
    broken.records, files.path, broken."column", broken.reason
from broken inner join raw.files as files on broken.file_id = files.file_id
order by broken.records desc, files.path, broken."column" limit 1
"""


class _DoubtfulFile(NamedTuple):
    file_id: str
    source: str
    path: str
    sha256: str
    reason: str


def of_files(con: duckdb.DuckDBPyConnection, home: Home, *, named: bool) -> Iterator[dict[str, str]]:
    """A line, by language, for the files of which the same is to be said. Of one that several entries read, once.

    ``named``: with their paths and what is wrong with them; never for a page.
    """
    found: dict[str, list[_DoubtfulFile]] = {what: [] for what in _ORDER}
    for what, file_id, source, path, sha256, reason in con.execute(_FOUND).fetchall():
        found[what].append(_DoubtfulFile(file_id, source, path, sha256, reason or ""))
    for what in _ORDER:
        alike: dict[str, list[_DoubtfulFile]] = {}
        for one in found[what]:
            alike.setdefault(_shape(one.reason) if named else one.source, []).append(one)
        for files in alike.values():
            yield _named(what, files, home) if named else _unnamed(what, files)


def of_rejects(con: duckdb.DuckDBPyConnection, *, named: bool) -> Iterator[dict[str, str]]:
    """How many records were rejected, by language; ``named``: with what rejected most of them."""
    for number, most, path, column, reason in con.execute(_REJECTED).fetchall():
        texts = WARNINGS["rejects_named" if named else "rejects"]
        values = {"number": number, "most": most, "path": path, "column": column or _RECORD, "reason": reason}
        yield {language: text.format(**values) for language, text in texts.items()}


def listed(names: Iterable[str]) -> str:
    """The first few names, and how many there are beyond them."""
    kept = list(names)
    more = f" (+{len(kept) - MOST_NAMED})" if len(kept) > MOST_NAMED else ""
    return ", ".join(kept[:MOST_NAMED]) + more


def _shape(reason: str) -> str:
    """The reason but for its numbers: what differs in nothing else is said once."""
    return re.sub(r"\d[\d,.]*", "0", reason)


def _named(what: str, files: Sequence[_DoubtfulFile], home: Home) -> dict[str, str]:
    paths, first = list(dict.fromkeys(one.path for one in files)), files[0]
    place = shlex.quote(first.path if "://" in first.path else str(home.path / first.path))
    is_of_sheets = first.reason.startswith(NO_SHEET) or first.reason.endswith(SEVERAL_SHEETS)
    names = sheet_names(archived(home, first.sha256)) if is_of_sheets else []
    said = {}
    for language, text in WARNINGS[what if len(paths) == 1 else f"{what}_alike"].items():
        way = MAP[language].format(place=place) if first.reason.startswith(LACKS) else ""
        way += SHEETS[language].format(names=listed(map(repr, names))) if names else ""
        said[language] = text.format(
            number=len(paths),
            files=listed(paths),
            place=place,
            file=first.file_id,
            home=shlex.quote(str(home.path)),
            reason=first.reason + way,
        )
    return said


def _unnamed(what: str, files: Sequence[_DoubtfulFile]) -> dict[str, str]:
    texts = WARNINGS[f"{what}_unnamed" if len(files) == 1 else f"{what}_alike_unnamed"]
    values = {"number": len(files), "files": files[0].file_id, "source": files[0].source}
    return {language: text.format(**values) for language, text in texts.items()}
