"""What has to be forgotten, out of everything that is kept: erasure of a person, retention of files.

Does not belong here: what may be published (``release``).
"""
