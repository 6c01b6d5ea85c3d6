"""What an erased person may be told: nothing more than is proven, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from fellowship_pipeline.forgetting.notice import NOTICE, Remains, notice

ASKED, DONE = date(2026, 11, 20), date(2026, 11, 28)

pytestmark = pytest.mark.fault("E8")


def test_nothing_is_left_where_that_is_proven() -> None:
    assert notice("en", ASKED, DONE, Remains()) == (
        "Your request of 2026-11-20 to erase your personal data was completed on 2026-11-28. Your data were removed"
        " from the original files, the working data and the records that we process. We checked that nothing is left."
        " If an older file arrives again, your data in it will not be stored."
    )
    assert "남은 것이 없음을 확인했습니다." in notice("ko", ASKED, DONE, Remains())


def test_twelve_files_in_the_drop_folder_are_said_and_not_that_nothing_is_left() -> None:
    english, korean = (notice(language, ASKED, DONE, Remains(landing=12)) for language in ("en", "ko"))
    assert "still hold your data until they are deleted: 12. We checked that nothing else is left." in english
    assert "파일 12개에는 그 파일을 지울 때까지 귀하의 정보가 남아 있습니다. 그 밖에는" in korean


@pytest.mark.parametrize(
    "left", [Remains(short=2), Remains(shared=2), Remains(landing=1, short=2), Remains(elsewhere=1, shared=2)]
)
def test_nothing_is_promised_of_names_that_could_not_be_looked_for_everywhere(left: Remains) -> None:
    english, korean = (notice(language, ASKED, DONE, left) for language in ("en", "ko"))
    assert ": 2." in english and "nothing" not in english
    assert "이름 2개는" in korean and "확인했습니다" not in korean


def test_both_languages_have_the_same_sentences() -> None:
    assert NOTICE["ko"].keys() == NOTICE["en"].keys()
