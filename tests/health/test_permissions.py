"""What is private stays so: modes of a home's places, found and mended."""

from __future__ import annotations

from pathlib import Path

from fellowship_pipeline.health import Level, permissions
from fellowship_pipeline.home import Home


def home_with_an_open_warehouse(path: Path) -> Home:
    home = Home(path)
    home.warehouse.parent.mkdir(mode=0o755)
    home.warehouse.touch(mode=0o644)
    home.warehouse.parent.chmod(0o755)
    home.warehouse.chmod(0o644)
    return home


def test_what_is_open_is_closed_to_all_but_the_owner(tmp_path: Path) -> None:
    home = home_with_an_open_warehouse(tmp_path)
    (finding,) = permissions.examine(home, mend=True)
    assert (finding.level, finding.place) == (Level.MENDED, "warehouse")
    assert finding.line() == (
        "warehouse: open to other users of this machine (2 of its files and folders); closed to all but the owner"
    )
    assert home.warehouse.stat().st_mode & 0o777 == 0o600
    assert home.warehouse.parent.stat().st_mode & 0o777 == 0o700
    assert list(permissions.examine(home, mend=True)) == []


def test_looking_alone_changes_nothing(tmp_path: Path) -> None:
    home = home_with_an_open_warehouse(tmp_path)
    (finding,) = permissions.examine(home, mend=False)
    assert finding.level is Level.WARNING
    assert home.warehouse.stat().st_mode & 0o777 == 0o644


def test_what_is_published_and_what_landed_keep_their_modes(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for place in (home.published, home.landing):
        place.mkdir()
        place.chmod(0o755)
    assert list(permissions.examine(home, mend=True)) == []
    assert home.published.stat().st_mode & 0o777 == 0o755
