from __future__ import annotations

import pytest

from fellowship_pipeline.intake.decoding import UNCERTAIN, decode
from fellowship_pipeline.intake.records import Quarantined

TEXT = "이름,점수\r\n똠방각하,3\r\n"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("cp949"), "cp949"),
    ],
)
def test_each_encoding_gives_the_same_text(data: bytes, name: str) -> None:
    assert decode(data) == (TEXT.encode(), name, [])


def test_mixed_encodings_are_refused_with_the_byte() -> None:
    with pytest.raises(Quarantined, match="byte 3 is not utf-8"):
        decode(b"a\r\n" + "펲".encode("cp949") + b"\xff\xff" + "가".encode())


def test_western_text_that_cp949_happens_to_fit_is_doubtful() -> None:
    data = "name\nZoñé\n".encode("latin-1")
    assert decode(data)[1:] == ("cp949", [UNCERTAIN])


def test_a_short_korean_name_is_certain() -> None:
    assert decode("name\n김펲 3\n".encode("cp949"))[1:] == ("cp949", [])


def test_a_declared_encoding_decides() -> None:
    assert decode("é".encode("latin-1"), "latin-1")[:1] == ("é".encode(),)
