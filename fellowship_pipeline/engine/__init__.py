"""Where tables are made: by DuckDB in this process, or part by part, wherever a part is sent.

Belongs here: making one part, sending parts. Does not belong here: which tables are made in parts
(``assets/parts.py``), or any SQL of a model.
"""
