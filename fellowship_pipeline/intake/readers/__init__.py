"""Bytes → records of text, whatever the format: strict, counted twice, under limits.

Does not belong here: what a column means (``layouts``, ``presets``), which files are read (``reading``).
"""
