"""``python -m benchmarks.server``: the deployment page, typed on a server that is made for it; and an image.

As root, with ``debootstrap``, ``systemd-container`` and ``buildah`` of Debian. A Debian 12 in a temporary folder is
booted by ``systemd-nspawn``, and every command of ``docs/deployment.md`` typed in it as it stands there, of the last
commit of this checkout. Then a file comes, the daemon is killed, a backup is restored, the version is upgraded to
itself, and the machine boots again. At last ``deploy/Containerfile`` is built on the same Debian, and its daemon asked
for its health. What this machine trusts in TLS, they do. It takes minutes; each step says what it showed.

Belongs here: what only a real server shows. Does not belong here: whether the files name what exists
(``tests/deploy``).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
PAGE = CHECKOUT / "docs" / "deployment.md"
TOOLS = {"debootstrap": "debootstrap", "systemd-nspawn": "systemd-container", "buildah": "buildah"}
TRUSTED = "/etc/ssl/certs/ca-certificates.crt"
HOME, BACKUPS = "/var/lib/fellowship/program", "/var/backups/fellowship"
SECRET = "a-password"
TYPED = {
    "REPOSITORY": "/srv/repository",
    f"init {HOME} ": f"init {HOME} --example mentoring ",
    "openssl passwd -6": f"openssl passwd -6 {SECRET}",
    " TO ": f" {BACKUPS} ",
    " HOME/": f" {HOME}/",
}
"""What a reader of the page fills in, or is asked for at a terminal."""
PRELUDE = """
as_fellowship() { runuser -u fellowship -- env FELLOWSHIP_KEY_FILE=/var/lib/fellowship/key "$@"; }
fellowship() { as_fellowship /opt/fellowship/.venv/bin/fellowship "$@"; }
cd /opt/fellowship 2>/dev/null || cd /
"""
"""The page's own function, and the command on the PATH of the user whose home it is."""
LOOK = f"curl --silent --fail --user kim:{SECRET} http://127.0.0.1:8080"
HEALTH = (
    (f"as_fellowship env DAGSTER_HOME={HOME}/dagster .venv/bin/dagster-daemon liveness-check 2>&1", "Daemon live"),
    (f"{LOOK}/dagster/server_info", "dagster_version"),
    (f"{LOOK}/dashboard.html", "<html"),
    ("curl --silent --output /dev/null --write-out '%{http_code}' http://127.0.0.1:8080/dagster/graphql", "401"),
    (f"fellowship doctor {HOME}", "nothing found"),
)
COMES = f"cd {HOME}/landing/aliases && as_fellowship cp zoom.csv again.csv && echo >> again.csv"
LONGEST = 300.0
"""Seconds for what takes a while: services that start, two looks of a sensor and its run."""
BASE, IMAGE = "docker.io/library/python:3.11-slim-bookworm", "localhost/fellowship-pipeline"


class Machine:
    """A Debian that has booted: ``first`` is its first process."""

    def __init__(self, first: str) -> None:
        self._enter = ["nsenter", "--target", first, "--all", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
        self._enter += [
            "HOME=/root",
            "DEBIAN_FRONTEND=noninteractive",
            f"PIP_CERT={TRUSTED}",
            f"SSL_CERT_FILE={TRUSTED}",
        ]

    def _said(self, script: str) -> tuple[int, str]:
        asked = [*self._enter, "bash", "-ec", PRELUDE + script]
        done = subprocess.run(asked, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout

    def does(self, what: str, script: str) -> None:
        """Runs commands, and ends everything where one fails."""
        code, said = self._said(script)
        if code:
            sys.exit(f"{what}: {code}\n{script}\n{said[-3000:]}")
        print(what, flush=True)

    def shows(self, words: str, script: str) -> None:
        """Runs a command again and again until it says something."""
        last = time.monotonic() + LONGEST
        while words not in (said := self._said(script)[1]):
            if time.monotonic() > last:
                sys.exit(f"{script}\ndoes not say {words} after {LONGEST:.0f} seconds:\n{said[-3000:]}")
            time.sleep(5)
        print(f"{script}: {words}", flush=True)


def commands(section: str, until: str = "\n## ") -> Iterator[str]:
    """The blocks of commands of a section of the page, as a reader types them."""
    page = PAGE.read_text(encoding="utf-8")
    text = page.split(f"\n## {section}\n")[1].split(until)[0]
    for block in re.findall(r"^```sh\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL):
        typed = block
        for written, instead in TYPED.items():
            typed = typed.replace(written, instead)
        yield typed


def debian(folder: Path) -> None:
    """A Debian 12 that can boot, and the last commit of this checkout in its ``/srv/repository``."""
    packages = "--include=systemd,systemd-sysv,dbus,ca-certificates,curl"
    with folder.with_suffix(".log").open("w") as log:
        asked = ["debootstrap", "--variant=minbase", packages, "bookworm", str(folder)]
        subprocess.run(asked, stdout=log, stderr=log, check=True)
    shutil.copy(TRUSTED, folder / TRUSTED[1:])
    (folder / "etc/apt/apt.conf.d/90yes").write_text('APT::Get::Assume-Yes "true";\n', encoding="utf-8")
    subprocess.run(["git", "clone", "--quiet", "--bare", str(CHECKOUT), str(folder / "srv/repository")], check=True)


@contextmanager
def booted(folder: Path) -> Iterator[Machine]:
    """The machine, until the end of the block."""
    asked = ["systemd-nspawn", "--directory", str(folder), "--register=no", "--keep-unit", "--boot"]
    with folder.with_suffix(".log").open("a") as log:
        running = subprocess.Popen(asked, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    try:
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
        while not (first := children.read_text(encoding="utf-8").split()):
            time.sleep(1)
        machine = Machine(first[0])
        machine.shows("running", "systemctl is-system-running || true")
        yield machine
        machine.does("shut down", "systemctl poweroff")
        running.wait(timeout=LONGEST)
    finally:
        running.kill()


def on_a_server(folder: Path) -> None:
    """The page from its first step to the upgrade, and what comes in between."""
    with booted(folder) as machine:
        machine.does("the packages of Debian are known", "apt-get update")
        machine.does("Step by step", "".join(commands("Step by step", until="**Operators**")))
        for script, words in HEALTH:
            machine.shows(words, script)
        machine.does("a file comes", COMES)
        machine.shows("RUN_SUCCESS", "journalctl --no-pager --unit fellowship-daemon")
        machine.does("the daemon is killed", "systemctl kill --signal KILL fellowship-daemon.service")
        machine.shows("NRestarts=1", "systemctl show --property NRestarts fellowship-daemon")
        machine.does("the nightly backup", "systemctl start fellowship-backup.service")
        drill = next(block for block in commands("Restore") if "drill" in block)
        machine.does("the drill", "cd /var/lib/fellowship\n" + drill)
        machine.does("the upgrade", next(commands("Upgrade")))
    with booted(folder) as machine:
        for script, words in HEALTH:
            machine.shows(words, script)


def in_an_image(folder: Path) -> None:
    """The image, of a base that has what Debian has; its command, its backup and its daemon."""
    os.environ |= {"BUILDAH_ISOLATION": "chroot", "STORAGE_DRIVER": "vfs"}
    store = folder.with_name("images")
    buildah = ["buildah", f"--root={store}", f"--runroot={store}.run"]
    _base(folder, buildah)
    _says(
        [*buildah, "build", "--pull=never", "--quiet", "--file=deploy/Containerfile", f"--tag={IMAGE}", str(CHECKOUT)]
    )
    data = folder.with_name("data")
    data.mkdir()
    os.chown(data, 10001, -1)
    made = _says([*buildah, "from", "--pull=never", IMAGE])
    run = [*buildah, "run", "--volume", f"{data}:/var/lib/fellowship", made, "--"]
    backups = "/var/lib/fellowship/backups"
    for asked in (["init", HOME, "--example", "mentoring"], ["run", HOME], ["backup", HOME, backups]):
        _says([*run, "fellowship", *asked])
        print(f"the image: fellowship {asked[0]}", flush=True)
    command = [*run, "dagster-daemon", "run", "--workspace", "workspace.yaml"]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    daemon = subprocess.Popen(command, start_new_session=True, **silent)  # type: ignore[call-overload]
    try:
        last = time.monotonic() + LONGEST
        while subprocess.run([*run, "dagster-daemon", "liveness-check"], check=False, **silent).returncode:  # type: ignore[call-overload]
            if time.monotonic() > last:
                sys.exit(f"the image's daemon is not well after {LONGEST:.0f} seconds")
            time.sleep(5)
    finally:
        os.killpg(daemon.pid, signal.SIGTERM)
        daemon.wait()
    print("the image: dagster-daemon is live", flush=True)


def _base(folder: Path, buildah: list[str]) -> None:
    """An image of that Debian, under the name of the one that the Containerfile begins with."""
    made = _says([*buildah, "from", "scratch"])
    left_out = ["opt/fellowship", "var/lib/fellowship", "var/backups", "proc", "sys", "dev", "run", "tmp"]
    packed = [f"--exclude=./{name}/*" for name in left_out]
    place = _says([*buildah, "mount", made])
    with subprocess.Popen(["tar", "-C", str(folder), "-c", *packed, "."], stdout=subprocess.PIPE) as tar:
        subprocess.run(["tar", "-C", place, "-x"], stdin=tar.stdout, check=True)
    _says([*buildah, "run", made, "--", "userdel", "fellowship"])
    _says([*buildah, "config", f"--env=PIP_CERT={TRUSTED}", f"--env=SSL_CERT_FILE={TRUSTED}", made])
    _says([*buildah, "commit", "--quiet", made, BASE])


def _says(asked: list[str]) -> str:
    return subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=True, cwd=CHECKOUT).stdout.strip()


def main() -> None:
    """The command."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    lacking = [package for tool, package in TOOLS.items() if shutil.which(tool) is None]
    if os.geteuid() != 0 or lacking:
        sys.exit(f"as root, on Debian: apt-get install {' '.join(TOOLS.values())}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "debian"
        debian(folder)
        on_a_server(folder)
        in_an_image(folder)
    print("the server and the image do what the page says")


if __name__ == "__main__":
    main()
