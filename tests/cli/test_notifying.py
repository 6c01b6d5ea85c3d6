"""fellowship notify: what it prints, what it sends and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fellowship_pipeline.cli import status
from fellowship_pipeline.digest import contents, sending
from fellowship_pipeline.digest.contents import Digest
from fellowship_pipeline.digest.sending import Delivery

MESSAGE = Digest("title", ("one", "two"))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Digest, list[str]]]:
    """What is sent: the second of two services does not take it."""
    found: list[tuple[Digest, list[str]]] = []

    def send(message: Digest, to: list[str]) -> list[Delivery]:
        found.append((message, to))
        return [Delivery(name, name != "down://") for name in to]

    monkeypatch.setattr(contents, "digest", lambda *_: MESSAGE)
    monkeypatch.setattr(sending, "services", lambda variable, environment: environment[variable].split())
    monkeypatch.setattr(sending, "send", send)
    monkeypatch.setenv("FELLOWSHIP_NOTIFY_URLS", "up://")
    monkeypatch.setenv("OTHER", "up:// down://")
    return found


def home(path: Path, notify: str = "") -> str:
    (path / "program.yaml").write_text(f"program: {{id: t}}\n{notify}\nsources: {{}}\n")
    return str(path)


def test_without_notify_in_program_yaml_nothing_is_sent(
    tmp_path: Path, sent: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["notify", home(tmp_path)]) == 2
    assert "has no `notify:`" in capsys.readouterr().err
    assert sent == []


@pytest.mark.parametrize("notify", ["", "notify: {}"])
def test_a_dry_run_prints_it_and_sends_nothing(
    notify: str, tmp_path: Path, sent: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["notify", home(tmp_path, notify), "--dry-run"]) == 0
    assert capsys.readouterr().out == "title\none\ntwo\n"
    assert sent == []


def test_it_goes_to_whom_the_environment_names(
    tmp_path: Path, sent: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["notify", home(tmp_path, "notify: {}")]) == 0
    assert sent == [(MESSAGE, ["up://"])]
    assert capsys.readouterr() == ("", "up://: sent\n")


def test_what_one_does_not_take_is_1(tmp_path: Path, sent: list[object], capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["notify", home(tmp_path, "notify: {urls_from: OTHER}"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["lines"] == ["one", "two"]
    assert [one["is_taken"] for one in told["sent"]] == [True, False]


def test_a_url_in_program_yaml_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["notify", home(tmp_path, "notify: {urls_from: 'discord://1/secret'}")]) == 2
    said = capsys.readouterr().err
    assert "notify.urls_from: expected the name of an environment variable" in said
    assert "secret" not in said.replace("hold secrets", "")


def test_a_link_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["notify", home(tmp_path, "notify: {link: 'file:///page'}")]) == 2
    assert "notify.link: expected an address that begins with https://" in capsys.readouterr().err
