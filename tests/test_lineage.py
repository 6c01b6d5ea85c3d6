"""What is told of tables to a place for lineage, received by a server here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from fellowship_pipeline import lineage as module
from fellowship_pipeline.lineage import NOT_INSTALLED, Lineage, lineage

RUN = "0a0b0c0d-0000-4000-8000-000000000001"
READS = ("core.invitations", "core.parameters")
ORIGINS = {"invited": [("core.invitations", "invitation_id")], "month": []}


class Place:
    """A place for events; ``answer``: the status that it gives to each."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.paths: list[str] = []
        self.keys: list[str | None] = []
        self.answer = 200
        place = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                place.paths.append(self.path)
                place.keys.append(self.headers["Authorization"])
                place.events.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(place.answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def place() -> Iterator[Place]:
    place = Place()
    serving = Thread(target=place.server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield place
    place.server.shutdown()
    serving.join()
    place.server.server_close()


def make(told: Lineage, key: str, *, is_made: bool = True) -> None:
    with told.table(key, READS, lambda: ORIGINS) as making:
        making.is_made = is_made


def test_a_table_that_is_made_begins_and_ends_with_its_columns_and_where_they_come_from(place: Place) -> None:
    said: list[str] = []
    environment = {"OPENLINEAGE_URL": place.url, "OPENLINEAGE_API_KEY": "key"}
    with lineage(RUN, "tiny", said.append, environment) as told:
        make(told, "kpi.adoption")
        make(told, "kpi.seats", is_made=False)  # it stands: nothing has happened
    start, complete = place.events
    assert (place.paths[0], place.keys[0], said) == ("/api/v1/lineage", "Bearer key", [])
    assert [start["eventType"], complete["eventType"]] == ["START", "COMPLETE"]
    assert start["run"]["runId"] == complete["run"]["runId"] != RUN
    assert complete["run"]["facets"]["parent"]["run"]["runId"] == RUN
    assert complete["job"]["namespace"] == "tiny" and complete["job"]["name"] == "kpi.adoption"
    assert [(one["namespace"], one["name"]) for one in complete["inputs"]] == [("tiny", name) for name in READS]
    (made,) = complete["outputs"]
    assert (made["namespace"], made["name"]) == ("tiny", "kpi.adoption")
    assert made["facets"]["schema"]["fields"][0] == {
        "name": "month",
        "type": "DATE",
        "description": "The month, its 1st.",
        "fields": [],
    }
    assert made["facets"]["columnLineage"]["fields"] == {
        "invited": {
            "inputFields": [
                {"namespace": "tiny", "name": "core.invitations", "field": "invitation_id", "transformations": []}
            ]
        }
    }


def test_a_table_that_fails_says_so_and_not_why(place: Place) -> None:
    environment = {"OPENLINEAGE_URL": place.url, "OPENLINEAGE_NAMESPACE": "ours"}
    with lineage(RUN, "tiny", print, environment) as told, pytest.raises(ValueError, match="Kim"):  # noqa: SIM117
        with told.table("kpi.adoption", READS, lambda: ORIGINS):
            raise ValueError("Kim's row")
    assert [one["eventType"] for one in place.events] == ["START", "FAIL"]
    assert place.events[1]["job"]["namespace"] == "ours" and place.events[1]["outputs"] == []
    assert "Kim" not in json.dumps(place.events)


def test_a_place_that_refuses_gets_no_other_event_and_the_run_goes_on(place: Place) -> None:
    said: list[str] = []
    place.answer = 500
    with lineage(RUN, "tiny", said.append, {"OPENLINEAGE_URL": place.url}) as told:
        make(told, "kpi.adoption")
        make(told, "kpi.seats")
    assert len(place.events) == 1
    (line,) = said
    assert line.startswith("lineage was not taken (") and line.endswith("; nothing more of this run is told")


def test_a_place_that_is_not_there_costs_one_try() -> None:
    said: list[str] = []
    with lineage(RUN, "tiny", said.append, {"OPENLINEAGE_URL": "http://127.0.0.1:9"}) as told:
        make(told, "kpi.adoption")
        make(told, "kpi.seats")
    assert len(said) == 1


def test_events_may_go_to_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "lineage.jsonl"
    kind = {"TYPE": "file", "LOG_FILE_PATH": str(file), "APPEND": "true"}
    for name, value in kind.items():
        monkeypatch.setenv(f"OPENLINEAGE__TRANSPORT__{name}", value)
    with lineage(RUN, "tiny", print) as told:
        make(told, "kpi.adoption")
    assert [json.loads(line)["eventType"] for line in file.read_text("utf-8").splitlines()] == ["START", "COMPLETE"]


def test_where_nobody_asks_nothing_is_told_or_computed() -> None:
    def never() -> dict[str, list[tuple[str, str]]]:
        raise AssertionError

    with (
        lineage(RUN, "tiny", never, {"OPENLINEAGE_NAMESPACE": "ours"}) as told,  # type: ignore[arg-type]
        told.table("kpi.adoption", READS, never) as making,
    ):
        making.is_made = True
    assert told.client is None


def test_without_the_package_a_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    said: list[str] = []
    with lineage(RUN, "tiny", said.append, {"OPENLINEAGE_URL": "http://127.0.0.1:9"}) as told:
        make(told, "kpi.adoption")
    assert said == [NOT_INSTALLED]


def test_a_configuration_that_is_refused_stops_no_run() -> None:
    said: list[str] = []
    with lineage(RUN, "tiny", said.append, {"OPENLINEAGE_URL": "no url"}) as told:
        make(told, "kpi.adoption")
    assert said == ["no lineage is told: its configuration is refused (ValueError)"]
