"""The sensor on the landing folder: a run for every set of files that the ledger does not know yet.

The state of the folder is in the home, not in the sensor's cursor, which is lost when a tick raises.
"""

import hashlib
from pathlib import Path

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from dagster._core.storage.tags import HIDDEN_TAG_PREFIX

from fellowship_pipeline import __version__
from fellowship_pipeline.apart import ALONE, Apart

FILES_TAG = f"{HIDDEN_TAG_PREFIX}fellowship_files"
MOST_ATTEMPTS = 3
FAILED = [dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


def build_landing_sensor(
    home: str, job: UnresolvedAssetJobDefinition, apart: Apart = ALONE, *, start: bool = False
) -> dg.SensorDefinition:
    """A sensor that asks for ``job`` when files wait that no run has taken in, and again where that run failed.

    ``start``: it is on as soon as Dagster runs.
    """

    @dg.sensor(
        name="landing",
        job=job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING if start else dg.DefaultSensorStatus.STOPPED,
        description="Runs everything when files that the ledger does not know stand still where they landed.",
    )
    def landing(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if not home:
            return dg.SkipReason("FELLOWSHIP_HOME is not set")
        from fellowship_pipeline.home import Home  # noqa: PLC0415 - readers are heavy; only a tick needs them
        from fellowship_pipeline.intake.landing.arrival import waiting  # noqa: PLC0415
        from fellowship_pipeline.intake.landing.nameless import nameless  # noqa: PLC0415
        from fellowship_pipeline.program import load_program  # noqa: PLC0415

        place = Home(Path(home))
        program = load_program(place.path)
        with nameless(place):
            files = waiting(place, program)
        if not files:
            return dg.SkipReason("no new file has stood still since the tick before")
        listing = "\n".join(f"{path} {content}" for path, content in sorted(files.items()))
        key = hashlib.sha256(f"{apart.name}{__version__}\n{listing}".encode(errors="surrogateescape")).hexdigest()
        failed = context.instance.get_runs_count(dg.RunsFilter(tags={FILES_TAG: key[:63]}, statuses=FAILED))
        if failed >= MOST_ATTEMPTS:
            return dg.SkipReason(f"{failed} runs failed on these files; the daily run tries again")
        return dg.RunRequest(run_key=f"{key}-{failed}", tags={FILES_TAG: key[:63]})

    return landing
