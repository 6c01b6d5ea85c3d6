"""Dagster keeps no message of an exception, in whichever way the definitions are loaded; a user's mistake is said."""

from __future__ import annotations

import logging.config
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from fellowship_pipeline import masked
from fellowship_pipeline.errors import UserError

LOADS = """
import os, fellowship_pipeline.definitions
print(os.environ["DAGSTER_REDACT_USER_CODE_ERRORS"], os.environ["DAGSTER_DISABLE_TELEMETRY"])
"""
CANARY = "Hong Gildong"


@dg.op
def breaks() -> None:
    raise ValueError(f"could not convert {CANARY}")


@dg.op
def refuses() -> None:
    raise UserError("program.yaml line 3: no such zone")


@dg.graph
def both() -> None:
    breaks()
    refuses()


def kept(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.slow
def test_loading_the_definitions_turns_redaction_on_and_telemetry_off() -> None:
    bare = {name: value for name, value in os.environ.items() if name not in masked.REDACTION}
    ran = subprocess.run([sys.executable, "-c", LOADS], env=bare, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["1", "1"]


@pytest.mark.fault("H2")
@pytest.mark.slow
def test_the_value_in_a_message_is_in_no_byte_of_dagster_and_its_place_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    masked.redact()
    broken: list[BaseException] = []
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance, masked.listening(broken.append):
        result = both.execute_in_process(instance=instance, raise_on_error=False)
        assert not result.success
    assert CANARY.encode() not in kept(tmp_path)
    assert CANARY not in "".join(capfd.readouterr())
    assert sorted(map(masked.words, broken))[1] == "program.yaml line 3: no such zone"
    assert sorted(map(masked.words, broken))[0].startswith("ValueError in test_masked.py, line ")


def mistaken() -> None:
    raise UserError("too late")


def test_a_mistake_inside_another_exception_is_found() -> None:
    heard: list[BaseException] = []
    with masked.listening(heard.append):
        try:
            try:
                mistaken()
            except UserError as mistake:
                raise RuntimeError("wrapped") from mistake
        except RuntimeError:
            masked.LOGGER.exception("masked")
    assert [masked.words(error) for error in heard] == ["too late"]


def interrupted() -> None:
    raise KeyboardInterrupt from RuntimeError("Query interrupted")


def test_a_signal_is_told_as_such_whatever_it_broke() -> None:
    """DuckDB makes a RuntimeError of one that comes during a statement."""
    heard: list[BaseException] = []
    with masked.listening(heard.append):
        try:
            interrupted()
        except KeyboardInterrupt:
            masked.LOGGER.exception("masked")
    assert [type(error) for error in heard] == [KeyboardInterrupt]


def test_what_is_masked_is_not_printed_after_loggers_were_set_up_anew(capfd: pytest.CaptureFixture[str]) -> None:
    masked.redact()
    logging.config.dictConfig({"version": 1, "loggers": {"dagster": {"level": "INFO"}}})
    heard: list[BaseException] = []
    with masked.listening(heard.append):
        try:
            mistaken()
        except UserError:
            masked.LOGGER.exception("masked")
    assert len(heard) == 1
    assert capfd.readouterr() == ("", "")
