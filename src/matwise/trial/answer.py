"""The answer of a trial of one: what it says, and everything it rests on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from typing import Any

import numpy as np

from matwise.inference.checks import Fit
from matwise.inference.mixture import NormalMixture
from matwise.inference.observed import Estimate
from matwise.measures.rating import Better
from matwise.trial.analysis import Asked, Between, Findings, VerdictOfDays, fit_of
from matwise.trial.model import model_in_words, priors_in_words
from matwise.trial.sensitivity import Sensitivity, sensitivity
from matwise.trial.series import Series, SeriesDay
from matwise.trial.words import Telling, first_sentence, further_sentences, pair_sentence, warnings_of

DENSITY_POINTS = 241


@dataclass(frozen=True, slots=True)
class Effect:
    """The difference on the rating, first arm minus second: mean, spread and quantiles of what is plausible."""

    mean: float
    sd: float
    q025: float
    q50: float
    q975: float


@dataclass(frozen=True, slots=True)
class Density:
    """The posterior of the difference as a curve."""

    x: tuple[float, ...]
    pdf: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two arms of the same joint answer: `sentence` says what the days say of them."""

    first: str
    second: str
    verdict: VerdictOfDays
    sentence: str
    effect: Effect
    p_benefit: float
    p_matters: float
    p_no_difference: float
    better_days: Estimate | None


@dataclass(frozen=True, slots=True)
class Checked:
    """One check of the fit: its name, its figure, and how often chance alone goes as far."""

    name: str
    figure: float
    p: float
    fits: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What the days say, and everything it rests on.

    `sentence` is the answer, `sentences` what belongs to it. `effect`, `density` and the probabilities are None where
    an arm has no rated day or a reading never varies. `days_needed` is how many further days probably make it clear: 0
    when it is, None when it would take more than a year. `days` are all days so far.

    `pairs` are all pairs of arms, the one asked about first; `sensitivity` is the verdict under other assumptions;
    `checks` say whether the model fits. `better_days`: of ten pairs of days, on how many the first arm's is the better
    one. `latent` is the difference on a scale without ends, where ratings pile up at one and the ordinal model answers.
    """

    verdict: VerdictOfDays
    sentence: str
    sentences: tuple[str, ...]
    effect: Effect | None
    p_benefit: float | None
    p_matters: float | None
    p_no_difference: float | None
    smallest_change: float | None
    days_used: int
    days_used_by_arm: dict[str, int]
    days_missing: int
    days_needed: int | None
    compared: tuple[str, str]
    outcome: str
    better: Better
    scale: str
    model: dict[str, Any]
    priors: dict[str, Any]
    density: Density | None
    days: tuple[SeriesDay, ...]
    warnings: tuple[str, ...]
    pairs: tuple[Pair, ...] = ()
    sensitivity: Sensitivity | None = None
    checks: tuple[Checked, ...] = ()
    better_days: Estimate | None = None
    latent: Effect | None = None
    running: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain values only, ready for JSON."""
        out = {one.name: _plain(getattr(self, one.name)) for one in fields(self)}
        return out | {"days": [{"day": d.day, "arm": d.arm, "rating": d.y, "washin": d.washin} for d in self.days]}


def _plain(value: Any) -> Any:  # noqa: ANN401 – any value of an answer
    if hasattr(value, "__dataclass_fields__"):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def answer_of(
    days: Series,
    asked: Asked,
    found: Findings,
    outcome: str,
    *,
    ratings: str,
    own_trial: bool,
    days_needed: int | None,
) -> Answer:
    """The whole answer, with all it rests on.

    Args:
        days: what was weighed.
        asked: what was asked of it.
        found: what `analyse` found.
        outcome: the name of the rating.
        ratings: what the ratings are called in a sentence.
        own_trial: whether they are those of the person's own trial.
        days_needed: further days until it is probably clear.
    """
    fit, doubts = fit_of(days, asked, found), sensitivity(days, asked, found)
    told = Telling(asked, found, days, ratings, own_trial, days_needed, doubts, fit)
    pair = found.asked
    return Answer(
        verdict=found.verdict,
        sentence=first_sentence(told),
        sentences=further_sentences(told),
        effect=None if pair is None else effect_of(pair.effect),
        p_benefit=None if pair is None else pair.p_benefit,
        p_matters=None if pair is None else pair.p_matters,
        p_no_difference=None if pair is None else pair.p_no_difference,
        smallest_change=found.smallest_change,
        days_used=found.used,
        days_used_by_arm=found.used_by_arm,
        days_missing=days.missing,
        days_needed=days_needed,
        compared=asked.compared,
        outcome=outcome,
        better=asked.better,
        scale="free" if asked.range_.free else f"{asked.range_.low:g}:{asked.range_.high:g}",
        model=model_in_words(asked, found),
        priors=priors_in_words(found.priors),
        density=None if pair is None else _density(pair.effect, found.smallest_change or 0.0),
        days=days.days,
        warnings=warnings_of(told),
        pairs=tuple(_pair(told, one) for one in found.pairs),
        sensitivity=doubts,
        checks=() if fit is None else _checked(fit),
        better_days=None if pair is None else pair.better_days,
        latent=None if found.ordinal is None else effect_of(found.ordinal.effect),
    )


def effect_of(effect: NormalMixture) -> Effect:
    """The figures of a difference."""
    q025, q50, q975 = (float(q) for q in effect.quantile([0.025, 0.5, 0.975]))
    return Effect(float(effect.mean), float(effect.sd), q025, q50, q975)


def _pair(told: Telling, one: Between) -> Pair:
    return Pair(
        one.first,
        one.second,
        one.verdict,
        pair_sentence(told, one),
        effect_of(one.effect),
        one.p_benefit,
        one.p_matters,
        one.p_no_difference,
        one.better_days,
    )


def _checked(fit: Fit) -> tuple[Checked, ...]:
    return tuple(Checked(one.check.value, one.figure, one.p, one.fits) for one in fit.checks)


def _density(effect: NormalMixture, smallest_change: float) -> Density:
    """The curve over all that is plausible and a margin around the zone of no difference that matters."""
    low, high = (float(end) for end in effect.quantile([0.0005, 0.9995]))
    margin = 1.5 * smallest_change
    x = np.linspace(min(low, -margin), max(high, margin), DENSITY_POINTS)
    return Density(tuple(x.tolist()), tuple(effect.density(x).tolist()))
