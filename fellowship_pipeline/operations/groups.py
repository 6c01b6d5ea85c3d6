"""A builder's page: one study group, its members one by one, beside the program, and what to talk about.

Belongs here: its sections. Does not belong here: any other group's members; HTML (``pages``).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from fellowship_pipeline.dashboard.words import DASH
from fellowship_pipeline.operations.blocks import (
    MOST_ROWS,
    Block,
    Grid,
    ListRow,
    ListSection,
    Sentence,
    days_ago,
    person,
    risk_state,
    under,
)
from fellowship_pipeline.operations.desk import Desk
from fellowship_pipeline.operations.index import mission, this_month
from fellowship_pipeline.operations.messages import SILENT_DAYS
from fellowship_pipeline.operations.sparkline import bars, share
from fellowship_pipeline.operations.speech import Speech, Spoken, amount, counted, short_day, spoken

WEEKS = tuple(f"week_{number}" for number in range(1, 9))
LAST_WEEKS = WEEKS[-4:]
PRAISED = 3
"""How many are praised for having learned most."""
MOST_MEMBERS = 60
"""What a page shows of a group: those who study together are a dozen; the list of the operators has all."""
MOST_NAMED = 20
"""How many the agenda names under one head."""
MOST_SESSIONS = 5


def file_name(group: str) -> str:
    """A name for the group's page that every file system takes and no two groups share: letters, a hash."""
    letters = unicodedata.normalize("NFKD", group).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40].strip("-") or "group"
    return f"{slug}-{hashlib.sha256(group.encode()).hexdigest()[:12]}.html"


def group_pages(desk: Desk, names: Iterable[str]) -> Iterator[GroupPage]:
    """The pages of these groups; what can be is asked once for all of them."""
    beside = {(row["slice_by"], row["slice"]): row for row in desk.ask("beside")}
    problems = _by_group(desk.ask("problems"))
    sessions = desk.ask("next_sessions", most=MOST_ROWS)
    best = {row["member_id"] for row in desk.first("recognition", "xp > 0")}
    for name in names:
        members = desk.ask("members", study_group=name)
        own = [row for row in sessions if row["study_group"] in (None, name)][:MOST_SESSIONS]
        measures = beside["study_group", name], beside["all", "all"]
        yield GroupPage(desk, name, members, measures, problems.get(name, []), own, best)


def _by_group(rows: Iterable[ListRow]) -> dict[str, list[ListRow]]:
    found: dict[str, list[ListRow]] = {}
    for row in rows:
        found.setdefault(row["study_group"], []).append(row)
    return found


@dataclass(frozen=True)
class GroupPage:
    """Everything of one study group."""

    desk: Desk
    name: str
    members: Sequence[ListRow]
    beside: tuple[ListRow, ListRow]
    """Its measures and those of the program."""
    problems: Sequence[ListRow]
    sessions: Sequence[ListRow]
    """Those to come, for this group or for everybody."""
    best: Collection[str]
    """Members who are among the program's best of the month."""

    @property
    def say(self) -> Speech:
        """The page's languages."""
        return self.desk.say

    @property
    def builders(self) -> list[str]:
        """Who runs the group."""
        return [row["name"] or row["member_id"] for row in self.members if row["role"] == "builder"]

    @property
    def active(self) -> int:
        """How many learned in the last 14 days."""
        return len(self.members) - len(self._silent())

    @property
    def high(self) -> int:
        """How many are at high risk."""
        return sum(row["risk"] == "high" for row in self.members)

    def sections(self) -> list[ListSection]:
        """What stands on the page, in order."""
        made = (self._agenda(), self._members(), self._measures(), self._sessions())
        return [section for section in made if section is not None]

    def _silent(self) -> list[ListRow]:
        def days(row: ListRow) -> float:
            return float("inf") if row["days_since_activity"] is None else row["days_since_activity"]

        return sorted((row for row in self.members if days(row) >= SILENT_DAYS), key=days, reverse=True)

    def _amount(self, value: float) -> Spoken:
        """An amount of what learning is measured by."""
        if self.desk.unit == "days":
            return spoken("unit.days", count=round(value))
        return spoken(f"unit.{self.desk.unit}", amount=counted(value))

    # What to talk about

    def _agenda(self) -> ListSection:
        say, blocks = self.say, list[Block]()
        silent = [(row, days_ago(say, row["days_since_activity"])) for row in self._silent()]
        blocks += self._listed("silent", silent)
        at_risk = [(row, _reasons(self.desk, row)) for row in self.members if row["risk"] == "high"]
        blocks += self._listed("risk", at_risk)
        blocks += self._listed("praise", self._praised())
        if self.desk.has("support_requests"):
            blocks += self._listed("problems", [(row, self._problem(row)) for row in self.problems])
        return ListSection("agenda", blocks)

    def _listed(self, key: str, found: Sequence[tuple[ListRow, Markup]]) -> list[Block]:
        say = self.say
        title = Sentence(say(f"agenda.{key}"), "title")
        if not found:
            return [title, Sentence(say(f"agenda.{key}_none"))]
        items = [
            f"<li><b>{escape(row['name'] or row['member_id'])}</b> {said}</li>" for row, said in found[:MOST_NAMED]
        ]
        if len(found) > MOST_NAMED:
            items.append(f"<li>{say('agenda.more', count=len(found) - MOST_NAMED)}</li>")
        return [title, Sentence(Markup(f'<ul class="who">{"".join(items)}</ul>'))]  # noqa: S704 - escaped

    def _praised(self) -> list[tuple[ListRow, Markup]]:
        """Whoever learned most in the last four weeks, completed a course, or is one of the program's best."""

        def recent(row: ListRow) -> float:
            return float(sum(row[week] for week in LAST_WEEKS))

        most = sorted((row for row in self.members if recent(row) > 0), key=recent, reverse=True)[:PRAISED]
        praised = []
        for row in self.members:
            reasons = []
            if row in most:
                reasons.append(self.say("agenda.most", amount=self._amount(recent(row))))
            if row["courses_completed_28_days"]:
                reasons.append(self.say("agenda.courses", count=row["courses_completed_28_days"]))
                if row["track_progress"] is not None and row["track_progress"] >= 1:
                    reasons.append(self.say("agenda.track"))
            if row["member_id"] in self.best:
                reasons.append(self.say("agenda.best"))
            if reasons:
                praised.append((row, Markup(" · ").join(reasons)))
        return sorted(praised, key=lambda one: recent(one[0]), reverse=True)

    def _problem(self, row: ListRow) -> Markup:
        since = self.say("agenda.opened", day=short_day(row["opened_on"]))
        said = [escape(row["topic"] or row["channel"] or DASH), since]
        return Markup(" · ").join([*said, self.say("agenda.escalated")] if row["is_escalated"] else said)

    # Member by member

    def _members(self) -> ListSection:
        most = max((row[week] for row in self.members for week in WEEKS), default=0.0)
        heads = ["who", "weeks", "last", "track", "seat", "mission"]
        has_sessions = any(row["sessions_expected"] for row in self.members)
        rows = [
            [*self._member(row, most), *([self._attendance(row)] if has_sessions else [])]
            for row in self.members[:MOST_MEMBERS]
        ]
        heads += ["attendance"] if has_sessions else []
        title = Sentence(self.say("members.title", count=len(self.members)), "title")
        return ListSection("members", [title, Grid("members", heads, rows, len(self.members))])

    def _member(self, row: ListRow, most: float) -> Iterable[Markup]:
        say = self.say
        yield person(row["name"], row["email"], row["member_id"]) + (
            Markup("<small>{}</small>").format(say("members.builder")) if row["role"] == "builder" else Markup("")
        )
        weeks = [row[week] for week in WEEKS]
        said = say("members.weeks", amounts=lambda voice: " · ".join(amount(week, voice) for week in weeks))
        total = say("members.in_28", amount=self._amount(sum(weeks[-4:])))
        yield bars(weeks, most or 1) + Markup('<span class="vh">{}</span><small class="nw">{}</small>').format(
            said, total
        )
        yield days_ago(say, row["days_since_activity"])
        yield self._track(row)
        risk = risk_state(say, row["risk"]) if row["risk"] else say.number(None)
        needed = row["xp_needed"] is not None or row["active_days_needed"] is not None
        yield under(risk, this_month(self.desk, row)) if needed else risk
        yield mission(self.desk, row)

    def _track(self, row: ListRow) -> Markup:
        say, progress = self.say, row["track_progress"]
        if row["track"] is None or row["track"] == "(none)":
            return say.number(None)
        if progress is None:
            return under(row["track"], say("members.no_hours"))
        if row["next_course"]:
            following = say("members.next", course=row["next_course"])
        else:
            following = say("members.done") if progress >= 1 else say("members.no_next")
        percent = say.each(lambda voice: voice.whole(progress))
        return share(progress) + under(Markup("{} · {}").format(percent, row["track"]), following)

    def _attendance(self, row: ListRow) -> Markup:
        if not row["sessions_expected"]:
            return self.say.number(None)
        return self.say("members.attended", attended=row["sessions_attended"], expected=row["sessions_expected"])

    # Beside the program

    def _measures(self) -> ListSection:
        say = self.say
        group, program = self.beside
        rows = []
        for name in ("engagement_rate", "adoption_rate", "median_xp", "active_days", "completions"):
            if group[name] is None and program[name] is None:
                continue
            month = group["month"]
            label = say(f"beside.{name}", month=lambda voice, month=month: voice.month(month))
            rows.append([label, self._measure(name, group), self._measure(name, program)])
        blocks: list[Block] = [Sentence(say("beside.title"), "title")]
        grid = Grid("beside", ("measure", "+here", "+program"), rows, len(rows))
        blocks.append(grid if rows else Sentence(say("beside.none"), "empty"))
        return ListSection("beside", blocks)

    def _measure(self, name: str, row: ListRow) -> Markup:
        value = row[name]
        if value is None:
            return self.say.number(None)
        if not name.endswith("_rate"):
            return self.say.number(round(value, 1))
        numerator, denominator = row[f"{name}_numerator"], row[f"{name}_denominator"]
        return under(
            self.say.each(lambda voice: voice.percent(value)),
            self.say("beside.of", numerator=counted(numerator), denominator=counted(denominator)),
        )

    def _sessions(self) -> ListSection | None:
        if not self.desk.has("sessions"):
            return None
        say = self.say
        if not self.sessions:
            return ListSection("sessions", [Sentence(say("sessions.none"), "empty")])
        cells = [
            [
                under(
                    Markup("<b>{}</b>").format(row["title"] or row["session"]),
                    " · ".join(part for part in (row["kind"], row["host"]) if part),
                ),
                say.moment(row["starts_at"]),
                say.number(row["questions"]),
            ]
            for row in self.sessions
        ]
        return ListSection("sessions", [Grid("sessions", ("session", "when", "+questions"), cells, len(cells))])


def _reasons(desk: Desk, row: ListRow) -> Markup:
    """What seat and mission still ask for."""
    parts = [this_month(desk, row)] if row["xp_needed"] is not None or row["active_days_needed"] is not None else []
    return Markup(" · ").join([*parts, mission(desk, row)] if row["next_mission"] else parts)
