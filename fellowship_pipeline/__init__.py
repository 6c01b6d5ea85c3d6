"""What a learning fellowship's data means, in plain Python.

Belongs here: contracts, program settings, intake, the warehouse, privacy, the dashboard. Does not belong here: what is
made (``assets``) and what must be true of it (``checks``); only ``definitions`` and ``cli`` put those together.
"""

__version__ = "0.1.0"
