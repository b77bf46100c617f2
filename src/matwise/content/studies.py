"""What every study reports, result by result, read from `studies.csv`: printed numbers, and "not found" where none is.

Nothing is filled in. What can be worked out from a printed number is worked out where it is used, and said to be.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from matwise.content.reader import HERE, ContentError
from matwise.content.sources import sources
from matwise.content.table import Row, table
from matwise.errors import Problem
from matwise.screening.rule import Source
from matwise.sentence import Sentence

FILE = HERE / "studies.csv"
COLUMNS = (
    *("id", "study", "people", "year", "design", "condition", "n_mat", "n_control", "comparator", "comparator_kind"),
    *("outcome", "outcome_kind", "scale", "better", "measured_at", "span_kind", "mat_mean", "mat_sd", "control_mean"),
    *("control_sd", "difference", "ci_low", "ci_high", "p", "favours", "on_mat", "source"),
)
NOT_FOUND = "not found"
# How far a printed p may lie from the one its own interval means, as a factor: both are rounded.
MOST_TIMES = 2.0
Z = 1.959964
_FIGURES = ("mat_mean", "mat_sd", "control_mean", "control_sd", "difference", "ci_low", "ci_high")
_TEXTS = ("study", "condition", "comparator", "outcome", "measured_at")
_COUNTS = ("year", "n_mat", "n_control")


class Design(StrEnum):
    """How a study was made, from the one that tells most to the one that tells least."""

    RANDOMISED = "randomised"
    CROSSOVER = "crossover"
    GROUPS = "groups"
    BEFORE_AFTER = "before_after"
    SURVEY = "survey"
    REGISTERED = "registered"  # nothing is reported yet

    @property
    def words(self) -> str:
        """What people read."""
        return _DESIGNS[self]


_DESIGNS = {
    Design.RANDOMISED: Sentence("groups by lot"),
    Design.CROSSOVER: Sentence("everybody both, in an order by lot"),
    Design.GROUPS: Sentence("groups, not by lot"),
    Design.BEFORE_AFTER: Sentence("one group, before and after"),
    Design.SURVEY: Sentence("asked afterwards"),
    Design.REGISTERED: Sentence("announced, nothing reported"),
}


class Printed(StrEnum):
    """What is printed in place of a p value."""

    NOT_SIGNIFICANT = "not significant"
    SIGNIFICANT = "significant"
    WITHIN_GROUPS = "within groups only"
    NOTHING = "not found"

    @property
    def words(self) -> str:
        """What people read."""
        return _PRINTED[self]


_PRINTED = {
    Printed.NOT_SIGNIFICANT: Sentence("not significant, no number"),
    Printed.SIGNIFICANT: Sentence("significant, no number"),
    Printed.WITHIN_GROUPS: Sentence("only within each group"),
    Printed.NOTHING: Sentence("nothing"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """One outcome of one study at one time; a figure is None where it could not be found.

    `p` is the printed p; with `p_is_bound` it is only known to be below. `printed` says what stood there in place of a
    number. `favours` is "mat" or "control" where the study says so. Kinds are equal for what may stand together.
    """

    id: str
    study: Sentence
    people: str
    year: int | None
    design: Design
    condition: Sentence
    n_mat: int | None
    n_control: int | None
    comparator: Sentence
    comparator_kind: str
    outcome: Sentence
    outcome_kind: str
    scale: str | None
    better: str
    measured_at: Sentence
    span_kind: str
    mat_mean: float | None
    mat_sd: float | None
    control_mean: float | None
    control_sd: float | None
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    p: float | None
    p_is_bound: bool
    printed: Printed | None
    favours: str | None
    on_mat: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A printed p value that the printed interval of the same result does not mean."""

    result: Result
    p_of_interval: float


@functools.cache
def results() -> tuple[Result, ...]:
    """Every result of every study.

    Raises:
        ContentError: the file can't be read, or a row is broken; every broken row is named.
    """
    return results_in(FILE)


def results_in(path: Path) -> tuple[Result, ...]:
    """The results of this file.

    Raises:
        ContentError: see `results`.
    """
    rows = table(path, COLUMNS)
    problems: list[Problem] = []
    for n, row in enumerate(rows):
        problems += _problems(row)
        if row.cells["id"] in {other.cells["id"] for other in rows[:n]}:
            problems.append(row.problem("id", "an id no other result has"))
    if problems:
        raise ContentError(*problems)
    return tuple(_result(row) for row in rows)


def words() -> tuple[tuple[Sentence, ...], ...]:
    """Everything in it that people read."""
    return tuple((one.study, one.condition, one.comparator, one.outcome, one.measured_at) for one in results())


def contradictions() -> tuple[Contradiction, ...]:
    """Where a study contradicts itself."""
    return contradictions_of(results())


def contradictions_of(told: tuple[Result, ...]) -> tuple[Contradiction, ...]:
    """Where one of these results contradicts itself: as `contradictions`."""
    found = []
    for one in told:
        p = p_of_interval(one)
        if p is None or one.p is None:
            continue
        apart = p > MOST_TIMES * one.p or (not one.p_is_bound and p * MOST_TIMES < one.p)
        if apart:
            found.append(Contradiction(one, p))
    return tuple(found)


def p_of_interval(one: Result) -> float | None:
    """The two-sided p that a 95 % interval of a difference means, by the normal distribution; None without one."""
    if one.difference is None or one.ci_low is None or one.ci_high is None:
        return None
    z = abs(one.difference) * 2 * Z / (one.ci_high - one.ci_low)
    return math.erfc(z / math.sqrt(2))


def _problems(row: Row) -> list[Problem]:
    found = [row.problem(name, "a text") for name in COLUMNS if not row.cells[name].strip()]
    found += [row.problem(name, f"a number, or {NOT_FOUND}") for name in _FIGURES if not _fits(row, name, float)]
    found += [row.problem(name, f"a whole number, or {NOT_FOUND}") for name in _COUNTS if not _fits(row, name, int)]
    for name, known in (
        ("design", tuple(Design)),
        ("better", ("higher", "lower", "neither")),
        ("favours", ("mat", "control", "not said")),
        ("on_mat", ("yes", "no")),
        ("source", tuple(sources())),
    ):
        if row.cells[name] not in known:
            want = "an id of sources.yaml" if name == "source" else "one of " + ", ".join(known)
            found.append(row.problem(name, want))
    if not _is_p(row.cells["p"]):
        words = ", ".join(Printed)
        found.append(row.problem("p", f"a number above 0 and at most 1, one behind <, or one of {words}"))
    if not found:
        low, middle, high = (_figure(row, name) for name in ("ci_low", "difference", "ci_high"))
        if (low is None) != (high is None) or (low is not None and middle is None):
            found.append(row.problem("ci_low", "both ends of an interval and its estimate, or neither"))
        elif low is not None and middle is not None and high is not None and not low <= middle <= high:
            found.append(row.problem("difference", "an estimate inside of its interval"))
    return found


def _fits(row: Row, name: str, kind: Callable[[str], float]) -> bool:
    text = row.cells[name]
    if text == NOT_FOUND:
        return True
    try:
        return math.isfinite(kind(text))
    except ValueError:
        return False


def _is_p(text: str) -> bool:
    if text in set(Printed):
        return True
    try:
        return 0 < float(text.removeprefix("<")) <= 1
    except ValueError:
        return False


def _figure(row: Row, name: str) -> float | None:
    return None if row.cells[name] == NOT_FOUND else float(row.cells[name])


def _count(row: Row, name: str) -> int | None:
    return None if row.cells[name] == NOT_FOUND else int(row.cells[name])


def _result(row: Row) -> Result:
    said, p = row.cells, row.cells["p"]
    printed = Printed(p) if p in set(Printed) else None
    figures = [_figure(row, name) for name in _FIGURES]
    year, n_mat, n_control = (_count(row, name) for name in _COUNTS)
    mat_mean, mat_sd, control_mean, control_sd, difference, ci_low, ci_high = figures
    study, condition, comparator, outcome, measured_at = (Sentence(said[name]) for name in _TEXTS)
    return Result(
        id=said["id"],
        study=study,
        people=said["people"],
        year=year,
        design=Design(said["design"]),
        condition=condition,
        n_mat=n_mat,
        n_control=n_control,
        comparator=comparator,
        comparator_kind=said["comparator_kind"],
        outcome=outcome,
        outcome_kind=said["outcome_kind"],
        scale=None if said["scale"] == NOT_FOUND else said["scale"],
        better=said["better"],
        measured_at=measured_at,
        span_kind=said["span_kind"],
        mat_mean=mat_mean,
        mat_sd=mat_sd,
        control_mean=control_mean,
        control_sd=control_sd,
        difference=difference,
        ci_low=ci_low,
        ci_high=ci_high,
        p=None if printed else float(p.removeprefix("<")),
        p_is_bound=p.startswith("<"),
        printed=printed,
        favours=None if said["favours"] == "not said" else said["favours"],
        on_mat=said["on_mat"] == "yes",
        source=sources()[said["source"]],
    )
