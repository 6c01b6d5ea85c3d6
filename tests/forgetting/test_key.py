"""The key of pseudonyms: made once, for its owner only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.forgetting.key import key_file, read_key, read_or_make_key


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config" / "key"
    monkeypatch.setenv("FELLOWSHIP_KEY_FILE", str(path))
    return path


def test_it_is_made_at_random_for_its_owner_only_and_kept(path: Path) -> None:
    key = read_or_make_key()
    assert len(key) == 32 and path.stat().st_mode & 0o777 == 0o600
    assert read_or_make_key() == read_key() == key


def test_without_the_variable_it_lies_in_the_owners_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FELLOWSHIP_KEY_FILE", raising=False)
    monkeypatch.setenv("HOME", "/home/kim")
    assert key_file() == Path("/home/kim/.config/fellowship/key")


@pytest.mark.fault("F3")
def test_broken_off_it_is_not_there_and_made_the_next_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(descriptor: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(os, "fsync", killed)
        read_or_make_key()
    assert not path.exists()
    assert len(read_or_make_key()) == 32
    assert [child.name for child in path.parent.iterdir()] == ["key"]


def test_of_two_processes_that_make_one_the_first_does(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(descriptor: int) -> None:
        if not path.exists():
            path.write_bytes(b"k" * 32)
            path.chmod(0o600)

    monkeypatch.setattr(os, "fsync", meanwhile)
    assert read_or_make_key() == b"k" * 32
    assert [child.name for child in path.parent.iterdir()] == ["key"]


@pytest.mark.fault("H11")
def test_one_that_others_may_read_is_refused_without_being_shown(path: Path) -> None:
    key = read_or_make_key()
    path.chmod(0o640)
    with pytest.raises(UserError, match="chmod 600") as refusal:
        read_key()
    assert key.hex() not in str(refusal.value)


def test_one_that_is_gone_or_cut_is_named(path: Path) -> None:
    with pytest.raises(UserError, match="restore it or set FELLOWSHIP_KEY_FILE"):
        read_key()
    read_or_make_key()
    path.write_bytes(b"short")
    with pytest.raises(UserError, match="too short"):
        read_key()
