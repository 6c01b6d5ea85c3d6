"""The sensor on the landing folder: a run for every set of files that the ledger does not know yet.

The state of the folder is in the ledger, not in the sensor's cursor, which is lost when a tick raises.
"""

import hashlib
from pathlib import Path

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from fellowship_pipeline import __version__


def build_landing_sensor(home: str, job: UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """A sensor that asks for ``job`` when files wait that no run has taken in."""

    @dg.sensor(
        name="landing",
        job=job,
        minimum_interval_seconds=60,
        description="Runs everything when a file lies in landing/ that the ledger does not know.",
    )
    def landing(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if not home:
            return dg.SkipReason("FELLOWSHIP_HOME is not set")
        from fellowship_pipeline.home import Home  # noqa: PLC0415 - readers are heavy; only a tick needs them
        from fellowship_pipeline.intake.arrival import waiting  # noqa: PLC0415
        from fellowship_pipeline.program import load_program  # noqa: PLC0415

        place = Home(Path(home))
        files = waiting(place, load_program(place.path))
        if not files:
            return dg.SkipReason("every file in landing/ is in the ledger")
        listing = "\n".join(f"{path} {look}" for path, look in sorted(files.items()))
        key = hashlib.sha256(f"{__version__}\n{listing}".encode()).hexdigest()
        return dg.RunRequest(run_key=key)

    return landing
