from __future__ import annotations

import pytest

from fellowship_pipeline.intake.readers.decoding import (
    AMBIGUOUS,
    MISDECODED,
    PIECE,
    UNCERTAIN,
    decode,
    looks_misdecoded,
)
from fellowship_pipeline.intake.readers.records import Quarantined

TEXT = "이름,점수\r\n똠방각하,3\r\n펲햏,4\r\n"


@pytest.mark.fault("B1", "B2", "B3")
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


@pytest.mark.fault("B4")
@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["member,xp\nkim,1\n", TEXT])
def test_utf16_without_a_mark_is_refused_with_what_to_declare(text: str, name: str) -> None:
    with pytest.raises(Quarantined, match=f"declare `encoding: {name}`"):
        decode(text.encode(name))
    assert decode(text.encode(name), name) == (text.encode(), name, [])


@pytest.mark.fault("B5")
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"a\r\n" + "펲".encode("cp949") + b"\xff\xff" + "가".encode(), "byte 3 is not utf-8"),
        ("이름\n".encode() + "김길동\n".encode("cp949"), "byte 7 is not utf-8"),
        ("이름\n김길동\n".encode("cp949") + "이도\n".encode(), "byte 0 is not utf-8, byte 12 is not cp949"),
        ("이름\n김길동\n".encode("cp949") + "박기\n".encode(), "byte 12 is utf-8 in a file of cp949"),
        (b"\xef\xbb\xbfa\n\xb0\xa1\n", "byte 5 is not utf-8"),
    ],
)
def test_mixed_encodings_are_refused_with_the_byte(data: bytes, reason: str) -> None:
    with pytest.raises(Quarantined, match=reason):
        decode(data)


@pytest.mark.fault("B6")
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "mac_roman"])
@pytest.mark.parametrize("name", ["이름", "박준호", "김 영희", "日本", "Ἀθῆναι"])
def test_utf8_read_in_a_western_encoding_is_doubtful(name: str, encoding: str) -> None:
    if encoding == "cp1252":
        seen = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in name.encode())
    else:
        seen = name.encode().decode(encoding)
    if encoding == "mac_roman" and name == "Ἀθῆναι":
        return
    assert decode(f"name,xp\n{seen},1\n".encode())[1:] == ("utf-8", [MISDECODED])


@pytest.mark.fault("B6")
@pytest.mark.parametrize(
    "text", ["caf\u00c3\u00a9", "it\u00e2\u20ac\u2122s", "\u00ef\u00bb\u00bfname", "?뜲?씠?꽣", "a \ufffd b", "Ð¿Ñ€Ð¸"]
)
def test_other_signs_of_a_wrong_encoding(text: str) -> None:
    assert looks_misdecoded(text.encode())


@pytest.mark.fault("B6")
@pytest.mark.parametrize(
    "text",
    [
        "Größe, Straße, naïve, élève, Zoë’s, Ångström, œuvre, MARÍA, ÉCOLE, São, AMANHÃ, IRMÃ”",
        "« café » et « CAFÉ\u00a0», déjà\u00a0: «\u00a0été\u00a0», l’été…, à… «é»",
        "이름이 뭐야? 똠방각하?펲 데이터 과학, 日本語 テスト, Привет, ελληνικά, العربية, עברית",
        "Nestlé®, 20\u00a0°C, ¿Qué?, ¡Olé!, Mª José, Nº 3, £5, ½, ×, é¹",
        "🎉 é👍 가é나 Việt Nam ĐẶNG Ân",
    ],
)
def test_real_text_is_no_sign(text: str) -> None:
    assert not looks_misdecoded(text.encode())


@pytest.mark.fault("B7")
@pytest.mark.parametrize(
    ("data", "doubts"),
    [
        ("name\n김펲 3\n".encode("cp949"), []),
        ("name\n홍길동\n".encode("cp949"), []),
        ("name\nZoñé\n".encode("latin-1"), [UNCERTAIN]),
        ("name\nÄrzte\n".encode("latin-1"), [UNCERTAIN]),
    ],
)
def test_few_syllables_are_korean_where_every_word_is_hangul_or_ascii(data: bytes, doubts: list[str]) -> None:
    assert decode(data)[1:] == ("cp949", doubts)


@pytest.mark.fault("B7")
@pytest.mark.parametrize(
    ("data", "doubts"),
    [
        ("name\n천짝 3\n".encode("cp949"), [AMBIGUOUS]),
        ("name\ncafé, Zoë, à, 20 °C, œuvre\n".encode(), []),
        ("name\nÅse, Größe\n".encode(), []),
        ("name\n천짝\n".encode(), []),
    ],
)
def test_korean_that_is_utf8_by_chance_is_doubtful(data: bytes, doubts: list[str]) -> None:
    assert decode(data)[1:] == ("utf-8", doubts)


@pytest.mark.fault("B8")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp949"])
def test_a_character_across_the_edge_of_a_piece_is_whole(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    for shift in range(4):
        text = "a" * shift + "가나다 똠\n" * (PIECE // 5)
        assert decode(mark + text.encode(encoding))[0] == text.encode()


@pytest.mark.fault("B5", "B8")
@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_the_position_of_a_wrong_byte_near_the_edge_of_a_piece(encoding: str) -> None:
    for place in range(PIECE - 4, PIECE + 3):
        data = b"a" * place + b"\xff" + "가".encode(encoding) * 2
        with pytest.raises(Quarantined, match=f"byte {place:,} is not {encoding}"):
            decode(data, encoding)


def test_a_declared_encoding_decides() -> None:
    assert decode("é".encode("latin-1"), "latin-1")[:1] == ("é".encode(),)


@pytest.mark.fault("B6")
def test_a_declared_encoding_that_is_not_the_files_is_doubtful() -> None:
    assert decode("이름\n".encode(), "latin-1")[2] == [MISDECODED]
