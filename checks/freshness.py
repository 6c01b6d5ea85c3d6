"""Whether files of a source come as often as ``program.yaml`` expects, as a check of ``raw.<source>`` that warns.

It is about days gone by, not about a table, so that it is no expectation of a suite and is asked anew by every run.
Belongs here: that check. Does not belong here: which files are overdue (``fellowship_pipeline.intake.expected``).
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    MetadataValue,
    multi_asset_check,
)

from checks.build import asset_key
from checks.model import Bilingual
from fellowship_pipeline.apart import ALONE, Apart
from fellowship_pipeline.home import clock
from fellowship_pipeline.intake.expected import Overdue, expecting, overdue
from fellowship_pipeline.program import Program

COMES = "files_come_as_expected"
AS_EXPECTED = Bilingual(
    en="Files come as often as `expects` in program.yaml says. Where it is not so, that is said as a warning.",
    ko="파일이 program.yaml의 `expects`만큼 자주 옵니다. 그렇지 않으면 경고로 알립니다.",
)
LATE = Bilingual(
    en="Expected {expects}, and the last file came on {day}.",
    ko="{expects} 와야 하는데 마지막으로 온 날은 {day}입니다.",
)
OFTEN = {
    "daily": Bilingual(en="daily", ko="매일"),
    "weekly": Bilingual(en="weekly", ko="매주"),
    "monthly": Bilingual(en="monthly", ko="매달"),
}


def build_freshness_checks(program: Program, apart: Apart = ALONE) -> list[AssetChecksDefinition]:
    """A check of each source with an entry that ``expects``. It asks for resources ``program`` and ``warehouse``."""
    language, sources = program.languages[0], expecting(program)
    if not sources:
        return []

    @multi_asset_check(
        name="check_what_is_expected",
        specs=[
            AssetCheckSpec(
                COMES, asset=asset_key(f"raw.{source}", apart), description=AS_EXPECTED.in_(language), blocking=False
            )
            for source in sources
        ],
        can_subset=True,
        required_resource_keys={"program", "warehouse"},
        pool=apart.pool,
    )
    def check(context: AssetCheckExecutionContext) -> Iterator[AssetCheckResult]:
        said = context.resources.program.load()
        today = clock.now().astimezone(ZoneInfo(said.timezone)).date()
        with context.resources.warehouse.connect(read_only=True) as con:
            late = list(overdue(con, said, today))
        for key in sorted(context.selected_asset_check_keys):
            mine = [one for one in late if one.source == key.asset_key.path[-1]]
            yield AssetCheckResult(
                passed=not mine,
                asset_key=key.asset_key,
                check_name=key.name,
                severity=AssetCheckSeverity.WARN,
                description=" ".join(in_words(one).in_(language) for one in mine) or AS_EXPECTED.in_(language),
                metadata={"last_on": MetadataValue.text(min(one.last_on for one in mine).isoformat())} if mine else {},
            )

    return [check]


def in_words(late: Overdue) -> Bilingual:
    """What is overdue, in a sentence."""
    often, day = OFTEN[late.expects], late.last_on
    return Bilingual(
        en=LATE.en.format(expects=often.en, day=day),
        ko=LATE.ko.format(expects=often.ko, day=day),
    )
