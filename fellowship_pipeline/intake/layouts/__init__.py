"""Records → rows of a source: what a layout is, columns by name, forms of dates and numbers, wide surveys, meetings.

Does not belong here: the layouts of platforms (``presets``), bytes (``readers``), types (``rules``).
"""
