"""YAML as text with line numbers: what a person wrote, and where.

Belongs here: syntax. A scalar stays the text that was written (``yes``, ``2021``, ``007``), only ``null`` and nothing
become None: what a value means is for the reader's model to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from fellowship_pipeline.errors import UserError

KeyPath = tuple[str, ...]
"""Keys and list positions from the top, all as text."""

NULL = "tag:yaml.org,2002:null"


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own attribute


_Loader.add_implicit_resolver(NULL, re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])


class _Reader:
    """Turns nodes into values, and remembers on which line each was written."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[KeyPath, int] = {}

    def value(self, node: yaml.Node, path: KeyPath, above: tuple[yaml.Node, ...] = ()) -> object:
        if node in above:
            raise self._error(node, "an alias must not contain itself")
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return {key: self.value(child, (*path, key), (*above, node)) for key, child in self._pairs(node, path)}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, str(at)), (*above, node)) for at, child in enumerate(node.value)]
        return None if node.tag == NULL else str(node.value)

    def _pairs(self, node: yaml.MappingNode, path: KeyPath) -> Iterator[tuple[str, yaml.Node]]:
        seen = set()
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._error(key, "a key must be a single word or text")
            if key.value in seen:
                raise self._error(key, f"the key '{key.value}' stands here twice: write what both say under one")
            seen.add(key.value)
            self.lines[(*path, key.value)] = key.start_mark.line + 1
            yield key.value, child

    def _error(self, node: yaml.Node, what: str) -> UserError:
        return UserError(f"{self.name} line {node.start_mark.line + 1}: {what}")


def read(content: bytes, name: str) -> tuple[object, dict[KeyPath, int]]:
    """The document's values (mappings, lists, text, None) and the line of each; ``name`` is the file's, for messages.

    Raises UserError for what is not YAML, not UTF-8, or names a key twice.
    """
    try:
        node = yaml.compose(content.decode("utf-8-sig"), Loader=_Loader)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UserError(f"{name} line {line}: not UTF-8 text; save the file as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise UserError(f"{name} line {line}: not YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise UserError(f"{name}: not YAML: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise UserError(f"{name}: nested too deep") from error
    reader = _Reader(name)
    return (None if node is None else reader.value(node, ())), reader.lines
