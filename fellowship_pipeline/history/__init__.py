"""What Dagster remembers of runs: which of them are dead, which may be forgotten, what starts the next.

Belongs here: reading and tending the records of a Dagster instance. Does not belong here: running anything (``run``),
what is run (``definitions``), whether the files of those records are sound (``health``).
"""

from fellowship_pipeline.history.automation import Automation, automation
from fellowship_pipeline.history.connections import kept_open
from fellowship_pipeline.history.pruning import prune
from fellowship_pipeline.history.reaping import reap, tags

__all__ = ["Automation", "automation", "kept_open", "prune", "reap", "tags"]
