"""Somebody who has the published files, knows the rules by which figures are rounded, and solves for what is hidden.

A model of its own, from ``tables/*.csv`` alone: counts are whole numbers, parts add up to their totals, what is said
in place of a figure is true. Belongs here: what a release says. Does not belong here: how it is solved
(``whole_numbers``), or the product, of which nothing is imported.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Container, Iterable, Set
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from tests.release.whole_numbers import MOST, Name, System

Row = dict[str, str]
SAME = (("study_mode", "individual"), ("study_group", "(none)"))
"""One group under two names: those without a study group are those who study alone."""
EXACT = 1e-5
"""How far a rate that is written in full can be from its fraction, times its base."""


def read(tables: Path, name: str) -> list[Row]:
    path = tables / f"{name}.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def is_hidden(cell: str) -> bool:
    return cell == "withheld" or cell.startswith("<")


def _fourth_last(as_of: date) -> date:
    """The last start month of which the third month after has ended."""
    month = (as_of + timedelta(days=1)).replace(day=1)
    for _ in range(4):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


class Attack:
    """All that is known from a release, and the names of what it hides.

    ``single``: questions of which everybody knows that one answer could be given. ``is_first``: whether it is known to
    be made by itself, of persons of whom only the figures are known: beside earlier releases start months that were
    left out then are missing among later ones, and courses of few persons are one row, which is not their sum.
    ``started``: by headline of a slice, how many rows of earlier months show to have started in its quarters; they are
    the same of those who study alone and of those without a group.
    """

    def __init__(
        self,
        tables: Path,
        single: Set[tuple[str, str]] = frozenset(),
        *,
        least: int = 5,
        few: int = 10,
        step: int = 5,
        is_first: bool = True,
    ) -> None:
        self.tables, self.single, self.is_first = tables, single, is_first
        self.least, self.few, self.step = least, few, step
        self.system = System()
        self.hidden: set[Name] = set()
        self.left_out: set[Name] = set()
        self.started: dict[Name, float] = {}
        for table, key, counts, rates in (
            ("adoption", "month", ("invited", "accepted", "activated"), ("adoption_rate", "activation_rate")),
            ("engagement", "day", ("holders", "active"), ("engagement_rate",)),
            ("activity", "month", ("learners", "active_days", "completions"), ()),
            ("tracks", "track", ("members", "completed"), ("completion_rate",)),
        ):
            self._slices(table, key, counts, rates)
        self._headlines()
        self._retention()
        self._courses()
        self._surveys()
        self._selection()

    def few_values(self) -> dict[Name, int]:
        """What is hidden and could be fewer than three numbers, with how many; not months of which none is left out."""
        self.system.narrowed()
        nobody = {name for name in self.left_out if self.system.high[name] == 0}
        return self.system.few_values(self.hidden - nobody)

    def _cell(self, name: Name, cell: str, *, somebody: bool = False) -> Name | None:
        """An exact count, or what is said of a hidden one; nothing where there is no figure."""
        if cell == "":
            return None
        if not is_hidden(cell):
            return self.system.count(name, float(cell), float(cell))
        self.hidden.add(name)
        top = MOST if cell == "withheld" else int(cell[1:]) - 1
        return self.system.count(name, 1 if somebody else 0, top)

    def _rounded(self, name: Name, cell: str) -> Name | None:
        """A count that was rounded, of which fewer than ten are not shown."""
        if cell == "":
            return None
        if is_hidden(cell):
            self.hidden.add(name)
            return self.system.count(name, 0, MOST if cell == "withheld" else int(cell[1:]) - 1)
        value, half = int(cell), self.step / 2
        return self.system.count(name, max(math.ceil(value - half), self.few), math.ceil(value + half) - 1)

    def _share(self, share: str, count: Name | None, base: Name | None, base_shown: str) -> None:
        """A share of which everybody knows the step."""
        if count is None or base is None or share == "" or is_hidden(share):
            return
        low = self.system.low[base]
        if share[0] in "≤≥":
            self.system.between({count: 1, base: -0.05} if share[0] == "≤" else {count: -1, base: 0.95}, -math.inf, 0)
            return
        # Around 100 nobody knows which of the steps it was: the wider one is certain.
        half = 0.005 if low >= 100 else 0.025
        self.system.between({count: 1, base: -(float(share) - half)}, 0)
        self.system.between({count: 1, base: -(float(share) + half)}, -math.inf, 0)

    def _rate(self, rate: str, count: Name | None, base: Name | None) -> None:
        """A rate that is not rounded."""
        if count and base and rate and not is_hidden(rate):
            self.system.between({count: 1, base: -float(rate)}, -EXACT, EXACT)

    def _adds_up(self, whole: Name, parts: Iterable[Name]) -> None:
        """Where all of them have a cell: rows and figures may be left out."""
        listed = list(parts)
        if listed and all(name in self.system.low for name in (whole, *listed)):
            self.system.total(whole, listed)

    def _are_equal(self, one: Name, other: Name) -> None:
        self._adds_up(one, [other])

    def _slices(self, table: str, key: str, counts: tuple[str, ...], rates: tuple[str, ...]) -> None:
        parts: dict[str, list[Row]] = defaultdict(list)
        for row in read(self.tables, table):
            parts[row[key]].append(row)
        for moment, rows in parts.items():
            kinds: dict[str, list[Row]] = defaultdict(list)
            for row in rows:
                kinds[row["slice_by"]].append(row)
                names = [
                    self._cell((table, moment, row["slice_by"], row["slice"], c), row[c], somebody=c == counts[0])
                    for c in counts
                ]
                for (whole, part), rate in zip(pairwise(names), rates, strict=False):
                    if whole and part:
                        self.system.at_most(part, whole)
                        self._rate(row[rate], part, whole)
            for c in counts:
                for kind, members in kinds.items():
                    if kind != "all":
                        names = [(table, moment, kind, row["slice"], c) for row in members]
                        self._adds_up((table, moment, "all", "all", c), names)
                self._are_equal(*((table, moment, *same, c) for same in SAME))

    def _headlines(self) -> None:
        """Those that repeat a row of another table, and what all slices of any add up to."""
        kinds: dict[tuple[str, str, str], list[Name]] = defaultdict(list)
        for row in read(self.tables, "scorecard"):
            kpi, day, of = row["kpi"], row["as_of"], (row["slice_by"], row["slice"])
            repeated = {
                "adoption_rate": ("adoption", day[:7] + "-01", "invited", "accepted"),
                "activation_rate": ("adoption", day[:7] + "-01", "accepted", "activated"),
                "engagement_rate": ("engagement", day, "holders", "active"),
                "retention_3m": ("retention_3m", "", "denominator", "numerator"),
            }.get(kpi)
            if repeated is None:
                continue
            table, moment, *columns = repeated
            base, count = (
                self._cell((table, moment, *of, c), row[said])
                for c, said in zip(columns, ("denominator", "numerator"), strict=True)
            )
            if base and count:
                self.system.at_most(count, base)
                self._rate(row["value"], count, base)
            for c in columns:
                kinds[table, moment, c].append((table, moment, *of, c))
        for (table, moment, c), names in kinds.items():
            for kind in {name[2] for name in names} - {"all"}:
                self._adds_up((table, moment, "all", "all", c), [name for name in names if name[2] == kind])
            self._are_equal(*((table, moment, *same, c) for same in SAME))

    def _retention(self) -> None:
        """Start months add up to quarters, over slices and over time: see ``_quarters``."""
        rows = read(self.tables, "retention")
        counts = ("started", "active")
        unlisted = self._unlisted({row["start_month"] for row in rows if row["slice_by"] == "all"})
        found: dict[tuple[str, str, str], dict[Name, Name]] = defaultdict(dict)
        for row in rows:
            since, of = row["months_since"], (row["slice_by"], row["slice"])
            started = self._cell(("retention", row["start_month"], *of, "started"), row["started"], somebody=True)
            active = self._cell(("retention", row["start_month"], *of, "active", since), row["active"])
            if started and active:
                self.system.at_most(active, started)
                self._rate(row["retention_rate"], active, started)
            for c in counts:
                named = (c,) if c == "started" else (c, since)
                found[c, since, row["slice_by"]][row["start_month"], row["slice"]] = (
                    "retention", row["start_month"], *of, *named,
                )  # fmt: skip
        for (c, since, kind), cells in found.items():
            if kind != "all" and self.is_first:
                self._quarters(cells, found.get((c, since, "all"), {}), unlisted)
            for month, _ in cells if kind == "study_mode" else ():
                named = (c,) if c == "started" else (c, since)
                self._are_equal(*(("retention", month, *same, *named) for same in SAME))
            if since == "3":
                for of in {name for _, name in cells}:
                    headline = ("retention_3m", "", kind, of, "denominator" if c == "started" else "numerator")
                    parts = [cell for (_, name), cell in cells.items() if name == of]
                    if kind == "all" and self.is_first:
                        self._adds_up(headline, [*parts, *self._left_out(c, unlisted)])
                    elif all(name in self.system.low for name in (headline, *parts)):
                        # A slice's latest quarter is not published yet.
                        self.system.between({headline: 1} | dict.fromkeys(parts, -1))
                        if c == "started" and all(self.system.low[one] == self.system.high[one] for one in parts):
                            alike = [("retention_3m", "", *same, "denominator") for same in SAME]
                            for name in alike if headline in alike else [headline]:
                                if name in self.system.low:
                                    self.started[name] = sum(self.system.low[one] for one in parts)

    def _unlisted(self, listed: Set[str]) -> set[str]:
        """Start months without a row of which some may be left out: as far as is shown, somebody accepted in them."""
        accepted = {row["month"]: row["accepted"] for row in read(self.tables, "adoption") if row["slice_by"] == "all"}
        return {
            month
            for before, month in pairwise(["", *sorted(accepted)])
            if month not in listed and (is_hidden(accepted[month]) or accepted[month] != accepted.get(before, "0"))
        }

    def _left_out(self, count: str, unlisted: Set[str]) -> list[Name]:
        """Those of the headline whose start month has no row, if any may be: they are hidden, too."""
        days = [row["as_of"] for row in read(self.tables, "scorecard") if row["kpi"] == "retention_3m"]
        if not days or min(unlisted, default="9999") > _fourth_last(date.fromisoformat(max(days))).isoformat():
            return []
        rest = self.system.count(("retention", "left out", "all", "all", count))
        self.hidden.add(rest)
        self.left_out.add(rest)
        return [rest]

    def _quarters(self, cells: dict[Name, Name], everybody: dict[Name, Name], unlisted: Set[str]) -> None:
        """The slices of a kind that began in a quarter are those of its months."""

        def is_of(month: object, quarter: str) -> bool:
            return str(month)[:4] == quarter[:4] and 0 <= int(str(month)[5:7]) - int(quarter[5:7]) < 3

        for quarter in {str(start) for start, _ in cells}:
            parts = [cell for (start, _), cell in cells.items() if start == quarter]
            wholes = [cell for (month, _), cell in everybody.items() if is_of(month, quarter)]
            if wholes and all(name in self.system.low for name in (*parts, *wholes)):
                most = math.inf if any(is_of(month, quarter) for month in unlisted) else 0
                self.system.between(dict.fromkeys(parts, 1) | dict.fromkeys(wholes, -1), 0, most)

    def _courses(self) -> None:
        parts: dict[str, list[Name]] = defaultdict(list)
        seen = set()
        for row in read(self.tables, "courses"):
            if row["course"] in seen:
                continue
            seen.add(row["course"])
            names = [self._cell(("courses", row["course"], c), row[c]) for c in ("started", "completed")]
            if all(names):
                self.system.at_most(names[1], names[0])  # type: ignore[arg-type]
                for c, name in zip(("started", "completed"), names, strict=True):
                    parts[c].append(name)  # type: ignore[arg-type]
        for row in read(self.tables, "scorecard"):
            if row["kpi"] == "course_completion_rate" and parts and self.is_first:
                for c, column in (("started", "denominator"), ("completed", "numerator")):
                    if name := self._cell(("course_completion_rate", c), row[column]):
                        self.system.total(name, parts[c])

    def _surveys(self) -> None:
        options: dict[Name, list[tuple[str, Name]]] = defaultdict(list)
        rated = {(row["survey"], row["question"]) for row in read(self.tables, "survey_ratings")}
        for row in [*read(self.tables, "survey"), *read(self.tables, "term_surveys")]:
            who = (row["survey"], row.get("slice_by", "all"), row.get("slice", "all"))
            answered = self._rounded(("answered", *who, row["question"]), row["answered"])
            chosen = self._rounded(("chosen", *who, row["question"], row["option"]), row["chosen"])
            if "respondents" in row:
                back = self._rounded(("respondents", *who), row["respondents"])
                if back and answered:
                    self.system.at_most(answered, back)
            if answered and chosen:
                self.system.at_most(chosen, answered)
                self._share(row["share"], chosen, answered, row["answered"])
                if ((row["option"], chosen)) not in options[*who, row["question"]]:
                    options[*who, row["question"]].append((row["option"], chosen))
        for (survey, kind, name, question), found in options.items():
            answered = ("answered", survey, kind, name, question)
            if self._is_single(survey, question, rated):
                self.system.total(answered, [chosen for _, chosen in found])
            if kind == "cohort":
                for option, chosen in found:
                    whole = ("chosen", survey, "all", "all", question, option)
                    if whole in self.system.low:
                        self.system.at_most(chosen, whole)
                self.system.at_most(answered, ("answered", survey, "all", "all", question))
        self._running_cohorts()
        for row in read(self.tables, "survey_ratings"):
            who = (row["survey"], row["slice_by"], row["slice"])
            answered = self._rounded(("answered", *who, row["question"]), row["answered"])
            listed = options[*who, row["question"]]
            # Answers of few, put together as other, may have any value: what is listed is not all of a mean then.
            if answered is None or not listed or any(option == "other" for option, _ in listed):
                continue
            values = {float(option): chosen for option, chosen in listed}
            if row["mean"] and not is_hidden(row["mean"]):
                half = 0.05 if self.system.low[answered] >= 50 else 0.25
                for sign in (1, -1):
                    edge = sign * (float(row["mean"]) + sign * half)
                    self.system.between({c: -sign * v for v, c in values.items()} | {answered: edge}, 0)
            if row["nps"] and not is_hidden(row["nps"]):
                half = 0.5 if self.system.low[answered] >= 100 else 5
                signs = {c: (100 if v >= 9 else -100 if v <= 6 else 0) for v, c in values.items()}
                for sign in (1, -1):
                    edge = sign * (float(row["nps"]) + sign * half)
                    self.system.between({c: -sign * v for c, v in signs.items() if v} | {answered: edge}, 0)
        for row in read(self.tables, "survey_response"):
            who = (row["survey"], row["slice_by"], row["slice"])
            asked = self._rounded(("asked", *who), row["population"])
            back = self._rounded(("returned", *who), row["respondents"])
            if asked and back:
                self._share(row["response_rate"], back, asked, row["population"])

    def _running_cohorts(self) -> None:
        """Whom closed cohorts leave of everybody: those who are still learning, of whom nothing is shown."""
        kinds: dict[Name, dict[str, Name]] = defaultdict(dict)
        for name in list(self.system.low):
            if name[0] in ("chosen", "answered") and name[2] in ("all", "cohort"):
                count, survey, _, slice_, *of = name
                kinds[count, survey, *of][str(slice_)] = name
        for of, names in kinds.items():
            whole = names.pop("all", None)
            if whole and names:
                rest = self.system.count(("running", *of))
                self.hidden.add(rest)
                self.system.total(whole, [rest, *names.values()])

    def _is_single(self, survey: str, question: str, rated: set[tuple[str, str]]) -> bool:
        return (survey, question) in rated or (survey, question) in self.single

    def _selection(self) -> None:
        for row in read(self.tables, "applications"):
            of = ("applications", row["cohort"], row["stage"])
            counts = {
                c: self._rounded((*of, c), row[c]) for c in ("entered", "passed", "failed", "pending", "withdrawn")
            }
            if all(counts.values()):
                entered = counts.pop("entered")
                self.system.total(entered, list(counts.values()))  # type: ignore[arg-type]
                self._share(row["pass_rate"], counts["passed"], entered, row["entered"])
        before: dict[str, Name] = {}
        for row in read(self.tables, "funnel"):
            passed = self._rounded(("funnel", row["cohort"], row["stage"]), row["passed"])
            if passed is None:
                continue
            if row["cohort"] in before:
                self.system.at_most(passed, before[row["cohort"]])
                self._share(row["share_of_previous"], passed, before[row["cohort"]], row["passed_previous"])
            before[row["cohort"]] = passed
        for row in read(self.tables, "missions"):
            of = ("missions", row["cohort"], row["mission"])
            counts = {c: self._rounded((*of, c), row[c]) for c in ("members", "met", "late", "missed", "pending")}
            if all(counts.values()):
                members = counts.pop("members")
                self.system.total(members, list(counts.values()))  # type: ignore[arg-type]
                self._share(row["on_time_rate"], counts["met"], members, row["members"])
        for row in read(self.tables, "outcomes"):
            of = ("outcomes", row["cohort"], row["kind"])
            members, base = self._rounded((*of, "members"), row["members"]), None
            base = self._rounded((*of, "of"), row["denominator"])
            if members and base:
                self.system.at_most(members, base)
                self._share(row["share"], members, base, row["denominator"])


def of_somebody(
    found: dict[Name, int], survey: Iterable[tuple[object, ...]], closed: Container[str]
) -> dict[Name, int]:
    """Without running cohorts of whom nobody answered; ``survey``: rows of that table up to ``chosen``."""
    left: dict[Name, dict[object, int]] = defaultdict(dict)
    for name, question, option, kind, slice_, _, answered, chosen in survey:
        if kind == "all" or (kind == "cohort" and slice_ in closed):
            sign = 1 if kind == "all" else -1
            left["running", "answered", name, question][slice_] = sign * int(answered)  # type: ignore[call-overload]
            left["running", "chosen", name, question, option][slice_] = sign * int(chosen)  # type: ignore[call-overload]
    nobody = {name for name, counts in left.items() if sum(counts.values()) == 0}
    return {name: values for name, values in found.items() if name not in nobody}
