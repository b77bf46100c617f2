"""The answer of one's own trial, as it stands on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from matwise.errors import InvalidInputError, Problem
from matwise.measures.rating import Scale
from matwise.trial.analysis import Asked, analyse, still_needed
from matwise.trial.answer import Answer, answer_of
from matwise.trial.design import Design, Schedule
from matwise.trial.forecast import deals_on
from matwise.trial.options import PriorChoice, RatingRange, read_carryover
from matwise.trial.schedule import arms_of, group_days
from matwise.trial.series import Series, series


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

    While it runs, only whole groups of blocks are weighed, and a verdict needs 99 % rather than 97.5 %: looking at
    every day would find a difference that isn't there in one trial out of five.

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
    design = schedule.design
    _check_ratings(ratings)
    past = series(schedule, ratings, until=today)
    over = _days_over(schedule, past, ratings, today, ended=ended)
    running = not ended and over < len(schedule.days)
    seen = over - over % group_days(design) if running else over
    handling = replace(read_carryover(carryover or "average"), days_left_out=design.washin_days)
    asked = Asked(
        compared=(arms_of(design)[0].value, arms_of(design)[1].value),
        better=scale.better,
        range_=RatingRange(),
        carryover=handling,
        priors=priors or PriorChoice(),
        smallest_change=scale.smallest_worthwhile_change,
        running=running,
    )
    days = past.first(seen)
    answer = replace(_weighed(design, days, asked, seen, scale.id), days=past.days)
    return _with_looks(answer, schedule, seen, over) if running else answer


# The same days are looked at many times: what they say is worked out once.
@lru_cache(maxsize=16)
def _weighed(design: Design, days: Series, asked: Asked, seen: int, outcome: str) -> Answer:
    found = analyse(days, asked)
    needed = still_needed(days, asked, found, deals_on(design, seen))
    return answer_of(days, asked, found, outcome, ratings="your own ratings", own_trial=True, days_needed=needed)


def _days_over(schedule: Schedule, past: Series, ratings: Mapping[date, float], today: date, *, ended: bool) -> int:
    """How many days of the trial are over: today only once it is rated, and none after the last rated one if ended."""
    if ended:
        return max((one.day for one in past.days if one.y is not None), default=0)
    last = schedule.days[len(past.days) - 1] if past.days else None
    waiting = last is not None and last.on == today and today not in ratings
    return len(past.days) - waiting


def _with_looks(answer: Answer, schedule: Schedule, seen: int, over: int) -> Answer:
    """The answer of a running trial: what is weighed so far, and when the next weighing is."""
    round_days = group_days(schedule.design)
    next_day = min(seen + round_days, len(schedule.days))
    waiting = (
        f"Days are weighed in whole rounds of {round_days}: a look every day would sooner or later find a difference "
        f"that isn't there. The next look is on the evening of day {next_day}."
    )
    needed = answer.days_needed
    return replace(
        answer,
        sentences=(*answer.sentences, waiting),
        days_needed=max(needed - (over - seen), 1) if needed else needed,
        running=True,
        looked_until=seen,
        next_look=schedule.design.starts_on + timedelta(days=next_day - 1),
    )


def _check_ratings(ratings: Mapping[date, float]) -> None:
    allowed = RatingRange()
    wrong = [
        Problem(f"rating of {on}", f"{value:g}", allowed.words)
        for on, value in ratings.items()
        if not allowed.holds(value)
    ]
    if wrong:
        raise InvalidInputError(*wrong)
