"""A program's home on the disk: its places, its lock, durable files, the generations that readers see.

Belongs here: where files lie and how they get there whole. Does not belong here: what is in them.
"""

from fellowship_pipeline.home.places import Home

__all__ = ["Home"]
