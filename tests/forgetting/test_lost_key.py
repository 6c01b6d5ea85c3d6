"""A pseudonym key that is lost without a copy: nothing is read until an operator gives the old tombstones up."""

from __future__ import annotations

from pathlib import Path

import pytest

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.health import ledger
from fellowship_pipeline.health.rebuilding import rebuild
from tests.forgetting.test_erasure import build, erase, key, left, place, rows
from tests.intake.homes import Place

__all__ = ["key", "place"]

pytestmark = pytest.mark.slow


def test_without_a_copy_of_the_key_the_persons_are_erased_again_under_a_new_one(place: Place, key: Path) -> None:
    erase(place, landing=True)
    key.unlink()
    place.land({"activity-old.csv": "member,occurred_at,course,xp\nm017,2022-02-03T10:00:00,intro,60\n"})
    with pytest.raises(UserError, match=r"pseudonym key .* cannot be read"):
        build(place)

    place.home.tombstones.rename(place.path / "tombstones.of-the-lost-key")
    assert ledger.tombstones_fault(place.home) == "gone, while there were erasures"
    (told,) = rebuild(place.home)
    assert told.remedy == "0 lines are left: erase again whoever was erased and is not among them"

    build(place)  # whoever was erased and comes again in a file is taken in: nobody can know them
    erase(place, landing=True)
    assert left(place) == ()
    assert rows(place, "select distinct member_id from staging.roster") == [("m018",)]
