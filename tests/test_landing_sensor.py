"""The sensor: a run for files that stand still, again after a failure, never twice for the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from fellowship_pipeline import landing_sensor
from fellowship_pipeline.apart import ALONE, Apart
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing import arrival
from fellowship_pipeline.landing_sensor import build_landing_sensor
from fellowship_pipeline.program import Program, load_program


@pytest.fixture
def home(tmp_path: Path) -> Path:
    settings: dict[str, Any] = {
        "program": {"id": "p"},
        "arrival": {"quiet_seconds": 0},
        "sources": {"activity": [{"files": "landing/*.csv"}]},
    }
    (tmp_path / "program.yaml").write_text(yaml.safe_dump(settings))
    (tmp_path / "landing").mkdir()
    return tmp_path


@dg.op
def breaks() -> None:
    raise RuntimeError


@dg.job
def broken() -> None:
    breaks()


def tick(home: str, instance: dg.DagsterInstance, apart: Apart = ALONE) -> dg.RunRequest | dg.SkipReason:
    sensor = build_landing_sensor(home, dg.define_asset_job("refresh"), apart)
    answer = sensor(dg.build_sensor_context(instance=instance))
    assert isinstance(answer, dg.RunRequest | dg.SkipReason)
    return answer


@pytest.mark.fault("A1", "A16")
def test_files_that_stand_still_from_tick_to_tick_ask_for_one_run(home: Path) -> None:
    (home / "landing" / "a\udcff.csv").write_text("x")
    with dg.DagsterInstance.ephemeral() as instance:
        first, second, third = (tick(str(home), instance) for _ in range(3))
        assert isinstance(first, dg.SkipReason)
        assert isinstance(second, dg.RunRequest)
        assert isinstance(third, dg.RunRequest)
        assert second.run_key == third.run_key
        (home / "landing" / "b.csv").write_text("y")
        tick(str(home), instance)
        fourth = tick(str(home), instance)
        assert isinstance(fourth, dg.RunRequest)
        assert fourth.run_key != second.run_key


def test_the_same_files_of_two_programs_are_asked_for_each_by_itself(home: Path) -> None:
    (home / "landing" / "a.csv").write_text("x")
    keys = []
    with dg.DagsterInstance.ephemeral() as instance:
        tick(str(home), instance)
        for name in ("a", "b"):
            answer = tick(str(home), instance, Apart(name))
            assert isinstance(answer, dg.RunRequest)
            keys.append((answer.run_key, answer.tags[landing_sensor.FILES_TAG]))
    assert len({run_key for run_key, _ in keys}) == len({files for _, files in keys}) == 2


@pytest.mark.fault("G3")
def test_a_failed_run_is_asked_for_again_under_a_new_key_but_not_for_ever(home: Path) -> None:
    (home / "landing" / "a.csv").write_text("x")
    keys = []
    with dg.DagsterInstance.ephemeral() as instance:
        tick(str(home), instance)
        for _ in range(3):
            answer = tick(str(home), instance)
            assert isinstance(answer, dg.RunRequest)
            keys.append(answer.run_key)
            broken.execute_in_process(instance=instance, tags=answer.tags, raise_on_error=False)
        assert isinstance(tick(str(home), instance), dg.SkipReason)
    assert len(set(keys)) == 3


@pytest.mark.fault("G3")
def test_after_a_fix_of_the_program_the_same_files_have_another_key(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "landing" / "a.csv").write_text("x")
    with dg.DagsterInstance.ephemeral() as instance:
        tick(str(home), instance)
        before = tick(str(home), instance)
        monkeypatch.setattr(landing_sensor, "__version__", "0.1.1")
        after = tick(str(home), instance)
    assert isinstance(before, dg.RunRequest) and isinstance(after, dg.RunRequest)
    assert before.run_key != after.run_key


@pytest.mark.fault("G1")
def test_a_tick_that_breaks_off_is_made_good_by_the_next(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "landing" / "a.csv").write_text("x")
    looked = arrival.waiting

    def breaks_off(place: Home, program: Program) -> dict[str, str]:
        looked(place, program)
        raise TimeoutError

    with dg.DagsterInstance.ephemeral() as instance:
        tick(str(home), instance)
        with monkeypatch.context() as patch:
            patch.setattr(arrival, "waiting", breaks_off)
            with pytest.raises(TimeoutError):
                tick(str(home), instance)
        assert isinstance(tick(str(home), instance), dg.RunRequest)


@pytest.mark.fault("G2")
def test_a_dagster_that_forgot_everything_asks_for_what_is_new_and_for_nothing_else(home: Path) -> None:
    (home / "landing" / "a.csv").write_text("x")
    with dg.DagsterInstance.ephemeral() as instance:
        tick(str(home), instance)
        before = tick(str(home), instance)
    with dg.DagsterInstance.ephemeral() as forgetful:
        after = tick(str(home), forgetful)
        assert isinstance(before, dg.RunRequest) and isinstance(after, dg.RunRequest)
        assert before.run_key == after.run_key
        arrival.take_in(Home(home), load_program(home))
        assert isinstance(tick(str(home), forgetful), dg.SkipReason)


def test_a_place_that_does_not_answer_does_not_end_the_tick(home: Path) -> None:
    settings = yaml.safe_load((home / "program.yaml").read_text())
    settings["sources"]["completions"] = [{"files": "http://127.0.0.1:9/*.csv"}]
    (home / "program.yaml").write_text(yaml.safe_dump(settings))
    assert load_program(home)
    (home / "landing" / "a.csv").write_text("x")
    with dg.DagsterInstance.ephemeral() as instance:
        tick(str(home), instance)
        assert isinstance(tick(str(home), instance), dg.RunRequest)


def test_without_a_home_nothing_is_asked_for() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        assert isinstance(tick("", instance), dg.SkipReason)
