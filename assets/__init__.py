"""What the pipeline makes: a folder per layer, a file per table, SQL beside its module.

Belongs here: assets and the SQL they run. Does not belong here: what the data means (``fellowship_pipeline``) or what
must be true of it (``checks``).
"""
