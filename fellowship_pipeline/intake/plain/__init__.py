"""The fast lane: large plain files, told by their bytes and read by DuckDB itself.

Does not belong here: any file that needs a reader of its own (``readers``).
"""
