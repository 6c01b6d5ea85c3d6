"""What keeps persons out of what is published.

Belongs here: suppression. Does not belong here: where published files go (``assets/publication``).
"""
