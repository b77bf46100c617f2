"""The sentences a report is made of, and the periods of a trial: each sentence from the figures it names."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np

from matwise.trial.analysis import WITHIN
from matwise.trial.answer import Answer
from matwise.trial.design import Order, Schedule
from matwise.trial.forecast import SIDE_BETWEEN, SIDE_FINISHED, SIDE_RUNNING
from matwise.trial.schedule import group_days
from matwise.trial.series import SeriesDay

_WHAT = {
    "mat": "a session on the acupressure mat",
    "rest": "the same time lying down without the mat",
    "breath": "the same time of guided breathing, with neither mat nor towel",
    "nothing": "no session",
}


_DEALT = {
    Order.RANDOM: "in an order drawn at random for every group",
    Order.ABBA: "in an order drawn at random for every other group and mirrored in the one after it",
    Order.LATIN_SQUARE: "in the rows of two Latin squares, whose order was drawn at random",
}


@dataclass(frozen=True, slots=True)
class Period:
    """One block of `days` days on one arm, days off not counted; `rated` ones count, `left_out` ones are wash-in.

    `mean` and `sd` are those of the days that count; None where there are too few.
    """

    number: int
    arm: str
    first_day: int
    last_day: int
    days: int
    rated: int
    left_out: int
    mean: float | None
    sd: float | None


def periods(answer: Answer, schedule: Schedule | None = None) -> tuple[Period, ...]:
    """The days so far by period; without a schedule a period is a run of days on one arm, skipped days among them."""
    return tuple(_period(nth, days, schedule) for nth, days in enumerate(runs(answer.days, schedule), start=1))


@dataclass(frozen=True, slots=True)
class Account:
    """Every property is one or two sentences; those that begin with “not reported” say why.

    `schedule` is None for a table of days; `randomisation_p` None where no randomisation test was done.
    """

    answer: Answer
    schedule: Schedule | None
    version: str
    randomisation_p: float | None

    @property
    def title(self) -> str:
        """The title."""
        first, second = self.answer.compared
        return f"{first} against {second} on “{self.answer.outcome}”: {self._kind}"

    @property
    def _kind(self) -> str:
        return "an N-of-1 trial" if self.schedule is None else "a randomised N-of-1 trial"

    @property
    def design(self) -> str:
        """What was compared, over how many days, in what periods."""
        first, second = self.answer.compared
        compared = f"{self._kind[0].upper()}{self._kind[1:]} compared {first} with {second} within one person."
        if self.schedule is None:
            return f"{compared} Days were taken from a table; how arms were assigned is not recorded in it."
        design, days = self.schedule.design, self.planned
        periods_of = runs(days, self.schedule)
        washin = (
            f" After each switch of arm {_count(design.washin_days, 'day')} had to be left out (wash-in)."
            if design.washin_days
            else " There was neither run-in nor wash-out."
        )
        off = len(self.schedule.days) - len(days)
        without = f" {_count(off, 'day')} on which no session was possible were left out beforehand." if off else ""
        return (
            f"{compared} Planned were {len(days)} days from {self.schedule.days[0].on} to {self.schedule.days[-1].on}, "
            f"in {len(periods_of)} periods of {_lengths(periods_of)}.{washin}{without}"
        )

    @property
    def planned(self) -> tuple[SeriesDay, ...]:
        """The days of the schedule as it was drawn, without those that were off; none for a table."""
        days = () if self.schedule is None else self.schedule.days
        return tuple(SeriesDay(one.day, one.arm.value, None) for one in days if not one.off)

    @property
    def sequence(self) -> str:
        """How the sequence was made; empty for a table."""
        if self.schedule is None:
            return ""
        design = self.schedule.design
        return (
            f"Periods were dealt in groups of {group_days(design)} days, each arm once a group, {_DEALT[design.order]} "
            f"(generator PCG64, seed {design.seed})."
        )

    @property
    def intended(self) -> str:
        """The whole sequence as it was drawn."""
        if self.schedule is None:
            return "not reported: a table holds the days that were, not those that were intended."
        in_order = runs(self.planned, self.schedule)
        return ", ".join(f"{run[0].arm} (days {run[0].day}–{run[-1].day})" for run in in_order) + "."

    @property
    def interventions(self) -> str:
        """What the arms were."""
        arms = self.answer.days_used_by_arm
        named = "; ".join(f"{arm}: {_WHAT[arm]}" if self.schedule and arm in _WHAT else arm for arm in arms)
        return f"{named}. How long and how each session went is not part of this report."

    @property
    def outcome(self) -> str:
        """The rating, its ends, which way is good, the smallest change that matters."""
        answer = self.answer
        scale = "without ends" if answer.scale == "free" else f"from {answer.scale.replace(':', ' to ')}"
        when = "" if self.schedule is None else ", given each evening"
        smallest = (
            "" if answer.smallest_change is None else f" {_smallest(answer)} was the smallest change that matters."
        )
        return (
            f"The outcome was the rating “{answer.outcome}” {scale}{when}; {answer.better.value} is better.{smallest}"
        )

    @property
    def blinding(self) -> str:
        """Who knew which arm it was."""
        if "mat" not in self.answer.compared:
            return "Whether the person knew which arm it was is not recorded."
        return "Nobody was blinded: a mat can be felt. What was expected of it is part of the difference."

    @property
    def missing(self) -> str:
        """What became of days without a rating."""
        return "Missing ratings were not imputed; the model integrates over them, at any gap."

    @property
    def model(self) -> str:
        """The model and its priors."""
        priors = ", ".join(f"{name} {prior['symbols']}" for name, prior in self.answer.priors.items())
        symbols = self.answer.model.get("symbols", "")
        return f"Bayesian regression with autocorrelated errors: {symbols}. Priors: {priors or 'none were used'}."

    @property
    def dependence(self) -> str:
        """Carry-over, trend, resemblance of neighbouring days."""
        return (
            f"Carry-over: {self.answer.model.get('carryover', 'not modelled')}. Change over time: a linear trend. "
            "Days that resemble their neighbours: a first-order autoregression, its ρ learnt from the days."
        )

    @property
    def rule(self) -> str:
        """When a verdict was given."""
        side = f"{100 * SIDE_FINISHED:g} % on one side"
        if self.answer.running:
            side = (
                f"{100 * SIDE_RUNNING:g} % on one side after a whole group of blocks, {100 * SIDE_BETWEEN:g} % between"
            )
        return (
            f"An arm was called better or worse at a posterior probability of {side}; a "
            f"difference that matters was ruled out at {100 * WITHIN:g} % within the smallest change."
        )

    @property
    def looks(self) -> str:
        """How often the days were looked at."""
        if self.schedule is None:
            return "not reported: how often the days were looked at before is not recorded in a table."
        finished, running, between = (f"{100 * one:g} %" for one in (SIDE_FINISHED, SIDE_RUNNING, SIDE_BETWEEN))
        return (
            "While it ran, it could be looked at on any day. A verdict needed "
            f"{running} on one side after each whole group of {group_days(self.schedule.design)} days, {between} on "
            f"any other day, and {finished} at the end."
        )

    @property
    def flow(self) -> str:
        """Periods and days so far, and what became of them."""
        done, answer = periods(self.answer, self.schedule), self.answer
        days = sum(one.days for one in done)
        left_out = sum(one.left_out for one in done)
        return (
            f"{_count(len(done), 'period')} with {_count(days, 'day')} went by so far. "
            f"{_count(answer.days_used, 'day')} counted ({self.by_arm}), {left_out} left out as wash-in, "
            f"{answer.days_missing} without a rating."
        )

    @property
    def by_arm(self) -> str:
        """Days that counted, by arm."""
        return ", ".join(f"{arm} {count}" for arm, count in self.answer.days_used_by_arm.items())

    @property
    def effect(self) -> str:
        """The difference, its interval, the chances."""
        answer, effect = self.answer, self.answer.effect
        if effect is None or answer.p_benefit is None:
            return "No effect could be estimated: an arm has no rated day, or the ratings never varied."
        first, second = answer.compared
        chances = (
            f"P(better) {_chance(answer.p_benefit)}, P(better by more than {_smallest(answer)}) "
            f"{_chance(answer.p_matters)}, P(difference within {_smallest(answer)}) {_chance(answer.p_no_difference)}"
        )
        rho = answer.model.get("rho_mean")
        fitted = "" if rho is None else f" Posterior means: ρ = {_signed(rho)}, σ = {answer.model['sigma_mean']:.2f}."
        return (
            f"The difference {first} − {second} was {_signed(effect.mean)} (95 % credible interval "
            f"{_signed(effect.q025)} to {_signed(effect.q975)}); {chances}.{fitted}"
        )

    @property
    def randomisation(self) -> str:
        """The randomisation test."""
        if self.randomisation_p is None:
            return "No randomisation test was done."
        return f"The randomisation test of the schedule gave p {_chance(self.randomisation_p)} (two-sided)."

    @property
    def verdict(self) -> str:
        """The answer itself."""
        return f"Verdict: {self.answer.sentence}"

    @property
    def software(self) -> str:
        """What computed it."""
        return f"Software: Matwise {self.version}."

    @property
    def other_analyses(self) -> str:
        """The answer under other assumptions, the checks of the fit, the randomisation test."""
        doubts = self.answer.sensitivity
        variants = (
            []
            if doubts is None
            else [
                f"if {one.assumed}: {_signed(one.mean)} ({_signed(one.low)} to {_signed(one.high)})"
                for one in doubts.variants
            ]
        )
        checks = [f"{one.name} p {_chance(one.p)}" for one in self.answer.checks]
        fit = [f"checks of the fit: {', '.join(checks)}"] if checks else []
        return "; ".join([*variants, *fit, self.randomisation.removesuffix(".")]) + "."

    @property
    def dates(self) -> str:
        """From when to when."""
        if self.schedule is None:
            return "not reported: a table counts its days, without dates that this report could name."
        last = {one.day: one.on for one in self.schedule.days}[self.answer.days[-1].day] if self.answer.days else None
        return f"Begun on {self.schedule.days[0].on}; days up to {last or 'none'} are in this report."

    @property
    def end(self) -> str:
        """Whether it ended, and how."""
        if self.schedule is None:
            return "not reported: a table does not say how it ended."
        so_far, planned = sum(one.days for one in periods(self.answer, self.schedule)), len(self.planned)
        if self.answer.running:
            return f"The trial is still running, after {so_far} of {planned} days."
        if so_far == planned:
            return f"All {planned} planned days have gone by."
        return f"It was ended before its planned {planned} days had gone by; why is not recorded."

    @property
    def limits(self) -> str:
        """What limits the result."""
        return " ".join([self.blinding, *self.answer.warnings])


def runs(days: tuple[SeriesDay, ...], schedule: Schedule | None) -> list[tuple[SeriesDay, ...]]:
    """Periods. Two neighbouring ones may be on the same arm, but never within one group of blocks."""
    counted = [] if schedule is None else [one.day for one in schedule.days if not one.off]
    group = {day: nth // group_days(schedule.design) for nth, day in enumerate(counted)} if schedule else {}

    def which(one: SeriesDay) -> tuple[int, str]:
        return (group.get(one.day, 0), one.arm)

    dealt = [one for one in days if schedule is None or one.day in group]
    return [tuple(run) for _, run in groupby(dealt, which)]


def _period(number: int, days: tuple[SeriesDay, ...], schedule: Schedule | None) -> Period:
    y = [one.y for one in days if one.y is not None and not one.washin]
    return Period(
        number=number,
        arm=days[0].arm,
        first_day=days[0].day,
        last_day=days[-1].day,
        days=days[-1].day - days[0].day + 1 if schedule is None else len(days),
        rated=len(y),
        left_out=sum(one.washin for one in days),
        mean=float(np.mean(y)) if y else None,
        sd=float(np.std(y, ddof=1)) if len(y) > 1 else None,
    )


def _lengths(planned: list[tuple[SeriesDay, ...]]) -> str:
    lengths = sorted({len(run) for run in planned})
    return _count(lengths[0], "day") if len(lengths) == 1 else f"{lengths[0]} to {_count(lengths[-1], 'day')}"


def _smallest(answer: Answer) -> str:
    unit = "" if answer.scale == "free" else " point" if answer.smallest_change == 1 else " points"
    return f"{answer.smallest_change:g}{unit}"


def _chance(p: float | None) -> str:
    """A probability with its relation sign; never said to be 0 or 1."""
    if p is None:
        return "unknown"
    return "< 0.001" if p < 0.001 else "> 0.999" if p > 0.999 else f"= {p:.3f}"


def _signed(size: float) -> str:
    return f"{size:+.2f}".replace("-", "−")


def _count(count: int, of: str) -> str:
    return f"{count} {of}" if count == 1 else f"{count} {of}s"
