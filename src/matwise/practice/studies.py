"""Read what the studies of mats say together: which of them may be pooled, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matwise.content import studies as known
from matwise.content.studies import Contradiction, Design, Result
from matwise.sentence import Sentence

# What calculates is imported where it is needed: the first page does not wait for it.
if TYPE_CHECKING:
    from matwise.inference.effect_size import Effect, Group
    from matwise.inference.meta_analysis import Pooled
    from matwise.inference.meta_analysis_bayes import PooledByBayes
    from matwise.inference.poolable import Judged

TAU_SCALE = 0.5  # weakly informative for standardised differences (doi:10.1002/jrsm.1475)
G = Sentence("standard deviations")
POINTS = Sentence("points of its scale")
FROM_MEANS = Sentence("worked out from the printed means and standard deviations")
FROM_P = Sentence("worked out from the printed p and the number of people, as for a t test of two groups")
FROM_INTERVAL = Sentence("as printed, its error worked out from its interval")


@dataclass(frozen=True, slots=True)
class Derived:
    """The effect of a result as it can be pooled, above 0 in favour of the mat, and how it was come by."""

    result: Result
    effect: Effect | None
    unit: str
    how: str


@dataclass(frozen=True, slots=True)
class Question:
    """One outcome against one comparator: every result, what may be pooled, and what comes out where anything may."""

    outcome: str
    comparator: str
    derived: tuple[Derived, ...]
    judged: Judged
    pooled: Pooled | None
    believed: PooledByBayes | None


def results() -> tuple[Result, ...]:
    """Everything that was reported, on mats and on what resembles them."""
    return known.results()


def contradictions() -> tuple[Contradiction, ...]:
    """Where a study contradicts itself."""
    return known.contradictions()


def questions() -> tuple[Question, ...]:
    """Every outcome that more than one comparison on mats was made of, or whose effect can be worked out at all."""
    groups: dict[tuple[str, str, str], list[Result]] = {}
    for one in results():
        if one.on_mat and one.design in {Design.RANDOMISED, Design.BEFORE_AFTER}:
            groups.setdefault((one.outcome_kind, one.comparator_kind, one.span_kind), []).append(one)
    found = [_question(told) for told in groups.values()]
    return tuple(one for one in found if any(each.effect is not None for each in one.derived))


def derive(one: Result) -> Derived:
    """The effect of one result, as far as what is printed allows."""
    from matwise.inference.effect_size import Effect, from_interval, g_from_p, hedges_g

    sign = -1.0 if one.better == "lower" else 1.0
    mat, control = _group(one.mat_mean, one.mat_sd, one.n_mat), _group(one.control_mean, one.control_sd, one.n_control)
    if mat is not None and control is not None:
        g = hedges_g(mat, control)
        return Derived(one, Effect(sign * g.value, g.variance), G, FROM_MEANS)
    if one.difference is not None and one.ci_low is not None and one.ci_high is not None:
        told = from_interval(one.difference, one.ci_low, one.ci_high)
        return Derived(one, Effect(sign * told.value, told.variance), POINTS, FROM_INTERVAL)
    lots = one.design is Design.RANDOMISED and one.n_mat and one.n_control
    if lots and one.p is not None and not one.p_is_bound and one.favours is not None:
        effect = g_from_p(one.p, one.n_mat or 0, one.n_control or 0, positive=one.favours == "mat")
        return Derived(one, effect, G, FROM_P)
    return Derived(one, None, "", "")


def _group(mean: float | None, sd: float | None, n: int | None) -> Group | None:
    from matwise.inference.effect_size import Group

    return None if mean is None or sd is None or n is None else Group(mean, sd, n)


def _question(told: list[Result]) -> Question:
    from matwise.inference.meta_analysis import pool
    from matwise.inference.meta_analysis_bayes import pool_by_bayes
    from matwise.inference.poolable import Candidate, judge

    derived = tuple(map(derive, told))
    judged = judge(
        [
            Candidate(
                one.result.study,
                one.result.outcome_kind,
                one.result.comparator_kind,
                one.result.span_kind,
                one.unit,
                None if one.effect is None else one.effect.value,
                None if one.effect is None else one.effect.variance,
                is_bound=one.result.p_is_bound and one.effect is None,
            )
            for one in derived
        ]
    )
    effects = [one.effect for one in judged.usable]
    variances = [one.variance for one in judged.usable]
    may = not judged.refused
    return Question(
        told[0].outcome,
        told[0].comparator,
        derived,
        judged,
        pool([one or 0.0 for one in effects], [one or 0.0 for one in variances]) if may else None,
        pool_by_bayes([one or 0.0 for one in effects], [one or 0.0 for one in variances], TAU_SCALE) if may else None,
    )
