"""Figures that go on from those that stand: what was published of few persons is not told by what follows it.

Totals to date and seats held have a row for every month, or one that grows. Where a revision of few is not shown in
what was published, new rows that left it out would tell it, less the news, which other tables have. So it stays in
them, as accounts carry a balance forward. Belongs here: that, for adoption, courses, retention and seats. Does not
belong here: which parts stand (``revisions``, ``tables``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pandas as pd

from fellowship_pipeline.release.labels import are_other
from fellowship_pipeline.release.policy import OPERATIONAL
from fellowship_pipeline.release.reach import WHOLE, TablePart
from fellowship_pipeline.release.revisions import Revisions
from fellowship_pipeline.release.tables import GRAIN, Beside

TablesAsOf = Callable[[date], Mapping[str, pd.DataFrame]]
"""The tables of ``ADDS`` and the headlines as of a day up to that of the release, of what is known today."""
HEADLINES = "headlines"
ADDS = {"adoption": ("invited", "accepted", "activated"), "courses": ("started", "completed", "known_starts")}
MEDIANS = {"adoption": "median_days_to_accept", "courses": "median_days"}
"""What cannot be added up: it stands until news and revisions together are of enough persons."""
KEYS = {"adoption": ["slice_by", "slice"], "courses": ["course", "track"]}


def carry(tables: Mapping[str, Beside], revisions: Revisions, as_of: TablesAsOf) -> None:
    """Changes the new rows of these tables where earlier ones stand."""
    last = revisions.memory.days.get(revisions.memory.last)
    if last is None:
        return
    adoption, courses = tables["adoption"], tables["courses"]
    _to_date(adoption, adoption.parts_of_new.map(lambda part: adoption.some_stand(part[2])), last, as_of)
    _to_date(courses, courses.parts_of_new.map(lambda part: courses.verdict(part) == "stands"), last, as_of)
    _starts(tables["retention"])
    for table in (adoption, courses, tables["retention"]):  # what goes on into a row that is hidden now is hidden, too
        table.new.suppress(table.name, table.new.frame["suppressed"].astype(bool))
    _seats(tables["seats"])


def _to_date(table: Beside, stand: pd.Series[bool], last: date, as_of: TablesAsOf) -> None:
    """Adds to rows, where earlier ones ``stand``, what was published then and is not known today of that day."""
    rows = stand.astype(bool) & table.is_made
    if not rows.any():
        return
    keys = KEYS[table.name]
    frame, old = table.new.frame, _latest(table.name, table.old.frame, last)
    if last > table.revisions.day:  # of a day that is not over in the data any more, nothing can be asked
        table.new.suppress(table.name, rows)
        return
    then = _latest(table.name, as_of(last)[table.name], last)
    counts = list(ADDS[table.name])
    published, known = _by(keys, old[counts], old, frame, rows), _by(keys, then[counts], then, frame, rows)
    was_hidden = _by(keys, old[["suppressed"]].astype("float64"), old, frame, rows)["suppressed"]
    # A row that was not among those published, and could have been: nobody knows what it would go on from.
    was_left_out = was_hidden.isna() & (known[counts[0]].notna() | _is_of_kind_left_out(frame[rows], old, then))
    are_others_now = count_others(frame[rows], old, then, ["slice_by"])
    was_left_out |= are_others_now
    table.new.suppress(table.name, (was_hidden.eq(1) | was_left_out).reindex(frame.index, fill_value=False))
    goes_on = rows & (was_hidden.notna() | was_left_out).reindex(frame.index, fill_value=False)
    now = as_of(table.revisions.day)[table.name]
    of_today = _by(GRAIN[table.name], now[counts], now, frame, rows)
    said_then = _by(keys, table.old.labels.loc[old.index], old, frame, rows)
    still_said = as_long_as_no_more(said_then.mask(are_others_now), known[counts], of_today)
    table.new.say_no_less(goes_on, still_said[goes_on[rows]])
    for count in counts:
        more = published[count].astype("Int64") - known[count].fillna(0).astype("Int64")
        table.new.put(count, frame.loc[rows, count] + more.where(was_hidden.notna(), 0))
    for _, count, base in OPERATIONAL[table.name].rates:
        # What was shown and comes again later counts twice; no slice of that month is to tell by how much.
        is_over = rows & is_more(frame[count], frame[base])
        beside = rows & frame["month"].isin(frame["month"][is_over]) if "month" in frame else is_over
        table.new.withhold(count, beside)
        if "slice_by" in frame:
            table.new.suppress(table.name, beside & (frame["slice_by"] != WHOLE))
    for rate, count, base in OPERATIONAL[table.name].rates:
        was_blank = published[count].isna() & said_then[count].isna() & was_hidden.eq(0)
        for column in (count, rate):
            table.new.leave_blank(column, rows & of_kinds(frame, was_blank, ["slice_by"]))
        table.new.put(rate, (frame[count] / frame[base].where(frame[base] > 0))[rows].astype("float64"))
    column = MEDIANS[table.name]
    waits = (rows & ~_follows(table, last)).reindex(frame.index[rows])
    median = _by(keys, old[[column]], old, frame, rows)[column]
    table.new.put(column, median.where(waits & was_hidden.notna(), frame.loc[rows, column]))


def _is_of_kind_left_out(rows: pd.DataFrame, old: pd.DataFrame, then: pd.DataFrame) -> pd.Series[bool]:
    """Rows of slices of a kind of which none was published, although there were some."""
    if "slice_by" not in rows:
        return pd.Series(False, index=rows.index)
    return rows["slice_by"].isin(set(then["slice_by"]) - set(old["slice_by"]))


def count_others(rows: pd.DataFrame, old: pd.DataFrame, then: pd.DataFrame, kind: list[str]) -> pd.Series[bool]:
    """Rows that would go on from others: ``other`` of a kind that listed other slices then than of that day today.

    Where ``other`` is shown, or was, they are all rows of that kind: the rest of a total would tell it.
    ``kind``: the columns that name one.
    """
    if "slice_by" not in rows:
        return pd.Series(False, index=rows.index)

    def listed(frame: pd.DataFrame) -> pd.Series:
        return frame["slice"].groupby(_named(frame, kind)).agg(frozenset)

    def told(frame: pd.DataFrame) -> set[str]:
        return set(_named(frame, kind)[are_other(frame["slice"]) & ~frame["suppressed"].astype(bool)])

    before, today = listed(old).align(listed(then), join="inner")
    of_others = _named(rows, kind).isin(before.index[before != today])
    return of_others & (are_other(rows["slice"]) | _named(rows, kind).isin(told(old) | told(rows)))


def _named(frame: pd.DataFrame, columns: list[str]) -> pd.Series:
    """The columns' values as one text."""
    first, *others = (frame[name].astype("object").astype(str) for name in columns)
    for other in others:
        first = first + " " + other
    return first


def as_long_as_no_more(said: pd.DataFrame, then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """What was said of rows that count nobody more since: with one more, few may not be few, whoever is gone."""
    more = (now.astype("Float64").fillna(0) > then.astype("Float64").fillna(0)).any(axis=1)
    return said.mask(more)


def of_kinds(frame: pd.DataFrame, some: pd.Series[bool], named_by: list[str]) -> pd.Series[bool]:
    """Rows of the kinds of which ``some`` are; a table without kinds has only those."""
    if not set(named_by) <= set(frame):
        return some.reindex(frame.index, fill_value=False)
    kinds = pd.MultiIndex.from_frame(frame[named_by])
    return pd.Series(kinds.isin(kinds[some.reindex(frame.index, fill_value=False)]), index=frame.index)


def is_more(count: pd.Series, base: pd.Series) -> pd.Series[bool]:
    """Where a count is more than all of which it counts some: two that were carried apart."""
    return (count > base).fillna(False).astype(bool)


def _follows(table: Beside, last: date) -> pd.Series[bool]:
    """Of which new rows more has changed since those that they go on from than few persons would have."""
    revisions, month = table.revisions, f"{last:%Y-%m}"

    def follows(part: TablePart) -> bool:
        before = (part[0], month, part[2]) if table.name == "adoption" else part
        return before in revisions.memory.shown and revisions.may_follow(part, before)

    said = {part: follows(part) for part in set(table.parts_of_new)}
    return table.parts_of_new.map(said).astype(bool)


def _latest(name: str, rows: pd.DataFrame, last: date) -> pd.DataFrame:
    """The rows of the last release that go on."""
    return rows[rows["month"] == pd.Timestamp(last.replace(day=1))] if name == "adoption" else rows


def _by(
    keys: list[str], values: pd.DataFrame, of: pd.DataFrame, frame: pd.DataFrame, rows: pd.Series[bool]
) -> pd.DataFrame:
    """The values of the rows that agree in the keys, in the order of the frame's rows that are asked for."""
    indexed = values.set_axis(pd.MultiIndex.from_frame(of[keys].astype("string").fillna("")))
    asked = pd.MultiIndex.from_frame(frame.loc[rows, keys].astype("string").fillna(""))
    return indexed.reindex(asked).set_axis(frame.index[rows])


def _starts(table: Beside) -> None:
    """As many started as was published, where that stands; what was hidden stays hidden, in the same words."""
    if not len(table.old.frame):
        return
    frame, keys = table.new.frame, ["start_month", "slice_by", "slice"]
    is_few = table.old.labels["started"].astype("string").str.startswith("<").fillna(False)
    old = table.old.frame.assign(is_few=is_few)[table.stays]
    how = {"started": "max", "suppressed": "all", "is_few": "any"}
    groups = old.groupby(keys)[list(how)].agg(how)
    known = _by(keys, groups.reset_index(drop=True), groups.reset_index(), frame, table.is_made)
    was_hidden = known["suppressed"].eq(True).reindex(frame.index, fill_value=False)
    shown = known["started"].notna().reindex(frame.index, fill_value=False) & frame["started"].notna()
    frame.loc[shown, "started"] = known.loc[shown[shown].index, "started"].astype("Int64")
    table.new.withhold("active", shown & is_more(frame["active"], frame["started"]))
    table.new.put("retention_rate", (frame["active"] / frame["started"])[shown].astype("float64"))
    table.new.suppress(table.name, was_hidden & ~frame["suppressed"])
    table.new.say_no_less(known["is_few"].eq(False).reindex(frame.index, fill_value=False))


def _seats(table: Beside) -> None:
    """Seats held before a month are those published at the end of the last; the rest was given back in it, or taken."""
    frame, stays = table.new.frame, table.old.frame[table.stays]
    for pool, months in stays.groupby("pool"):
        end = months.sort_values("month").iloc[-1]
        after = frame.index[(frame["pool"] == pool) & (frame["month"] > end["month"]) & table.is_made]
        if table.verdict((table.name, f"{end['month']:%Y-%m}", WHOLE)) != "stands" or not len(after):
            continue
        row = frame.loc[after].sort_values("month").index[0]
        if pd.isna(end["held_end"]) or pd.isna(frame.loc[row, "held_start"]):
            table.new.suppress(table.name, pd.Series(frame.index == row, index=frame.index))
            continue
        more = int(end["held_end"]) - int(frame.loc[row, "held_start"])
        frame.loc[row, "held_start"] += more
        frame.loc[row, "returned" if more > 0 else "accepted"] += abs(more)
