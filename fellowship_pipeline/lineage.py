"""OpenLineage events of the tables that a run makes, for whoever has named a place for them.

Where the environment says so (``OPENLINEAGE_URL``, ``OPENLINEAGE_CONFIG`` or ``OPENLINEAGE__TRANSPORT__…``), every
table that was made is told of as a job of its own: what it was made of, its columns, and from which columns they come.
Names of tables and columns, times and the run's id leave the machine; no row, no count, no name of a file. A place that
does not take the first event gets no other, and the run goes on. Belongs here: those events. Does not belong here: what
tables are made of (``assets/sql``), or the metadata that Dagster shows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from fellowship_pipeline import __version__
from fellowship_pipeline.contracts import TABLE_BY_KEY

if TYPE_CHECKING:
    from openlineage.client import OpenLineageClient
    from openlineage.client.event_v2 import InputDataset, OutputDataset, RunState

    from fellowship_pipeline.warehouse.selects import Origins

PRODUCER = f"urn:fellowship-pipeline:{__version__}"
NAMESPACE = "OPENLINEAGE_NAMESPACE"
PLACES = ("OPENLINEAGE_URL", "OPENLINEAGE_CONFIG", "OPENLINEAGE__TRANSPORT__")
"""How variables begin that name a place for events."""
NOT_INSTALLED = (
    "no lineage is told: the environment names a place for it, and the package is missing;"
    " pip install 'fellowship-pipeline[openlineage]', or unset OPENLINEAGE_URL"
)


@dataclass
class Telling:
    """One table that is being made. ``is_made`` is set where it did not stand; only then anything is told."""

    is_made: bool = False


@dataclass
class Lineage:
    """What is told of one run. Without a ``client`` nothing is."""

    run_id: str
    namespace: str
    client: OpenLineageClient | None = None
    warn: Callable[[str], None] = field(default=lambda _: None)

    @contextmanager
    def table(self, key: str, reads: Collection[str], origins: Callable[[], Origins]) -> Iterator[Telling]:
        """Tells of the table that is made within: that it began, and how it ended.

        ``reads``: keys of the tables that it is made of; ``origins`` is asked only where there is somebody to tell.
        """
        began, making = datetime.now(UTC), Telling()
        try:
            yield making
        except BaseException:
            self._tell(key, reads, origins, began, is_whole=False)
            raise
        if making.is_made:
            self._tell(key, reads, origins, began, is_whole=True)

    def _tell(
        self, key: str, reads: Collection[str], origins: Callable[[], Origins], began: datetime, *, is_whole: bool
    ) -> None:
        if self.client is None:
            return
        from openlineage.client.event_v2 import InputDataset, RunState  # noqa: PLC0415 - an extra

        inputs = [InputDataset(self.namespace, read) for read in sorted(reads)]
        outputs = [self._output(key, origins())] if is_whole else []
        end = RunState.COMPLETE if is_whole else RunState.FAIL
        for state, at, made in ((RunState.START, began, []), (end, datetime.now(UTC), outputs)):
            self._send(key, state, at, inputs, made)

    def _output(self, key: str, origins: Origins) -> OutputDataset:
        from openlineage.client.event_v2 import OutputDataset  # noqa: PLC0415 - an extra
        from openlineage.client.facet_v2 import column_lineage_dataset as columns  # noqa: PLC0415
        from openlineage.client.facet_v2 import schema_dataset as schema  # noqa: PLC0415

        fields = [
            schema.SchemaDatasetFacetFields(name=column.name, type=column.type, description=column.description)
            for column in TABLE_BY_KEY[key].columns
        ]
        sources = {
            column: columns.Fields([columns.InputField(self.namespace, *pair) for pair in pairs])
            for column, pairs in origins.items()
            if pairs
        }
        facets = {
            "schema": schema.SchemaDatasetFacet(fields),
            "columnLineage": columns.ColumnLineageDatasetFacet(sources),
        }
        return OutputDataset(self.namespace, key, facets=facets)

    def _send(
        self, key: str, state: RunState, at: datetime, inputs: list[InputDataset], outputs: list[OutputDataset]
    ) -> None:
        from openlineage.client.event_v2 import Job, Run, RunEvent  # noqa: PLC0415 - an extra
        from openlineage.client.facet_v2 import parent_run  # noqa: PLC0415

        if self.client is None:
            return
        whole = parent_run.ParentRunFacet(
            run=parent_run.Run(self.run_id), job=parent_run.Job(self.namespace, "fellowship run")
        )
        event = RunEvent(
            eventType=state,
            eventTime=at.isoformat(),
            producer=PRODUCER,
            run=Run(str(uuid5(NAMESPACE_URL, f"{self.run_id}/{key}")), facets={"parent": whole}),
            job=Job(self.namespace, key),
            inputs=inputs,
            outputs=outputs,
        )
        try:
            self.client.emit(event)
        except Exception as error:  # noqa: BLE001 - whatever the way there raises, tables are made all the same
            self.client = None
            self.warn(f"lineage was not taken ({type(error).__name__}); nothing more of this run is told")


@contextmanager
def lineage(
    run_id: str, program: str, warn: Callable[[str], None], environment: Mapping[str, str] = os.environ
) -> Iterator[Lineage]:
    """What tells of a run, as far as the environment names a place; ``program``: the namespace, if it names none."""
    told = Lineage(run_id, environment.get(NAMESPACE) or program, warn=warn)
    if not any(name.startswith(PLACES) and value for name, value in environment.items()):
        yield told
        return
    if find_spec("openlineage") is None:
        warn(NOT_INSTALLED)
        yield told
        return
    try:
        told.client = client = _client(environment)
    except Exception as error:  # noqa: BLE001 - the client's own configuration may be wrong in any way
        warn(f"no lineage is told: its configuration is refused ({type(error).__name__})")
        yield told
        return
    try:
        yield told
    finally:
        client.close(timeout=5)


def _client(environment: Mapping[str, str]) -> OpenLineageClient:
    """The client that the environment configures; one that is named by a URL alone does not try again and again."""
    from openlineage.client import OpenLineageClient  # noqa: PLC0415 - an extra
    from openlineage.client.transport.http import ApiKeyTokenProvider, HttpConfig, HttpTransport  # noqa: PLC0415

    url = environment.get("OPENLINEAGE_URL")
    if not url:
        return OpenLineageClient()
    config = HttpConfig(
        url=url, endpoint=environment.get("OPENLINEAGE_ENDPOINT") or "api/v1/lineage", retry={"total": 0}
    )
    if key := environment.get("OPENLINEAGE_API_KEY"):
        config.auth = ApiKeyTokenProvider({"apiKey": key})
    return OpenLineageClient(transport=HttpTransport(config))
