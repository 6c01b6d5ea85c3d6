"""One addition of each kind that docs/growing.md lists, as text: new files, and what is put after text standing once.

Belongs here: the additions, and what proves that each works. Does not belong here: making them (``test_growing``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

LOCALES = tuple(f"fellowship_pipeline/dashboard/locale/{language}.yaml" for language in ("en", "ko"))
END = ""
"""In place of text to put something after: the end of the file."""


@dataclass(frozen=True)
class Addition:
    """``at_most``: the files it may take besides locale; ``holds``: tests of the house that must accept it.

    ``new``: files by path, ``NAME`` in the list being ``name``; ``after``: path, the text before, the text added.
    ``proof``: Python that fails unless it works.
    """

    section: str
    name: str
    at_most: int
    proof: str
    holds: tuple[str, ...]
    new: dict[str, str] = field(default_factory=dict)
    after: tuple[tuple[str, str, str], ...] = ()


PRESET = Addition(
    "A preset",
    "blackboard",
    at_most=4,
    new={
        "fellowship_pipeline/intake/presets/blackboard.py": '''\
"""Blackboard: a row per course completed.

Belongs here: Blackboard's headers.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped, rows_of
from fellowship_pipeline.intake.readers.records import Records

HEADER = ("Email address", "Course", "Completed on")


@dataclass(frozen=True)
class _Blackboard:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand(HEADER)
        member, course, completed_at = map(records.column, HEADER)
        return Shaped(rows_of(records, {"member": member, "course": course, "completed_at": completed_at}))


PRESET = Preset(_Blackboard, known=(Known("Blackboard completions", ("completions",), HEADER),))
''',
    },
    after=(
        (
            "fellowship_pipeline/contracts/presets.py",
            '    "kolibri": frozenset({"activity", "completions"}),\n',
            '    "blackboard": frozenset({"completions"}),\n',
        ),
        (
            "docs/sources.md",
            "| `kolibri` | summary log, session log | activity, completions |\n",
            "| `blackboard` | completions | completions |\n",
        ),
    ),
    proof="""
from tests.intake.presets.shapes import rows, shape

shaped = shape("blackboard", "completions", "Email address,Course,Completed on\\na@x.org,SQL,2024-03-01\\n")
assert rows(shaped, "member", "course", "completed_at") == [("a@x.org", "SQL", "2024-03-01")]
""",
    holds=(
        "tests/test_docs.py::test_the_page_of_sources_lists_every_preset_with_what_it_feeds",
        "tests/program/test_reference.py",
        "tests/intake/proposal/test_proposal.py::test_every_preset_says_what_it_knows",
    ),
)

TABLE = Addition(
    "A KPI table",
    "certificates",
    at_most=4,
    new={
        "assets/kpi/certificates.sql": """\
-- Certificates earned, by month.
-- Grain: month.
with parameters as (
    select * from core.parameters
),

certificates as (
    select
        certifications.member_id,
        cast(date_trunc('month', certifications.issued_on) as date) as month
    from staging.certifications as certifications
    inner join parameters on certifications.issued_on <= parameters.as_of
    where certifications.member_id is not null
)

select
    month,
    count(distinct member_id) as members,
    count(*) as certificates
from certificates
group by month
""",
    },
    after=(
        (
            "fellowship_pipeline/contracts/kpi/learning.py",
            "LEARNING_TABLES: tuple[Table, ...] = (\n",
            """\
    table(
        "certificates",
        "Certificates earned in the month.",
        ("month",),
        (
            MONTH,
            count("members", "Members who earned any."),
            count("certificates", "Certificates that they earned.", "certificates"),
        ),
        Operational("members", ("month",)),
    ),
""",
        ),
        (
            "fellowship_pipeline/dashboard/figures/learning.py",
            END,
            '''

def certificates(scene: Scene, _chosen: Slice, words: Voice) -> View | None:
    """Certificates by month, as a table."""
    rows = scene.rows("certificates")
    if not rows:
        return None
    fields = (
        Field("month", words("column.month"), "month"),
        Field("certificates", words("certificates.head"), "int"),
    )
    title = words("certificates.title", count=int(known(rows[-1]["certificates"]) or 0))
    return View(title, words("certificates.subtitle"), table(fields, rows, words))
''',
        ),
        (
            "fellowship_pipeline/dashboard/sections.py",
            'PageFigure("courses", learning.courses, "courses", follows=False),\n',
            'PageFigure("certificates", learning.certificates, "certificates", follows=False),\n',
        ),
        (LOCALES[0], "\nsource:\n", "  certificates: certificates earned\n"),
        (
            LOCALES[0],
            END,
            'certificates:\n  title: "{count} certificates were earned"\n  subtitle: By month.\n  head: Certificates\n',
        ),
        (LOCALES[1], "\nsource:\n", "  certificates: 수료증 자료\n"),
        (
            LOCALES[1],
            END,
            'certificates:\n  title: "수료증 {count}개를 받았다"\n  subtitle: 월별.\n  head: 수료증\n',
        ),
    ),
    proof="""
from datetime import date

from fellowship_pipeline import warehouse
from fellowship_pipeline.dashboard.figures import learning
from fellowship_pipeline.dashboard.scene import WHOLE, Scene
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.release.policy import OPERATIONAL
from tests.assets.tiny import Tiny
from tests.dashboard import synthetic

with warehouse.connect(None) as con:
    tiny = Tiny(con)
    for member, day in (("a", 1), ("b", 2), ("b", 3)):
        tiny.add("staging.certifications", member=member, member_id=member, certification=f"C{day}",
                 issued_on=date(2022, 4, day))
    assert tiny.rows("kpi.certificates", "*") == [(date(2022, 4, 1), 2, 3)]
assert OPERATIONAL["certificates"].size == "members"
release = synthetic.release({"certificates": [{"month": date(2022, 4, 1), "members": 20, "certificates": 30}]})
view = learning.certificates(Scene(release, synthetic.program(), synthetic.page()), WHOLE, Voice("en"))
assert view.title == "30 certificates were earned"
assert view.table.rows == [["2022-04-01", 30]]
""",
    holds=("tests/contracts/test_contracts.py", "tests/dashboard/test_words.py"),
)

HEADLINE = Addition(
    "A headline",
    "track_completion_rate",
    at_most=3,
    after=(
        (
            "fellowship_pipeline/contracts/kpi/headlines.py",
            "HEADLINES: tuple[Headline, ...] = (\n",
            """\
    Headline(
        "track_completion_rate",
        "operational",
        "tracks",
        {"ko": "트랙 수료율", "en": "Track completion"},
        {"ko": "트랙을 마친 구성원", "en": "Members who completed their track"},
        adds_up=True,
    ),
""",
        ),
        (
            "assets/kpi/headlines.sql",
            "    from core.parameters\n),\n",
            """
tracked as (
    select
        slice_by,
        slice,
        sum(completed) as completed,
        sum(members) as members
    from kpi.tracks
    group by slice_by, slice
),
""",
        ),
        (
            "assets/kpi/headlines.sql",
            "    from adoption\n    union all\n",
            """\
    select 'track_completion_rate', slice_by, slice, completed, members, null from tracked
    union all
""",
        ),
        (
            "checks/kpi/scorecard.yaml",
            "      expected as (\n",
            """\
          select
              'track_completion_rate' as kpi, slice_by, slice, sum(completed) as numerator, sum(members) as denominator
          from kpi.tracks
          group by slice_by, slice
          union all
""",
        ),
        (
            "checks/kpi/scorecard.yaml",
            "          where kpi in (\n",
            "              'track_completion_rate',\n",
        ),
    ),
    proof="""
from datetime import date, datetime

from fellowship_pipeline import warehouse
from fellowship_pipeline.dashboard import tiles
from fellowship_pipeline.dashboard.scene import WHOLE, Scene
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.explain.units import select
from fellowship_pipeline.program.types import TARGETS
from tests.assets.tiny import Tiny
from tests.dashboard import synthetic

with warehouse.connect(None) as con:
    tiny = Tiny(con)
    tiny.add("core.configured_sources", source="completions")
    tiny.add("staging.catalog", course="c", track="T", hours=5)
    for member in "ab":
        tiny.add("staging.roster", member=member, member_id=member, cohort="A", track="T", joined_on=date(2022, 4, 1))
    tiny.add("staging.completions", member="a", member_id="a", course="c", completed_at=datetime(2022, 4, 2))
    found = tiny.rows("kpi.headlines", "slice, numerator, denominator", "kpi = 'track_completion_rate'")
    assert ("all", 1, 2) in found and ("A", 1, 2) in found
    units = "select sum(completed), count(*) from (" + select("track_completion_rate") + ") where slice = 'A'"
    assert con.execute(units).fetchall() == [(1, 2)]
assert "track_completion_rate" in TARGETS
release = synthetic.release(
    {"scorecard": [{"kpi": "track_completion_rate", "slice_by": "all", "slice": "all", "label": "", "unit": "rate",
                    "as_of": date(2022, 4, 30), "numerator": 30, "denominator": 60, "value": 0.5}]}
)
scene = Scene(release, synthetic.program(), synthetic.page())
(headline,) = tiles.headlines(scene)
assert tiles.tile(scene, headline, WHOLE, Voice("en")).texts["value"] == "50.0"
""",
    holds=("tests/contracts/test_headlines.py", "tests/program/test_reference.py"),
)

REQUIREMENT = Addition(
    "A kind of requirement",
    "score",
    at_most=3,
    after=(
        (
            "fellowship_pipeline/contracts/kinds.py",
            'Evidence = Literal["completions", ',
            '"scores", ',
        ),
        (
            "fellowship_pipeline/contracts/kinds.py",
            "REQUIREMENT_KINDS: tuple[RequirementKind, ...] = (\n",
            '    RequirementKind("score", "target_results", "scores", needs_threshold=True),\n',
        ),
        (
            "assets/core/target_results.sql",
            "where named.evidence = 'completions'\nunion all\n",
            """\
select
    named.requirement_id,
    named.target,
    named.member_id,
    min(completions.completed_at) as met_at
from named
cross join parameters
inner join staging.completions as completions
    on named.member_id = completions.member_id
    and named.target = completions.course
    and completions.score >= named.threshold
    and cast(timezone(parameters.timezone, timezone('UTC', completions.completed_at)) as date) <= parameters.as_of
where named.evidence = 'scores'
group by named.requirement_id, named.target, named.member_id
union all
""",
        ),
        (
            "docs/missions.md",
            "| `course` | courses, separated by `\\|` | | the last of them was first completed |\n",
            "| `score` | a course | the score | it was first completed with that score |\n",
        ),
    ),
    proof="""
from datetime import date, datetime

from checks.model import meanings
from fellowship_pipeline import warehouse
from tests.assets.tiny import Tiny

with warehouse.connect(None) as con:
    tiny = Tiny(con)
    tiny.add("staging.missions", mission="M", due_at=datetime(2022, 4, 10), requirement="score", target="c",
             threshold=80, cohort="A", alternative="1")
    for member, score in (("a", 79.9), ("b", 80)):
        tiny.add("staging.roster", member=member, member_id=member, cohort="A")
        tiny.add("staging.completions", member=member, member_id=member, course="c", score=score,
                 completed_at=datetime(2022, 4, 2))
    assert tiny.rows("core.mission_results", "member_id, status, missing") == [
        ("a", "missed", "score c"), ("b", "met", None)
    ]
assert any("score, course" in check.words.ko for check in meanings("staging.missions"))
""",
    holds=("tests/contracts/test_kinds.py",),
)

SOURCE = Addition(
    "A source",
    "badges",
    at_most=3,
    after=(
        (
            "fellowship_pipeline/contracts/sources.py",
            "SOURCES: tuple[Source, ...] = (\n",
            """\
    Source(
        "badges",
        "A badge earned.",
        (
            _member(),
            _c("badge", description="The badge.", required=True),
            _c("earned_on", "DATE", "When it was earned.", required=True, pii="quasi"),
        ),
        ("member", "badge"),
    ),
""",
        ),
        (
            "checks/raw/files.yaml",
            "          select _file_id, _row from staging.roster\n",
            "          union all select _file_id, _row from staging.badges\n",
        ),
        (
            "checks/ops/unmatched.yaml",
            "          select member, member_id from staging.roster\n",
            "          union all select member, member_id from staging.badges\n",
        ),
        (LOCALES[0], "\nsource_name:\n", "  badges: Badges\n"),
        (LOCALES[1], "\nsource_name:\n", "  badges: 배지\n"),
    ),
    proof="""
from pathlib import Path
from tempfile import TemporaryDirectory

from fellowship_pipeline.dashboard.words import Voice
from tests.intake.homes import Place

with TemporaryDirectory() as folder:
    place = Place(Path(folder))
    place.configure({"badges": [{"files": "landing/badges.csv"}], "roster": [{"files": "landing/roster.csv"}]})
    place.land({"badges.csv": "member,badge,earned_on\\na,SQL,2024-03-01\\nx,SQL,soon\\n"})
    place.land({"roster.csv": "member,cohort\\na,A\\n"})
    with place.staged() as con:
        assert con.execute("select member_id, badge from staging.badges").fetchall() == [("a", "SQL")]
        assert con.execute('select "column" from raw.rejects').fetchall() == [("earned_on",)]
assert Voice("ko")("source_name.badges") == "배지"
""",
    holds=(
        "tests/contracts/test_contracts.py",
        "tests/checks/test_suites.py::test_records_of_every_source_are_counted_again",
        "tests/checks/test_suites.py::test_names_of_every_source_of_members_are_counted",
        "tests/program/test_reference.py",
    ),
)

ADDITIONS = (PRESET, TABLE, HEADLINE, REQUIREMENT, SOURCE)
