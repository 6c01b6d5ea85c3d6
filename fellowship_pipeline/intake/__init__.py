"""Files → rows of text → typed rows: arrival, archive, ledger, strict readers, mappings, presets, identity, rules.

Belongs here: the way in. Does not belong here: forgetting (``forgetting``), or the order of taking in, forgetting and
reading (``assets/raw``).
"""
