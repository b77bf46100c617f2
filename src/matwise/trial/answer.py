"""The answer of a trial of one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

import numpy as np

from matwise.errors import InvalidInputError, Problem
from matwise.inference.regression import Carryover, Posterior
from matwise.measures.rating import Better, Scale
from matwise.trial.analysis import Asked, Findings, VerdictOfDays, analyse
from matwise.trial.design import Schedule
from matwise.trial.forecast import deals_on
from matwise.trial.model import model_in_words, priors_in_words
from matwise.trial.options import PriorChoice, RatingRange, read_carryover, read_range
from matwise.trial.schedule import arms_of, group_days
from matwise.trial.series import Series, SeriesDay, leave_out, series
from matwise.trial.table import parse_series, parse_table
from matwise.trial.words import Telling, first_sentence, further_sentences, warnings_of

DENSITY_POINTS = 241

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Effect:
    """The difference on the rating, first arm minus second: mean, spread and quantiles of what is plausible."""

    mean: float
    sd: float
    q025: float
    q50: float
    q975: float


@dataclass(frozen=True, slots=True)
class Density:
    """The posterior of the difference as a curve."""

    x: tuple[float, ...]
    pdf: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the days say, and everything it rests on.

    `sentence` is the answer, `sentences` what belongs to it. `effect`, `density` and the probabilities are None where
    an arm has no rated day or a reading never varies. `days_needed` is how many further days probably make it clear: 0
    when it is, None when it would take more than a year. `days` are all days so far. In a running trial `looked_until`
    is the day up to which they are weighed (whole groups of blocks) and `next_look` the date of the next weighing.
    """

    verdict: VerdictOfDays
    sentence: str
    sentences: tuple[str, ...]
    effect: Effect | None
    p_benefit: float | None
    p_matters: float | None
    p_no_difference: float | None
    smallest_change: float | None
    days_used: int
    days_used_by_arm: dict[str, int]
    days_missing: int
    days_needed: int | None
    compared: tuple[str, str]
    outcome: str
    better: Better
    scale: str
    model: dict[str, Any]
    priors: dict[str, Any]
    density: Density | None
    days: tuple[SeriesDay, ...]
    warnings: tuple[str, ...]
    running: bool = False
    looked_until: int | None = None
    next_look: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values only, ready for JSON."""
        effect, density = self.effect, self.density
        return {
            "verdict": self.verdict.value,
            "sentence": self.sentence,
            "sentences": list(self.sentences),
            "effect": None if effect is None else {name: getattr(effect, name) for name in Effect.__slots__},
            **{name: getattr(self, name) for name in _PLAIN},
            "compared": list(self.compared),
            "better": self.better.value,
            "warnings": list(self.warnings),
            "next_look": None if self.next_look is None else self.next_look.isoformat(),
            "density": None if density is None else {"x": list(density.x), "pdf": list(density.pdf)},
            "days": [{"day": d.day, "arm": d.arm, "rating": d.y, "washin": d.washin} for d in self.days],
        }


_PLAIN = (
    *("p_benefit", "p_matters", "p_no_difference", "smallest_change", "days_used", "days_used_by_arm"),
    *("days_missing", "days_needed", "outcome", "scale", "model", "priors", "running", "looked_until"),
)


def answer_table(
    text: str,
    outcome: str,
    *,
    compare: tuple[str, str] = ("mat", "rest"),
    better: str = "lower",
    scale: str = "0:10",
    carryover: str = "average",
    priors: PriorChoice | None = None,
    smallest_change: float | None = None,
) -> Answer:
    """The answer of a whole table of days.

    Args:
        text: the table (`table.read_table` says how it looks).
        outcome: the column of ratings.
        compare: the arm asked about, then the one it is compared with.
        better: `lower` or `higher`.
        scale: `0:10`, any LOW:HIGH, or `free`.
        carryover: `none`, `average`, or the days left out after each switch.
        priors: figures to take in place of the usual priors.
        smallest_change: the smallest difference that matters, on the rating.

    Raises:
        InvalidInputError: names everything that can't be used, line by line.
    """
    problems: list[Problem] = []
    range_ = _collect(problems, read_range, scale, RatingRange(-math.inf, math.inf))
    handling = _collect(problems, read_carryover, carryover, Carryover())
    table, table_problems = parse_table(text)
    days, column_problems = parse_series(table, outcome, range_) if table.rows else (Series(()), [])
    compared = (compare[0].strip().lower(), compare[1].strip().lower())
    problems += [*table_problems, *column_problems, *_compare_problems(compared, table.arms)]
    problems += _choice_problems(better, smallest_change)
    if problems:
        raise InvalidInputError(*problems)
    asked = Asked(compared, Better(better), range_, handling, priors or PriorChoice(), smallest_change)
    days = leave_out(days, handling.days_left_out)
    answer = _answer(days, asked, analyse(days, asked), outcome, ratings=f"ratings of “{outcome}”", own_trial=False)
    return replace(answer, warnings=(*table.warnings, *answer.warnings), scale=scale.strip().lower())


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
    found = analyse(days, asked, deals_on(design, seen))
    answer = _answer(days, asked, found, scale.id, ratings="your own ratings", own_trial=True)
    answer = replace(answer, days=past.days)
    return _with_looks(answer, schedule, seen, over) if running else answer


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


def _answer(days: Series, asked: Asked, found: Findings, outcome: str, *, ratings: str, own_trial: bool) -> Answer:
    told = Telling(asked, found, days, ratings, own_trial)
    return Answer(
        verdict=found.verdict,
        sentence=first_sentence(told),
        sentences=further_sentences(told),
        effect=None if found.posterior is None else _effect(found.posterior),
        p_benefit=found.p_benefit,
        p_matters=found.p_matters,
        p_no_difference=found.p_no_difference,
        smallest_change=found.smallest_change,
        days_used=found.used,
        days_used_by_arm=found.used_by_arm,
        days_missing=days.missing,
        days_needed=found.days_needed,
        compared=asked.compared,
        outcome=outcome,
        better=asked.better,
        scale="free" if asked.range_.free else f"{asked.range_.low:g}:{asked.range_.high:g}",
        model=model_in_words(asked, found),
        priors=priors_in_words(found.priors),
        density=None if found.posterior is None else _density(found.posterior, found.smallest_change or 0.0),
        days=days.days,
        warnings=warnings_of(told),
    )


def _effect(posterior: Posterior) -> Effect:
    q025, q50, q975 = (float(q) for q in posterior.effect.quantile([0.025, 0.5, 0.975]))
    return Effect(float(posterior.effect.mean), float(posterior.effect.sd), q025, q50, q975)


def _density(posterior: Posterior, smallest_change: float) -> Density:
    """The curve over all that is plausible and a margin around the zone of no difference that matters."""
    low, high = (float(end) for end in posterior.effect.quantile([0.0005, 0.9995]))
    margin = 1.5 * smallest_change
    x = np.linspace(min(low, -margin), max(high, margin), DENSITY_POINTS)
    return Density(tuple(x.tolist()), tuple(posterior.effect.density(x).tolist()))


def _check_ratings(ratings: Mapping[date, float]) -> None:
    allowed = RatingRange()
    wrong = [
        Problem(f"rating of {on}", f"{value:g}", allowed.words)
        for on, value in ratings.items()
        if not allowed.holds(value)
    ]
    if wrong:
        raise InvalidInputError(*wrong)


def _compare_problems(compared: tuple[str, str], arms: tuple[str, ...]) -> list[Problem]:
    if not arms:
        return []
    if len(arms) == 1:
        return [Problem("arm", f"{arms[0]} on every line", "days of at least two arms")]
    known = ", ".join(arms)
    problems = [Problem("compare", repr(arm), f"one of the arms {known}") for arm in compared if arm not in arms]
    if compared[0] == compared[1]:
        problems.append(Problem("compare", ":".join(compared), f"two different ones of the arms {known}"))
    return problems


def _choice_problems(better: str, smallest_change: float | None) -> list[Problem]:
    problems = []
    if better not in set(Better):
        problems.append(Problem("better", repr(better), "lower or higher"))
    if smallest_change is not None and not (math.isfinite(smallest_change) and smallest_change > 0):
        problems.append(Problem("smallest change", f"{smallest_change:g}", "a number above 0"))
    return problems


def _collect(problems: list[Problem], read: Callable[[str], _T], text: str, otherwise: _T) -> _T:
    """What `read` makes of a text; where it can't, its problems are added and the rest is read all the same."""
    try:
        return read(text)
    except InvalidInputError as error:
        problems += error.problems
        return otherwise
