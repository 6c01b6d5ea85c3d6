"""A program of 56 people whose figures are computed twice: by the pipeline from exports, by hand from who did what.

Belongs here: who they are and what each did (``people``, ``doings``), the exports that a volunteer would have of it
(``home``, ``forms``), the figures in plain Python from the description alone (``facts``, ``seats``, ``learning``,
``reviews``, ``meetings``, ``missions``, ``answers``, ``figures``), and the comparison (``test_by_hand``). Does not
belong here: random programs (``tests/truth``), or anything shared with the pipeline or with that second
implementation: what computes reads no file and imports neither.
"""
