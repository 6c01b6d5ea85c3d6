"""The pages as files: one for the operators, one for each builder; nothing fetched from anywhere.

Belongs here: putting sections into HTML. Does not belong here: what they say (``index``, ``housekeeping``, ``groups``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from fellowship_pipeline.dashboard.context import Said
from fellowship_pipeline.dashboard.shell import environment, framed, static
from fellowship_pipeline.operations import housekeeping, index, review
from fellowship_pipeline.operations.blocks import Grid, ListSection
from fellowship_pipeline.operations.desk import Desk
from fellowship_pipeline.operations.groups import GroupPage, file_name, group_pages
from fellowship_pipeline.operations.speech import Speech, counted

HERE = Path(__file__).parent
GROUPS = "groups"
"""The folder of the builders' pages."""

MOST_GROUPS = 200
"""Groups that have a page; a program of more has them in the list."""


def render_pages(
    desk: Desk, rows: Mapping[str, int], books: Sequence[str], warnings: Sequence[Said]
) -> Iterator[tuple[str, str]]:
    """Every page as its path and its HTML. ``rows``: of every list; ``books``: the lists that are workbooks, too."""
    names = [row["study_group"] for row in desk.ask("groups")][:MOST_GROUPS]
    paths = {name: f"{GROUPS}/{file_name(name)}" for name in names}
    yield "index.html", _index(desk, paths, rows, books, warnings)
    for page in group_pages(desk, paths):
        yield paths[page.name], _group(page)


def _index(
    desk: Desk, paths: Mapping[str, str], rows: Mapping[str, int], books: Sequence[str], warnings: Sequence[Said]
) -> str:
    say = desk.say
    made = (
        review.review(desk),
        index.offers(desk),
        index.at_risk(desk),
        index.waiting(desk),
        index.invitations(desk),
        housekeeping.unmatched(desk),
        housekeeping.files(desk),
        housekeeping.missions(desk),
        housekeeping.sessions(desk),
        housekeeping.groups(desk, paths),
        housekeeping.warnings(desk, warnings),
        housekeeping.lists(desk, rows, books),
    )
    sections = [
        replace(section, lists=[name for name in section.lists if rows[name]])
        for section in made
        if section is not None
    ]
    counts = {section.key: section.count for section in sections}
    high = desk.count("at_risk", "risk = 'high'")
    facts = {
        "reclaim": (counts.get("review"), say("fact.of_review", month=lambda voice: voice.month(review.due(desk)))),
        "offers": (counts.get("offers"), say("fact.of_waiting", count=rows["waiting_applicants"])),
        "high": (high if "risk" in counts else None, say("fact.of_watch", count=rows["at_risk"] - high)),
        "decide": (counts["unmatched"] + counts["files"], say("fact.of_files")),
    }
    return _page(
        desk,
        "index.html",
        sections,
        [(f"fact.{key}", say.number(value), small) for key, (value, small) in facts.items() if value is not None],
        {language: voice("page.title", program=desk.titles[language]) for language, voice in say.voices.items()},
        heading=say.each(lambda voice: desk.titles[voice.language]),
        books=books,
    )


def _group(page: GroupPage) -> str:
    desk, say = page.desk, page.say
    of_members = say("fact.of_members", count=len(page.members))
    builders = ", ".join(page.builders)
    facts = [
        (
            "fact.members",
            say.number(len(page.members)),
            say("fact.of_builder", names=builders) if builders else say("fact.no_builder"),
        ),
        ("fact.active", say.number(page.active), of_members),
        ("fact.high_group", say.number(page.high), of_members),
    ]
    if desk.has("sessions"):
        following = page.sessions
        when = say.day(following[0]["starts_at"].date()) if following else say.number(None)
        what = (
            Markup.escape(following[0]["title"] or following[0]["session"]) if following else say("fact.none_planned")
        )
        facts.append(("fact.next", when, what))
    titles = {
        language: voice("page.group_title", group=page.name, program=desk.titles[language])
        for language, voice in say.voices.items()
    }
    return _page(desk, "group.html", page.sections(), facts, titles, heading=Markup.escape(page.name), books=())


def _page(
    desk: Desk,
    template: str,
    sections: Sequence[ListSection],
    facts: Sequence[tuple[str, Markup, Markup]],
    titles: Mapping[str, str],
    *,
    heading: Markup,
    books: Sequence[str],
) -> str:
    say = desk.say
    body = (
        _environment()
        .get_template(template)
        .render(
            say=say,
            sections=sections,
            facts=facts,
            heading=heading,
            books=books,
            period=say("page.as_of", day=lambda voice: voice.day(desk.as_of)),
            program=say.each(lambda voice: desk.titles[voice.language]),
            footer=say(
                "page.footer",
                day=lambda voice: voice.day(desk.as_of),
                timezone=desk.program.timezone,
                run=desk.run_id,
            ),
        )
    )
    grids = [block for section in sections for block in section.blocks if isinstance(block, Grid)]
    return framed(
        _environment(),
        body,
        language=say.first.language,
        title=titles[say.first.language],
        style="\n".join((static("page.css"), _own("operations.css"), _labels(say, grids))),
        scripts=[_own("operations.js")],
        data={"languages": list(say.voices), "titles": titles},
    )


@cache
def _environment() -> Environment:
    made = environment(HERE / "templates")
    made.filters["counted"] = counted
    return made


@cache
def _own(name: str) -> str:
    return (HERE / "static" / name).read_text(encoding="utf-8")


def _labels(say: Speech, grids: Sequence[Grid]) -> str:
    """The heads of every table once more, for a narrow screen, where each cell stands under its own."""
    rules = []
    for grid in grids:
        for at, (head, _) in enumerate(grid.columns[1:], start=2):
            for language, voice in say.voices.items():
                text = json.dumps(voice(f"head.{head}"), ensure_ascii=False)
                rules.append(f"html[lang={language}] #t-{grid.key} tr>:nth-child({at})::before{{content:{text}}}")
    return "@media(max-width:640px){" + "".join(rules) + "}"
