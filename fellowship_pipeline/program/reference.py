"""program.yaml described: its JSON Schema for editors, its reference page for people.

Belongs here: both, made from the models. ``python -m fellowship_pipeline.program.reference docs`` writes them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from inspect import isclass
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema

from fellowship_pipeline.contracts.presets import PRESET_SOURCES
from fellowship_pipeline.program import Program
from fellowship_pipeline.program.types import SettingsSection

Json = dict[str, Any]

INTRODUCTION = """# program.yaml

Everything but `program.id` and `sources` has a default. Unknown keys are errors. A key without a value is as if left
out, except where null is a choice of its own. Dates are `YYYY-MM-DD`. `[]` stands for each item of a list, `NAME` for a
name of your own. `fellowship init HOME` writes a commented example and, beside it, `program.schema.json`, which its
first line names: editors with the YAML language server complete and check by it. Schema and this page are made by
`python -m fellowship_pipeline.program.reference docs`.

| key | what it says | value | default |
| --- | --- | --- | --- |
"""

WORDS = {"integer": "whole number", "number": "number", "boolean": "true or false", "string": "text"}
FORMATS = {"date": "date", "regex": "pattern"}


class _Untitled(GenerateJsonSchema):
    """Without the titles that pydantic makes of names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema() -> Json:
    """JSON Schema of program.yaml as an editor reads it: dates are texts, any key but a required one may be empty."""
    made: Json = _described()
    for section in (made, *made["$defs"].values()):
        required = section.get("required", [])
        for key, value in section.get("properties", {}).items():
            if key not in required:
                section["properties"][key] = _or_empty(value)
    return made


def _or_empty(described: Json) -> Json:
    """The same, or nothing."""
    choices = described.get("anyOf", [described])
    if any(choice.get("type") == "null" for choice in choices):
        return described
    kept: Json = {key: described[key] for key in ("description", "default") if key in described}
    bare = [{key: value for key, value in choice.items() if key not in kept} for choice in choices]
    return {"anyOf": [*bare, {"type": "null"}], **kept}


def _described() -> Json:
    made: Json = Program.model_json_schema(by_alias=True, schema_generator=_Untitled)
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    entry = made["$defs"]["Entry"]["properties"]
    entry["preset"]["anyOf"][0]["enum"] = sorted(PRESET_SOURCES)
    columns = entry["columns"]["anyOf"][0]
    columns["additionalProperties"] = {"anyOf": [{"type": "string"}, columns["additionalProperties"]]}
    whole: Json = _any_of(made)
    return whole


def _any_of(node: Any) -> Any:
    """The same with ``anyOf`` for ``oneOf``: which of several a value is, the models tell by more than its form."""
    if isinstance(node, dict):
        return {"anyOf" if key == "oneOf" else key: _any_of(value) for key, value in node.items()}
    return [_any_of(item) for item in node] if isinstance(node, list) else node


def page() -> str:
    """The reference page in Markdown: a row per key, in the order of the file."""
    made = _described()
    rows = []
    for path, model, key, field in settings():
        described = made if model is Program else made["$defs"][model.__name__]
        value = _value(described["properties"][key])
        rows.append(f"| `{path}` | {field.description} | {value} | {_default(field)} |\n")
    return INTRODUCTION + "".join(rows)


def settings(
    model: type[SettingsSection] = Program, prefix: str = ""
) -> Iterator[tuple[str, type[SettingsSection], str, FieldInfo]]:
    """Every key by its path (``seats[].pool``), with the section it belongs to, its name there, and its field."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        suffix, inner = _inside(field.annotation)
        yield prefix + key, model, key, field
        if inner is not None:
            yield from settings(inner, f"{prefix}{key}{suffix}.")


def _inside(annotation: Any) -> tuple[str, type[SettingsSection] | None]:
    """The section that a type holds, and how its items are written: ``[]`` for a list, ``.NAME`` for names."""
    if isclass(annotation) and issubclass(annotation, SettingsSection):
        return "", annotation
    origin = get_origin(annotation)
    own = "[]" if origin is list else ".NAME" if origin is dict else ""
    for part in get_args(annotation):
        suffix, inner = _inside(part)
        if inner is not None:
            return own + suffix, inner
    return "", None


def _value(described: Json) -> str:
    """What may stand there, in words."""
    choices = described.get("anyOf", described.get("oneOf"))
    if choices:
        return " or ".join(_value(choice) for choice in choices if choice.get("type") != "null")
    match described:
        case {"enum": words}:
            return ", ".join(f"`{word}`" for word in words)
        case {"type": "array"}:
            return "list of " + _value(described["items"]) if "items" in described else "[lowest, highest]"
        case {"type": "object"}:
            return "names and " + _value(described["additionalProperties"])
        case {"pattern": _}:
            return "month `YYYY-MM`"
    return FORMATS.get(described.get("format", ""), WORDS.get(described.get("type", ""), "keys"))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if isinstance(field.default, SettingsSection) or field.default in (None, [], {}):
        return ""
    return f"`{json.dumps(field.default)}`"


def written(made: Json) -> str:
    """A schema as it stands in a file."""
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def main(folder: Path) -> None:
    """Writes program.schema.json and program.md into ``folder``."""
    (folder / "program.schema.json").write_text(written(schema()), "utf-8")
    (folder / "program.md").write_text(page(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
