"""What a learning fellowship's data means, in plain Python.

Belongs here: contracts, homes, program settings, the warehouse, intake, forgetting, release, the dashboard. Does not
belong here: what is made (``assets``) and what must be true of it (``checks``); ``definitions`` puts those together.
"""

__version__ = "0.1.0"
