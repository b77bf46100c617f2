"""What may be pooled: studies of one outcome against one comparator, each with its effect and variance, none twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matwise.sentence import Sentence

FEWEST = 2

NO_EFFECT = Sentence("It reports no effect.")
BOUND = Sentence("It reports only a bound, such as p < 0.05, which is no effect.")
NO_VARIANCE = Sentence("It reports no standard deviation, error or interval, so nobody knows how sure its effect is.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An effect that might be pooled, as it was reported.

    Attributes:
        study: whose people they are; the same people must not count twice.
        outcome: what was measured.
        comparator: against what.
        span: when it was measured, in words that are equal for what may stand together.
        metric: the kind of effect, such as a standardised or a plain difference.
        effect: None where it was not reported.
        variance: None where it can't be known.
        is_bound: only a bound was reported.
    """

    study: str
    outcome: str
    comparator: str
    span: str
    metric: str
    effect: float | None
    variance: float | None
    is_bound: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """Which candidates may be pooled, which are left out and why, and why nothing is pooled at all (empty: it is)."""

    usable: tuple[Candidate, ...]
    left_out: tuple[tuple[Candidate, Sentence], ...]
    refused: tuple[Sentence, ...]


def judge(candidates: Sequence[Candidate]) -> Judged:
    """Say what may be pooled. What differs in what it asks is not mixed, however alike the numbers are."""
    left_out = tuple((one, why) for one in candidates if (why := _why_not(one)) is not None)
    usable = tuple(one for one in candidates if _why_not(one) is None)
    refused = [
        Sentence("They differ in {what}: {these}.", what=what, these=", ".join(sorted(found)))
        for what, found in (
            (Sentence("what they compare with"), {one.comparator for one in usable}),
            (Sentence("what was measured"), {one.outcome for one in usable}),
            (Sentence("when it was measured"), {one.span for one in usable}),
            (Sentence("the kind of effect"), {one.metric for one in usable}),
        )
        if len(found) > 1
    ]
    refused += [
        Sentence("{study} would count {times} times, with the same people.", study=study, times=times)
        for study, times in _twice(one.study for one in usable)
    ]
    if len(usable) < FEWEST:
        refused.append(Sentence("Only {number} of them can be used; to pool takes two.", number=len(usable)))
    return Judged(usable, left_out, tuple(refused))


def _why_not(one: Candidate) -> Sentence | None:
    if one.is_bound:
        return BOUND
    if one.effect is None:
        return NO_EFFECT
    return NO_VARIANCE if one.variance is None else None


def _twice(studies: Iterable[str]) -> list[tuple[str, int]]:
    return [(study, times) for study, times in Counter(studies).items() if times > 1]
