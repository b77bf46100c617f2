"""The sentences a report is made of, and the periods of a trial: each sentence from the figures it names."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np

from matwise.measures.rating import Better
from matwise.sentence import Sentence
from matwise.trial.account_words import (
    CHECK,
    DEALT,
    OUTCOME,
    PRIOR,
    WHAT,
    chance,
    ended,
    of_days,
    sentences,
    signed,
    smallest,
    washed_in,
    without_days_off,
)
from matwise.trial.analysis import WITHIN
from matwise.trial.answer import Answer
from matwise.trial.arm_words import arm_name
from matwise.trial.design import Schedule
from matwise.trial.forecast import SIDE_BETWEEN, SIDE_FINISHED, SIDE_RUNNING
from matwise.trial.schedule import group_days
from matwise.trial.series import SeriesDay


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
        first, second = self.compared
        said = (
            Sentence("{first} against {second} on “{outcome}”: an N-of-1 trial")
            if self.schedule is None
            else Sentence("{first} against {second} on “{outcome}”: a randomised N-of-1 trial")
        )
        return said.format(first=first, second=second, outcome=self.rating)

    @property
    def compared(self) -> tuple[str, str]:
        """What the two arms are called."""
        first, second = self.answer.compared
        return arm_name(first), arm_name(second)

    @property
    def rating(self) -> str:
        """What the rating is called; a column of a table by its own name."""
        return self.answer.outcome if self.schedule is None else OUTCOME.get(self.answer.outcome, self.answer.outcome)

    @property
    def design(self) -> str:
        """What was compared, over how many days, in what periods."""
        first, second = self.compared
        if self.schedule is None:
            return Sentence(
                "An N-of-1 trial compared {first} with {second} within one person. "
                "Days were taken from a table; how arms were assigned is not recorded in it."
            ).format(first=first, second=second)
        periods_of, off = runs(self.planned, self.schedule), len(self.schedule.days) - len(self.planned)
        dealt = Sentence(
            "A randomised N-of-1 trial compared {first} with {second} within one person. "
            "Planned were {days} days from {from_day} to {to_day}, in {periods} periods {of_days}."
        ).format(
            first=first,
            second=second,
            days=len(self.planned),
            from_day=self.schedule.days[0].on,
            to_day=self.schedule.days[-1].on,
            periods=len(periods_of),
            of_days=of_days([len(run) for run in periods_of]),
        )
        return sentences(dealt, washed_in(self.schedule.design.washin_days), without_days_off(off))

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
        return Sentence(
            "Periods were dealt in groups of {days} days, each arm once a group, {in_order} "
            "(generator PCG64, seed {seed})."
        ).format(days=group_days(design), in_order=DEALT[design.order], seed=design.seed)

    @property
    def intended(self) -> str:
        """The whole sequence as it was drawn."""
        if self.schedule is None:
            return Sentence("not reported: a table holds the days that were, not those that were intended.")
        return ended(
            (
                Sentence("{arm} (days {first}–{last})").format(
                    arm=arm_name(run[0].arm), first=run[0].day, last=run[-1].day
                )
                for run in runs(self.planned, self.schedule)
            ),
            ", ",
        )

    @property
    def interventions(self) -> str:
        """What the arms were."""
        named = (
            Sentence.joined([arm_name(arm), WHAT[arm]], ": ") if self.schedule and arm in WHAT else arm
            for arm in self.answer.days_used_by_arm
        )
        return sentences(ended(named, "; "), Sentence("How long and how each session went is not part of this report."))

    @property
    def outcome(self) -> str:
        """The rating, its ends, which way is good, the smallest change that matters."""
        answer, (low, _, high) = self.answer, self.answer.scale.partition(":")
        said = (
            Sentence("The outcome was the rating “{outcome}” {ends}; {better} is better.")
            if self.schedule is None
            else Sentence("The outcome was the rating “{outcome}” {ends}, given each evening; {better} is better.")
        ).format(
            outcome=self.rating,
            ends=Sentence("from {low} to {high}").format(low=low, high=high) if high else Sentence("without ends"),
            better=Sentence("lower") if answer.better is Better.LOWER else Sentence("higher"),
        )
        if answer.smallest_change is None:
            return said
        matters = Sentence("{smallest} was the smallest change that matters.").format(smallest=smallest(answer))
        return sentences(said, matters)

    @property
    def blinding(self) -> str:
        """Who knew which arm it was."""
        if "mat" not in self.answer.compared:
            return Sentence("Whether the person knew which arm it was is not recorded.")
        return Sentence("Nobody was blinded: a mat can be felt. What was expected of it is part of the difference.")

    @property
    def missing(self) -> str:
        """What became of days without a rating."""
        return Sentence("Missing ratings were not imputed; the model integrates over them, at any gap.")

    @property
    def model(self) -> str:
        """The model and its priors."""
        priors = [
            Sentence.joined([PRIOR.get(name, name), prior["symbols"]]) for name, prior in self.answer.priors.items()
        ]
        return Sentence("Bayesian regression with autocorrelated errors: {symbols}. Priors: {priors}.").format(
            symbols=self.answer.model.get("symbols", ""),
            priors=Sentence.joined(priors, ", ") if priors else Sentence("none were used"),
        )

    @property
    def dependence(self) -> str:
        """Carry-over, trend, resemblance of neighbouring days."""
        return Sentence(
            "Carry-over: {carryover}. Change over time: a linear trend. "
            "Days that resemble their neighbours: a first-order autoregression, its ρ learnt from the days."
        ).format(carryover=self.answer.model.get("carryover", Sentence("not modelled")))

    @property
    def rule(self) -> str:
        """When a verdict was given."""
        if not self.answer.running:
            return Sentence(
                "An arm was called better or worse at a posterior probability of {side:g} % on one side; a "
                "difference that matters was ruled out at {within:g} % within the smallest change."
            ).format(side=100 * SIDE_FINISHED, within=100 * WITHIN)
        return Sentence(
            "An arm was called better or worse at a posterior probability of {side:g} % on one side after a whole "
            "group of blocks, {between:g} % between; a "
            "difference that matters was ruled out at {within:g} % within the smallest change."
        ).format(side=100 * SIDE_RUNNING, between=100 * SIDE_BETWEEN, within=100 * WITHIN)

    @property
    def looks(self) -> str:
        """How often the days were looked at."""
        if self.schedule is None:
            return Sentence("not reported: how often the days were looked at before is not recorded in a table.")
        return Sentence(
            "While it ran, it could be looked at on any day. A verdict needed {running:g} % on one side after each "
            "whole group of {days} days, {between:g} % on any other day, and {finished:g} % at the end."
        ).format(
            running=100 * SIDE_RUNNING,
            days=group_days(self.schedule.design),
            between=100 * SIDE_BETWEEN,
            finished=100 * SIDE_FINISHED,
        )

    @property
    def flow(self) -> str:
        """Periods and days so far, and what became of them."""
        done, answer = periods(self.answer, self.schedule), self.answer
        gone = Sentence.counted(
            "{number} period {with_days} went by so far.",
            "{number} periods {with_days} went by so far.",
            len(done),
            with_days=Sentence.counted("with {number} day", "with {number} days", sum(one.days for one in done)),
        )
        counted = Sentence.counted(
            "{number} day counted ({by_arm}), {left_out} left out as wash-in, {missing} without a rating.",
            "{number} days counted ({by_arm}), {left_out} left out as wash-in, {missing} without a rating.",
            answer.days_used,
            by_arm=self.by_arm,
            left_out=sum(one.left_out for one in done),
            missing=answer.days_missing,
        )
        return sentences(gone, counted)

    @property
    def by_arm(self) -> str:
        """Days that counted, by arm."""
        counts = self.answer.days_used_by_arm.items()
        return Sentence.joined((Sentence.joined([arm_name(arm), str(count)]) for arm, count in counts), ", ")

    @property
    def effect(self) -> str:
        """The difference, its interval, the chances."""
        answer, effect = self.answer, self.answer.effect
        if effect is None or answer.p_benefit is None:
            return Sentence("No effect could be estimated: an arm has no rated day, or the ratings never varied.")
        first, second = self.compared
        found = Sentence(
            "The difference {first} − {second} was {mean} (95 % credible interval {low} to {high}); "
            "P(better) {better}, P(better by more than {smallest}) {better_by_more}, "
            "P(difference within {smallest}) {within}."
        ).format(
            first=first,
            second=second,
            mean=signed(effect.mean),
            low=signed(effect.q025),
            high=signed(effect.q975),
            better=chance(answer.p_benefit),
            smallest=smallest(answer),
            better_by_more=chance(answer.p_matters),
            within=chance(answer.p_no_difference),
        )
        if answer.model.get("rho_mean") is None:
            return found
        fitted = Sentence("Posterior means: ρ = {rho}, σ = {sigma:.2f}.")
        return sentences(found, fitted.format(rho=signed(answer.model["rho_mean"]), sigma=answer.model["sigma_mean"]))

    @property
    def randomisation(self) -> str:
        """The randomisation test."""
        return ended([self._tested], "")

    @property
    def _tested(self) -> str:
        if self.randomisation_p is None:
            return Sentence("No randomisation test was done")
        return Sentence("The randomisation test of the schedule gave p {p} (two-sided)").format(
            p=chance(self.randomisation_p)
        )

    @property
    def verdict(self) -> str:
        """The answer itself."""
        return Sentence("Verdict: {answer}").format(answer=self.answer.sentence)

    @property
    def software(self) -> str:
        """What computed it."""
        return Sentence("Software: Matwise {version}.").format(version=self.version)

    @property
    def other_analyses(self) -> str:
        """The answer under other assumptions, the checks of the fit, the randomisation test."""
        doubts = self.answer.sensitivity
        variants = [
            Sentence("if {assumed}: {mean} ({low} to {high})").format(
                assumed=one.assumed, mean=signed(one.mean), low=signed(one.low), high=signed(one.high)
            )
            for one in (() if doubts is None else doubts.variants)
        ]
        checks = [
            Sentence("{check} p {p}").format(check=CHECK.get(one.name, one.name), p=chance(one.p))
            for one in self.answer.checks
        ]
        fit = [Sentence("checks of the fit: {checks}").format(checks=Sentence.joined(checks, ", "))] if checks else []
        return ended([*variants, *fit, self._tested], "; ")

    @property
    def dates(self) -> str:
        """From when to when."""
        if self.schedule is None:
            return Sentence("not reported: a table counts its days, without dates that this report could name.")
        first, days = self.schedule.days[0].on, self.answer.days
        if not days:
            return Sentence("Begun on {first}; days up to none are in this report.").format(first=first)
        last = {one.day: one.on for one in self.schedule.days}[days[-1].day]
        return Sentence("Begun on {first}; days up to {last} are in this report.").format(first=first, last=last)

    @property
    def end(self) -> str:
        """Whether it ended, and how."""
        if self.schedule is None:
            return Sentence("not reported: a table does not say how it ended.")
        so_far, planned = sum(one.days for one in periods(self.answer, self.schedule)), len(self.planned)
        if self.answer.running:
            said = Sentence("The trial is still running, after {so_far} of {planned} days.")
        elif so_far == planned:
            said = Sentence("All {planned} planned days have gone by.")
        else:
            said = Sentence("It was ended before its planned {planned} days had gone by; why is not recorded.")
        return said.format(so_far=so_far, planned=planned)

    @property
    def limits(self) -> str:
        """What limits the result."""
        return Sentence.joined([self.blinding, *self.answer.warnings])


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
        arm=arm_name(days[0].arm),
        first_day=days[0].day,
        last_day=days[-1].day,
        days=days[-1].day - days[0].day + 1 if schedule is None else len(days),
        rated=len(y),
        left_out=sum(one.washin for one in days),
        mean=float(np.mean(y)) if y else None,
        sd=float(np.std(y, ddof=1)) if len(y) > 1 else None,
    )
