"""An answer in plain words: what was found, how sure that is, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from matwise.inference.checks import Check, Fit
from matwise.inference.mixture import NormalMixture
from matwise.measures.rating import Better
from matwise.trial.analysis import Asked, Between, Findings, VerdictOfDays
from matwise.trial.chance import in_percent
from matwise.trial.forecast import FEWEST_RATED, FEWEST_RATED_PER_ARM, LONGEST_WAIT_DAYS
from matwise.trial.sensitivity import Sensitivity
from matwise.trial.series import Series

_SUBJECT = {"mat": "The mat", "rest": "The rest", "breath": "The breathing", "nothing": "Doing nothing"}
_DAYS = {"mat": "mat days", "rest": "rest days", "breath": "breathing days", "nothing": "days with nothing"}
_AGAINST = {
    ("mat", "rest"): "This sets mat days against days of the same rest without the mat.",
    ("mat", "breath"): "This sets mat days against days of the same breathing with neither mat nor towel.",
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
    days_needed: int | None
    sensitivity: Sensitivity | None = None
    fit: Fit | None = None

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
    pair = told.findings.asked
    if pair is None or pair.verdict is VerdictOfDays.NOT_ENOUGH_DAYS:
        return "Not enough days yet: " + _why_not_enough(told)
    return _verdict(told, pair)


def pair_sentence(told: Telling, pair: Between) -> str:
    """What the days say of two arms."""
    if pair.verdict is not VerdictOfDays.NOT_ENOUGH_DAYS:
        return _verdict(told, pair)
    mean = float(pair.effect.mean)
    size = f"{told.about(mean)} {told.lower_or_higher(mean)}"
    return (
        f"Not enough days yet: {told.ratings} were {size} on {days_of(pair.first)} than on {days_of(pair.second)}, "
        "but it could still be chance."
    )


def _verdict(told: Telling, pair: Between) -> str:
    these, those = days_of(pair.first), days_of(pair.second)
    if pair.verdict is VerdictOfDays.NO_DIFFERENCE:
        return (
            f"No difference that matters: {told.ratings} on {these} and on {those} were the same, "
            f"give or take {told.difference(told.findings.smallest_change or 0.0)}."
        )
    subject = _SUBJECT.get(pair.first, f"“{pair.first}”")
    mean = float(pair.effect.mean)
    verb = "helps you" if pair.verdict is VerdictOfDays.HELPS else "makes it worse for you"
    size = f"{told.about(mean)} {told.lower_or_higher(mean)}"
    return f"{subject} {verb}: {told.ratings} were {size} on {these} than on {those}."


def further_sentences(told: Telling) -> tuple[str, ...]:
    """How sure it is, what it was compared with, and what it rests on."""
    found_out = (*_how_sure(told), *_better_days(told), *_how_long(told), _against(told))
    rests_on = (
        _missing(told),
        _carryover(told),
        *_allowed_for(told),
        *_hangs_on(told),
        _expectation(told),
        *_other_arms(told),
    )
    return found_out + rests_on


def warnings_of(told: Telling) -> tuple[str, ...]:
    """What was unusual about the ratings, and what that costs."""
    return tuple(said for said in (_no_scatter(told), _at_the_end(told), *_misfits(told)) if said)


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
    if found.asked is None:
        return f"{told.ratings} were the same every day, so there is nothing to tell apart."
    leaning = found.asked.p_benefit
    if max(leaning, 1 - leaning) >= LEANING:
        ahead = first if leaning >= LEANING else second
        return f"{days_of(ahead)} look better so far, but it could still be chance."
    return f"{days_of(first)} and {days_of(second)} can't be told apart so far."


def _how_sure(told: Telling) -> list[str]:
    found, pair = told.findings, told.findings.asked
    if pair is None:
        return []
    good = told.asked.better.value
    these = days_of(told.asked.compared[0])
    matters = told.difference(found.smallest_change or 0.0)
    sure = (
        f"The chance that {these} are truly better ({good}) is {in_percent(pair.p_benefit)}; "
        f"that they are better by more than {matters}, {in_percent(pair.p_matters)}."
    )
    return [sure, f"With 95 % certainty the difference lies {_span(told, pair.effect)}."]


def _better_days(told: Telling) -> list[str]:
    pair = told.findings.asked
    if pair is None or told.findings.used < FEWEST_RATED:
        return []
    days, (these, those) = pair.better_days, map(days_of, (pair.first, pair.second))
    if days is None:
        return []
    said = (
        f"Of ten pairs of {these} and {those}, the {these.removesuffix('s')} would be the better one in about "
        f"{days.mean:.0f} ({days.q025:.0f} to {days.q975:.0f})."
    )
    return [said]


def _how_long(told: Telling) -> list[str]:
    found = told.findings
    if found.verdict is not VerdictOfDays.NOT_ENOUGH_DAYS:
        return []
    if told.days_needed is None:
        years = "a year" if LONGEST_WAIT_DAYS == 365 else f"{LONGEST_WAIT_DAYS} days"
        return [f"At this rate a clear answer would probably take more than {years}: the difference, if any, is small."]
    if found.asked is None or found.used < FEWEST_RATED:
        return [f"At least {_days(told.days_needed)} more to go before there can be an answer."]
    return [f"If the coming days are like these, about {_days(told.days_needed)} more will probably make it clear."]


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


def _allowed_for(told: Telling) -> list[str]:
    named = told.asked.adjustment.words
    return [f"Allowed for as well: {_or(named).replace(' or ', ' and ')}."] if named else []


def _hangs_on(told: Telling) -> list[str]:
    """What the verdict would be under other assumptions, said only where it would be another one."""
    if told.sensitivity is None:
        return []
    others: dict[VerdictOfDays, list[str]] = {}
    for one in told.sensitivity.hangs_on:
        others.setdefault(one.verdict, []).append(one.assumed)
    said = [f"if {_or(assumed)}, it would be “{VERDICT_WORDS[verdict]}”" for verdict, assumed in others.items()]
    return [f"This verdict hangs on what can't be known: {'; '.join(said)}."] if said else []


VERDICT_WORDS = {
    VerdictOfDays.HELPS: "helps",
    VerdictOfDays.MAKES_WORSE: "makes worse",
    VerdictOfDays.NO_DIFFERENCE: "no difference that matters",
    VerdictOfDays.NOT_ENOUGH_DAYS: "not enough days yet",
}


def _or(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " or " + parts[-1]


_MISFIT = {
    Check.OUTLIER: "one day lies much farther from the others than chance alone would put it",
    Check.NEXT_DAY: "days resemble their neighbours in a way the model does not follow",
    Check.SAME_WEEKDAY: "ratings follow the days of the week",
    Check.SPREAD_BY_ARM: "ratings spread much more on one kind of day than on the other",
    Check.SPREAD_OVER_TIME: "ratings spread much more at one end of the trial than at the other",
    Check.SKEW: "a few days lie far to one side of all others",
    Check.LOW_END: "more or fewer days lie on the low end of the scale than the others lead one to expect",
    Check.HIGH_END: "more or fewer days lie on the high end of the scale than the others lead one to expect",
    Check.NEAR_END: "there seem to be two kinds of day, on the end of the scale and far from it, and few between",
}


def _misfits(told: Telling) -> list[str]:
    if told.fit is None or not told.fit.misfits:
        return []
    said = _or([_MISFIT[one] for one in told.fit.misfits]).replace(" or ", " and ")
    return [f"The model does not quite fit: {said}. Take the certainty here as a rough one."]


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
    return [f"The {named} are weighed in the same answer; each pair is compared below."]


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
            said = "All" if share == 1 else in_percent(share)
            return f"{said} of the ratings are {end:g}, where the scale ends.{_underlying(told)}"
    return ""


def _underlying(told: Telling) -> str:
    """What lies behind ratings that can't go any further."""
    if told.findings.ordinal is None:
        return " A real difference may be larger than it shows here."
    span = _span(told, told.findings.ordinal.effect)
    return f" The answer comes from a model that knows this; on a scale that went on, the difference would lie {span}."


def _span(told: Telling, effect: NormalMixture) -> str:
    """Where 95 % of a difference lie, in words."""
    low, high = (float(end) for end in effect.quantile([0.025, 0.975]))
    if low < 0 < high:
        return f"between {told.difference(low)} lower and {told.difference(high)} higher"
    small, large = sorted((low, high), key=abs)
    return f"between {told.figure(small)} and {told.difference(large)} {told.lower_or_higher(large)}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _has(count: int) -> str:
    return "has" if count == 1 else "have"
