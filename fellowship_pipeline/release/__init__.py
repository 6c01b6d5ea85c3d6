"""What may be published: the privacy rules of every KPI table, and the release that they leave.

Does not belong here: erasure and retention (``forgetting``), pages (``dashboard``), files (``assets/publication``).
"""
