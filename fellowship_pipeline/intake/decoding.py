"""Bytes to text: which encoding a file is in, decided once for the whole file and never by guessing.

Belongs here: byte-order marks, strict decoding, what makes an encoding doubtful. Does not belong here: fields or lines.
"""

from __future__ import annotations

import codecs
import re

from fellowship_pipeline.intake.records import Quarantined

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
CERTAIN_SYLLABLES = 3
UNCERTAIN = "neither UTF-8 nor surely Korean CP949: declare `encoding`"
_HANGUL = re.compile("[가-힣]")
_WORD = re.compile(r"\w+")


def decode(data: bytes, declared: str | None = None) -> tuple[bytes, str, list[str]]:
    """The text as UTF-8 without a byte-order mark, the encoding's name, and reasons to doubt it.

    A byte-order mark decides, then ``declared``, then strict UTF-8, then strict CP949. Raises Quarantined with the
    position of the first byte that does not fit.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], name), name, []
    if declared is not None:
        return _strict(data, codecs.lookup(declared).name), codecs.lookup(declared).name, []
    try:
        return _strict(data, "utf-8"), "utf-8", []
    except Quarantined as refusal:
        try:
            text = data.decode("cp949")
        except UnicodeDecodeError:
            raise refusal from None
    return text.encode(), "cp949", [] if _is_korean(text) else [UNCERTAIN]


def _strict(data: bytes, encoding: str) -> bytes:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Quarantined(f"byte {error.start:,} is not {encoding}: mixed or unknown encoding") from None
    return data if encoding == "utf-8" else text.encode()


def _is_korean(text: str) -> bool:
    """Whether text that CP949 can decode was meant so: enough syllables, or nothing but Hangul and ASCII words."""
    if len(_HANGUL.findall(text, 0)) >= CERTAIN_SYLLABLES:
        return True
    return all(word.isascii() or not _HANGUL.sub("", word) for word in _WORD.findall(text))
