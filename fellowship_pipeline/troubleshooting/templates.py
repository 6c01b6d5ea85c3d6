"""The messages that the code can raise, read from its text: what varies in one is an ellipsis.

Belongs here: finding where messages are made, and writing each as a template. Does not belong here: texts that stand in
tables of their own (warnings, notes, checks), or what to do about a message (``page``).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "fellowship_pipeline"

VARIES = "…"
RAISED = frozenset({"UserError", "LockHeld", "Damaged", "BadParameter", "wrong", "Left"})
REFUSED = frozenset({"Quarantined", "_Died"})
DOUBTS = frozenset(
    {
        "_chosen",
        "_doubt",
        "_of_others",
        "_read_lines",
        "_rejected",
        "_said_of_zeros",
        "_without_value",
        "size_doubts",
    }
)
"""Functions whose strings are reasons to hold a file; beside them is what is called ``doubts``."""

MOST_WAYS = 16
"""Ways to say one message; where a part has more of them, it is what varies."""

DEEPEST = 6

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Message:
    """``kind``: raised, refused, held or found. ``module``: its path below the package, without the ending."""

    kind: str
    module: str
    text: str


@dataclass(frozen=True)
class _Module:
    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    @cached_property
    def values(self) -> dict[str, ast.expr]:
        """The module's constants."""
        return dict(_assigned(self.tree.body))

    @cached_property
    def functions(self) -> dict[str, Function]:
        return {node.name: node for node in ast.walk(self.tree) if isinstance(node, Function)}

    @cached_property
    def imported(self) -> dict[str, Path]:
        """Names that come from another module of the package, with its file."""
        found: dict[str, Path] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("fellowship_pipeline"):
                place = ROOT.joinpath(*node.module.split("."))
                file = place.with_suffix(".py") if place.with_suffix(".py").exists() else place / "__init__.py"
                found |= {alias.asname or alias.name: file for alias in node.names}
        return found


_module = cache(_Module)


def messages() -> list[Message]:
    """Every message of the package, each once, in the order of modules and lines."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parent != Path(__file__).parent:
            module = path.relative_to(PACKAGE).with_suffix("").as_posix()
            found += [Message(kind, module, text) for kind, text in said_in(path)]
    return list(dict.fromkeys(found))


def said_in(path: Path) -> Iterator[tuple[str, str]]:
    """Kind and text of the messages of one module."""
    module = _module(path)
    for scope in ast.walk(module.tree):
        if isinstance(scope, Function):
            for node in _own(scope):
                yield from _of_node(module, scope, node)


def _of_node(module: _Module, scope: Function, node: ast.AST) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]) if name in RAISED | REFUSED:
            kind = "raised" if name in RAISED else "refused"
            yield from ((kind, text) for text in _texts(module, scope, first))
        case ast.Call(func=ast.Name(id="Finding" | "_finding"), args=[_, _, problem, remedy]):
            both = ast.JoinedStr([ast.FormattedValue(problem, -1), ast.Constant("; "), ast.FormattedValue(remedy, -1)])
            yield from (("found", text) for text in _texts(module, scope, both))
        case ast.Call(func=ast.Attribute(value=ast.Name(id="doubts"), attr="append"), args=[first]):
            yield from (("held", text) for text in _texts(module, scope, first))
        case ast.Yield(value=ast.expr() as value) if module.path.parent.name == "program":
            first = value.elts[0] if isinstance(value, ast.Tuple) and value.elts else value
            yield from (("raised", text) for text in _texts(module, scope, first) if len(text.split()) > 2)
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__"), args=[first]):
            yield from (("refused", text) for text in _texts(module, scope, first))
        case ast.Return(value=ast.expr() as value) if module.path.parent.name == "health":
            yield from (("found", text) for text in _texts(module, scope, value) if len(text.split()) > 2)
        case (
            ast.Return(value=ast.expr() as value)
            | ast.List(elts=[value])
            | ast.ListComp(elt=value)
            | ast.GeneratorExp(elt=value)
            | ast.Assign(targets=[ast.Subscript()], value=value)
        ) if scope.name in DOUBTS and "intake" in module.path.parts:
            yield from (("held", text) for text in _texts(module, scope, value) if len(text.split()) > 3)


def _own(scope: Function) -> Iterator[ast.AST]:
    """The nodes of a function, without its documentation, parts of messages, and functions within."""
    waiting: list[ast.AST] = list(scope.body[1:] if ast.get_docstring(scope) else scope.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, Function | ast.JoinedStr):
            waiting = [*ast.iter_child_nodes(node), *waiting]


def _texts(module: _Module, scope: Function | None, node: ast.expr, depth: int = 0) -> list[str]:
    """The ways in which an expression is said."""
    found = _ways(module, scope, node, depth) if depth < DEEPEST else [VARIES]
    tidy = list(dict.fromkeys(re.sub(rf"{VARIES}(?:{VARIES})+", VARIES, " ".join(text.split(" "))) for text in found))
    return tidy if tidy and len(tidy) <= MOST_WAYS else [VARIES]


def _ways(module: _Module, scope: Function | None, node: ast.expr, depth: int) -> list[str]:
    found = [VARIES]
    match node:
        case ast.Constant(value=str() as text):
            found = [text]
        case ast.JoinedStr(values=parts):
            found = _joined(_texts(module, scope, part, depth + 1) for part in parts)
        case ast.FormattedValue(value=value):
            found = _texts(module, scope, value, depth)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            found = _joined(_texts(module, scope, side, depth + 1) for side in (left, right))
        case ast.IfExp(body=one, orelse=other):
            found = [*_texts(module, scope, one, depth + 1), *_texts(module, scope, other, depth + 1)]
        case ast.Name(id=name):
            found = _named(module, scope, name, depth)
        case ast.Call(func=ast.Name(id=name)):
            found = _called(module, name, depth)
    return found


def _joined(parts: Iterable[list[str]]) -> list[str]:
    every = list(parts)
    while len(list(product(*every))) > MOST_WAYS:
        every[max(range(len(every)), key=lambda at: len(every[at]))] = [VARIES]
    return ["".join(way) for way in product(*every)]


def _named(module: _Module, scope: Function | None, name: str, depth: int) -> list[str]:
    """What a variable of the function, or a constant of the package, is."""
    if scope is not None:
        if looped := [value for known, value in _looped(module, scope) if known == name]:
            return [text for value in looped for text in _texts(module, None, value, depth + 1)]
        arguments = {one.arg for one in (*scope.args.args, *scope.args.kwonlyargs)}
        if found := [value for known, value in _assigned(_own(scope)) if known == name]:
            return [text for value in found for text in _texts(module, scope, value, depth + 1)]
        if name in arguments:
            return [VARIES]
    home = _module(module.imported[name]) if name in module.imported else module
    return _texts(home, None, home.values[name], depth + 1) if name in home.values else [VARIES]


def _looped(module: _Module, scope: Function) -> Iterator[tuple[str, ast.expr]]:
    """The variables of loops over pairs in a constant of the module, and what they are in turn."""
    for node in _own(scope):
        match node:
            case ast.For(target=ast.Tuple(elts=names), iter=ast.Name(id=name)) if name in module.values:
                for pair in ast.walk(module.values[name]):
                    parts = pair.elts if isinstance(pair, ast.Tuple) else []
                    if len(parts) == len(names) and not any(isinstance(part, ast.Tuple | ast.Name) for part in parts):
                        found = zip(names, parts, strict=True)
                        yield from ((one.id, value) for one, value in found if isinstance(one, ast.Name))


def _called(module: _Module, name: str, depth: int) -> list[str]:
    """What a function of the package returns."""
    home = _module(module.imported[name]) if name in module.imported else module
    function = home.functions.get(name)
    if function is None:
        return [VARIES]
    returned = [node.value for node in _own(function) if isinstance(node, ast.Return) and node.value is not None]
    return [text for value in returned for text in _texts(home, function, value, depth + 1)]


def _assigned(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    """Names and what is assigned to them, pairs one by one."""
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                yield name, value
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                yield from (
                    (one.id, value) for one, value in zip(names, values, strict=False) if isinstance(one, ast.Name)
                )
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                yield name, value
