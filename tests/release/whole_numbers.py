"""Whole numbers of which only sums and bounds are known, and how many values fit each of them.

A solver of its own. Belongs here: systems of whole numbers. Does not belong here: what a release says (``attacker``),
or the product, of which nothing is imported.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

MOST = 5000
"""More than anybody of a small program is one of."""
ENOUGH = 3
AT_ONCE = 6
"""How often all that is asked is looked for at once, each as great or as small as chance has it: that settles most."""
Name = tuple[object, ...]
Seen = dict[Name, set[int]]
Vector = NDArray[np.float64]


@dataclass
class System:
    """Whole numbers between bounds, and sums of them between bounds."""

    low: dict[Name, float] = field(default_factory=dict)
    high: dict[Name, float] = field(default_factory=dict)
    sums: list[tuple[dict[Name, float], float, float]] = field(default_factory=list)

    def count(self, name: Name, low: float = 0, high: float = MOST) -> Name:
        """A count; what is said of it again narrows it."""
        self.low[name] = max(low, self.low.get(name, 0))
        self.high[name] = min(high, self.high.get(name, MOST))
        return name

    def between(self, terms: Mapping[Name, float], low: float = 0, high: float = math.inf) -> None:
        self.sums.append(({name: times for name, times in terms.items() if times}, low, high))

    def total(self, whole: Name, parts: list[Name]) -> None:
        self.between({whole: 1} | dict.fromkeys(parts, -1), 0, 0)

    def at_most(self, part: Name, whole: Name) -> None:
        self.between({whole: 1, part: -1})

    def components(self) -> Iterator[System]:
        """Systems that have nothing to do with each other, without what is known already."""
        root: dict[Name, Name] = {name: name for name in self.low}

        def find(name: Name) -> Name:
            while root[name] != name:
                root[name] = root[root[name]]
                name = root[name]
            return name

        open_ = {name for name in self.low if self.low[name] < self.high[name]}
        reduced = []
        for terms, low, high in self.sums:
            known = sum(times * self.low[name] for name, times in terms.items() if name not in open_)
            left = {name: times for name, times in terms.items() if name in open_}
            if left:
                reduced.append((left, low - known, high - known))
                first, *others = left
                for other in others:
                    root[find(other)] = find(first)
        found: dict[Name, System] = defaultdict(System)
        for name in open_:
            found[find(name)].count(name, self.low[name], self.high[name])
        for left, low, high in reduced:
            found[find(next(iter(left)))].between(left, low, high)
        yield from found.values()

    def narrowed(self) -> None:
        """Bounds by what the others leave, until that says nothing more."""
        for _ in range(20):
            before = sum(self.high.values()) - sum(self.low.values())
            for terms, low, high in self.sums:
                least = {n: min(t * self.low[n], t * self.high[n]) for n, t in terms.items()}
                most = {n: max(t * self.low[n], t * self.high[n]) for n, t in terms.items()}
                all_least, all_most = sum(least.values()), sum(most.values())
                for name, times in terms.items():
                    top, bottom = high - (all_least - least[name]), low - (all_most - most[name])
                    ends = sorted((bottom / times, top / times))
                    if ends[0] > self.low[name]:
                        self.low[name] = math.ceil(ends[0] - 1e-6)
                    if ends[1] < self.high[name]:
                        self.high[name] = math.floor(ends[1] + 1e-6)
            if sum(self.high.values()) - sum(self.low.values()) >= before:
                return

    def is_possible(self) -> bool:
        """Whether any whole numbers fit."""
        return _Search(self, defaultdict(set)).is_possible()

    def few_values(self, asked: set[Name]) -> dict[Name, int]:
        """Of the asked, those that fewer than ``ENOUGH`` values fit, and how many do; known ones are one."""
        found = {name: 1 for name in asked if self.low[name] >= self.high[name]}
        seen: Seen = defaultdict(set)
        asked = _Search(self, seen).at_once(asked - set(found))
        for part in self.components():
            if of_part := asked & set(part.low):
                found |= _Search(part, seen).few_values(of_part)
        return found


class _Search:
    """The integer programs of a system; ``seen``: the values that were found to fit."""

    def __init__(self, system: System, seen: Seen) -> None:
        self.seen = seen
        self.names = list(system.low)
        self.at = {name: place for place, name in enumerate(self.names)}
        rows, columns, values, lows, highs = [], [], [], [], []
        for place, (terms, low, high) in enumerate(system.sums):
            for name, times in terms.items():
                rows.append(place)
                columns.append(self.at[name])
                values.append(times)
            lows.append(low - 1e-7)
            highs.append(high + 1e-7)
        matrix = csr_array((values, (rows, columns)), shape=(max(len(system.sums), 1), len(self.names)))
        self.limits = LinearConstraint(matrix, lows or [-np.inf], highs or [np.inf])
        self.low = np.array(list(system.low.values()), dtype=float)
        self.high = np.array([system.high[name] for name in self.names], dtype=float)

    def is_possible(self) -> bool:
        return self._solved(np.zeros(len(self.names)), self.low, self.high) is not None

    def at_once(self, asked: set[Name]) -> set[Name]:
        """Looks for all together, each as great or as small as chance has it, and returns those of few values."""
        chance = np.random.default_rng(1)
        for _ in range(AT_ONCE):
            if asked := {name for name in asked if len(self.seen[name]) < ENOUGH}:
                aim = np.zeros(len(self.names))
                aim[sorted(self.at[name] for name in asked)] = chance.standard_normal(len(asked))
                self._solved(aim, self.low, self.high)
        return {name for name in asked if len(self.seen[name]) < ENOUGH}

    def few_values(self, asked: set[Name]) -> dict[Name, int]:
        """Looks for one after another: the least, the greatest, and what is between."""
        found = {}
        for name in sorted(asked, key=repr):
            seen = self.seen[name]
            if len(seen) >= ENOUGH:
                continue
            least = self._best(name, 1, -np.inf, np.inf)
            if least is None:
                raise AssertionError(f"the figures contradict each other: {name}")
            most = self._best(name, -1, -np.inf, np.inf)
            if most is not None and most - least >= ENOUGH - 1:
                while len(seen) < ENOUGH:
                    tried = [value for value in range(least, most + 1) if value not in seen]
                    if not tried or all(self._best(name, 1, value, value) is None for value in tried[:8]):
                        break
            if len(seen) < ENOUGH:
                found[name] = len(seen)
        return found

    def _best(self, name: Name, sign: int, bottom: float, top: float) -> int | None:
        """The least or the greatest value between two that fits."""
        place = self.at[name]
        low, high = self.low.copy(), self.high.copy()
        low[place], high[place] = max(low[place], bottom), min(high[place], top)
        if low[place] > high[place]:
            return None
        aim = np.zeros(len(self.names))
        aim[place] = sign
        made = self._solved(aim, low, high)
        return None if made is None else round(made[place])

    def _solved(self, aim: Vector, low: Vector, high: Vector) -> Vector | None:
        known = {"constraints": self.limits, "bounds": Bounds(low, high)}
        made = milp(aim, **known)  # mostly whole without being asked to, in a third of the time
        if made.x is None or np.abs(made.x - np.rint(made.x)).max() > 1e-6:
            known["integrality"] = np.ones(len(self.names))
            made = milp(aim, **known)
        if made.x is None:  # HiGHS' presolve has called systems impossible that are not
            made = milp(aim, options={"presolve": False}, **known)
        if made.x is None:
            return None
        for name, value in zip(self.names, made.x, strict=True):
            if len(self.seen[name]) < ENOUGH:
                self.seen[name].add(round(value))
        values: Vector = made.x
        return values
