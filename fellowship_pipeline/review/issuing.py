"""A review confirmed, and a decision undone: what is entered in ``decisions.jsonl``, and what may not be.

Belongs here: exceptions, issuing again what was undone, refusing what is no whole, current, unconfirmed review. Does
not belong here: looking at one (``proposal``), the form of an entry (``home.decisions``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home, decisions
from fellowship_pipeline.home.decisions import Decision, Decisions, Undoing
from fellowship_pipeline.review.proposal import RECLAIM, ReviewCase, SeatReview

EXEMPT = "exempt"
"""What an exception makes of a seat that was to be taken back."""

SHORTEST_ID = 4


def confirm(home: Home, proposal: SeatReview, exceptions: Mapping[str, str], by: str) -> tuple[Decision, ...]:
    """Issues the review: an entry per seat, all or none. ``exceptions``: reasons by member id, name or address.

    Of a review that was confirmed before, those seats whose decision is undone, and no others. The caller holds the
    home's lock and has found the file whole. Raises UserError where nothing may be issued.
    """
    month, known = f"{proposal.month:%Y-%m}", decisions.load(home)
    earlier, again = known.of(proposal.month), _undecided(known, proposal.month)
    if earlier and not again:
        first = earlier[0]
        raise UserError(
            f"the review of {month} was confirmed on {first.issued_at:%Y-%m-%d %H:%M} UTC by {first.issued_by or '-'}:"
            f" what is new is a difference, `fellowship review {home.path} {month}` shows it"
        )
    if proposal.refused is not None:
        raise UserError(proposal.refused)
    if proposal.behind is not None:
        raise UserError(f"{proposal.behind}: `fellowship run {home.path}`, look at the review again, then confirm it")
    if proposal.held is not None:
        raise UserError(f"{proposal.held}: `fellowship files {home.path} accept ID` or `reject ID`, then run")
    if not proposal.cases:
        raise UserError(f"nobody is reviewed in {month}: there is nothing to confirm")
    cases = [case for case in proposal.cases if not earlier or (case.pool, case.member_id) in again]
    if not cases:
        raise UserError(f"no seat of which the decision is undone is in the review of {month} today: nothing is issued")
    kept = _kept(cases, exceptions, f"what is issued again of {month}" if earlier else f"the review of {month}")
    ids = decisions.new_ids(known, len(cases))
    at = decisions.now()
    issued = tuple(
        Decision(
            decision_id=id_,
            review_month=proposal.month,
            pool=case.pool,
            member_id=case.member_id,
            study_mode=case.study_mode,
            rule=case.rule,
            minimum_xp=case.minimum_xp,
            minimum_active_days=case.minimum_active_days,
            seat_since=case.seat_since,
            xp=case.xp,
            active_days=case.active_days,
            last_activity=case.last_activity,
            proposed=case.decision,
            decision=EXEMPT if case in kept else case.decision,
            reason=case.reason,
            exception=kept.get(case),
            files=proposal.files,
            issued_by=by,
            issued_at=at,
        )
        for id_, case in zip(ids, cases, strict=True)
    )
    decisions.issue(home, issued)
    return issued


def undo(home: Home, month: date, wanted: str, reason: str, by: str) -> Undoing:
    """Undoes the decision of that id (or the beginning of one) of the month's review, in a new entry.

    The caller holds the home's lock and has found the file whole. Raises UserError where there is nothing to undo.
    """
    known = decisions.load(home)
    decision = _found(known.of(month), wanted, f"{month:%Y-%m}")
    if earlier := known.undone.get(decision.decision_id):
        when = f"{earlier.undone_at:%Y-%m-%d %H:%M} UTC by {earlier.undone_by or '-'}"
        raise UserError(f"decision {decision.decision_id} was undone already, on {when}")
    if not reason.strip():
        raise UserError(f"why is {decision.decision_id} undone? a reason is kept with it")
    (id_,) = decisions.new_ids(known, 1)
    undoing = Undoing(id_, decision.decision_id, reason.strip(), by, decisions.now())
    decisions.undo(home, undoing)
    return undoing


def exceptions_of(said: Sequence[str]) -> dict[str, str]:
    """``M=REASON`` of the command line as reasons by member."""
    found = {}
    for one in said:
        member, _, reason = (part.strip() for part in one.partition("="))
        if not member or not reason:
            raise UserError(f"--except {one}: expected MEMBER=REASON, such as m017='on parental leave'")
        found[member] = reason
    return found


def _undecided(known: Decisions, month: date) -> set[tuple[str, str]]:
    """Seats of a confirmed review, by pool and member, that no decision stands for any more."""
    issued = {(one.pool, one.member_id) for one in known.of(month) if one.member_id is not None}
    return issued - {(one.pool, one.member_id) for one in known.standing(month)}


def _kept(cases: Sequence[ReviewCase], exceptions: Mapping[str, str], among: str) -> dict[ReviewCase, str]:
    """Seats that were to be taken back and are not, with why; ``among``: what these cases are, in words."""
    kept: dict[ReviewCase, str] = {}
    for member, reason in exceptions.items():
        meant = [case for case in cases if member == case.member_id]
        meant = meant or [case for case in cases if member in (case.name, case.email)]
        if not meant:
            raise UserError(f"--except {member}: not in {among}")
        if len({case.member_id for case in meant}) > 1:
            raise UserError(f"--except {member}: several members are called so; give the member id")
        seats = [case for case in meant if case.decision == RECLAIM]
        if not seats:
            raise UserError(f"--except {member}: no seat of theirs is taken back ({meant[0].decision})")
        kept |= dict.fromkeys(seats, reason)
    return kept


def _found(issued: Sequence[Decision], wanted: str, month: str) -> Decision:
    if not issued:
        raise UserError(f"the review of {month} is not confirmed: there is nothing to undo")
    if len(wanted) < SHORTEST_ID:
        raise UserError(f"'{wanted}' is too short for the id of a decision: at least {SHORTEST_ID} characters")
    found = [decision for decision in issued if decision.decision_id.startswith(wanted.lower())]
    if not found:
        raise UserError(f"no decision of the review of {month} has the id '{wanted}'")
    if len(found) > 1:
        raise UserError(f"{len(found)} decisions have ids that begin with '{wanted}': give more of it")
    return found[0]
