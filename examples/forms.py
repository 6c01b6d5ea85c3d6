"""Times as Google Forms writes them for a Korean account.

Belongs here: the download's and the linked sheet's way. Does not belong here: questions and answers.
"""

from __future__ import annotations

from datetime import datetime


def download_time(local: datetime) -> str:
    """Of the downloaded CSV: 2022/08/03 11:58:49 오후 GMT+9."""
    half, hour = _half(local)
    return f"{local:%Y/%m/%d} {hour}:{local:%M:%S} {half} GMT+9"


def sheet_time(local: datetime) -> str:
    """Of the linked sheet: 2023. 8. 21 오후 2:34:56."""
    half, hour = _half(local)
    return f"{local.year}. {local.month}. {local.day} {half} {hour}:{local:%M:%S}"


def _half(local: datetime) -> tuple[str, int]:
    return "오전" if local.hour < 12 else "오후", local.hour % 12 or 12
