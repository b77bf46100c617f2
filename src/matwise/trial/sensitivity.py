"""Whether the verdict hangs on something nobody can know: carry-over, the prior, what the missing days were like."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from matwise.inference.mixture import NormalMixture
from matwise.inference.regression import AVERAGE, NONE
from matwise.sentence import Sentence
from matwise.trial.analysis import Asked, Between, Findings, VerdictOfDays, analyse, between
from matwise.trial.forecast import FEWEST_RATED
from matwise.trial.series import Series, leave_out

SCEPTICAL, OPEN_MINDED = 0.5, 2.5  # times the usual prior spread of the effect
FEWEST_FOR_WEEKDAYS = 28  # four of each


class Hinge(StrEnum):
    """What a verdict may hang on."""

    CARRYOVER = "carryover"
    PRIOR = "prior"
    MISSING = "missing"
    WEEKDAY = "weekday"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Variant:
    """The answer under another assumption: `assumed` says it in words; `low` and `high` hold 95 %."""

    hinge: Hinge
    assumed: str
    verdict: VerdictOfDays
    mean: float
    low: float
    high: float
    p_benefit: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The variants, and those under which the verdict would be another one."""

    variants: tuple[Variant, ...]
    hangs_on: tuple[Variant, ...]


def sensitivity(days: Series, asked: Asked, found: Findings) -> Sensitivity | None:
    """The verdict under other assumptions; None where there is no verdict to speak of.

    Args:
        days: the whole series; what it marks as wash-in plays no part where carry-over is varied.
        asked: what was asked.
        found: what `analyse` found.
    """
    if found.asked is None or found.smallest_change is None or found.priors is None or found.used < FEWEST_RATED:
        return None
    variants = (
        *_by_carryover(days, asked),
        *_by_prior(days, asked, found),
        *_by_weekday(days, asked, found),
        *_by_model(days, asked, found),
        *_by_missing(days, asked, found),
    )
    return Sensitivity(variants, tuple(one for one in variants if one.verdict is not found.verdict))


def _by_carryover(days: Series, asked: Asked) -> list[Variant]:
    """None, one day, two days: left out after each switch, nothing lingering after that; then averaged, no day out."""
    out = []
    for left_out in (0, 1, 2):
        series = leave_out(days, left_out)
        found = analyse(series, replace(asked, carryover=NONE))
        # Short blocks have few days left without their first ones: that is no other verdict, but none.
        if found.asked is not None and found.used >= FEWEST_RATED:
            out.append(_variant(Hinge.CARRYOVER, _LINGERS[left_out], found.asked))
    averaged = analyse(leave_out(days, 0), replace(asked, carryover=AVERAGE)).asked
    if averaged is not None:
        out.append(_variant(Hinge.CARRYOVER, Sentence("how long a day lingers is learnt from the days"), averaged))
    return out


_LINGERS = (
    Sentence("nothing lingers to the next day"),
    Sentence("a day lingers into the next one"),
    Sentence("a day lingers into the next two"),
)


def _by_prior(days: Series, asked: Asked, found: Findings) -> list[Variant]:
    out = []
    assert found.priors is not None  # noqa: S101 – asked by `sensitivity`
    usual = found.priors.effect
    for times, words in (
        (SCEPTICAL, Sentence("large effects are thought unlikely")),
        (OPEN_MINDED, Sentence("large effects are thought quite possible")),
    ):
        choice = replace(asked.priors, effect=(usual.mean, usual.sd * times))
        other = analyse(days, replace(asked, priors=choice)).asked
        if other is not None:
            out.append(_variant(Hinge.PRIOR, words, other))
    return out


def _by_weekday(days: Series, asked: Asked, found: Findings) -> list[Variant]:
    """Every day of the week with a level of its own, where there are days enough to tell them apart."""
    if asked.adjustment.weekday or found.used < FEWEST_FOR_WEEKDAYS:
        return []
    other = analyse(days, replace(asked, adjustment=replace(asked.adjustment, weekday=True))).asked
    return [_variant(Hinge.WEEKDAY, Sentence("days of the week differ by themselves"), other)] if other else []


def _by_model(days: Series, asked: Asked, found: Findings) -> list[Variant]:
    """Ratings that pile up at an end, taken as if they did not."""
    plain = analyse(days, asked, plain=True).asked if found.ordinal is not None else None
    return [_variant(Hinge.MODEL, Sentence("the ratings are taken as plain numbers"), plain)] if plain else []


def _by_missing(days: Series, asked: Asked, found: Findings) -> list[Variant]:
    """The missing days were unlike the rated ones by the smallest change that matters, in whatever way hurts most.

    The difference over all days then is that over the rated days, moved by the share missing in either arm times that
    change (a pattern mixture with a shift; Little 1993, doi:10.1080/01621459.1993.10594302).
    """
    pair, change = found.asked, found.smallest_change
    assert pair is not None  # noqa: S101 – asked by `sensitivity`
    assert change is not None  # noqa: S101 – asked by `sensitivity`
    shift = change * sum(_share_missing(days, arm) for arm in asked.compared)
    if not shift:
        return []
    against = -float(np.sign(pair.effect.mean)) or 1.0
    moved = NormalMixture(pair.effect.weight, pair.effect.component_mean + against * shift, pair.effect.component_sd)
    worst = between(moved, asked.compared, asked, change, found.used_by_arm)
    return [_variant(Hinge.MISSING, Sentence("the missing days had spoken against it"), worst)]


def _share_missing(days: Series, arm: str) -> float:
    of_arm = [one for one in days.days if one.arm == arm and not one.washin]
    return sum(one.y is None for one in of_arm) / len(of_arm) if of_arm else 0.0


def _variant(hinge: Hinge, assumed: str, pair: Between) -> Variant:
    low, high = (float(end) for end in pair.effect.quantile([0.025, 0.975]))
    return Variant(hinge, assumed, pair.verdict, float(pair.effect.mean), low, high, pair.p_benefit)
