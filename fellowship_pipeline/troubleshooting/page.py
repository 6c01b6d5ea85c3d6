"""``docs/troubleshooting.md``: ``python -m fellowship_pipeline.troubleshooting.page > docs/troubleshooting.md``.

Belongs here: which message stands in which section, and what to do where the message does not say it itself
(``remedies.yaml``). Does not belong here: finding messages in the code (``templates``).
"""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import yaml

from assets.publication import decided, doubtful, earlier, quoted, warnings
from checks.model import meanings
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.intake import notes
from fellowship_pipeline.troubleshooting.templates import VARIES, Message, messages

BESIDE = " · "
"""Between a message and the same in the other language."""

REMEDIES = Path(__file__).with_name("remedies.yaml")

INTRODUCTION = """\
# Messages, and what to do

Every message that the code can say, as it says it; what differs from case to case is `…`. Search this page for a few
words of yours. Most messages say themselves what to do; where one does not, it stands behind the arrow. Written by
`python -m fellowship_pipeline.troubleshooting.page` from the code; a test holds it to that.

On the terminal `error:` is in front of what stopped the command, `warning:` of what a person should look at, `check:`
of a table that is not as it should be, `stop:` and `mended:` of what a run found before it began. A run that stops
leaves what was published as it was.
"""

SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "program.yaml",
        "In front stand the line and the key. All mistakes of the file are said at once.",
        ("raised program/", "raised intake/reading/files", "raised intake/lake"),
    ),
    (
        "Files that are refused",
        "Quarantined: the file cannot be read for certain, and counts for nothing. Mend what the message says and put "
        "the file into `landing/` again, or declare it in the entry of `program.yaml`; the next run reads it.",
        ("refused ",),
    ),
    (
        "Files that are held",
        "The file can be read, looks wrong, and counts for nothing until somebody decides: see "
        "[A file is held](how-to/held-file.md).",
        ("held ",),
    ),
    ("Files that came and are left", "They stay in `landing/`; the next run tries again.", ("raised intake/landing",)),
    ("fellowship map and fellowship check", "", ("raised intake/proposal", "raised intake/trial", "raised cli/files")),
    ("fellowship init", "", ("raised init",)),
    (
        "fellowship run",
        "",
        ("raised cli/running", "raised cli/wording", "raised run", "raised intake/staging", "raised home/lock"),
    ),
    ("fellowship review and fellowship what-if", "", ("raised review", "raised cli/reviewing", "raised cli/trying")),
    ("fellowship explain", "", ("raised explain", "raised cli/explaining")),
    ("fellowship report", "", ("raised report",)),
    ("fellowship notify", "", ("raised digest", "raised cli/notifying")),
    ("fellowship serve", "", ("raised serving", "raised cli/serving")),
    ("fellowship erase, and the pseudonym key", "", ("raised forgetting",)),
    ("fellowship backup and fellowship restore", "", ("raised backup", "raised cli/backing_up")),
    ("fellowship workspace", "", ("raised cli/workspace",)),
    ("Spark", "", ("raised engine",)),
    (
        "What a run finds first, and fellowship doctor",
        "In front stands the place, behind it what becomes of it or what to do.",
        ("found ", "raised health"),
    ),
    ("The home, the disk, the warehouse", "", ("raised home", "raised errors", "raised warehouse")),
)
"""Title, introduction, and how kind and module of its messages begin; the first that fits has a message."""

IN_TABLES: tuple[tuple[str, str, Mapping[str, Mapping[str, str]]], ...] = (
    (
        "Warnings of a run",
        "On the terminal in English, on the pages in their languages. What makes figures or reviews wrong is first.",
        {
            f"{name}.{key}": texts
            for name, table in (
                ("warnings", warnings.WARNINGS),
                ("doubtful", doubtful.WARNINGS),
                ("decided", decided.WARNINGS),
                ("quoted", quoted.WARNINGS),
                ("earlier", earlier.TEXTS),
            )
            for key, texts in table.items()
        },
    ),
)
"""Texts by language that stand in tables of the code."""

SAYS_ITSELF = re.compile(
    "|".join(
        (
            r"`(?:fellowship|declare|where|values|columns|place|exported|skip_\w+|sheet|counts|encoding|format)\b",
            r"\b(?:declare|expected|Expected|see|give|write|say|unpack|deliver|save|download|delete|unmerge|mend|spell|take)\b",
            r"\b(?:restore|install|apt-get|mount|accept it|chmod|ask again|erase again|try again|Run again)\b",
            r"\bname (?:one|it|another|a new|a folder)\b",
            r"\b(?:export (?:it|its|the|them|these)|pack it|make room|map them)\b",
            r"\b(?:run (?:again|without|HOME)|set (?:it|TMPDIR)|put (?:it|the|these)|move (?:it|away|what))\b|; run\b",
            r"\b(?:close it|check the|leave their|free some|look (?:at|after)|stop the program|did you mean)\b",
            r"Nearest|\b(?:leave|pass) --|\btry `|--\w[\w-]* goes with|is one of|exclude each other|참고",
            r"`[a-z_]+`? (?:says|say|reads|leaves|means)\b|\bsays which\b|are listed\b",
            r"made anew|makes it anew|publishes anew|taken in|takes it in|the next run|closed to all|taken over",
            r"is current now|is shown until|; …$",
        )
    )
)
"""A message that says what to do, or that nothing is to be done."""


def remedies() -> dict[str, str]:
    """What to do, by the message that does not say it."""
    read = yaml.safe_load(REMEDIES.read_text(encoding="utf-8"))
    return {text: remedy["do"] for remedy in read for text in remedy["of"]}


def english(said: str) -> str:
    """A message without its other language."""
    return said.partition(BESIDE)[0]


def sections() -> Iterator[tuple[str, str, list[str]]]:
    """Title, introduction and messages of each section; of those in two languages the English one first."""
    found = [message for message in messages() if not is_handed_on(message)]
    taken: set[Message] = set()
    for title, about, beginnings in SECTIONS:
        own = [one for one in found if one not in taken and f"{one.kind} {one.module}".startswith(beginnings)]
        taken.update(own)
        yield title, about, list(dict.fromkeys(one.text.strip() for one in own))
    if left := [one for one in found if one not in taken]:
        raise ValueError(f"messages of no section: {left}")
    for title, about, texts in IN_TABLES:
        yield title, about, list(dict.fromkeys(BESIDE.join(map(_varying, both.values())) for both in texts.values()))
    for title, about, wanted in (
        ("Notes of loaded files that somebody has to look at", "The file is loaded.", True),
        ("Notes of loaded files", "The file is loaded, and nobody has to look at it.", False),
    ):
        kinds = [kind for kind in notes.TEXTS if (kind not in notes.EXPECTED) is wanted and kind != "as_archived"]
        yield title, about, list(dict.fromkeys(_varying(notes.TEXTS[kind]) for kind in kinds))
    for title, about, severity in (
        ("Checks that warn", "Tables are published all the same.", "warning"),
        ("Checks before which nothing is published", "The pipeline is wrong, or a file it was made of.", "critical"),
    ):
        of_all = (meaning for table in TABLES for meaning in meanings(table.key) if meaning.severity == severity)
        yield title, about, list(dict.fromkeys(f"{one.words.en}{BESIDE}{one.words.ko}" for one in of_all))


def is_handed_on(message: Message) -> bool:
    """Whether the message is another's words, which stand where they are made."""
    return not re.search(r"\w", message.text.replace(VARIES, ""))


def page() -> str:
    """The page in Markdown."""
    return INTRODUCTION + "".join("\n" + "\n".join(_section(*section)) + "\n" for section in sections())


def _section(title: str, about: str, said: Iterable[str]) -> Iterator[str]:
    known = remedies()
    yield f"## {title}"
    yield ""
    if about:
        yield about
        yield ""
    for text in said:
        remedy = known.get(english(text))
        yield f"- {BESIDE.join(map(_code, text.split(BESIDE)))}" + (f" → {remedy}" if remedy else "")


def _code(text: str) -> str:
    """As code, whatever stands in it."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _varying(text: str) -> str:
    """A format string as a template."""
    return "".join(words + (VARIES if name is not None else "") for words, name, _, _ in string.Formatter().parse(text))


if __name__ == "__main__":
    sys.stdout.write(page())
