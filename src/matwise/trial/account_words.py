"""What a report calls things, and how it writes its figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matwise.inference.checks import Check
from matwise.sentence import Sentence
from matwise.trial.answer import Answer
from matwise.trial.design import Order

WHAT = {
    "mat": Sentence("a session on the acupressure mat"),
    "rest": Sentence("the same time lying down without the mat"),
    "breath": Sentence("the same time of guided breathing, with neither mat nor towel"),
    "nothing": Sentence("no session"),
}
DEALT = {
    Order.RANDOM: Sentence("in an order drawn at random for every group"),
    Order.ABBA: Sentence(
        "in an order drawn at random for every other group and mirrored in the one after it",
    ),
    Order.LATIN_SQUARE: Sentence("in the rows of two Latin squares, whose order was drawn at random"),
}
PRIOR = {
    "level": Sentence("level"),
    "effect": Sentence("effect"),
    "trend": Sentence("trend"),
    "rho": Sentence("rho"),
    "sigma": Sentence("sigma"),
}
OUTCOME = {
    "pain": Sentence("pain"),
    "stress": Sentence("stress"),
    "sleep": Sentence("sleep"),
    "relaxation": Sentence("relaxation"),
}
CHECK = {
    Check.OUTLIER.value: Sentence("outlier"),
    Check.NEXT_DAY.value: Sentence("next_day"),
    Check.SAME_WEEKDAY.value: Sentence("same_weekday"),
    Check.SPREAD_BY_ARM.value: Sentence("spread_by_arm"),
    Check.SPREAD_OVER_TIME.value: Sentence("spread_over_time"),
    Check.SKEW.value: Sentence("skew"),
    Check.LOW_END.value: Sentence("low_end"),
    Check.HIGH_END.value: Sentence("high_end"),
    Check.NEAR_END.value: Sentence("near_end"),
}


def smallest(answer: Answer) -> Sentence:
    """The smallest change that matters."""
    if answer.scale == "free":
        said = Sentence("{size:g}")
    else:
        said = Sentence("{size:g} point") if answer.smallest_change == 1 else Sentence("{size:g} points")
    return said.format(size=answer.smallest_change)


def chance(p: float | None) -> Sentence:
    """A probability with its relation sign; never said to be 0 or 1."""
    if p is None:
        return Sentence("unknown")
    if p < 0.001:
        return Sentence("< {p:.3f}").format(p=0.001)
    return (Sentence("> {p:.3f}") if p > 0.999 else Sentence("= {p:.3f}")).format(p=min(p, 0.999))


def signed(size: float) -> Sentence:
    """A difference with its sign."""
    said = Sentence("−{size:.2f}") if f"{size:+.2f}".startswith("-") else Sentence("+{size:.2f}")
    return said.format(size=abs(size))


def mean_and_sd(mean: float | None, sd: float | None) -> str:
    """A mean, and a spread where there is one."""
    if mean is None:
        return "–"
    return (
        Sentence("{mean:.2f}").format(mean=mean)
        if sd is None
        else Sentence("{mean:.2f} ({sd:.2f})").format(mean=mean, sd=sd)
    )


def of_days(lengths: Sequence[int]) -> Sentence:
    """How long periods are."""
    shortest, longest = min(lengths), max(lengths)
    if shortest == longest:
        return Sentence.counted("of {number} day", "of {number} days", shortest)
    return Sentence("of {fewest} to {most} days").format(fewest=shortest, most=longest)


def washed_in(days: int) -> Sentence:
    """What is left out after each switch."""
    if not days:
        return Sentence("There was neither run-in nor wash-out.")
    return Sentence.counted(
        "After each switch of arm {number} day had to be left out (wash-in).",
        "After each switch of arm {number} days had to be left out (wash-in).",
        days,
    )


def without_days_off(days: int) -> str:
    """How many days could hold no session; empty for none."""
    if not days:
        return ""
    return Sentence.counted(
        "{number} day on which no session was possible were left out beforehand.",
        "{number} days on which no session was possible were left out beforehand.",
        days,
    )


def sentences(*given: str) -> Sentence:
    """Those sentences that say something, one after the other."""
    return Sentence.joined(one for one in given if one)


def ended(pieces: Iterable[str], between: str) -> Sentence:
    """A list as a sentence."""
    return Sentence.joined([Sentence.joined(pieces, between), "."], "")
