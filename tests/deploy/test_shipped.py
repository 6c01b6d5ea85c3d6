"""What ``deploy/`` ships names what exists: commands with their options, files, folders, each in one way everywhere."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from configparser import RawConfigParser
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from dagster._cli import cli as dagster_group
from dagster._daemon.cli import cli as daemon_group
from dagster_webserver.cli import dagster_webserver

from fellowship_pipeline.cli import app
from tests.deploy.servers import DAGSTER, ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
ANALYZE = shutil.which("systemd-analyze")
MOST_EXPOSED = 20
"""Tenths of a point of systemd's own scale, of which 100 is a service that may do anything."""


@cache
def containerfile() -> list[str]:
    """Its instructions, a line each."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [" ".join(line.split()) for line in text.splitlines() if line and not line.startswith("#")]


@cache
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return document


def unit(path: Path) -> RawConfigParser:
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


def instructions(name: str) -> list[str]:
    return [line.removeprefix(f"{name} ") for line in containerfile() if line.startswith(f"{name} ")]


def options(command: list[str]) -> set[str]:
    """The options that a command of these programs knows; fails where there is no such command."""
    program, *words = command
    groups: dict[str, Any] = {
        "fellowship": typer.main.get_group(app), "dagster-daemon": daemon_group, "dagster": dagster_group,
        "dagster-webserver": dagster_webserver,
    }  # fmt: skip
    found = groups[Path(program).name]
    if hasattr(found, "commands"):
        found = found.commands[words[0]]
    return {name for option in found.params for name in (*option.opts, *option.secondary_opts)}


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command of the services and the units, and where it stands."""
    for name, service in compose()["services"].items():
        if service.get("image") == "fellowship-pipeline":
            yield f"compose.yaml {name}", service["command"]
    for path in UNITS:
        if path.suffix == ".service":
            yield path.name, shlex.split(unit(path)["Service"]["ExecStart"])
    health = compose()["services"]["daemon"]["healthcheck"]["test"]
    yield "compose.yaml daemon healthcheck", health[1:]


@pytest.mark.parametrize(("where", "command"), list(commands()))
def test_every_command_exists_with_its_options(where: str, command: list[str]) -> None:
    given = {word for word in command if word.startswith("--")}
    assert given <= options(command), where


def test_everything_that_an_image_copies_exists_and_is_let_in() -> None:
    let_in = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    }
    copied = {source for line in instructions("COPY") for source in line.split()[:-1]}
    assert {source for source in copied if not (ROOT / source).exists()} == set()
    assert {source.split("/")[0] for source in copied} == let_in


def test_an_image_has_every_file_that_the_installation_asks_for() -> None:
    """Packages of the distribution, and the files that pyproject.toml names."""
    copied = {source for line in instructions("COPY") for source in line.split()[:-1]}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    packages = re.findall(r'"(\w+)\*"', re.search(r"^include = (.*)$", project, flags=re.M)[1])  # type: ignore[index]
    assert {*packages, "requirements/runtime.in", "README.md", "LICENSE"} <= copied


def test_an_image_is_made_by_the_commands_of_the_makefile() -> None:
    """All of them; the project itself comes last there, so that a change of its code installs no package again."""
    asked = ["make", "--dry-run", "--always-make", "PYTHON=python3.11", ".venv/postgres"]
    of_no_make = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    made = subprocess.run(asked, cwd=ROOT, env=of_no_make, capture_output=True, text=True, check=True).stdout
    of_make = [line for line in made.splitlines() if not line.startswith("touch")]
    steps = [step.strip() for line in instructions("RUN") for step in line.split("&&")]
    own = [step for step in steps if "venv" in step and "compileall" not in step]
    assert sorted(own) == sorted(of_make)
    assert own[0].endswith("-m venv .venv") and "bootstrap" in own[1] and "--editable" in own[-1]


def test_an_image_has_what_the_shipped_dagster_settings_ask_for() -> None:
    storage = yaml.safe_load((DEPLOY / "dagster.yaml").read_text(encoding="utf-8"))["storage"]
    lock = (ROOT / "requirements/postgres.txt").read_text(encoding="utf-8")
    assert list(storage) == ["postgres"]
    assert re.search("^dagster-postgres==", lock, flags=re.M) and re.search("^psycopg2-binary==", lock, flags=re.M)
    assert any("-r requirements/postgres.txt" in line for line in instructions("RUN"))


def test_an_image_is_of_plain_names_and_runs_as_nobody_in_particular() -> None:
    images = [*instructions("FROM"), *(service["image"] for service in compose()["services"].values())]
    assert {image for image in images if "/" in image or "." in image.split(":")[0]} == set()
    last = containerfile()[-3:]
    assert [line.split()[0] for line in last] == ["ENV", "USER", "CMD"] and last[1] != "USER root"
    assert any(f"useradd --uid 10001 --create-home {last[1].split()[1]}" in line for line in instructions("RUN"))


def test_who_may_look_reaches_a_webserver_that_is_read_only_on_loopback() -> None:
    asked = [command for _, command in commands() if Path(command[0]).name == "dagster-webserver"]
    assert len(asked) == 2
    for command in asked:
        assert "--read-only" in command
        said = dict(pairwise(command))
        assert (said["--host"], said["--port"], said["--path-prefix"]) == ("127.0.0.1", "3000", "/dagster")
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "location /dagster/ {" in site and "proxy_pass http://127.0.0.1:3000;" in site
    services = compose()["services"]
    assert services["proxy"]["network_mode"] == "service:webserver"
    assert {name: service["ports"] for name, service in services.items() if "ports" in service} == {
        "webserver": ["127.0.0.1:8080:8080"]
    }
    assert "listen 8080;" in site


HOME, KEY = "/var/lib/fellowship/program", "/var/lib/fellowship/key"


def test_services_have_one_home_and_may_write_nothing_else() -> None:
    services = compose()["services"]
    for service in [service for service in services.values() if service["image"] == "fellowship-pipeline"]:
        assert service["volumes"][0].startswith("${FELLOWSHIP_DATA")
        assert service["volumes"][0].endswith(":/var/lib/fellowship")
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
    environment = dict(word.split("=", 1) for line in instructions("ENV") for word in shlex.split(line))
    assert environment["FELLOWSHIP_HOME"] == HOME
    assert environment["DAGSTER_HOME"] == f"{HOME}/dagster"
    assert environment["FELLOWSHIP_KEY_FILE"] == KEY
    assert services["proxy"]["volumes"][-1] == f"${{FELLOWSHIP_DATA}}/program/published:{HOME}/published:ro"
    sources = [volume.split(":")[0] for volume in services["proxy"]["volumes"] if volume.startswith("./")]
    assert sources and all((DEPLOY / source).is_file() for source in sources)


def test_units_are_of_one_user_home_and_key() -> None:
    services = [path for path in UNITS if path.suffix == ".service"]
    said = [unit(path)["Service"] for path in services]
    assert {(one["User"], one["WorkingDirectory"], one["StateDirectory"]) for one in said} == {
        ("fellowship", "/opt/fellowship", "fellowship")
    }
    for path in services:
        text = path.read_text(encoding="utf-8")
        assert f"Environment=FELLOWSHIP_HOME={HOME}\n" in text
        assert f"Environment=FELLOWSHIP_KEY_FILE={KEY}\n" in text
    (timer,) = [path for path in UNITS if path.suffix == ".timer"]
    assert timer.with_suffix(".service") in UNITS
    assert f"root {HOME}/published/current;" in (DEPLOY / "nginx.conf").read_text(encoding="utf-8")


def test_both_keep_backups_in_the_same_place() -> None:
    service = shlex.split(unit(DEPLOY / "systemd" / "fellowship-backup.service")["Service"]["ExecStart"])
    assert service[1:4] == compose()["services"]["backup"]["command"][1:] == ["backup", HOME, "/var/backups/fellowship"]


@pytest.mark.skipif(ANALYZE is None, reason="systemd")  # a container has none, and nothing but it reads units
def test_systemd_takes_the_units_and_finds_little_that_they_may_do(tmp_path: Path) -> None:
    places = []
    for path in UNITS:
        places.append(tmp_path / path.name)
        text = path.read_text(encoding="utf-8").replace("/opt/fellowship/.venv/bin", str(DAGSTER))
        places[-1].write_text(text, encoding="utf-8")
    assert ANALYZE is not None
    verified = subprocess.run([ANALYZE, "verify", *map(str, places)], capture_output=True, text=True, check=False)
    about_ours = [line for line in verified.stderr.splitlines() if "fellowship" in line]
    assert (verified.returncode, about_ours) == (0, [])
    services = [str(place) for place in places if place.suffix == ".service"]
    scored = subprocess.run(
        [ANALYZE, "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", *services],
        capture_output=True,
        text=True,
        check=False,
    )
    assert scored.returncode == 0, scored.stdout


PAGE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
SHELL = "\n".join(re.findall(r"^```sh\n(.*?)^```$", PAGE, flags=re.M | re.S)).replace("\\\n", " ")
PROGRAMS = ("fellowship", "dagster-daemon", "dagster-webserver", "dagster")


def named_on_the_page() -> list[list[str]]:
    """Every command of the product's on the page, in blocks and in lines."""
    told = [*re.split(r"\n|&&", SHELL), *re.findall(r"`((?:fellowship|dagster-\w+) [^`]+)`", PAGE)]
    lines = [shlex.split(line, comments=True) for line in told]
    return [words[at:] for words in lines for at, word in enumerate(words) if _is_program(word, words[max(at - 1, 0)])]


def _is_program(word: str, before: str) -> bool:
    """Whether the word is a command: at the beginning, in an environment, or what a service is to do instead."""
    place, _, name = word.rpartition("/")
    return name in PROGRAMS and (place.endswith("bin") or (not place and before in (word, "daemon")))


def test_every_command_on_the_page_exists_with_its_options() -> None:
    found = named_on_the_page()
    assert len(found) > 12
    for command in found:
        assert {word for word in command if word.startswith("--")} <= options(command), command


def test_every_file_unit_target_and_service_on_the_page_exists() -> None:
    linked = re.findall(r"\]\(([^)#]+)(?:#[\w-]+)?\)", PAGE)
    missing = {path for path in linked if not (ROOT / "docs" / path).exists()}
    assert missing <= {"dagster.md"}
    assert all((ROOT / path).exists() for path in re.findall(r"\bdeploy/[\w.-]+\.\w+", SHELL))
    assert {*re.findall(r"fellowship-\w+\.(?:service|timer)", PAGE)} == {path.name for path in UNITS}
    targets = set(re.findall(r"^([.\w/-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    assert set(re.findall(r"\bmake ([.\w/-]+)", SHELL)) - {"python3.11"} <= targets
    services = compose()["services"]
    assert set(re.findall(r"run --rm (\w+)", SHELL)) <= services.keys()


def test_the_page_tells_of_the_places_that_the_files_have() -> None:
    """Ports, users and folders that stand on the page and in the files."""
    shipped = "".join(
        path.read_text(encoding="utf-8") for path in [*UNITS, DEPLOY / "nginx.conf", DEPLOY / "compose.yaml"]
    )
    for place in (
        "/var/lib/fellowship/program", "/var/lib/fellowship/key", "/var/backups/fellowship", "/opt/fellowship",
        "/etc/fellowship/environment", "/etc/nginx/fellowship.users", "8080",
    ):  # fmt: skip
        assert place in PAGE and place in shipped, place
    asked_for = set(re.findall(r"\$\{(FELLOWSHIP_\w+)", shipped))
    assert asked_for == set(re.findall(r"^(FELLOWSHIP_\w+)=/", SHELL, flags=re.M))
