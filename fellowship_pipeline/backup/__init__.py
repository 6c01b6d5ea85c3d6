"""Backups of a home: dated folders that a restore makes a home of, and a run the rest.

Belongs here: what of a home is kept, copying it, putting it back. Does not belong here: the pseudonym key, which is
kept apart from every backup; when backups are made (``deploy/``), words of a terminal (``cli``).
"""
