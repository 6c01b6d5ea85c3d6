"""The key of pseudonyms: a file outside every home, for its owner's eyes only.

Belongs here: finding, making and reading it. Does not belong here: what it is used on (``tombstones``).
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home.durable import make_folder, sync

VARIABLE = "FELLOWSHIP_KEY_FILE"
LENGTH = 32


def key_file() -> Path:
    """``$FELLOWSHIP_KEY_FILE``, else ``~/.config/fellowship/key``."""
    return Path(os.environ.get(VARIABLE) or Path.home() / ".config" / "fellowship" / "key")


def read_key() -> bytes:
    """The key; raises UserError where there is none, or others than its owner may read it."""
    path = key_file()
    try:
        with path.open("rb") as file:
            mode, key = stat.S_IMODE(os.fstat(file.fileno()).st_mode), file.read()
    except OSError as error:
        raise UserError(
            f"the pseudonym key {path} cannot be read: {error.strerror}; restore it or set {VARIABLE}"
        ) from None
    if mode & 0o077:
        raise UserError(f"the pseudonym key {path} is open to others (mode {mode:04o}): chmod 600 it")
    if len(key) < LENGTH:
        raise UserError(f"the pseudonym key {path} is too short: expected {LENGTH} random bytes; restore it")
    return key


def read_or_make_key() -> bytes:
    """The key, made at random where there is no such file yet."""
    path = key_file()
    make_folder(path.parent, 0o700)
    if not path.exists():
        _make(path)
    return read_key()


def _make(path: Path) -> None:
    """Puts a key in place in one step, on the disk, unless another process was first."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(LENGTH))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(unfinished)
    finally:
        unfinished.unlink()
    sync(path.parent)
