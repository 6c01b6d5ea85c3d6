"""Which slices a page offers, where it cannot offer all."""

from __future__ import annotations

import pytest

from fellowship_pipeline.dashboard import page
from fellowship_pipeline.dashboard.scene import Scene, Slice
from tests.dashboard import synthetic


def _scene(most: int | None) -> Scene:
    return Scene(synthetic.release(), synthetic.program(), synthetic.page(), most)


def test_every_slice_is_offered_where_there_is_room() -> None:
    assert len(_scene(None).slices) == 28 == len(_scene(27).slices)
    assert (_scene(None).left_out, _scene(27).left_out) == (0, 0)


def test_of_too_many_the_largest_stay_and_kinds_of_few_stay_whole() -> None:
    """3 study modes, 4 cohorts, 10 groups of 9 each, the first of them hidden, and 10 tracks."""
    scene = _scene(10)
    kinds = [one.kind for one in scene.slices]
    assert (kinds.count("study_mode"), kinds.count("cohort"), kinds.count("study_group")) == (3, 4, 3)
    assert [one.name for one in scene.slices if one.kind == "study_group"] == ["스터디 B", "스터디 C", "스터디 D"]
    assert scene.left_out == 17


def test_everybody_is_offered_first_and_nobody_in_particular_last_of_its_kind() -> None:
    slices = _scene(7).slices
    assert slices[0] == Slice("all", "all")
    assert [one.name for one in slices if one.kind == "study_mode"] == ["group", "individual", "(none)"]


@pytest.mark.slow
def test_a_page_is_as_small_as_it_has_to_be_and_says_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = page.render(synthetic.release(), synthetic.program(), synthetic.page())
    monkeypatch.setattr(page, "MOST_BYTES", len(whole.encode()) - 1)
    monkeypatch.setattr(page, "SLICES", (27, 10, 0))
    smaller = page.render(synthetic.release(), synthetic.program(), synthetic.page())
    assert smaller.count('data-option="') == 11
    said = {"ko": "그 밖의 작은 그룹 17개는 이 페이지 옆의 표 파일에 있습니다."}
    assert said["ko"] in smaller
    assert "이 페이지 옆의 표 파일에" not in whole.partition('id="data"')[0]


@pytest.mark.slow
def test_whichever_number_of_slices_is_tried_first_the_page_has_as_many_as_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    def rendered() -> str:
        return page.render(synthetic.release(), synthetic.program(), synthetic.page())

    whole = rendered()
    monkeypatch.setattr(page, "SLICES", (27, 10, 0))
    monkeypatch.setattr(page, "MOST_BYTES", len(whole.encode()) - 1)
    smaller = rendered()
    monkeypatch.setattr(page, "FIRST_TRIED", 10)
    assert rendered() == smaller
    monkeypatch.setattr(page, "MOST_BYTES", len(whole.encode()))
    assert rendered() == whole
