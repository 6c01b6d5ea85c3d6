"""``program.yaml``: the program, its policies, its sources, as validated settings.

Belongs here: what may stand in the file, reading it, and saying what is wrong with it. Does not belong here: what any
setting does.
"""

from fellowship_pipeline.program.loading import load_program, parse_program
from fellowship_pipeline.program.settings import Program

__all__ = ["Program", "load_program", "parse_program"]
