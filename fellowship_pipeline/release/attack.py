"""The attack that every release has to stand: which hidden whole numbers are as good as known.

Whole numbers between bounds, sums of them between bounds; of each hidden one at least three values have to fit. Bounds
settle most, an integer program (HiGHS) the rest, part by part. Belongs here: the numbers and their solutions. Does not
belong here: what a release says of them (``knowledge``), or what is withheld where it says too much (``defense``).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import numpy.typing as npt

FITTING = 3
"""A hidden count is open where at least so many values fit."""
ANYBODY = 1e6
ROUNDS = 30
TRIES, MOST_TRIES = 12, 240
SLACK = 1e-7
WHOLE = 1e-6
"""How far from a whole number a solution may be; HiGHS allows integer programs as much."""
NEAREST = 500
"""How many of the sums that narrow a count are asked for the figures that tell it."""


@dataclass(frozen=True)
class KnownSum:
    """A sum of counts that lies between bounds; ``said_by``: the figure that says so, None: what everybody knows."""

    terms: Mapping[int, float]
    low: float
    high: float
    said_by: Hashable | None = None


@dataclass
class Unknowns:
    """The counts behind a release, as they are, with what is known of each; and sums of them."""

    places: dict[Hashable, int] = field(default_factory=dict)
    truth: list[int] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    asked: set[int] = field(default_factory=set)
    sums: list[KnownSum] = field(default_factory=list)
    _bounds: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None = None
    _narrowed_by: dict[tuple[int, bool], int] = field(default_factory=dict)
    """By count, and whether it is its upper bound, the latest sum that narrowed it."""

    def count(
        self, name: Hashable, truth: int, low: float = 0, high: float = ANYBODY, *, is_hidden: bool = False
    ) -> int:
        """The place of a count; what is said of it more than once narrows it."""
        at = self.places.setdefault(name, len(self.places))
        if at == len(self.truth):
            self.truth.append(truth)
            self.low.append(0)
            self.high.append(ANYBODY)
        self.low[at], self.high[at] = max(self.low[at], low), min(self.high[at], high)
        if is_hidden:
            self.asked.add(at)
        return at

    def known(self, terms: Mapping[int, float], low: float, high: float, said_by: Hashable | None = None) -> None:
        """Adds a sum."""
        self.sums.append(KnownSum(terms, low, high, said_by))

    def fitted(self) -> bool:
        """Puts whole numbers that fit in the place of all counts, where those are not known; whether any fit."""
        low, high = self._narrowed()
        seen: list[set[int]] = [set() for _ in self.truth]
        everything = _Component(list(range(len(self.truth))), self.sums, low, high, seen)
        if (low > high).any() or not everything.is_possible():
            return False
        self.truth = [one.pop() for one in seen]
        return True

    def exposed(self) -> list[tuple[int, list[Hashable]]]:
        """Hidden counts that fewer than three values fit, each with the figures that it hangs together with."""
        low, high = self._narrowed()
        seen = [{value} for value in self.truth]
        parts = [(places, sums) for places, sums in self._parts(low, high) if not self.asked.isdisjoint(places)]
        known = _Component([at for at, _ in enumerate(self.truth)], self.sums, low, high, seen)
        known.try_some(self.truth, [at for at in self.asked if high[at] - low[at] >= FITTING - 1])
        found = []
        for places, sums in parts:
            asked = [at for at in places if at in self.asked]
            figures = [one.said_by for one in sums if one.said_by is not None]
            told = _Component(places, sums, low, high, seen).with_few_values(asked)
            found += [(at, figures) for at in told]
        return found

    def bounds(self, at: int) -> tuple[float, float]:
        """Between what a count is known to be, as far as bounds tell."""
        low, high = self._narrowed() if self._bounds is None else self._bounds
        return float(low[at]), float(high[at])

    def told_by(self, at: int) -> list[Hashable]:
        """The figures that bound a count from above or below, the nearest first.

        Those by which its bounds were narrowed; where that was not enough, the duals of the linear program say which.
        """
        low, high = self._narrowed() if self._bounds is None else self._bounds
        if high[at] - low[at] < FITTING - 1:
            said = (one.said_by for one in self._because(at) if one.said_by is not None)
            return list(dict.fromkeys(islice(said, NEAREST)))
        from scipy.optimize import linprog  # noqa: PLC0415 - as below
        from scipy.sparse import csr_array, vstack  # noqa: PLC0415 - as below

        entries = [(row, place, times) for row, one in enumerate(self.sums) for place, times in one.terms.items()]
        rows, columns, times = zip(*entries, strict=True)
        matrix = csr_array((times, (rows, columns)), shape=(len(self.sums), len(self.truth)))
        high = np.array([one.high for one in self.sums])
        low = np.array([one.low for one in self.sums])
        limits = vstack([matrix, -matrix]), np.concatenate([high, -low])
        found: dict[Hashable, None] = {}
        for sign in (1.0, -1.0):
            aim = np.zeros(len(self.truth))
            aim[at] = sign
            made = linprog(aim, *limits, bounds=list(zip(self.low, self.high, strict=True)), method="highs")
            if made.x is not None:
                binding = np.abs(made.ineqlin.marginals).reshape(2, -1).max(axis=0) > SLACK
                found |= dict.fromkeys(self.sums[row].said_by for row in np.flatnonzero(binding))
        return [figure for figure in found if figure is not None]

    def _because(self, at: int) -> Iterator[KnownSum]:
        """The sums by which a count's bounds were narrowed, those by which the others' in them were, and so on."""
        left: deque[tuple[int, bool]] = deque([(at, True), (at, False)])
        seen = set(left)
        while left:
            place, is_high = left.popleft()
            row = self._narrowed_by.get((place, is_high))
            if row is None:
                continue
            yield self.sums[row]
            terms = self.sums[row].terms
            for other, times in terms.items():
                bound = other, bool((is_high == (terms[place] > 0)) != (times > 0))
                if other != place and bound not in seen:
                    seen.add(bound)
                    left.append(bound)

    def contradictions(self) -> list[KnownSum]:
        """Sums that the counts as they are do not keep to: there are none, unless something false is said."""
        return [
            one
            for one in self.sums
            if not one.low - SLACK <= sum(t * self.truth[at] for at, t in one.terms.items()) <= one.high + SLACK
        ]

    def _narrowed(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Bounds by what the others leave of each sum, until that says nothing more."""
        low, high = np.array(self.low, dtype=np.float64), np.array(self.high, dtype=np.float64)
        for _ in range(ROUNDS):
            before = float((high - low).sum())
            for row, one in enumerate(self.sums):
                at = np.fromiter(one.terms, dtype=np.int64)
                times = np.fromiter(one.terms.values(), dtype=np.float64)
                ends = np.stack([times * low[at], times * high[at]])
                least, most = ends.min(axis=0), ends.max(axis=0)
                top = (one.high - (least.sum() - least)) / times
                bottom = (one.low - (most.sum() - most)) / times
                upper, lower = np.where(times > 0, top, bottom), np.where(times > 0, bottom, top)
                for is_high, narrower in ((True, np.floor(upper + 1e-6)), (False, np.ceil(lower - 1e-6))):
                    bounds = high if is_high else low
                    is_news = narrower < bounds[at] if is_high else narrower > bounds[at]
                    bounds[at[is_news]] = narrower[is_news]
                    self._narrowed_by.update(dict.fromkeys(((place, is_high) for place in at[is_news].tolist()), row))
            if float((high - low).sum()) >= before:
                break
        self._bounds = low, high
        return low, high

    def _parts(
        self, low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]
    ) -> Iterator[tuple[list[int], list[KnownSum]]]:
        """Counts that have to do with each other, those that are known already apart."""
        size = len(self.truth)
        pairs = [
            (first, other)
            for one in self.sums
            if (open_ := [at for at in one.terms if low[at] < high[at]])
            for first, other in zip(open_, [*open_[1:], open_[0]], strict=True)
        ]
        rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
        from scipy.sparse import csr_array  # noqa: PLC0415 - takes half a second; only a publication needs it
        from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - as above

        links = csr_array((np.ones(len(pairs)), (rows, columns)), shape=(size, size))
        _, labels = connected_components(links, directed=False)
        places: dict[int, list[int]] = defaultdict(list)
        sums: dict[int, list[KnownSum]] = defaultdict(list)
        for at, label in enumerate(labels.tolist()):
            places[label].append(at)
        for one in self.sums:
            for label in {int(labels[at]) for at in one.terms if low[at] < high[at]} or {
                int(labels[next(iter(one.terms))])
            }:
                sums[label].append(one)
        for label, members in places.items():
            yield members, sums[label]


class _Component:
    """Counts that hang together, and the values of each that were seen to fit."""

    def __init__(
        self,
        places: list[int],
        sums: list[KnownSum],
        low: npt.NDArray[np.float64],
        high: npt.NDArray[np.float64],
        seen: list[set[int]],
    ) -> None:
        self._at = {place: number for number, place in enumerate(places)}
        self._low, self._high = low[places], high[places]
        self._seen = [seen[place] for place in places]
        rows, columns, values, lows, highs = [], [], [], [], []
        for row, one in enumerate(sums):
            outside = sum(times * low[at] for at, times in one.terms.items() if at not in self._at)
            for at, times in one.terms.items():
                if at in self._at:
                    rows.append(row)
                    columns.append(self._at[at])
                    values.append(times)
            lows.append(one.low - outside - SLACK)
            highs.append(one.high - outside + SLACK)
        shape = (len(sums), len(places))
        from scipy.optimize import LinearConstraint  # noqa: PLC0415 - as above
        from scipy.sparse import csr_array  # noqa: PLC0415 - as above

        self._limits = LinearConstraint(csr_array((values, (rows, columns)), shape=shape), lows, highs) if sums else ()

    def try_some(self, truth: list[int], asked: list[int]) -> None:
        """Values of all at once, each as great or as small as chance has it: that settles most.

        At first within the bounds of each, then, for values between its ends, within narrower ones around the truth,
        which fits by itself, as long as that settles more.
        """
        chance = np.random.default_rng(0)
        exact = np.array([truth[place] for place in self._at], dtype=np.float64)
        before = len(asked)
        for number in range(MOST_TRIES):
            left = [self._at[place] for place in asked if len(self._seen[self._at[place]]) < FITTING]
            if not left or (number > TRIES and number % TRIES == 0 and len(left) == before):
                return
            before = len(left) if number % TRIES == 0 else before
            aim = np.zeros(len(self._low))
            aim[left] = chance.standard_normal(len(left))
            low, high = self._low, self._high
            if number >= TRIES:
                low, high = (np.trunc(exact + (end - exact) * chance.random(len(exact))) for end in (low, high))
            self._solved(aim, low, high)

    def is_possible(self) -> bool:
        """Whether any whole numbers fit; those that do are seen."""
        return self._solved(np.zeros(len(self._low)), self._low, self._high) is not None

    def with_few_values(self, asked: list[int]) -> list[int]:
        """Those of the asked that fewer than three values fit."""
        found = []
        for place in asked:
            number = self._at[place]
            if self._high[number] - self._low[number] < FITTING - 1:
                found.append(place)
                continue
            ends = [self._end(number, sign) for sign in (1, -1) if len(self._seen[number]) < FITTING]
            if len(self._seen[number]) < FITTING and len(ends) == 2 and None not in ends:
                least, most = (int(end) for end in ends if end is not None)
                for value in range(least, most + 1):
                    if value not in self._seen[number] and len(self._seen[number]) < FITTING:
                        self._end(number, 1, value)
            if len(self._seen[number]) < FITTING:
                found.append(place)
        return found

    def _end(self, number: int, sign: int, value: int | None = None) -> int | None:
        """The least or the greatest value that fits, or that one; what fits the others with it is seen as well."""
        aim = np.zeros(len(self._low))
        aim[number] = sign
        low, high = self._low.copy(), self._high.copy()
        if value is not None:
            low[number] = high[number] = value
        made = self._solved(aim, low, high)
        return None if made is None else round(made[number])

    def _solved(
        self, aim: npt.NDArray[np.float64], low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64] | None:
        """Whole numbers that fit, the sum of their products with ``aim`` the least; None: there are none."""
        from scipy.optimize import Bounds, milp  # noqa: PLC0415 - as above

        known = {"constraints": self._limits, "bounds": Bounds(low, high)}
        made = milp(aim, **known)  # mostly whole without being asked to, in a third of the time
        if made.x is None or np.abs(made.x - np.rint(made.x)).max() > WHOLE:
            known["integrality"] = np.ones(len(low))
            made = milp(aim, **known)
        if made.x is None:  # HiGHS' presolve has called systems impossible that are not
            made = milp(aim, **known, options={"presolve": False})
        if made.x is None:
            return None
        for seen, fits in zip(self._seen, made.x, strict=True):
            if len(seen) < FITTING:
                seen.add(round(fits))
        values: npt.NDArray[np.float64] = made.x
        return values
