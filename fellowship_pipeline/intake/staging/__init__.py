"""From text to facts: types, restatement, identity, the days vouched for, and what became of every record.

Does not belong here: what becomes of a file (``reading``).
"""

from fellowship_pipeline.intake.staging.facts import stage

__all__ = ["stage"]
