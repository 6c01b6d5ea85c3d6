"""Bytes to text: which encoding a file is in, decided once for the whole file and never by guessing.

Belongs here: byte-order marks, strict decoding, what makes an encoding doubtful. Does not belong here: fields or lines.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from itertools import islice

from fellowship_pipeline.intake.readers.records import Quarantined

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
CERTAIN_SYLLABLES = 3
UNCERTAIN = "neither UTF-8 nor surely Korean CP949: declare `encoding`"
AMBIGUOUS = "both UTF-8 and Korean CP949, each with a sense: declare `encoding`"
MISDECODED = "looks mis-decoded: UTF-8 was read in another encoding and saved again; export it anew"
MIXED = "mixed or unknown encoding: "
PIECE = 1 << 20
_SYLLABLE = re.compile(rb"[\xea-\xed][\x80-\xbf]{2}")
_HANGUL = re.compile("[가-힣]")
_WORD = re.compile(r"\w+")
_ACCENTED_RUN = re.compile(rb"\xc3(?<![\x80-\xff]\xc3)[\x82-\xb4](?:[\xc2-\xf4][\x80-\xbf]+)+")
_NO_SYLLABLE = re.compile(rb"[\xc9-\xff]")
_UTF8_HANGUL = re.compile(rb"(?<![\x80-\xff])(?:[\xea-\xed][\x80-\xbf]{2}){2,}(?![\x80-\xff])")
_AFTER_A_LOST_BYTE = re.compile(rb"\?([\xea-\xed][\x80-\xbf]{2})")
_PUNCTUATION = frozenset("\xa0«»‘’“”‚„‹›…–—•·")
_SINGLE_BYTE = {
    name: {bytes([octet]).decode(name, "ignore") or chr(octet): octet for octet in range(0x80, 0x100)}
    for name in ("latin-1", "cp1252", "mac_roman")
}


def decode(data: bytes, declared: str | None = None) -> tuple[bytes, str, list[str]]:
    """The text as UTF-8 without a byte-order mark, the encoding's name, and reasons to doubt it.

    A byte-order mark decides, then ``declared``, then strict UTF-8, then strict CP949. Raises Quarantined with the
    position of the first byte that does not fit.
    """
    text, name = _decoded(data, declared)
    doubts = []
    if name == "cp949":
        _refuse_utf8_inside(data)
        if declared is None and not _is_korean(text):
            doubts.append(UNCERTAIN)
    if not text.isascii() and looks_misdecoded(text):
        doubts.append(MISDECODED)
    elif declared is None and text is data and not text.isascii() and may_be_korean(text):
        doubts.append(AMBIGUOUS)
    return text, name, doubts


def _decoded(data: bytes, declared: str | None) -> tuple[bytes, str]:
    for mark, name in MARKS:
        if data.startswith(mark):
            return _strict(data, name, len(mark)), name
    if declared is not None:
        name = codecs.lookup(declared).name
        return _strict(data, name), name
    _refuse_utf16(data[:PIECE])
    try:
        return _strict(data, "utf-8"), "utf-8"
    except Quarantined as refusal:
        try:
            return _strict(data, "cp949"), "cp949"
        except Quarantined as other:
            raise Quarantined(f"{refusal}, {str(other).removeprefix(MIXED)}") from None


def looks_misdecoded(text: bytes) -> bool:
    """Whether UTF-8 text has words that are UTF-8 read as Western, Mac or Korean text (`ê°€` for 가)."""
    # a search for one byte is many times quicker, and most text has neither
    if b"\xef" in text and b"\xef\xbf\xbd" in text:
        return True
    if b"\xc3" in text and any(_mends(match[0].decode()) for match in _ACCENTED_RUN.finditer(text)):
        return True
    return b"?" in text and sum(syllable in _halves() for syllable in _AFTER_A_LOST_BYTE.findall(text)) > 1


def _mends(run: str) -> bool:
    """Whether the whole run, back in bytes of a single-byte encoding, is UTF-8 of another text."""
    if _PUNCTUATION.issuperset(run[1:]):
        return False
    for name, octets in _SINGLE_BYTE.items():
        try:
            meant = bytes(octets[character] for character in run).decode()
        except (KeyError, UnicodeDecodeError):
            continue
        if name == "mac_roman":
            return all(character >= "\u3000" for character in meant)
        return len(meant) > 1 or meant >= "\u0800" or run[0] in "ÂÃ"
    return False


@cache
def _halves() -> frozenset[bytes]:
    """Syllables that Korean text hardly has, but UTF-8 of it read as CP949 (`?씠` for 이, its first byte lost)."""
    middle = range(0x81, 0xC0)
    pairs = (bytes([first, last]) for first in middle for last in middle if not first > 0xA0 < last)
    return frozenset(pair.decode("cp949", "ignore").encode() for pair in pairs)


def _refuse_utf16(start: bytes) -> None:
    """Raises Quarantined where NULs stand as ASCII in UTF-16 has them: all at even places, or all at odd ones."""
    nuls = [match.start() % 2 for match in re.finditer(b"\0", start)]
    if len(nuls) > 1 and len(set(nuls)) == 1:
        raise Quarantined(f"UTF-16 without a byte-order mark: declare `encoding: utf-16-{'le' if nuls[0] else 'be'}`")


def _refuse_utf8_inside(data: bytes) -> None:
    """Raises Quarantined where words of CP949 text are UTF-8."""
    if word := _UTF8_HANGUL.search(data):
        raise Quarantined(f"{MIXED}byte {word.start():,} is utf-8 in a file of cp949")


def _strict(data: bytes, encoding: str, start: int = 0) -> bytes:
    """The text from ``start`` on as UTF-8, piece by piece, so that its decoded form is never held whole."""
    if encoding == "utf-8" and data.isascii():
        return data
    decoder = codecs.getincrementaldecoder(encoding)()
    pieces = []
    for at in range(start, len(data), PIECE):
        piece = data[at : at + PIECE]
        try:
            text = decoder.decode(piece, at + PIECE >= len(data))
        except UnicodeDecodeError as error:
            place = at + len(piece) - len(error.object) + error.start
            raise Quarantined(f"{MIXED}byte {place:,} is not {encoding}") from None
        if encoding != "utf-8":
            pieces.append(text.encode())
    return data[start:] if encoding == "utf-8" else b"".join(pieces)


def _is_korean(text: bytes) -> bool:
    """Whether text that CP949 can decode was meant so: enough syllables, or nothing but Hangul and ASCII words."""
    if len(list(islice(_SYLLABLE.finditer(text), CERTAIN_SYLLABLES))) == CERTAIN_SYLLABLES:
        return True
    return _is_hangul_and_ascii(text.decode())


def may_be_korean(data: bytes) -> bool:
    """Whether UTF-8 text makes sense as CP949 too: where all of it is characters of two bytes, as `천` and õ."""
    if _NO_SYLLABLE.search(data):
        return False
    try:
        return _is_hangul_and_ascii(data.decode("cp949"))
    except UnicodeDecodeError:
        return False


def _is_hangul_and_ascii(text: str) -> bool:
    return all(word.isascii() or not _HANGUL.sub("", word) for word in _WORD.findall(text))
