"""Names in texts: what counts as one, and what is left when it is taken out."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable

import pytest

from fellowship_pipeline.forgetting.names import Sieve, fold, looked_for, sieve, tombstone
from tests.canaries import PERSONS, STEMS

KEY = bytes(range(32))


def of(*names: str) -> Sieve:
    return sieve(KEY, [tombstone(KEY, name) for name in names])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("minjun@example.org", ""),
        ("MINJUN@Example.org", ""),
        ("ｍｉｎｊｕｎ＠example.org", ""),
        ("ask minjun@example.org.", "ask ."),
        ("kim.minjun@example.org", "kim.minjun@example.org"),
        ("minjun@example.org.kr", "minjun@example.org.kr"),
        ("팀장 김민준은 친절하다", "팀장 은 친절하다"),
        (unicodedata.normalize("NFD", "김민준 님"), " 님"),
        ("김민지", "김민지"),
        ("Thanks, Kim Minjun!", "Thanks, !"),
        ("m017, m0171, xm017", ", m0171, xm017"),
        ("", ""),
    ],
)
def test_a_name_is_taken_out_where_it_is_a_word_of_its_own(text: str, left: str) -> None:
    names = of("Minjun@example.org", "김민준", "Kim Minjun", "m017")
    assert names.without(text) == left
    assert names.mentions(text) == (text != left)


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("kim", "cell"),
        ("김구", "cell"),
        ("11391", "cell"),
        ("김민준", "text"),
        ("m017", "text"),
        ("010-1234-5678", "number"),
    ],
)
def test_what_cannot_be_told_from_other_words_is_only_looked_for_as_a_whole(name: str, how: str) -> None:
    assert looked_for(name) == how


def test_a_short_name_is_known_as_a_whole_cell_and_nowhere_else() -> None:
    names = of("Kim")
    assert names.is_name(" KIM ")
    assert not names.is_distinctive("kim")
    assert names.without("kim suyeon") == "kim suyeon"


def test_an_id_of_a_platform_is_known_in_its_column_only() -> None:
    names = sieve(KEY, [tombstone(KEY, "17", "datacamp.user_id")])
    assert names.is_name("17", "datacamp.user_id")
    assert not names.is_name("17")


@pytest.mark.fault("H12")
def test_a_tombstone_cannot_be_found_by_hashing_names_without_the_key() -> None:
    assert tombstone(KEY, "m017").hmac != tombstone(bytes(32), "m017").hmac


@pytest.mark.fault("H12")
def test_a_dictionary_of_all_names_finds_none_without_the_key(record_figure: Callable[[str, int], None]) -> None:
    """Hashed as they are or as they are compared, by any common hash or with any key that is no secret."""
    names = [f"{stem}{person:03}@example.org" for stem in STEMS for person in range(PERSONS)]
    stones = {tombstone(KEY, name).hmac for name in names}
    tried = {tombstone(key, name).hmac for key in (b"0" * 32, bytes(32), b"fellowship".ljust(32)) for name in names}
    for name in names:
        for text in (name, fold(name)):
            tried |= {hashlib.new(how, text.encode()).hexdigest() for how in ("md5", "sha1", "sha256", "sha512")}
    assert len(stones) == 2 * PERSONS
    assert stones & tried == set()
    assert {tombstone(KEY, fold(name)).hmac for name in names} == stones  # with the key, each
    record_figure("pseudonyms found by a dictionary", 0)
