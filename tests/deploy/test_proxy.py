"""Who may do what, tried on the real proxy before a real read-only Dagster: nobody without a login, and no viewer."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import dagster as dg
import pytest

from fellowship_pipeline.home import Home
from fellowship_pipeline.home.instance import settle
from tests.deploy.servers import NGINX, asked, proxy, told, webserver

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("deploy"),
    pytest.mark.skipif(NGINX is None, reason="nginx"),  # Debian's package; .ci/run installs it and fails on this skip
]

VIEWER = "viewer:looks-only"
KEY = dg.AssetKey(["kpi", "seats"])
SELECTOR = '{pipelineName: "refresh", repositoryName: "__repository__", repositoryLocationName: "fellowship_pipeline"}'
MUTATIONS = {
    "launchRun": f'launchRun(executionParams: {{selector: {SELECTOR}, mode: "default", runConfigData: {{}}}})',
    "wipeAssets": 'wipeAssets(assetPartitionRanges: [{assetKey: {path: ["kpi", "seats"]}}])',
    "deletePipelineRun": 'deletePipelineRun(runId: "RUN")',
    "startSchedule": 'startSchedule(scheduleSelector: {scheduleName: "daily_refresh",'
    ' repositoryName: "__repository__", repositoryLocationName: "fellowship_pipeline"})',
    "reloadWorkspace": "reloadWorkspace",
}
NOT_ALLOWED = "UnauthorizedError"


@dataclass(frozen=True)
class Site:
    """A home that has published, its Dagster, and the ports of proxy and read-only webserver."""

    home: Home
    instance: dg.DagsterInstance
    run_id: str
    behind: int
    port: int

    def answer(self, name: str, port: int, login: str = "") -> str:
        """The type of the answer to a mutation."""
        query = f"mutation {{{MUTATIONS[name].replace('RUN', self.run_id)} {{__typename}}}}"
        return str(told(port, query, login=login)[name]["__typename"])

    def is_untouched(self) -> bool:
        return self.instance.has_run(self.run_id) and self.instance.get_asset_keys() == [KEY]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    home = Home(folder / "home")
    (home.published / "r1" / "tables").mkdir(parents=True)
    (home.published / "current").symlink_to("r1")
    (home.release / "dashboard.html").write_text("<p>figures")
    (home.release / "tables" / "seats.csv").write_text("pool\n")
    home.ledger.write_text("secret")
    settle(home)
    hashed = subprocess.run(
        ["openssl", "passwd", "-6", "-stdin"], input="looks-only", capture_output=True, text=True, check=True
    )
    (folder / "users").write_text(f"viewer:{hashed.stdout}")
    (folder / "nginx").mkdir()
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        run = instance.create_run_for_job(dg.GraphDefinition("refresh").to_job())
        instance.report_runless_asset_event(dg.AssetMaterialization(KEY))
        with (
            webserver(home.dagster, "--read-only") as behind,
            proxy(folder / "nginx", home.published, behind, folder / "users") as port,
        ):
            yield Site(home, instance, run.run_id, behind, port)


@pytest.mark.parametrize(
    "path",
    ["/", "/dashboard.html", "/tables/seats.csv", "/dagster/", "/dagster/server_info", "/dagster/graphql", "/none"],
)
@pytest.mark.parametrize("login", ["", "viewer:guessed", "nobody:looks-only", "viewer:"])
def test_nobody_gets_anything_without_a_login(site: Site, path: str, login: str) -> None:
    answer = asked(site.port, path, login=login)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, 'Basic realm="fellowship"')
    assert "figures" not in answer.body


@pytest.mark.parametrize("name", MUTATIONS)
def test_nobody_launches_or_wipes_without_a_login(site: Site, name: str) -> None:
    with pytest.raises(AssertionError, match=r"^\(401,"):
        site.answer(name, site.port)
    assert site.is_untouched()


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_viewer_may_not_launch_or_wipe(site: Site, name: str) -> None:
    assert site.answer(name, site.port, VIEWER) == NOT_ALLOWED
    assert site.is_untouched()


@pytest.mark.parametrize("name", MUTATIONS)
def test_nor_may_who_comes_past_the_proxy(site: Site, name: str) -> None:
    assert site.answer(name, site.behind) == NOT_ALLOWED
    assert site.is_untouched()


def test_a_viewer_sees_the_page_and_dagster(site: Site) -> None:
    assert asked(site.port, "/", login=VIEWER).body == "<p>figures"
    page = asked(site.port, "/dashboard.html", login=VIEWER)
    assert (page.status, page.body, page.headers["content-type"]) == (200, "<p>figures", "text/html")
    said = {name: page.headers[name] for name in ("x-content-type-options", "x-frame-options", "referrer-policy")}
    assert said == {"x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer"}
    assert asked(site.port, "/dagster/", login=VIEWER).status == 200
    assert told(site.port, "{runsOrError {__typename ... on Runs {results {runId}}}}", login=VIEWER)["runsOrError"] == {
        "__typename": "Runs", "results": [{"runId": site.run_id}],
    }  # fmt: skip


def test_what_dagster_pushes_comes_through_to_who_logged_in(site: Site) -> None:
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    upgrade |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": "graphql-ws"}
    asked_for = [asked(site.port, "/dagster/graphql", login=login, **upgrade).status for login in ("", VIEWER)]
    assert asked_for == [401, 101]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tables/", 403),
        ("/../../ledger.jsonl", 400),
        ("/%2e%2e/%2e%2e/ledger.jsonl", 400),
        ("/..%2f..%2fledger.jsonl", 400),
        ("/ledger.jsonl", 404),
        ("/tables..%2f..%2f..%2fledger.jsonl", 400),
    ],
)
def test_a_viewer_sees_nothing_else_of_the_home(site: Site, path: str, status: int) -> None:
    answer = asked(site.port, path, login=VIEWER)
    assert (answer.status, "secret" in answer.body) == (status, False)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_pages_take_nothing(site: Site, method: str) -> None:
    assert asked(site.port, "/dashboard.html", method, login=VIEWER, body="{}").status == 403


def test_whether_the_daemon_lives_is_answered(site: Site) -> None:
    """What docs/deployment.md says to ask, with no daemon at work."""
    asked_for = "{instance {daemonHealth {allDaemonStatuses {daemonType required healthy}}}}"
    found = told(site.port, asked_for, login=VIEWER)["instance"]["daemonHealth"]["allDaemonStatuses"]
    needed = {one["daemonType"]: one["healthy"] for one in found if one["required"]}
    assert {"SCHEDULER", "SENSOR"} <= needed.keys()
    assert set(needed.values()) == {False}


def test_operators_on_their_own_loopback_may(site: Site) -> None:
    """The same mutations at a webserver that is not read-only: what the others would have done."""
    with webserver(site.home.dagster) as port:
        assert site.answer("launchRun", port) == "PipelineNotFoundError"  # allowed; there is no code to launch here
        assert site.answer("wipeAssets", port) == "AssetWipeSuccess"
        assert site.answer("deletePipelineRun", port) == "DeletePipelineRunSuccess"
    assert site.instance.get_asset_keys() == []
    assert not site.instance.has_run(site.run_id)
