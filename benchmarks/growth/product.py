"""The six tables alone, as the product makes them of what is staged: themselves and every table between.

Belongs here: running those models in a warehouse that stands. Does not belong here: any model.
``python -m benchmarks.growth.product WAREHOUSE`` makes them anew and says the CPU seconds that they take.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from assets.sql import run_models
from benchmarks.growth.equality import COMPARED
from fellowship_pipeline import warehouse


def main(place: Path) -> None:
    """Says the CPU seconds."""
    with warehouse.connect(place) as con:
        before = time.process_time()
        run_models(con, COMPARED)
        print(time.process_time() - before)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
