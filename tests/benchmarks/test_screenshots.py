"""The pictures of the documentation: each has its way of being made again."""

from __future__ import annotations

import struct
from pathlib import Path

from benchmarks.screenshots import IMAGES, SHOTS

LARGEST = 1_500_000
"""Bytes of all pictures: who clones the repository gets each version of them."""


def size(picture: Path) -> tuple[int, int]:
    """Width and height, as a PNG's header says."""
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return width, height


def test_every_picture_is_made_by_the_command_in_its_size() -> None:
    found = {picture.stem: size(picture) for picture in IMAGES.glob("*.png")}
    assert found == {shot.name: shot.size for shot in SHOTS}


def test_pictures_are_small() -> None:
    assert sum(picture.stat().st_size for picture in IMAGES.glob("*.png")) < LARGEST
