"""An answer in plain words: what was found, how sure that is, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from matwise.measures.rating import Better
from matwise.trial.analysis import Asked, Findings, VerdictOfDays
from matwise.trial.chance import in_percent
from matwise.trial.forecast import FEWEST_RATED, FEWEST_RATED_PER_ARM, LONGEST_WAIT_DAYS
from matwise.trial.series import Series

_SUBJECT = {"mat": "The mat", "rest": "The rest", "nothing": "Doing nothing"}
_DAYS = {"mat": "mat days", "rest": "rest days", "nothing": "days with nothing"}
_AGAINST = {
    ("mat", "rest"): "This sets mat days against days of the same rest without the mat.",
    (
        "mat",
        "nothing",
    ): "This sets mat days against days with no session at all: the mat, the rest and the quiet together.",
    ("rest", "nothing"): "This sets days of rest without the mat against days with no session at all.",
}
# From a tenth of ratings at one end on, the reading at that end is too small (attenuation 20 % and more).
ENDS_SHARE = 0.10
LEANING = 0.9  # from here on one arm looks better, though not surely enough for a verdict


@dataclass(frozen=True, slots=True)
class Telling:
    """What the words need besides the findings: whose ratings, how many are missing, whether arms were known."""

    asked: Asked
    findings: Findings
    series: Series
    ratings: str
    own_trial: bool

    def figure(self, size: float) -> str:
        """A size as a bare figure, without its sign."""
        return f"{abs(size):.2g}" if self.asked.range_.free else f"{abs(size):.1f}".removesuffix(".0")

    def difference(self, size: float) -> str:
        """A size in points, or plain where the reading has no points."""
        figure = self.figure(size)
        if self.asked.range_.free:
            return figure
        return {"0": "less than 0.1 points", "1": "1 point"}.get(figure, f"{figure} points")

    def about(self, size: float) -> str:
        """A size as an estimate."""
        difference = self.difference(size)
        return difference if difference.startswith("less") else f"about {difference}"

    def lower_or_higher(self, value: float) -> str:
        """Which way a difference points."""
        return "lower" if value < 0 else "higher"


def days_of(arm: str) -> str:
    """What the days of an arm are called."""
    return _DAYS.get(arm, f"“{arm}” days")


def first_sentence(told: Telling) -> str:
    """The answer itself."""
    asked, found = told.asked, told.findings
    subject = _SUBJECT.get(asked.compared[0], f"“{asked.compared[0]}”")
    these, those = map(days_of, asked.compared)
    if found.posterior is None or found.verdict is VerdictOfDays.NOT_ENOUGH_DAYS:
        return "Not enough days yet: " + _why_not_enough(told)
    if found.verdict is VerdictOfDays.NO_DIFFERENCE:
        return (
            f"No difference that matters: {told.ratings} on {these} and on {those} were the same, "
            f"give or take {told.difference(found.smallest_change or 0.0)}."
        )
    mean = float(found.posterior.effect.mean)
    verb = "helps you" if found.verdict is VerdictOfDays.HELPS else "makes it worse for you"
    size = f"{told.about(mean)} {told.lower_or_higher(mean)}"
    return f"{subject} {verb}: {told.ratings} were {size} on {these} than on {those}."


def further_sentences(told: Telling) -> tuple[str, ...]:
    """How sure it is, what it was compared with, and what it rests on."""
    found_out = (*_how_sure(told), *_how_long(told), _against(told))
    rests_on = (_missing(told), _carryover(told), _expectation(told), *_other_arms(told))
    return found_out + rests_on


def warnings_of(told: Telling) -> tuple[str, ...]:
    """What was unusual about the ratings, and what that costs."""
    return tuple(said for said in (_no_scatter(told), _at_the_end(told)) if said)


def _why_not_enough(told: Telling) -> str:
    found, (first, second) = told.findings, told.asked.compared
    if found.used < FEWEST_RATED:
        have = {0: "no day is rated", 1: "1 day is rated"}.get(found.used, f"{found.used} days are rated")
        return f"{have} so far, and an answer needs at least {FEWEST_RATED}."
    for arm in (first, second):
        count = found.used_by_arm[arm]
        if count < FEWEST_RATED_PER_ARM:
            have = {0: "none of the", 1: "only 1 of the"}.get(count, f"only {count} of the")
            return f"{have} {days_of(arm)} rated, and an answer needs at least {FEWEST_RATED_PER_ARM} of each kind."
    if found.posterior is None:
        return f"{told.ratings} were the same every day, so there is nothing to tell apart."
    leaning = found.p_benefit if found.p_benefit is not None else 0.5
    if max(leaning, 1 - leaning) >= LEANING:
        ahead = first if leaning >= LEANING else second
        return f"{days_of(ahead)} look better so far, but it could still be chance."
    return f"{days_of(first)} and {days_of(second)} can't be told apart so far."


def _how_sure(told: Telling) -> list[str]:
    found = told.findings
    if found.posterior is None or found.p_benefit is None or found.p_matters is None:
        return []
    low, high = (float(end) for end in found.posterior.effect.quantile([0.025, 0.975]))
    good = told.asked.better.value
    these = days_of(told.asked.compared[0])
    if low < 0 < high:
        span = f"{told.difference(low)} lower and {told.difference(high)} higher"
    else:
        small, large = sorted((low, high), key=abs)
        span = f"{told.figure(small)} and {told.difference(large)} {told.lower_or_higher(large)}"
    matters = told.difference(found.smallest_change or 0.0)
    sure = (
        f"The chance that {these} are truly better ({good}) is {in_percent(found.p_benefit)}; "
        f"that they are better by more than {matters}, {in_percent(found.p_matters)}."
    )
    return [sure, f"With 95 % certainty the difference lies between {span}."]


def _how_long(told: Telling) -> list[str]:
    found = told.findings
    if found.verdict is not VerdictOfDays.NOT_ENOUGH_DAYS:
        return []
    if found.days_needed is None:
        years = "a year" if LONGEST_WAIT_DAYS == 365 else f"{LONGEST_WAIT_DAYS} days"
        return [f"At this rate a clear answer would probably take more than {years}: the difference, if any, is small."]
    if found.posterior is None or found.used < FEWEST_RATED:
        return [f"At least {_days(found.days_needed)} more to go before there can be an answer."]
    return [f"If the coming days are like these, about {_days(found.days_needed)} more will probably make it clear."]


def _against(told: Telling) -> str:
    these, those = told.asked.compared
    return _AGAINST.get((these, those), f"This sets {days_of(these)} against {days_of(those)}.")


def _missing(told: Telling) -> str:
    used, missing, washin = told.findings.used, told.series.missing, sum(one.washin for one in told.series.days)
    left = f" {_days(washin)} just after a switch {_is(washin)} left out on purpose." if washin else ""
    if not missing:
        return f"No rating is missing; {_days(used)} {_is(used)} counted.{left}"
    return (
        f"{_days(used)} {_is(used)} counted; {_days(missing)} {_has(missing)} no rating. "
        f"Nothing is put in their place, so the answer is that much less certain.{left}"
    )


def _carryover(told: Telling) -> str:
    if len(told.asked.carryover.keeps) > 1:
        return (
            "What one day may carry over to the next is allowed for, from nothing to several days; "
            "that makes the answer less certain and fairer."
        )
    if told.asked.carryover.days_left_out:
        return "After the days left out, it is taken that nothing carries over from one day to the next."
    return "It is taken that nothing carries over from one day to the next."


def _expectation(told: Telling) -> str:
    if told.own_trial:
        return (
            "You knew which day was which: what you expected is part of this difference and can't be taken out of it."
        )
    return (
        "Where it was known which day was which, what was expected is part of this difference and can't be taken out."
    )


def _other_arms(told: Telling) -> list[str]:
    others = [arm for arm in told.findings.used_by_arm if arm not in told.asked.compared]
    if not others:
        return []
    named = " and ".join(days_of(arm) for arm in others)
    return [f"The {named} are not compared; they only help to know how much days differ anyway."]


def _no_scatter(told: Telling) -> str:
    posterior = told.findings.posterior
    if posterior is None or not posterior.exact_fit:
        return ""
    return (
        "The ratings follow a pattern without any chance in it. Day-to-day chance was taken to be what rounding "
        "alone makes, so the certainty is a rough one."
    )


def _at_the_end(told: Telling) -> str:
    range_, used = told.asked.range_, told.series.used
    if range_.free or not used:
        return ""
    best = range_.low if told.asked.better is Better.LOWER else range_.high
    for end in (best, range_.low + range_.high - best):
        share = sum(one.y == end for one in used) / len(used)
        if share >= ENDS_SHARE:
            return (
                f"{in_percent(share)} of the ratings are {end:g}, where the scale ends: "
                "a real difference may be larger than it shows here."
            )
    return ""


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _has(count: int) -> str:
    return "has" if count == 1 else "have"
