"""What rows of sensitive tables tell of each other: the rest that shown shares leave is a group, too.

Options of a single choice add up, cohorts add up to the whole, and a survey's figure stands in several tables: one
decision is made here for all of them. Belongs here: which shares are withheld for what others show. Does not belong
here: whether a share stands on enough by itself (``steps``), rounding (``sensitive``).
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

import pandas as pd

from fellowship_pipeline.contracts import HEADLINES
from fellowship_pipeline.program import Program
from fellowship_pipeline.program.rows import survey_questions
from fellowship_pipeline.release.policy import OPERATIONAL_HEADLINES, SENSITIVE
from fellowship_pipeline.release.sensitive import Rounded, open_rows
from fellowship_pipeline.release.steps import Minima, are_wide

Tells = dict[str, dict[str, pd.Series]]
"""By table and share, the rows in which it is withheld for what others show."""

TERM_KEY = ["survey", "question", "option"]
TABLE_OF = {headline.kpi: headline.table for headline in HEADLINES}


@dataclass(frozen=True)
class _Fraction:
    """Of what a figure is the fraction: the columns with its count and its base; of a mean both are its base."""

    count: str
    base: str
    minima: Minima

    def rest_is_open(self, whole: pd.Series[int], parts: pd.DataFrame) -> bool:
        """Whether those whom the parts leave of the whole are nobody, or so many that a share of them may be shown."""
        rest = int(whole[self.base] - parts[self.base].sum())
        counted = int(whole[self.count] - parts[self.count].sum())
        is_enough = counted >= self.minima.count
        return rest == 0 or (is_enough and (self.count == self.base or rest - counted >= self.minima.count))


def told_by_others(truth: Mapping[str, pd.DataFrame], program: Program, closed: Set[str], minima: Minima) -> Tells:
    """Shares of the sensitive tables that would tell of few, beside other rows that are shown."""
    found: Tells = {}
    single = {asked for asked, question in survey_questions(program).items() if question.kind in ("single", "rating")}
    for name, rules in SENSITIVE.items():
        frame = truth[name][open_rows(truth[name], closed)]
        if "slice_by" not in frame:
            continue
        for share, count, base in rules.percentages:
            shown = are_wide(frame[count], frame[base], minima)
            kept = _settled(frame, shown, _Fraction(count, base, minima), single)
            found.setdefault(name, {})[share] = shown & ~kept
        for average, base in rules.averages:
            shown = (frame[base] >= minima.count).fillna(False).astype(bool)
            kept = _beside_the_whole(frame, shown, _Fraction(base, base, minima))
            found.setdefault(name, {})[average] = shown & ~kept
    return found


def as_in_own_table(
    headlines: pd.DataFrame, truth: Mapping[str, pd.DataFrame], shown: Mapping[str, Rounded]
) -> pd.Series:
    """Rows of sensitive headlines whose value is of a count and a base that their own table withholds the share of."""
    hidden = pd.Series(False, index=headlines.index)
    for kpi, rows in headlines[~headlines["kpi"].isin(OPERATIONAL_HEADLINES)].groupby("kpi"):
        table = TABLE_OF[str(kpi)]
        for share, count, base in SENSITIVE[table].percentages:
            if base not in truth[table]:
                continue
            of_table = shown[table]
            withheld = of_table.frame[share].isna() & of_table.ends[share].isna()
            pairs = truth[table].loc[withheld.index[withheld], [count, base]].dropna()
            asked = pd.MultiIndex.from_frame(rows[["numerator", "denominator"]])
            hidden.loc[rows.index] |= asked.isin(pd.MultiIndex.from_frame(pairs))
    return hidden


def _settled(
    frame: pd.DataFrame, shown: pd.Series[bool], of: _Fraction, single: Set[tuple[str, str]]
) -> pd.Series[bool]:
    """Shares that stay once none tells of few beside the others: each that goes may leave others alone."""
    while True:
        kept = _beside_the_whole(frame, shown, of)
        if "question" in frame:
            kept = _of_a_choice(frame, kept, of, single)
        if kept.equals(shown):
            return kept
        shown = kept


def _beside_the_whole(frame: pd.DataFrame, shown: pd.Series[bool], of: _Fraction) -> pd.Series[bool]:
    """Cohorts' figures that stay beside the whole program's: of whom they leave there are none, or enough."""
    kept = shown.copy()
    others = [name for name in ("survey", "question", "option") if name in frame]
    for _, rows in frame[shown].groupby(others):
        whole = rows[rows["slice_by"] == "all"]
        parts = rows[rows["slice_by"] != "all"].sort_values([of.base, "slice"])
        while len(whole) and len(parts) and not of.rest_is_open(whole.iloc[0], parts):
            kept.loc[parts.index[0]] = False
            parts = parts.iloc[1:]
    return kept


def _of_a_choice(
    frame: pd.DataFrame, shown: pd.Series[bool], of: _Fraction, single: Set[tuple[str, str]]
) -> pd.Series[bool]:
    """Options of a single choice whose shares stay: they leave nobody, or enough, for all others together."""
    kept = shown.copy()
    for (survey, question, *_), rows in frame[shown].groupby(["survey", "question", "slice_by", "slice"]):
        options = rows.sort_values([of.count, "option"])
        while (survey, question) in single and len(options):
            rest = int(options[of.base].iloc[0] - options[of.count].sum())
            if rest == 0 or rest >= of.minima.count:
                break
            kept.loc[options.index[0]] = False
            options = options.iloc[1:]
    return kept


def as_in_survey(truth: Mapping[str, pd.DataFrame], told: Mapping[str, pd.Series]) -> dict[str, pd.Series]:
    """By column, rows of the terms' surveys in which the survey's own row of everybody withholds it."""
    rows = truth["term_surveys"]
    found = {}
    for column in told.keys() & set(rows.columns):
        everybody = truth["survey"].loc[told[column].index[told[column]]].query("slice_by == 'all'")
        hidden = pd.MultiIndex.from_frame(rows[TERM_KEY]).isin(pd.MultiIndex.from_frame(everybody[TERM_KEY]))
        found[column] = pd.Series(hidden, index=rows.index, dtype=bool)
    return found
