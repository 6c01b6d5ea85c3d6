"""What keeps persons out of what is published, and what has to be forgotten out of everything.

Belongs here: suppression, erasure, retention. Does not belong here: where published files go (``assets/publication``).
"""
