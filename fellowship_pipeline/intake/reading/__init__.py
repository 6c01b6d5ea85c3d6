"""From the archive into ``raw``: which contents belong to which entry, and what became of each.

Does not belong here: formats (``readers``), columns (``layouts``, ``presets``), values (``staging``).
"""

from fellowship_pipeline.intake.reading.files import read_into

__all__ = ["read_into"]
