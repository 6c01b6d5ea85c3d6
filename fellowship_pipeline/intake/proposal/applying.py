"""A form by which people apply: who and when are applications, its questions no survey.

Belongs here: telling such a form from a survey. Does not belong here: lists of decisions, which say stage and result in
columns of their own.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.intake.proposal.columns import matches
from fellowship_pipeline.intake.proposal.content import ColumnTexts
from fellowship_pipeline.intake.proposal.model import Proposal
from fellowship_pipeline.intake.proposal.naming import listed, loose
from fellowship_pipeline.intake.proposal.opened import Opened
from fellowship_pipeline.intake.proposal.surveys import is_form
from fellowship_pipeline.intake.proposal.wording import pattern

STAGE = {"stage": "applied", "result": "passed"}
"""Who sent the form in has applied, and passed that."""
DECIDING = frozenset({"stage", "result", "decided_at"})
TOLD = ("cohort", "channel")


def application(file: Opened, texts: ColumnTexts) -> Proposal | None:
    """A row per applicant, of a form that reads like one to apply by; None where it does not, or says stage or result.

    It stands before what else a form could be.
    """
    if not is_form(texts) or not _is_applied_by(file, texts):
        return None
    found = {match.column: match for match in matches(texts, SOURCE_BY_NAME["applications"])}
    sent = next((m for m in matches(texts, SOURCE_BY_NAME["survey_responses"]) if m.column == "submitted_at"), None)
    who = found.get("applicant")
    if who is None or sent is None or found.keys() & DECIDING - {"decided_at"}:
        return None
    told = [found[name] for name in TOLD if name in found and found[name].header != sent.header]
    columns: dict[str, Any] = {"applicant": who.entry, "applied_at": sent.entry, "decided_at": sent.entry}
    columns |= {match.column: match.entry for match in told}
    sent = replace(sent, column="applied_at")
    notes = ["applications: the answers to its questions are not read"]
    if "cohort" not in columns:
        notes.append("applications: it does not say cohort: declare `values: {cohort: …}` in the entry")
    taken = {who.header, sent.header, *(match.header for match in told)}
    return Proposal(
        ("applications",),
        "A form by which people apply: a row per applicant, all at its first stage.",
        {"applications": {"files": pattern(file.path), **file.settings, "columns": columns, "values": STAGE}},
        (who, sent, *told),
        (),
        tuple(header for header in texts.header if header.strip() and header not in taken),
        tuple(notes),
        float(len(texts.header)),
        certain=True,
    )


def _is_applied_by(file: Opened, texts: ColumnTexts) -> bool:
    """Whether its name or a header has words of such forms."""
    name, *said = [f" {loose(unicodedata.normalize('NFC', text))} " for text in (file.path.stem, *texts.header)]
    of_name = any(_is_in(word, name) for word in listed("applying_names"))
    return of_name or any(_is_in(phrase, text) for phrase in listed("applying") for text in (name, *said))


def _is_in(phrase: str, text: str) -> bool:
    """Korean words go on behind what they begin with; others are whole."""
    return f" {phrase} " in text if phrase.isascii() else phrase in text
