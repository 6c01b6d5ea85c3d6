"""Files behind URLs, by fsspec: ``s3://bucket/folder/*.csv``, ``gs://``, ``https://``, whatever is installed.

Endpoints and credentials come from the environment, as fsspec and its packages read it (``FSSPEC_S3_ENDPOINT_URL``,
``FSSPEC_S3_KEY``, ``AWS_PROFILE``, …). Belongs here: listing, looking at and reading such files. Does not belong here:
when one is complete, what becomes of it (``arrival``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fsspec.asyn import sync
from fsspec.config import conf
from fsspec.core import url_to_fs

from fellowship_pipeline.intake.landing.folder import CHUNK, VANISHED, Left, Stamp
from fellowship_pipeline.program.paths import parts_of

ANSWER_SECONDS = 30.0
VERSIONS = ("ETag", "etag", "generation")
TIMES = ("LastModified", "last_modified", "Last-Modified", "mtime", "modified", "created")
LONGEST_REASON = 200


def listed(pattern: str, neighbors: bool = False, seconds: float = ANSWER_SECONDS) -> dict[str, Stamp | None]:
    """The files where the pattern looks: more than it fits, and without a stamp where a listing tells none.

    A URL without wildcards is asked for by itself, unless its ``neighbors`` are wanted too. Nothing where there is no
    such folder. Raises Left where the place refuses, or does not answer within so many seconds.
    """
    root, parts = parts_of(pattern)
    wild = "*[" if root.startswith("http") else "*[?"
    fixed = next((at for at, part in enumerate(parts) if set(wild) & set(part)), len(parts))
    if fixed == len(parts) and not neighbors:
        found = stamp(pattern, seconds)
        return {pattern: found} if found else {}
    folders = parts[: min(fixed, len(parts) - 1)]
    folder = root + "".join(f"{part}/" for part in folders)
    # with a depth, errors are hidden unless asked for
    depth = {} if "**" in parts else {"maxdepth": len(parts) - len(folders), "on_error": "raise"}
    start, infos = _asked(folder, "find", seconds, detail=True, **depth)
    return {
        folder + name.removeprefix(start).lstrip("/"): _stamp(info) if info.get("size") is not None else None
        for name, info in (infos or {}).items()
        if _is_regular(info)
    }


def stamp(url: str, seconds: float = ANSWER_SECONDS) -> Stamp | None:
    """The file's stamp; None where it is not there. Raises Left as :func:`listed`."""
    _, info = _asked(url, "info", seconds)
    return _stamp(info) if info and _is_regular(info) else None


def chunks(url: str) -> Iterator[bytes]:
    """The file's bytes; raises Left."""
    try:
        fs, path = _place(url)
        # HTTP in one stream (block_size 0): not every server gives parts of a file
        with fs.open(path, "rb", **({"block_size": 0} if url.startswith("http") else {})) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except FileNotFoundError:
        raise Left(VANISHED) from None
    except Exception as error:  # noqa: BLE001 - every store's client has errors of its own
        raise Left(f"cannot be read ({_said(error)})") from None


def _asked(url: str, what: str, seconds: float, **options: Any) -> tuple[str, dict[str, Any] | None]:
    """The URL as its store names it, and the store's answer; None where there is no such thing. Raises Left."""
    try:
        fs, path = _place(url)
        fs.invalidate_cache()
        if fs.async_impl:
            return path, sync(fs.loop, getattr(fs, f"_{what}"), path, timeout=seconds, **options)
        return path, getattr(fs, what)(path, **options)
    except Exception as error:  # noqa: BLE001 - every store's client has errors of its own
        cause = error.__cause__
        if isinstance(error, FileNotFoundError) and (cause is None or getattr(cause, "status", None) == 404):
            return url, None
        raise Left(
            f"no access ({_said(error)}): check the address, the network and the credentials in the environment;"
            " the run goes on with what is archived"
        ) from None


def _place(url: str) -> tuple[Any, str]:
    """The file system, and the URL as it names it. HTTP: a download may last, but not stall."""
    options = {}
    if url.startswith("http") and not any("client_kwargs" in conf.get(name, {}) for name in ("http", "https")):
        from aiohttp import ClientTimeout  # noqa: PLC0415 - only HTTP needs it

        timeout = ClientTimeout(total=None, sock_connect=ANSWER_SECONDS, sock_read=ANSWER_SECONDS)
        options = {"client_kwargs": {"timeout": timeout}}
    fs, path = url_to_fs(url, **options)
    return fs, str(path)


def _said(error: Exception) -> str:
    text = " ".join(str(error.__cause__ or error).split())
    return text[:LONGEST_REASON] or ("no answer in time" if isinstance(error, TimeoutError) else type(error).__name__)


def _is_regular(info: dict[str, Any]) -> bool:
    return bool(info["type"] == "file" and not info.get("islink"))


def _stamp(info: dict[str, Any]) -> Stamp:
    """The version that the store gives the content, else its time."""
    version = next((str(info[key]) for key in VERSIONS if info.get(key)), "W/")
    if not version.startswith("W/"):
        return Stamp(info["size"], version, is_version=True)
    return Stamp(info["size"], " ".join(str(info[key]) for key in TIMES if info.get(key)))
