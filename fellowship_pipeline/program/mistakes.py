"""What is wrong in a settings file, a line each: where, what was found, what was expected, the nearest match.

Belongs here: turning a validation's errors into words. Does not belong here: what is allowed (``program``).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.program.marked_yaml import KeyPath

LONGEST_LIST = 30
SHORT_LIST = 8
"""As many words are read at a glance."""

EXPECTED = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "decimal_parsing": "a number",
    "decimal_type": "a number",
    "finite_number": "a number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "string_type": "text",
    "string_too_short": "text",
    "too_long": "a list of {max_length} at most",
    "too_short": "a list of {min_length} or more",
    "list_type": "a list, [a, b] or lines that begin with '-'",
    "tuple_type": "a list, [a, b]",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "date_type": "a date YYYY-MM-DD",
}
"""Pydantic's kinds of errors in this program's words; others keep pydantic's."""


_PERCENT = re.compile(r"(100|\d{1,2}(?:\.\d+)?)\s*(%?)")
"""What may be meant as a percentage where a fraction is expected."""

_NUMBERS = ("float_parsing", "decimal_parsing")


def wrong(what: str, *at: str | int) -> PydanticCustomError:
    """An error for a validator to raise, about what stands under the keys ``at`` of the value validated."""
    return PydanticCustomError("mistake", "{what}", {"what": what, "at": [str(part) for part in at]})


def unknown(what: str, found: str, known: Iterable[str], expected: str | None = None) -> str:
    """``unknown key 'colums'. Nearest: 'columns'``, or what is expected; ``expected`` stands in for a long list.

    A short list is said beside the nearest, too.
    """
    known = sorted(known)
    begun = [word for word in known if found and word.startswith(found)]
    nearest = difflib.get_close_matches(found, known, n=1) or begun or difflib.get_close_matches(found, known, 1, 0.5)
    if nearest and expected is None and len(known) > SHORT_LIST:
        return f"unknown {what} '{found}'. Nearest: '{nearest[0]}'"
    hint = f" Nearest: '{nearest[0]}'." if nearest else ""
    return f"unknown {what} '{found}'.{hint} Expected {expected or one_of(known)}"


def one_of(known: Iterable[str]) -> str:
    """The words that may stand somewhere, as text."""
    known = list(known)
    return "one of " + ", ".join(known[:LONGEST_LIST]) + (", …" if len(known) > LONGEST_LIST else "")


def where(name: str, lines: Mapping[KeyPath, int], path: KeyPath) -> str:
    """``program.yaml line 41``: the line of ``path``, or of the nearest thing above it that has one."""
    known = _known(path, lines)
    return f"{name} line {lines[known]}" if known in lines else name


def invalid(error: ValidationError, name: str, lines: Mapping[KeyPath, int]) -> UserError:
    """What a validation found wrong."""
    return _all([_mistake(details, lines) for details in error.errors()], name, lines)


def contradictory(
    found: Iterable[tuple[str, Sequence[str | int]]], name: str, lines: Mapping[KeyPath, int]
) -> UserError:
    """What does not fit together, each with the keys that it stands under."""
    return _all([(_followed([*map(str, at)], lines), what) for what, at in found], name, lines)


def _all(found: Sequence[tuple[KeyPath, str]], name: str, lines: Mapping[KeyPath, int]) -> UserError:
    """All the mistakes of the file, a line each, in the order of its lines."""
    ordered = sorted(found, key=lambda mistake: lines.get(_known(mistake[0], lines), 0))
    return UserError("\n".join(dict.fromkeys(_said(path, what, name, lines) for path, what in ordered)))


def _said(path: KeyPath, what: str, name: str, lines: Mapping[KeyPath, int]) -> str:
    key = dotted(path)
    return where(name, lines, path) + (f", {key}: " if key else ": ") + what


def _mistake(details: ErrorDetails, lines: Mapping[KeyPath, int]) -> tuple[KeyPath, str]:
    """Where it is and what it is."""
    context: dict[str, Any] = details.get("ctx", {})
    parts: list[str] = [*map(str, details["loc"]), *context.get("at", ())]
    if details["type"] == "missing":
        return (*_followed(parts[:-1], lines), parts[-1]), "is missing"
    return _followed(parts, lines), _words(details, context)


def _followed(parts: list[str], lines: Mapping[KeyPath, int]) -> KeyPath:
    """The keys of the file among the parts of pydantic's location."""
    path: KeyPath = ()
    for part in parts:
        if (*path, part) in lines:
            path = (*path, part)
    return path


def _known(path: KeyPath, lines: Mapping[KeyPath, int]) -> KeyPath:
    """The path, or the nearest above it that has a line."""
    while path and path not in lines:
        path = path[:-1]
    return path


def _words(details: ErrorDetails, context: Mapping[str, Any]) -> str:
    found = details["input"]
    if details["type"] == "mistake":
        return str(context["what"])
    if details["type"] == "literal_error":
        known = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        return unknown("value", str(found), known) if isinstance(found, str) else "expected " + one_of(known)
    expected = EXPECTED.get(details["type"])
    what = "expected " + expected.format(**context) if expected else details["msg"][0].lower() + details["msg"][1:]
    said = what + (f", found '{found}'" if isinstance(found, str) else ", found nothing" if found is None else "")
    percent = _PERCENT.fullmatch(found) if isinstance(found, str) else None
    is_too_large = details["type"] == "less_than_equal" and context["le"] == 1
    if percent and (is_too_large or (percent[2] and details["type"] in _NUMBERS)):
        share = Decimal(percent[1]) / 100
        return f"{said}; for {percent[1]} % write {max(f'{share:.2f}', f'{share.normalize():f}', key=len)}"
    return said


def dotted(path: KeyPath) -> str:
    """``sources.activity[0].columns``."""
    return "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in path).lstrip(".")
