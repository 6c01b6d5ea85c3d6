"""The monthly seat review as an operator works on it: looking at the proposal, confirming it, undoing a decision.

Belongs here: what may be confirmed, and what of it is entered. Does not belong here: who is proposed (``assets/ops``),
the form of the log (``home.decisions``), words and tables on a terminal (``cli``).
"""
