"""From the landing folder, or a URL, into the archive and the ledger: which files, when complete, under what hash.

Does not belong here: what is in them (``readers``).
"""
