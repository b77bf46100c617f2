"""An answer in plain words: what was found, how sure that is, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from matwise.inference.checks import Check, Fit
from matwise.inference.mixture import NormalMixture
from matwise.measures.rating import Better
from matwise.sentence import OR, Sentence, listed
from matwise.trial.analysis import Asked, Between, Findings, VerdictOfDays
from matwise.trial.arm_words import AGAINST, DAY, SUBJECT, days_of
from matwise.trial.chance import in_percent
from matwise.trial.forecast import FEWEST_RATED, FEWEST_RATED_PER_ARM
from matwise.trial.sensitivity import Sensitivity
from matwise.trial.series import Series

# From a tenth of ratings at one end on, the reading at that end is too small (attenuation 20 % and more).
ENDS_SHARE = 0.10
LOWER, HIGHER = Sentence("lower"), Sentence("higher")
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
        if self.asked.range_.free:
            return Sentence("{size:.2g}").format(size=abs(size))
        whole = f"{abs(size):.1f}".endswith(".0")
        return (Sentence("{size:.0f}") if whole else Sentence("{size:.1f}")).format(size=abs(size))

    def difference(self, size: float) -> str:
        """A size in points, or plain where the reading has no points."""
        figure = self.figure(size)
        if self.asked.range_.free:
            return figure
        named = {"0": Sentence("less than 0.1 points"), "1": Sentence("1 point")}
        return named.get(figure, Sentence("{figure} points").format(figure=figure))

    def about(self, size: float) -> str:
        """A size as an estimate."""
        difference = self.difference(size)
        return difference if difference.startswith("less") else Sentence("about {size}").format(size=difference)

    def lower_or_higher(self, value: float) -> str:
        """Which way a difference points."""
        return LOWER if value < 0 else HIGHER


def first_sentence(told: Telling) -> str:
    """The answer itself."""
    pair = told.findings.asked
    if pair is None or pair.verdict is VerdictOfDays.NOT_ENOUGH_DAYS:
        return Sentence("Not enough days yet: {why}").format(why=_why_not_enough(told))
    return _verdict(told, pair)


def pair_sentence(told: Telling, pair: Between) -> str:
    """What the days say of two arms."""
    if pair.verdict is not VerdictOfDays.NOT_ENOUGH_DAYS:
        return _verdict(told, pair)
    mean = float(pair.effect.mean)
    return Sentence(
        "Not enough days yet: {ratings} were {size} on {these} than on {those}, but it could still be chance."
    ).format(ratings=told.ratings, size=_way(told, mean), these=days_of(pair.first), those=days_of(pair.second))


def _way(told: Telling, mean: float) -> str:
    return Sentence("{size} {way}").format(size=told.about(mean), way=told.lower_or_higher(mean))


def _verdict(told: Telling, pair: Between) -> str:
    these, those = days_of(pair.first), days_of(pair.second)
    if pair.verdict is VerdictOfDays.NO_DIFFERENCE:
        return Sentence(
            "No difference that matters: {ratings} on {these} and on {those} were the same, give or take {matters}."
        ).format(
            ratings=told.ratings,
            these=these,
            those=those,
            matters=told.difference(told.findings.smallest_change or 0.0),
        )
    helps = pair.verdict is VerdictOfDays.HELPS
    said = (
        Sentence("{subject} helps you: {ratings} were {size} on {these} than on {those}.")
        if helps
        else Sentence("{subject} makes it worse for you: {ratings} were {size} on {these} than on {those}.")
    )
    return said.format(
        subject=SUBJECT.get(pair.first, f"“{pair.first}”"),
        ratings=told.ratings,
        size=_way(told, float(pair.effect.mean)),
        these=these,
        those=those,
    )


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
        have = {0: Sentence("no day is rated"), 1: Sentence("1 day is rated")}.get(
            found.used, Sentence("{count} days are rated").format(count=found.used)
        )
        return Sentence("{have} so far, and an answer needs at least {fewest}.").format(have=have, fewest=FEWEST_RATED)
    for arm in (first, second):
        count = found.used_by_arm[arm]
        if count < FEWEST_RATED_PER_ARM:
            return _too_few_of(arm, count)
    if found.asked is None:
        return Sentence("{ratings} were the same every day, so there is nothing to tell apart.").format(
            ratings=told.ratings
        )
    leaning = found.asked.p_benefit
    if max(leaning, 1 - leaning) >= LEANING:
        ahead = first if leaning >= LEANING else second
        return Sentence("{these} look better so far, but it could still be chance.").format(these=days_of(ahead))
    return Sentence("{these} and {those} can't be told apart so far.").format(
        these=days_of(first), those=days_of(second)
    )


def _too_few_of(arm: str, count: int) -> str:
    said = {
        0: Sentence("none of the {these} rated, and an answer needs at least {fewest} of each kind."),
        1: Sentence("only 1 of the {these} rated, and an answer needs at least {fewest} of each kind."),
    }.get(count, Sentence("only {count} of the {these} rated, and an answer needs at least {fewest} of each kind."))
    return said.format(count=count, these=days_of(arm), fewest=FEWEST_RATED_PER_ARM)


def _how_sure(told: Telling) -> list[str]:
    found, pair = told.findings, told.findings.asked
    if pair is None:
        return []
    lower = told.asked.better is Better.LOWER
    sure = Sentence(
        "The chance that {these} are truly better ({good}) is {chance}; "
        "that they are better by more than {matters}, {chance_matters}."
    ).format(
        these=days_of(told.asked.compared[0]),
        good=LOWER if lower else HIGHER,
        chance=in_percent(pair.p_benefit),
        matters=told.difference(found.smallest_change or 0.0),
        chance_matters=in_percent(pair.p_matters),
    )
    lies = Sentence("With 95 % certainty the difference lies {span}.").format(span=_span(told, pair.effect))
    return [sure, lies]


def _better_days(told: Telling) -> list[str]:
    pair = told.findings.asked
    if pair is None or told.findings.used < FEWEST_RATED:
        return []
    days = pair.better_days
    if days is None:
        return []
    said = Sentence(
        "Of ten pairs of {these} and {those}, the {this} would be the better one in about "
        "{mean:.0f} ({low:.0f} to {high:.0f})."
    ).format(
        these=days_of(pair.first),
        those=days_of(pair.second),
        this=DAY.get(pair.first, Sentence("“{arm}” day").format(arm=pair.first)),
        mean=days.mean,
        low=days.q025,
        high=days.q975,
    )
    return [said]


def _how_long(told: Telling) -> list[str]:
    found = told.findings
    if found.verdict is not VerdictOfDays.NOT_ENOUGH_DAYS:
        return []
    if told.days_needed is None:
        return [
            Sentence(
                "At this rate a clear answer would probably take more than a year: the difference, if any, is small."
            )
        ]
    if found.asked is None or found.used < FEWEST_RATED:
        return [
            Sentence.counted(
                "At least {number} day more to go before there can be an answer.",
                "At least {number} days more to go before there can be an answer.",
                told.days_needed,
            )
        ]
    return [
        Sentence.counted(
            "If the coming days are like these, about {number} day more will probably make it clear.",
            "If the coming days are like these, about {number} days more will probably make it clear.",
            told.days_needed,
        )
    ]


def _against(told: Telling) -> str:
    these, those = told.asked.compared
    return AGAINST.get(
        (these, those),
        Sentence("This sets {these} against {those}.").format(these=days_of(these), those=days_of(those)),
    )


def _missing(told: Telling) -> str:
    used, missing, washin = told.findings.used, told.series.missing, sum(one.washin for one in told.series.days)
    counted = Sentence.counted("{number} day is counted", "{number} days are counted", used)
    if missing:
        unrated = Sentence.counted("{number} day has no rating", "{number} days have no rating", missing)
        said = Sentence(
            "{counted}; {unrated}. Nothing is put in their place, so the answer is that much less certain."
        ).format(counted=counted, unrated=unrated)
    else:
        said = Sentence("No rating is missing; {counted}.").format(counted=counted)
    if not washin:
        return said
    left = Sentence.counted(
        "{number} day just after a switch is left out on purpose.",
        "{number} days just after a switch are left out on purpose.",
        washin,
    )
    return Sentence.joined((said, left))


def _carryover(told: Telling) -> str:
    if len(told.asked.carryover.keeps) > 1:
        return Sentence(
            "What one day may carry over to the next is allowed for, from nothing to several days; "
            "that makes the answer less certain and fairer."
        )
    if told.asked.carryover.days_left_out:
        return Sentence("After the days left out, it is taken that nothing carries over from one day to the next.")
    return Sentence("It is taken that nothing carries over from one day to the next.")


def _allowed_for(told: Telling) -> list[str]:
    named = told.asked.adjustment.words
    return [Sentence("Allowed for as well: {named}.").format(named=listed(named))] if named else []


def _hangs_on(told: Telling) -> list[str]:
    """What the verdict would be under other assumptions, said only where it would be another one."""
    if told.sensitivity is None:
        return []
    others: dict[VerdictOfDays, list[str]] = {}
    for one in told.sensitivity.hangs_on:
        others.setdefault(one.verdict, []).append(one.assumed)
    would_be = Sentence("if {assumed}, it would be “{verdict}”")
    said = [
        would_be.format(assumed=listed(assumed, OR), verdict=VERDICT_WORDS[verdict])
        for verdict, assumed in others.items()
    ]
    hangs = Sentence("This verdict hangs on what can't be known: {cases}.")
    return [hangs.format(cases=Sentence.joined(said, "; "))] if said else []


VERDICT_WORDS = {
    VerdictOfDays.HELPS: Sentence("helps"),
    VerdictOfDays.MAKES_WORSE: Sentence("makes worse"),
    VerdictOfDays.NO_DIFFERENCE: Sentence("no difference that matters"),
    VerdictOfDays.NOT_ENOUGH_DAYS: Sentence("not enough days yet"),
}


_MISFIT = {
    Check.OUTLIER: Sentence("one day lies much farther from the others than chance alone would put it"),
    Check.NEXT_DAY: Sentence("days resemble their neighbours in a way the model does not follow"),
    Check.SAME_WEEKDAY: Sentence("ratings follow the days of the week"),
    Check.SPREAD_BY_ARM: Sentence("ratings spread much more on one kind of day than on the other"),
    Check.SPREAD_OVER_TIME: Sentence("ratings spread much more at one end of the trial than at the other"),
    Check.SKEW: Sentence("a few days lie far to one side of all others"),
    Check.LOW_END: Sentence("more or fewer days lie on the low end of the scale than the others lead one to expect"),
    Check.HIGH_END: Sentence("more or fewer days lie on the high end of the scale than the others lead one to expect"),
    Check.NEAR_END: Sentence(
        "there seem to be two kinds of day, on the end of the scale and far from it, and few between"
    ),
}


def _misfits(told: Telling) -> list[str]:
    if told.fit is None or not told.fit.misfits:
        return []
    said = Sentence("The model does not quite fit: {misfits}. Take the certainty here as a rough one.")
    return [said.format(misfits=listed([_MISFIT[one] for one in told.fit.misfits]))]


def _expectation(told: Telling) -> str:
    if told.own_trial:
        return Sentence(
            "You knew which day was which: what you expected is part of this difference and can't be taken out of it."
        )
    return Sentence(
        "Where it was known which day was which, what was expected is part of this difference and can't be taken out."
    )


def _other_arms(told: Telling) -> list[str]:
    others = [arm for arm in told.findings.used_by_arm if arm not in told.asked.compared]
    if not others:
        return []
    said = Sentence("The {days} are weighed in the same answer; each pair is compared below.")
    return [said.format(days=listed([days_of(arm) for arm in others]))]


def _no_scatter(told: Telling) -> str:
    posterior = told.findings.posterior
    if posterior is None or not posterior.exact_fit:
        return ""
    return Sentence(
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
            some = Sentence("{share} of the ratings are {end:g}, where the scale ends.")
            said = (
                Sentence("All of the ratings are {end:g}, where the scale ends.").format(end=end)
                if share == 1
                else some.format(share=in_percent(share), end=end)
            )
            return Sentence.joined((said, _underlying(told)))
    return ""


def _underlying(told: Telling) -> str:
    """What lies behind ratings that can't go any further."""
    if told.findings.ordinal is None:
        return Sentence("A real difference may be larger than it shows here.")
    span = _span(told, told.findings.ordinal.effect)
    return Sentence(
        "The answer comes from a model that knows this; on a scale that went on, the difference would lie {span}."
    ).format(span=span)


def _span(told: Telling, effect: NormalMixture) -> str:
    """Where 95 % of a difference lie, in words."""
    low, high = (float(end) for end in effect.quantile([0.025, 0.975]))
    if low < 0 < high:
        across = Sentence("between {low} lower and {high} higher")
        return across.format(low=told.difference(low), high=told.difference(high))
    small, large = sorted((low, high), key=abs)
    return Sentence("between {small} and {large} {way}").format(
        small=told.figure(small), large=told.difference(large), way=told.lower_or_higher(large)
    )
