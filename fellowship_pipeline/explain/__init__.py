"""A figure taken apart: what it means, whom it counts, and the rows of files that say so.

Belongs here: everything of ``fellowship explain``. Does not belong here: any formula: what stands behind the cells of a
KPI table is a select beside its model, below the model's own steps (``assets/kpi/units``).
"""
