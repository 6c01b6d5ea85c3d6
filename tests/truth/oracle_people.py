"""What people say of themselves: kpi.applications, kpi.survey, kpi.survey_ratings, kpi.survey_response.

Belongs here: counting applicants and respondents. Does not belong here: seats and learning.

Readings chosen:
- stages that ``applications: stages`` does not list follow those listed, by their earliest `decided_at` in the whole
  program, then by name; the first stage of a cohort is the one of its rows with the lowest position;
- a response is dated by its latest `submitted_at`; of two responses at one instant the greater id is the last;
- a survey that is not declared goes, like one that names no cohorts, to the learners of all cohorts;
- a response whose name is nobody's neither opens nor closes a survey; any other does, a replaced one too;
- the slice of a survey looks only at roster rows begun by `as_of`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from .oracle_calendar import day_of, median, quantile, rate
from .oracle_slices import ALL, LEARNERS, NOBODY, Period, Roster, Slice, by_slice
from .oracle_staging import NEVER, Row, World

Z = 1.959963984540054


def applications(world: World) -> list[Row]:
    """kpi.applications."""
    latest: dict[tuple[str, str, str], Row] = {}
    rows = world.counted("applications", "decided_at")
    for row in sorted(rows, key=lambda row: row["decided_at"]):
        latest[row["cohort"], row["stage"], row["member_id"] or f"name:{row['applicant']}"] = row
    position = stage_positions(world)
    results: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (cohort, stage, _), row in latest.items():
        results[cohort, stage].append(row["result"])
    found = []
    for (cohort, stage), given in results.items():
        first = min((s for c, s in results if c == cohort), key=lambda s: position[s])
        passed = given.count("passed")
        found.append(
            {
                "cohort": cohort,
                "position": position[stage],
                "stage": stage,
                "entered": len(given),
                **{result: given.count(result) for result in ("passed", "failed", "pending", "withdrawn")},
                "pass_rate": rate(passed, len(given)),
                "overall_rate": rate(passed, len(results[cohort, first])),
            }
        )
    return found


def stage_positions(world: World) -> dict[str, int]:
    """The place of every stage: listed ones as listed, then the others by their first decision."""
    rows = world.counted("applications", "decided_at")
    listed = world.case.settings.get("applications", {}).get("stages", [])
    earliest = {
        stage: min(r["decided_at"] for r in rows if r["stage"] == stage) for stage in {r["stage"] for r in rows}
    }
    others = sorted(set(earliest) - set(listed), key=lambda stage: (earliest[stage], stage))
    return {stage: place for place, stage in enumerate([*listed, *others], start=1)}


def wilson(chosen: int, answered: int) -> tuple[float, float]:
    """The 95 % score interval (Wilson 1927) of chosen among answered."""
    share, square = chosen / answered, Z * Z
    center = share + square / (2 * answered)
    spread = Z * sqrt(share * (1 - share) / answered + square / (4 * answered * answered))
    return (center - spread) / (1 + square / answered), (center + spread) / (1 + square / answered)


class Survey:
    """One survey: who was asked, who returned it, with what answers."""

    def __init__(self, name: str, world: World, roster: Roster) -> None:
        declared: Row = next((s for s in world.case.settings.get("surveys", []) if s["id"] == name), {})
        self.name = name
        self.questions: dict[str, Row] = declared.get("questions", {})
        cohorts = declared.get("cohorts") or None
        self.anonymous: set[str] = set()
        self._rows: dict[str, list[Period]] = {}
        for member, periods in roster.periods.items():
            if ours := [p for p in periods if p.start <= world.as_of and (cohorts is None or p.cohort in cohorts)]:
                self._rows[member] = ours
        self.answers = self._last_responses(world)
        given = [
            row["on"]
            for row in world.counted("survey_responses", "submitted_at")
            if row["survey"] == name and (row.get("member") is None or row["member_id"] is not None)
        ]
        opens = day_of(declared["opens_on"]) if declared.get("opens_on") else min(given, default=date.max)
        closes = day_of(declared["closes_on"]) if declared.get("closes_on") else max(given, default=date.min)
        roles = declared.get("roles", LEARNERS)
        self.population = {
            member
            for member, rows in self._rows.items()
            if any(p.role in roles and p.start <= closes and (p.left_on or date.max) >= opens for p in rows)
        }

    def _last_responses(self, world: World) -> dict[str, dict[str, set[str]]]:
        responses: dict[str, list[Row]] = defaultdict(list)
        for row in world.counted("survey_responses", "submitted_at"):
            if row["survey"] == self.name:
                responses[row["response"]].append(row)
        of: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
        for response, rows in responses.items():
            name = rows[0].get("member")
            member = rows[0]["member_id"]
            if name is None or member is not None:
                who = member if name is not None else f"response:{response}"
                if name is None:
                    self.anonymous.add(who)
                of[who].append((max(row["submitted_at"] for row in rows), response))
        self.last_response = max((at for given in of.values() for at, _ in given), default=NEVER)
        answers: dict[str, dict[str, set[str]]] = {}
        for who, given in of.items():
            last = max(given)[1]
            answers[who] = defaultdict(set)
            for row in responses[last]:
                if row.get("answer") is not None:
                    answers[who][row["question"]].add(row["answer"])
        return answers

    def slices(self, person: str) -> list[Slice]:
        """The slices of a member or respondent, 'all' first."""
        rows = self._rows.get(person)
        latest = max(rows, key=lambda row: (row.start, row.cohort)) if rows else None
        return [ALL, *(latest.slices() if latest else NOBODY)]


def surveys(world: World, roster: Roster) -> list[Survey]:
    """Surveys with at least one response by `as_of`."""
    names = sorted({row["survey"] for row in world.counted("survey_responses", "submitted_at")})
    return [survey for survey in (Survey(name, world, roster) for name in names) if survey.answers]


def survey_response(found: Iterable[Survey]) -> list[Row]:
    """kpi.survey_response."""
    rows = []
    for survey in found:
        everybody = survey.population | survey.anonymous
        for (slice_by, slice_), people in by_slice((person, survey.slices(person)) for person in everybody):
            asked = sum(person in survey.population for person in people)
            returned = sum(person in survey.answers for person in people)
            rows.append(
                {
                    "survey": survey.name,
                    "slice_by": slice_by,
                    "slice": slice_,
                    "population": asked,
                    "respondents": returned,
                    "response_rate": rate(returned, asked),
                }
            )
    return rows


def survey_options(found: Iterable[Survey]) -> list[Row]:
    """kpi.survey."""
    rows = []
    for survey in found:
        groups = dict(by_slice((person, survey.slices(person)) for person in survey.answers))
        for question, declared in survey.questions.items():
            if declared["kind"] == "text":
                continue
            seen = sorted(set().union(*(given.get(question, set()) for given in survey.answers.values())))
            for (slice_by, slice_), people in groups.items():
                answered = [person for person in people if survey.answers[person].get(question)]
                for option in seen if answered else ():
                    chosen = sum(option in survey.answers[person][question] for person in answered)
                    low, high = wilson(chosen, len(answered))
                    rows.append(
                        {
                            "survey": survey.name,
                            "question": question,
                            "option": option,
                            "slice_by": slice_by,
                            "slice": slice_,
                            "respondents": len(people),
                            "answered": len(answered),
                            "chosen": chosen,
                            "share": rate(chosen, len(answered)),
                            "ci_low": low,
                            "ci_high": high,
                        }
                    )
    return rows


def survey_ratings(found: Iterable[Survey]) -> list[Row]:
    """kpi.survey_ratings."""
    rows = []
    for survey in found:
        groups = dict(by_slice((person, survey.slices(person)) for person in survey.answers))
        for question, declared in survey.questions.items():
            if declared["kind"] != "rating":
                continue
            promoted = list(declared.get("scale", [])) == [0, 10]
            for (slice_by, slice_), people in groups.items():
                given = [Decimal(answer) for person in people for answer in survey.answers[person].get(question, ())]
                if not given:
                    continue
                score = sum(value >= 9 for value in given) - sum(value <= 6 for value in given)
                rows.append(
                    {
                        "survey": survey.name,
                        "question": question,
                        "slice_by": slice_by,
                        "slice": slice_,
                        "answered": len(given),
                        "mean": Fraction(sum(given)) / len(given),
                        "median": median(given),
                        "p10": quantile(given, Fraction(1, 10)),
                        "p90": quantile(given, Fraction(9, 10)),
                        "nps": rate(100 * score, len(given)) if promoted else None,
                    }
                )
    return rows
