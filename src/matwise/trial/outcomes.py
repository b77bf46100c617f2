"""Several ratings of one trial side by side, with the price of looking at several allowed for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from matwise.errors import ONE_OF, InvalidInputError, Problem
from matwise.inference.mixture import Floats, NormalMixture
from matwise.inference.outcomes import Estimate, Pooled, pool, residual_correlation
from matwise.measures.rating import Better
from matwise.sentence import Sentence, listed
from matwise.trial.analysis import Asked, Between, Findings, VerdictOfDays, between
from matwise.trial.answer import Effect, effect_of
from matwise.trial.arm_words import days_of
from matwise.trial.chance import in_percent
from matwise.trial.series import Series
from matwise.trial.words import HIGHER, LOWER, VERDICT_WORDS


@dataclass(frozen=True, slots=True, eq=False)
class Rated:
    """One rating of the trial, as it was weighed alone: `words` call it by a name people know."""

    outcome: str
    words: str
    days: Series
    asked: Asked
    found: Findings


@dataclass(frozen=True, slots=True)
class OneOutcome:
    """One rating: its answer alone, and the same drawn towards the other ratings (`pooled_…`).

    Effects are in the rating's own points, first arm minus second. Where a rating can't be weighed, or no other one
    can, there are no pooled figures (None).
    """

    outcome: str
    words: str
    better: Better
    smallest_change: float | None
    verdict: VerdictOfDays
    effect: Effect | None
    p_benefit: float | None
    pooled_verdict: VerdictOfDays | None
    pooled_effect: Effect | None
    pooled_p_benefit: float | None
    pooled_p_matters: float | None


@dataclass(frozen=True, slots=True)
class Several:
    """All ratings of one trial.

    The `primary` one keeps its own verdict, unchanged by the others. `mean` is what the ratings have in common, in
    units of the smallest change that matters, above 0 where the first arm is better, and `p_benefit` the chance that
    it is above 0. `called` are the ratings whose pooled verdict is that the arm helps; `expected_false` is how many of
    them are expected to be false alarms (the sum of their chances of not being better: the Bayesian false discovery
    rate times their number; Newton et al. 2004, doi:10.1093/biostatistics/5.2.155). `sentences` tell all this,
    `figures` a sentence for each pooled rating.
    """

    outcomes: tuple[OneOutcome, ...]
    compared: tuple[str, str]
    primary: str
    primary_verdict: VerdictOfDays
    mean: Effect | None
    p_benefit: float | None
    called: tuple[str, ...]
    expected_false: float
    sentences: tuple[str, ...]
    figures: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values only, ready for JSON (verdicts and directions are strings)."""
        out = asdict(self)
        return out | {name: list(out[name]) for name in ("outcomes", "compared", "called", "sentences", "figures")}


def several(rated: Sequence[Rated], primary: str) -> Several:
    """Weigh several ratings of the same days at once.

    Args:
        rated: the ratings, each weighed alone (`analysis.analyse`), all of one person's same days and arms.
        primary: the one named beforehand as deciding.

    Raises:
        InvalidInputError: no rating, one twice, `primary` not among them, or different arms compared.
    """
    _check(rated, primary)
    weighed = [one for one in rated if one.found.asked is not None]
    pooled = pool([_estimate(one) for one in weighed], _correlation(weighed)) if len(weighed) > 1 else None
    effects = {} if pooled is None else _in_points(weighed, pooled)
    outcomes = tuple(_one(one, effects.get(one.outcome)) for one in rated)
    called = tuple(one.outcome for one in outcomes if one.pooled_verdict is VerdictOfDays.HELPS)
    found = Several(
        outcomes=outcomes,
        compared=rated[0].asked.compared,
        primary=primary,
        primary_verdict=next(one.verdict for one in outcomes if one.outcome == primary),
        mean=None if pooled is None else effect_of(pooled.mean),
        p_benefit=None if pooled is None else float(1 - pooled.mean.below(0.0)),
        called=called,
        expected_false=sum(1 - (one.pooled_p_benefit or 0.0) for one in outcomes if one.outcome in called),
        sentences=(),
    )
    figures = tuple(_figures(one, days_of(found.compared[0])) for one in outcomes if one.pooled_effect is not None)
    return replace(found, sentences=_sentences(found), figures=figures)


def _unit(one: Rated) -> float:
    """The smallest change that matters, signed so that above 0 is better."""
    assert one.found.smallest_change is not None  # noqa: S101 – a weighed rating has one
    return one.found.smallest_change * (1 if one.asked.better is Better.HIGHER else -1)


def _estimate(one: Rated) -> Estimate:
    assert one.found.asked is not None  # noqa: S101 – asked by `several`
    assert one.found.priors is not None  # noqa: S101 – a weighed rating has priors
    return Estimate(one.found.asked.effect, one.found.priors.effect, _unit(one))


def _correlation(weighed: Sequence[Rated]) -> Floats:
    """Correlation of the ratings' residuals over the days they share."""
    arm_of = {day.day: day.arm for one in weighed for day in one.days.used}
    days = sorted(arm_of)
    at = {day: nth for nth, day in enumerate(days)}
    y = np.full((len(weighed), len(days)), np.nan)
    for ratings, one in zip(y, weighed, strict=True):
        for day in one.days.used:
            ratings[at[day.day]] = day.y
    return residual_correlation(y, np.array([arm_of[day] for day in days]), np.array(days))


def _in_points(weighed: Sequence[Rated], pooled: Pooled) -> dict[str, Between]:
    """Each pooled effect on its own rating, judged by the rule that it was judged by alone."""
    out = {}
    for one, effect in zip(weighed, pooled.effects, strict=True):
        unit = _unit(one)
        points = NormalMixture(effect.weight, unit * effect.component_mean, abs(unit) * effect.component_sd)
        out[one.outcome] = between(points, one.asked.compared, one.asked, abs(unit), one.found.used_by_arm)
    return out


def _one(one: Rated, pooled: Between | None) -> OneOutcome:
    alone = one.found.asked
    return OneOutcome(
        outcome=one.outcome,
        words=one.words,
        better=one.asked.better,
        smallest_change=one.found.smallest_change,
        verdict=one.found.verdict,
        effect=None if alone is None else effect_of(alone.effect),
        p_benefit=None if alone is None else alone.p_benefit,
        pooled_verdict=None if pooled is None else pooled.verdict,
        pooled_effect=None if pooled is None else effect_of(pooled.effect),
        pooled_p_benefit=None if pooled is None else pooled.p_benefit,
        pooled_p_matters=None if pooled is None else pooled.p_matters,
    )


def _sentences(found: Several) -> tuple[str, ...]:
    these = days_of(found.compared[0])
    weighed = [one for one in found.outcomes if one.pooled_verdict is not None]
    said = [_primary(found)]
    if not weighed:
        return (*said, Sentence("There are not two ratings that can be weighed, so there is nothing to put together."))
    better_alone = [one.words for one in weighed if one.verdict is VerdictOfDays.HELPS]
    said.append(_alone(len(weighed), better_alone, these))
    said.append(
        Sentence(
            "Looking at {count} at once makes one false alarm more likely, so here are the figures with that "
            "allowed for: {figures}."
        ).format(count=len(weighed), figures=_after_pooling(found))
    )
    said.append(_together(found, len(weighed)))
    if left := [one.words for one in found.outcomes if one.pooled_verdict is None]:
        missing = Sentence("Not weighed here, for want of ratings that vary on days of both kinds: {ratings}.")
        said.append(missing.format(ratings=listed(left)))
    return tuple(said)


def _primary(found: Several) -> str:
    words = next(one.words for one in found.outcomes if one.outcome == found.primary)
    return Sentence(
        "The rating that decides is {words}, named beforehand; its answer stands by itself: “{verdict}”."
    ).format(words=words, verdict=VERDICT_WORDS[found.primary_verdict])


def _alone(count: int, better: Sequence[str], these: str) -> str:
    if not better:
        return Sentence("Of {count} ratings, none is clearly better on {these} when each is taken alone.").format(
            count=count, these=these
        )
    return Sentence.counted(
        "Of {count} ratings, {number} is clearly better on {these} ({better}) when each is taken alone.",
        "Of {count} ratings, {number} are clearly better on {these} ({better}) when each is taken alone.",
        len(better),
        count=count,
        these=these,
        better=listed(better),
    )


def _after_pooling(found: Several) -> str:
    called = [one.words for one in found.outcomes if one.outcome in found.called]
    if not called:
        return Sentence("none is clearly better")
    at_most = found.expected_false
    chance = in_percent(at_most)
    return Sentence.counted(
        "{number} is clearly better ({better}), and the chance that it is a false alarm is {chance}",
        "{number} are clearly better ({better}), and the chance that one of them is a false alarm is {chance}",
        len(called),
        better=listed(called),
        chance=chance if at_most < 0.005 else Sentence("at most {chance}").format(chance=chance),
    )


def _figures(one: OneOutcome, these: str) -> str:
    effect = one.pooled_effect
    assert effect is not None  # noqa: S101 – asked by `_sentences`
    ways = {True: LOWER, False: HIGHER}
    said = Sentence(
        "{words}: about {size:.2g} {way} (with 95 % certainty {low:+.2g} to {high:+.2g}); "
        "the chance that it is truly better ({better}) on {these} is {chance}."
    ).format(
        words=one.words,
        size=abs(effect.mean),
        way=ways[effect.mean < 0],
        low=effect.q025,
        high=effect.q975,
        better=ways[one.better is Better.LOWER],
        these=these,
        chance=in_percent(one.pooled_p_benefit or 0.0),
    )
    return said.begun()


def _together(found: Several, count: int) -> str:
    mean = found.mean
    assert mean is not None  # noqa: S101 – asked by `_sentences`
    return Sentence(
        "What the {count} have in common is {size:.1f} times the smallest change that matters, for the {way} "
        "(with 95 % certainty {low:+.2g} to {high:+.2g}); "
        "ratings that share their good and bad days are not counted as separate witnesses."
    ).format(
        count=count,
        size=abs(mean.mean),
        way=Sentence("better") if mean.mean > 0 else Sentence("worse"),
        low=mean.q025,
        high=mean.q975,
    )


def _check(rated: Sequence[Rated], primary: str) -> None:
    names = Counter(one.outcome for one in rated)
    problems = [] if rated else [Problem("ratings", Sentence("none"), Sentence("at least one"))]
    problems += [
        Problem("ratings", Sentence("{name} {count} times").format(name=repr(name), count=count), Sentence("each once"))
        for name, count in names.items()
        if count > 1
    ]
    if rated and primary not in names:
        problems.append(Problem("primary", repr(primary), ONE_OF.format(known=", ".join(names))))
    if len({one.asked.compared for one in rated}) > 1:
        problems.append(Problem("compared", Sentence("different arms"), Sentence("the same two arms for every rating")))
    if problems:
        raise InvalidInputError(*problems)
