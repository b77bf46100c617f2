"""How effects of studies, and what they say together, are put into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matwise.sentence import Sentence

if TYPE_CHECKING:
    from matwise.content.studies import Contradiction
    from matwise.inference.effect_size import Effect
    from matwise.practice.studies import Question

Z = 1.959964
NOT_FOUND = Sentence("not found")
FIGURES = Sentence("{effect:+.2f} ({low:+.2f} to {high:+.2f})")
BELIEVED = Sentence(
    "Together, if true effects are thought to differ by about half a standard deviation at most: {effect:+.2f} {unit}"
    " (95 % between {low:+.2f} and {high:+.2f}); the next such study between {next_low:+.2f} and {next_high:+.2f}."
)
POOLED = Sentence(
    "Together without any such thought (REML; Hartung and Knapp): {effect:+.2f} ({low:+.2f} to {high:+.2f}). From {k}"
    " studies nobody can tell how far true effects differ."
)
CONTRADICTS = Sentence(
    "{study}, {outcome}, {at}: it prints p = {printed:g}, but its own interval, {difference:g} ({low:g} to {high:g}),"
    " means p = {means:.1g}."
)


def figures(effect: float, low: float, high: float) -> str:
    """An effect and its interval."""
    return FIGURES.format(effect=effect, low=low, high=high)


def ends_of(effect: Effect) -> tuple[float, float]:
    """The ends of its 95 % interval."""
    reach = Z * effect.variance**0.5
    return effect.value - reach, effect.value + reach


def figures_of(effect: Effect | None) -> str:
    """The effect of one study and its interval, or that there is none."""
    return NOT_FOUND if effect is None else figures(effect.value, *ends_of(effect))


def together(question: Question) -> tuple[float, float, float] | None:
    """What studies say together, mean and ends; None where they must not be pooled."""
    if question.believed is None:
        return None
    low, high = (float(end) for end in question.believed.mean.quantile([0.025, 0.975]))
    return float(question.believed.mean.mean), low, high


def said_together(question: Question) -> tuple[str, ...]:
    """The same in sentences, or why they must not be pooled."""
    told, pooled, believed = together(question), question.pooled, question.believed
    if told is None or pooled is None or believed is None:
        return question.judged.refused
    effect, low, high = told
    next_low, next_high = (float(end) for end in believed.next_study.quantile([0.025, 0.975]))
    unit = next(one.unit for one in question.derived if one.effect is not None)
    return (
        BELIEVED.format(effect=effect, unit=unit, low=low, high=high, next_low=next_low, next_high=next_high),
        POOLED.format(effect=pooled.mean, low=pooled.low, high=pooled.high, k=pooled.k),
    )


def contradiction(told: Contradiction) -> str:
    """Where a study contradicts itself."""
    one = told.result
    return CONTRADICTS.format(
        study=one.study,
        outcome=one.outcome,
        at=one.measured_at,
        printed=one.p,
        difference=one.difference,
        low=one.ci_low,
        high=one.ci_high,
        means=told.p_of_interval,
    )
