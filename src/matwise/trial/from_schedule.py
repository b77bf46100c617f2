"""The answer of one's own trial, as it stands on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from matwise.errors import InvalidInputError, Problem
from matwise.measures.rating import Scale
from matwise.sentence import Sentence
from matwise.trial.analysis import Asked, analyse, still_needed
from matwise.trial.answer import Answer, answer_of
from matwise.trial.design import Design, Schedule
from matwise.trial.forecast import deals_on
from matwise.trial.options import PriorChoice, RatingRange, read_carryover
from matwise.trial.outcomes import Rated, Several, several
from matwise.trial.schedule import arms_of, group_days
from matwise.trial.series import Series, series
from matwise.trial.stopping import OFFERED


def answer_trial(
    schedule: Schedule,
    ratings: Mapping[date, float],
    scale: Scale,
    today: date,
    *,
    ended: bool = False,
    carryover: str | None = None,
    priors: PriorChoice | None = None,
) -> Answer:
    """The answer of a trial as it stands on `today`.

    While it runs it may be looked at on any day, and a verdict needs more than at the end (`stopping.OFFERED`): looking
    every day as if it were the only look would find a difference that isn't there in one trial out of four.

    Args:
        schedule: its days.
        ratings: the evening ratings by day.
        scale: the rating asked about; its smallest worthwhile change counts.
        today: the day of asking.
        ended: whether the person has ended it.
        carryover: as in `answer_table`; None averages over it, beside the wash-in days left out.
        priors: figures to take in place of the usual priors.

    Raises:
        InvalidInputError: a rating is not on the scale, or `carryover` can't be read.
    """
    stands = _standing(schedule, ratings, scale, today, ended=ended, carryover=carryover, priors=priors)
    answer = _weighed(schedule.design, stands.days, stands.asked, stands.over, scale.id)
    answer = replace(answer, days=stands.past.days)
    return _still_running(answer, schedule, stands) if stands.running else answer


@dataclass(frozen=True, slots=True)
class GivenRatings:
    """One rating by evening, in order of the days; `words` are what it is called in a sentence."""

    scale: Scale
    words: str
    values: tuple[tuple[date, float], ...]


# As with the answer: the same days are looked at many times.
@lru_cache(maxsize=16)
def several_in(schedule: Schedule, given: tuple[GivenRatings, ...], today: date, *, ended: bool = False) -> Several:
    """Several ratings of the trial's days, weighed alone and side by side; the one asked about decides."""
    rated = []
    for one in given:
        stands = _standing(schedule, dict(one.values), one.scale, today, ended=ended)
        found = analyse(stands.days, stands.asked)
        rated.append(Rated(one.scale.id, one.words, stands.days, stands.asked, found))
    return several(rated, schedule.design.question.scale)


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where a trial stands: all its past days, those that are over and weighed, what is asked of them."""

    past: Series
    days: Series
    asked: Asked
    over: int
    running: bool


def _standing(
    schedule: Schedule,
    ratings: Mapping[date, float],
    scale: Scale,
    today: date,
    *,
    ended: bool,
    carryover: str | None = None,
    priors: PriorChoice | None = None,
) -> _Standing:
    design = schedule.design
    _check_ratings(ratings)
    past = series(schedule, ratings, until=today)
    over = _days_over(schedule, past, ratings, today, ended=ended)
    running = not ended and over < len(schedule.days)
    on = sum(not day.off for day in schedule.days[:over])
    side = OFFERED.side(on, group_days(design), design.days) if running else OFFERED.side_end
    asked = Asked(
        compared=(arms_of(design)[0].value, arms_of(design)[1].value),
        better=scale.better,
        range_=RatingRange(),
        carryover=replace(read_carryover(carryover or "average"), days_left_out=design.washin_days),
        priors=priors or PriorChoice(),
        smallest_change=scale.smallest_worthwhile_change,
        side=side,
    )
    return _Standing(past, past.first(over), asked, over, running)


# The same days are looked at many times: what they say is worked out once.
@lru_cache(maxsize=16)
def _weighed(design: Design, days: Series, asked: Asked, over: int, outcome: str) -> Answer:
    found = analyse(days, asked)
    needed = still_needed(days, asked, found, deals_on(design, over))
    return answer_of(
        days, asked, found, outcome, ratings=Sentence("your own ratings"), own_trial=True, days_needed=needed
    )


def _days_over(schedule: Schedule, past: Series, ratings: Mapping[date, float], today: date, *, ended: bool) -> int:
    """How many days of the calendar are over: today once it is rated; none after the last rated one if it was ended."""
    if ended:
        return max((one.day for one in past.days if one.y is not None), default=0)
    begun = [one for one in schedule.days if one.on <= today]
    waiting = bool(begun) and begun[-1].on == today and not begun[-1].off and today not in ratings
    return len(begun) - waiting


def _still_running(answer: Answer, schedule: Schedule, stands: _Standing) -> Answer:
    """The answer of a running trial says what a verdict needs until the end, and why."""
    why = Sentence(
        "The trial is still running. You may look on any day: a verdict needs {running:g} % after "
        "each round of {days} days, {between:g} % on other days, and "
        "{finished:g} % at the end. Looked at like that, a useless mat is called helpful in fewer than "
        "one trial of twenty."
    ).format(
        running=100 * OFFERED.side_running,
        days=group_days(schedule.design),
        between=100 * (OFFERED.side_between or 1),
        finished=100 * OFFERED.side_end,
    )
    return replace(answer, sentences=(*answer.sentences, why), running=stands.running)


def _check_ratings(ratings: Mapping[date, float]) -> None:
    allowed = RatingRange()
    wrong = [
        Problem(f"rating of {on}", f"{value:g}", allowed.words)
        for on, value in ratings.items()
        if not allowed.holds(value)
    ]
    if wrong:
        raise InvalidInputError(*wrong)
