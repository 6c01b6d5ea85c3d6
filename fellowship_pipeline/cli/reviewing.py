"""``fellowship review``: a month's seat review, shown, confirmed, or a decision of it undone.

Belongs here: its arguments, its table, what it says. Does not belong here: any work.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Column, Table
from rich.text import Text

from fellowship_pipeline import health
from fellowship_pipeline.cli.wording import (
    AsOf,
    HomePath,
    JsonOption,
    Wait,
    day_asked,
    echo_json,
    say,
    say_waiting,
    show,
)
from fellowship_pipeline.errors import UserError, user
from fellowship_pipeline.home import Home, decisions
from fellowship_pipeline.home.decisions import Decision, Undoing
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.program import load_program
from fellowship_pipeline.terminal import printable

if TYPE_CHECKING:
    from fellowship_pipeline.review.proposal import ReviewCase, SeatReview

Action = Literal["confirm", "undo"]


def review(
    home: HomePath,
    month: Annotated[
        datetime, typer.Argument(formats=["%Y-%m"], metavar="MONTH", help="The review month, as 2022-09.")
    ],
    action: Annotated[Action | None, typer.Argument(help="What to do; left out: it is shown.")] = None,
    decision_id: Annotated[
        str | None, typer.Argument(metavar="ID", help="To undo: the decision, or the first letters.")
    ] = None,
    reason: Annotated[str | None, typer.Argument(metavar="REASON", help="To undo: why.")] = None,
    *,
    exceptions: Annotated[
        list[str] | None,
        typer.Option("--except", metavar="M=REASON", help="To confirm: a member who keeps the seat, and why."),
    ] = None,
    as_of: AsOf = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who decides; the user of this machine.")] = None,
    as_json: JsonOption = False,
    wait: Wait = 600,
) -> None:
    """Shows the month's seat review; or confirms it, or undoes a decision that was issued.

    With --as-of DATE it is shown as it would have been on that day, which confirms nothing and changes nothing.
    """
    place, day = Home(home), month.date()
    if (decision_id is None or reason is None) if action == "undo" else decision_id is not None:
        raise UserError("expected `review HOME MONTH`, `… confirm [--except M=REASON]` or `… undo ID REASON`")
    if exceptions and action != "confirm":
        raise UserError("--except goes with `confirm`")
    if as_of and action:
        raise UserError(f"--as-of only shows a review: what is decided today ({action}) is decided without it")
    program = load_program(home)
    seen_on = day_asked(as_of, program)
    from fellowship_pipeline.review import issuing  # noqa: PLC0415 - loads the checks
    from fellowship_pipeline.review.proposal import propose  # noqa: PLC0415 - as above

    if action is None:
        health.refuse(health.look(place))
        proposal = propose(place, program, day, wait, seen_on)
        if proposal.refused is not None and (seen_on or not decisions.load(place).of(day)):
            raise UserError(proposal.refused)
        _show(place, proposal, as_json, is_past=seen_on is not None)
        return
    with hold(place.state, wait, say_waiting):
        health.refuse(health.look(place))
        if action == "undo":
            undone = issuing.undo(place, day, str(decision_id), str(reason), by or user())
            _say_undone(undone, as_json)
            return
        proposal = propose(place, program, day, wait)
        issued = issuing.confirm(place, proposal, issuing.exceptions_of(exceptions or []), by or user())
    _show(place, proposal, as_json)
    say(f"{len(issued)} decisions issued; the next run has them in ops.review_decisions and operations/current")


def _say_undone(undone: Undoing, as_json: bool) -> None:
    if as_json:
        echo_json(dataclasses.asdict(undone))
    say(
        f"decision {undone.decision_id} is undone; the next run has it in ops.review_decisions;"
        " to decide on that seat again, confirm once more"
    )


def _show(home: Home, proposal: SeatReview, as_json: bool, *, is_past: bool = False) -> None:
    """``is_past``: the proposal as it would have been on another day, whatever was issued."""
    known = decisions.load(home)
    issued = known.of(proposal.month)
    if as_json:
        echo_json(_document(proposal, issued, known.undone))
    else:
        cases = {(case.pool, case.member_id): case for case in proposal.cases}
        show([_issued(issued, known.undone, cases) if issued and not is_past else _proposed(proposal.cases)])
    for line in _lines(home, proposal, issued, known.standing(proposal.month), is_past=is_past):
        say(line)


def _document(proposal: SeatReview, issued: Sequence[Decision], undone: Mapping[str, Undoing]) -> dict[str, object]:
    told = [
        {**dataclasses.asdict(one), "undone": dataclasses.asdict(undone[one.decision_id])}
        if one.decision_id in undone
        else {**dataclasses.asdict(one), "undone": None}
        for one in issued
    ]
    return {
        "review_month": f"{proposal.month:%Y-%m}",
        "as_of": proposal.as_of,
        "behind": proposal.behind,
        "undecided": proposal.undecided,
        "doubts": proposal.doubts,
        "proposed": [dataclasses.asdict(case) for case in proposal.cases],
        "issued": told,
        "differences": [dataclasses.asdict(difference) for difference in proposal.differences],
    }


def _lines(
    home: Home, proposal: SeatReview, issued: Sequence[Decision], standing: Sequence[Decision], *, is_past: bool
) -> Iterator[str]:
    """What is said beside the table; of what was issued the decisions that stand are counted."""
    month = f"{proposal.month:%Y-%m}"
    tells_issued = issued and not is_past
    counts = Counter(one.decision for one in (standing if tells_issued else proposal.cases))
    counts["undone"] = len(issued) - len(standing) if tells_issued else 0
    numbers = ", ".join(f"{number} {decision}" for decision, number in counts.most_common() if number)
    if proposal.refused is not None:
        yield f"warning: today there is {proposal.refused}"
    if proposal.behind is not None:
        yield f"warning: {proposal.behind}: `fellowship run {home.path}` makes the review anew"
    if proposal.held is not None:
        yield f"warning: {proposal.held}: `fellowship files {home.path}` says why; decide before you confirm"
    yield from (f"warning: {doubt}" for doubt in proposal.doubts)
    if is_past:
        yield f"review of {month} as it would have been on {proposal.as_of}: {numbers or 'nobody'}"
        was = "was issued" if issued else "can be confirmed"
        yield f"`fellowship review {home.path} {month}` shows what {was}"
        return
    if not issued:
        yield f"review of {month}, as of {proposal.as_of}: {numbers or 'nobody'}; a proposal until it is confirmed"
        return
    first = issued[0]
    yield f"review of {month}: {numbers}; confirmed on {first.issued_at:%Y-%m-%d %H:%M} UTC by {first.issued_by or '-'}"
    for one in proposal.differences:
        what = f"issued {one.issued or 'nothing'}, found {one.found or 'nothing'}"
        yield f"difference: {one.member_id} ({one.pool}): {one.difference}: {what}"


def _table(*before: str) -> Table:
    figures = [Column(name, justify="right", no_wrap=True) for name in ("XP", "days")]
    names = ("pool", "member", "name", "address", "mode", "rule")
    return Table(*before, *names, *figures, "last activity", "decision", "reason", box=None)


def _proposed(cases: Sequence[ReviewCase]) -> Table:
    table = _table()
    for case in cases:
        _add(table, [*_person(case.pool, case.member_id, case), *_evidence(case), case.decision, case.reason])
    return table


def _issued(
    issued: Sequence[Decision], undone: Mapping[str, Undoing], cases: Mapping[tuple[str, str], ReviewCase]
) -> Table:
    table = _table("id")
    for one in issued:
        case = cases.get((one.pool, one.member_id or ""))
        why = f"{one.reason}, but: {one.exception}" if one.exception else one.reason
        undoing = undone.get(one.decision_id)
        decision = f"{one.decision} (undone: {undoing.reason or '-'})" if undoing else one.decision
        person = _person(one.pool, one.member_id or "(erased)", case)
        _add(table, [one.decision_id, *person, *_evidence(one), decision, why])
    return table


def _person(pool: str, member: str, case: ReviewCase | None) -> list[str]:
    return [pool, member, (case.name if case else None) or "", (case.email if case else None) or ""]


def _evidence(one: ReviewCase | Decision) -> list[str]:
    """What stands in the same columns of a proposal and of a decision; figures beside what is asked for."""
    xp, days = _figure(one.xp, one.minimum_xp), _figure(one.active_days, one.minimum_active_days)
    return [one.study_mode or "", one.rule, xp, days, _day(one.last_activity)]


def _figure(found: float | None, asked: float | None) -> str:
    if found is None:
        return ""
    return f"{found:,.10g}" if asked is None else f"{found:,.10g} of {asked:,.10g}"


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _add(table: Table, cells: Sequence[str]) -> None:
    table.add_row(*(Text(printable(cell)) for cell in cells))
