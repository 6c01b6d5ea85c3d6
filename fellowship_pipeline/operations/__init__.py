"""What operators and builders work with: lists of persons, and the pages made of them.

Belongs here: which lists and pages there are and what stands in them. Does not belong here: where they are put
(``assets/publication``), KPIs (``assets/kpi``); nothing of it is ever published outside ``operations/``.
"""

from fellowship_pipeline.operations.desk import Desk
from fellowship_pipeline.operations.messages import add_messages
from fellowship_pipeline.operations.pages import render_pages
from fellowship_pipeline.operations.tables import add_list, make_lists, make_review

__all__ = ["Desk", "add_list", "add_messages", "make_lists", "make_review", "render_pages"]
