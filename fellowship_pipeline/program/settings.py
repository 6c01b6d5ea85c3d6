"""program.yaml as validated settings: the program, its policies, its sources.

Belongs here: what may stand in program.yaml, with its defaults. Does not belong here: what must hold between its parts
(``rules``), reading the file (``loading``), words (``mistakes``), settings as rows (``rows``).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from fellowship_pipeline.program import marked_yaml, mistakes
from fellowship_pipeline.program.engine import EngineSetting
from fellowship_pipeline.program.missions import Missions
from fellowship_pipeline.program.mistakes import wrong
from fellowship_pipeline.program.report import RenewalReport
from fellowship_pipeline.program.sources import Entry, check_scale
from fellowship_pipeline.program.types import (
    LEARNERS,
    Amount,
    Count,
    Day,
    Kpi,
    Label,
    Language,
    Month,
    Positive,
    QuestionKind,
    Rate,
    Retention,
    Role,
    Roles,
    SettingsSection,
    Share,
    SourceName,
    StudyMode,
    Text,
    Variable,
    WebAddress,
    Zone,
    ordered,
)

FILE_NAME = "program.yaml"
TIMEZONE = "Asia/Seoul"


class About(SettingsSection):
    """What the program is."""

    id: Text = Field(description="The program's name for machines.")
    name: dict[Language, Text] = Field(default={}, description="Its name for people, by language.")

    def title(self, language: str) -> str:
        """The name in that language, else in the first there is, else the id."""
        names = dict[str, str](self.name.items())
        return names.get(language) or next(iter(names.values()), self.id)


class Cohort(SettingsSection):
    """A cohort and its bounds."""

    id: Text = Field(description="As the roster names it.")
    starts_on: Day | None = Field(default=None, description="First day.")
    ends_on: Day | None = Field(default=None, description="Last day in.")

    @model_validator(mode="after")
    def _order(self) -> Self:
        ordered(self.starts_on, self.ends_on, "ends_on")
        return self


class Seats(SettingsSection):
    """Capacity of a pool from a date on."""

    pool: Text = Field(description="The pool.")
    from_: Day = Field(alias="from", description="First day.")
    capacity: Count = Field(description="Seats.")


class Engagement(SettingsSection):
    """How engagement is counted."""

    window_days: Annotated[Positive, Field(le=3660)] = Field(default=30, description="Days that count as recent.")


class ReviewRule(SettingsSection):
    """A rule of the seat review, from a review month on."""

    id: Text = Field(description="Its name in the review.")
    from_: Month = Field(alias="from", description="First review month.")
    study_mode: StudyMode | None = Field(default=None, description="Whom it is for; left out: everybody.")
    minimum_xp: Amount | None = Field(default=None, description="XP asked for; left out: none.")
    minimum_active_days: Count = Field(default=1, description="Days with activity asked for.")
    first_month: Literal["exempt", "full", "prorated"] = Field(
        default="exempt", description="A seat begun in the month: not judged, judged, or asked for XP by its days."
    )


class Span(SettingsSection):
    """From a day to a day, both included."""

    from_: Day = Field(alias="from", description="First day.")
    to: Day = Field(description="Last day.")

    @model_validator(mode="after")
    def _order(self) -> Self:
        ordered(self.from_, self.to, "to")
        return self


class Term(Span):
    """A term whose end is compared with those of the others."""

    id: Text = Field(description="Its name.")
    label: Label = Field(default={}, description="What pages call it, by language; left out: its name.")


class Leave(SettingsSection):
    """Leave that exempts a member."""

    member: Text = Field(description="The member, by any name that is resolved.")
    from_: Day | None = Field(default=None, alias="from", description="First day.")
    to: Day | None = Field(default=None, description="Last day; left out: open-ended.")

    @model_validator(mode="after")
    def _order(self) -> Self:
        ordered(self.from_, self.to, "to")
        return self


class Exempt(SettingsSection):
    """Whom no review touches."""

    roles: list[Role] = Field(default=[], description="Roles that are exempt.")
    leave: list[Leave] = Field(default=[], description="Members on leave.")


class RotationBudget(SettingsSection):
    """How many seats may change hands."""

    share: Share = Field(description="Share of the seats per term.")
    terms: list[Span] = Field(description="The terms.")

    @model_validator(mode="after")
    def _apart(self) -> Self:
        spans = sorted(enumerate(self.terms), key=lambda numbered: numbered[1].from_)
        for (_, before), (at, after) in pairwise(spans):
            if after.from_ <= before.to:
                raise wrong(f"begins on {after.from_}, before the term that ends on {before.to} is over", "terms", at)
        return self


class Review(SettingsSection):
    """The monthly seat review."""

    rules: list[ReviewRule] = Field(default=[], description="Rules; of several that apply the latest `from` wins.")
    exempt: Exempt = Field(default=Exempt(), description="Whom no review touches.")
    rotation_budget: RotationBudget | None = Field(default=None, description="The platform's limit; left out: none.")


class WhatIf(SettingsSection):
    """What each review would have done under other rules."""

    minimum_xp: list[Count] = Field(default=[0, 250, 500, 1000, 1500, 2000, 3000], description="Minima of XP to try.")


class Scorecard(SettingsSection):
    """What stands first on the page."""

    headline: Annotated[list[Kpi], Field(max_length=2)] = Field(
        default=[],
        description="The headline KPIs that open the page, two at most; left out: those that decide renewal where "
        "there are seats, else missions, placement, attendance, the first of them that the program has.",
    )


class Recognition(SettingsSection):
    """The month's best."""

    top: Positive = Field(default=3, description="Places.")


class Applications(SettingsSection):
    """Selection."""

    stages: list[Text] = Field(default=[], description="Stages in order; left out: by their earliest decision.")
    labels: dict[Text, Label] = Field(default={}, description="What pages call a stage, by language.")
    channels: dict[Text, Label] = Field(default={}, description="What pages call a channel, by language.")


class Attendance(SettingsSection):
    """How attendance finds its session."""

    match: Literal["name", "window"] = Field(
        default="name", description="By the session's name alone; or, where none has it, the one session held then."
    )
    margin_minutes: Count = Field(default=15, description="Minutes before its start and after its end that count.")


class SessionKind(SettingsSection):
    """A kind of session."""

    expects: Roles | None = Field(default=None, description="Roles that are to come; left out: everybody.")
    label: Label = Field(default={}, description="What pages call it, by language; left out: its name.")


class Community(SettingsSection):
    """Whom sessions are for."""

    kinds: dict[Text, SessionKind] = Field(default={}, description="Kinds of sessions; others expect everybody.")


class GoalHelped(SettingsSection):
    """The question behind goal_helped_rate."""

    question: Text = Field(description="The question.")
    option: Text = Field(description="The answer that means: it helped.")


class Question(SettingsSection):
    """A question of a survey."""

    kind: QuestionKind = Field(description="How it is answered.")
    scale: tuple[float, float] | None = Field(default=None, description="Lowest and highest rating.")
    label: Label = Field(default={}, description="What pages call it, by language; left out: as its entry says.")
    labels: dict[Text, Label] = Field(default={}, description="What pages call an answer, by language.")

    @model_validator(mode="after")
    def _scale(self) -> Self:
        check_scale(self.kind, self.scale)
        return self


class Survey(SettingsSection):
    """A survey."""

    id: Text = Field(description="As survey_responses.survey names it.")
    label: Label = Field(default={}, description="What pages call it, by language; left out: its id.")
    cohorts: list[Text] = Field(default=[], description="Whom it was sent to; left out: all.")
    roles: Roles = Field(default=LEARNERS, description="Roles in these cohorts whom it was sent to.")
    opens_on: Day | None = Field(default=None, description="First day; left out: that of the first response.")
    closes_on: Day | None = Field(default=None, description="Last day; left out: that of the last response.")
    goal_helped: GoalHelped | None = Field(default=None, description="The question behind goal_helped_rate.")
    questions: dict[Text, Question] = Field(default={}, description="Its questions; others are free text.")

    @classmethod
    def moved(cls, key: str) -> PydanticCustomError | None:
        """As in ``SettingsSection``."""
        if key == "quote":
            return wrong("is `quotes` of the program's `report` now: report: {quotes: [RESPONSE, …]}", "quote")
        return None

    @model_validator(mode="after")
    def _order(self) -> Self:
        ordered(self.opens_on, self.closes_on, "closes_on")
        return self


class Privacy(SettingsSection):
    """The smallest groups that are published, and how long files are kept."""

    operational_minimum: Positive = Field(default=5, description="Persons, for seats, activity and courses.")
    sensitive_minimum: Positive = Field(
        default=10, description="Persons, for surveys, outcomes, missions and applications; 1 hides nobody."
    )
    sensitive_base: Positive = Field(default=23, description="Base from which a percentage is shown.")
    round_to: Positive = Field(default=5, description="What sensitive counts are rounded to.")
    retention_months: Retention = Field(
        default={},
        description="Months after which a file is destroyed, by source or one number; left out: never. Not by the first"
        " run after a pause of 30 days.",
    )


class Arrival(SettingsSection):
    """When a file counts as arrived."""

    quiet_seconds: Annotated[float, Field(ge=0)] = Field(default=1, description="Seconds between two looks at a file.")


class Quality(SettingsSection):
    """When a check warns."""

    unmatched_share: Rate = Field(default=0.02, description="Share of rows whose name resolves to nobody.")


class Notify(SettingsSection):
    """The digest, sent by `fellowship notify`; without this section nothing is sent."""

    urls_from: Variable = Field(
        default="FELLOWSHIP_NOTIFY_URLS",
        description="The environment variable with the URLs of whom it is sent to, as apprise has them, white space "
        "between. They hold secrets and never stand here.",
    )
    kpis: Annotated[list[Kpi], Field(min_length=1, max_length=2)] = Field(
        default=["adoption_rate", "engagement_rate"], description="The headline KPIs it says, two at most."
    )
    link: WebAddress | None = Field(default=None, description="Where the page can be read, the digest's last line.")


class Schedules(SettingsSection):
    """What starts runs by itself."""

    start: bool = Field(
        default=False,
        description="Whether the daily run, the monthly seat review and the sensors of the landing folder and of "
        "alarms are on as soon as Dagster runs; else somebody turns them on there.",
    )


class DagsterHistory(SettingsSection):
    """What Dagster remembers."""

    keep_runs: Positive = Field(default=90, description="Finished runs that are kept with their events, the newest.")


class Tables(SettingsSection):
    """What making tables may take of the machine."""

    memory_mb: Annotated[int, Field(ge=256)] | None = Field(
        default=None,
        description="Memory that tables may take at once; what is larger goes to the disk, beside the warehouse. "
        "Without it four fifths of the machine's, 3,072 at most.",
    )


class Program(SettingsSection):
    """program.yaml."""

    program: About = Field(description="What the program is.")
    timezone: Zone = Field(default=TIMEZONE, description="Days and months are of this zone.")
    languages: Annotated[list[Language], Field(min_length=1)] = Field(
        default=["ko", "en"], description="Languages of the pages; the first one leads."
    )
    cohorts: list[Cohort] = Field(default=[], description="Cohorts; one not listed has no bounds.")
    seats: list[Seats] = Field(default=[], description="Seats of each pool from a date on.")
    engagement: Engagement = Field(default=Engagement(), description="How engagement is counted.")
    review: Review = Field(default=Review(), description="The monthly seat review.")
    what_if: WhatIf = Field(default=WhatIf(), description="Reviews under other rules.")
    targets: dict[Kpi, Rate] = Field(default={}, description="What each headline KPI should reach, as a fraction.")
    scorecard: Scorecard = Field(default=Scorecard(), description="What stands first on the page.")
    recognition: Recognition = Field(default=Recognition(), description="The month's best.")
    applications: Applications = Field(default=Applications(), description="Selection.")
    attendance: Attendance = Field(default=Attendance(), description="How attendance finds its session.")
    community: Community = Field(default=Community(), description="Whom sessions are for.")
    missions: Missions = Field(default=Missions(), description="How missions are judged.")
    surveys: list[Survey] = Field(default=[], description="Surveys.")
    privacy: Privacy = Field(default=Privacy(), description="The smallest groups that are published.")
    terms: list[Term] = Field(default=[], description="Terms to be compared.")
    arrival: Arrival = Field(default=Arrival(), description="When a file counts as arrived.")
    quality: Quality = Field(default=Quality(), description="When a check warns.")
    report: RenewalReport = Field(default=RenewalReport(), description="The renewal report.")
    notify: Notify | None = Field(default=None, description="The digest; left out: nothing is sent.")
    schedules: Schedules = Field(default=Schedules(), description="What starts runs by itself.")
    dagster: DagsterHistory = Field(default=DagsterHistory(), description="What Dagster remembers.")
    engine: EngineSetting = Field(
        default="duckdb", description="What makes tables: duckdb, here; or spark, where one machine is not enough."
    )
    tables: Tables = Field(default=Tables(), description="What making tables may take of the machine.")
    excluded: list[Text] = Field(
        default=[], description="Test and staff accounts, by any name that is resolved: their rows count for nothing."
    )
    sources: dict[SourceName, list[Entry]] = Field(description="The files that feed each source.")

    _lines: dict[marked_yaml.KeyPath, int] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _kinds(self) -> Self:
        """A mapping's question without a kind is of the kind that ``surveys`` says."""
        kinds = {(survey.id, name): asked.kind for survey in self.surveys for name, asked in survey.questions.items()}
        for place, entry in enumerate(self.sources.get("survey_responses", [])):
            for name in [name for name, question in entry.questions.items() if question.kind is None]:
                kind = kinds.get((entry.survey or "", name))
                if kind is None:
                    raise wrong(
                        "kind is missing, as in surveys", "sources", "survey_responses", place, "questions", name
                    )
                entry.questions[name] = entry.questions[name].model_copy(update={"kind": kind})
        return self

    def where(self, *path: str | int) -> str:
        """``program.yaml line 41`` for a place such as ``"sources.activity.0.columns"`` (or its parts one by one)."""
        parts = path[0].split(".") if len(path) == 1 and isinstance(path[0], str) else path
        return mistakes.where(FILE_NAME, self._lines, tuple(map(str, parts)))

    @property
    def lake(self) -> tuple[int, str] | None:
        """The table of a lake that activity is in, after the place of its entry."""
        tables = ((number, entry.table) for number, entry in enumerate(self.sources.get("activity", ())))
        return next(((number, table) for number, table in tables if table), None)

    @property
    def only_pool(self) -> str | None:
        """The pool, where ``seats`` names exactly one."""
        pools = {row.pool for row in self.seats}
        return pools.pop() if len(pools) == 1 else None
