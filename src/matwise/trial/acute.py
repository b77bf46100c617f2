"""Does it help right now? The ratings before and after each session, with sessions as units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from matwise.errors import InvalidInputError, Problem
from matwise.inference.mixture import NormalMixture
from matwise.inference.sessions import SessionPosterior, compare_sessions, session_priors
from matwise.measures.rating import Better, Scale
from matwise.sentence import Sentence
from matwise.trial.analysis import VerdictOfDays, p_better, verdict_of
from matwise.trial.answer import Effect, effect_of
from matwise.trial.arm_words import SUBJECT, arm_name
from matwise.trial.chance import in_percent
from matwise.trial.forecast import SIDE_FINISHED
from matwise.trial.model import priors_in_words
from matwise.trial.options import RatingRange
from matwise.trial.words import HIGHER, LOWER

FEWEST_SESSIONS, FEWEST_SESSIONS_PER_ARM = 8, 3  # below them no answer is given, however clear it looks
FEWEST_FOR_CHANGE = 3  # a mean change of fewer says more about the prior than about the sessions
# A person looks after every session: over 40 sessions of a useless mat 3 % false “helps” at 99.5 %, 10 % at 97.5 %.
SIDE_EVERY_SESSION = 0.995

_ROUNDING = 1.0  # ratings are whole points
_SESSIONS = {
    "mat": Sentence("mat sessions"),
    "rest": Sentence("rest sessions"),
    "breath": Sentence("breathing sessions"),
}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SessionRatings:
    """One session: when it was, its day, what it was (`mat`, `rest`), and one scale's ratings; None: not rated."""

    at: datetime
    day: date
    arm: str
    scale: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class AcuteAnswer:
    """What the sessions say of the moment right after them, and what it rests on.

    `effect`, `p_benefit`, `p_matters` and `p_no_difference` compare the rating after sessions of `compared[0]` with
    that after sessions of `compared[1]`, given the rating before; None without sessions of both. `change_by_arm` is
    the plain change over a session, after minus before: it does not tell the mat from lying down. `sessions_used` have
    both ratings; `sessions_incomplete` lack one.
    """

    verdict: VerdictOfDays
    sentence: str
    sentences: tuple[str, ...]
    effect: Effect | None
    p_benefit: float | None
    p_matters: float | None
    p_no_difference: float | None
    change_by_arm: Mapping[str, Effect]
    smallest_change: float
    sessions_used: int
    sessions_used_by_arm: Mapping[str, int]
    sessions_incomplete: int
    compared: tuple[str, str]
    outcome: str
    better: Better
    model: Mapping[str, Any]
    priors: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Plain values only, ready for JSON."""
        out = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return out | {
            "verdict": self.verdict.value,
            "better": self.better.value,
            "sentences": list(self.sentences),
            "compared": list(self.compared),
            "effect": None if self.effect is None else asdict(self.effect),
            "change_by_arm": {arm: asdict(change) for arm, change in self.change_by_arm.items()},
            "sessions_used_by_arm": dict(self.sessions_used_by_arm),
            "model": dict(self.model),
            "priors": dict(self.priors),
        }


@dataclass(frozen=True, slots=True, eq=False)
class _Weighed:
    """What the words are made from."""

    scale: Scale
    compared: tuple[str, str]
    used_by_arm: dict[str, int]
    incomplete: int
    posterior: SessionPosterior | None
    effect: NormalMixture | None
    changes: dict[str, NormalMixture]
    verdict: VerdictOfDays


def answer_sessions(
    sessions: Sequence[SessionRatings],
    scale: Scale,
    *,
    compared: tuple[str, str] = ("mat", "rest"),
    finished: bool = False,
) -> AcuteAnswer:
    """Whether sessions of one kind do more right away than those of another.

    Args:
        sessions: in any order; only those on `scale` count.
        scale: the rating asked about, from 0 to 10.
        compared: the kind asked about, then the one it is compared with.
        finished: whether this is the one look at sessions planned beforehand: a verdict then needs 97.5 % on one side,
            and 99.5 % where one may look after every session.

    Raises:
        InvalidInputError: two sessions at the same moment, or a rating that is not on the scale.
    """
    return _answered(tuple(sessions), scale, compared, finished=finished)


# The same sessions are looked at many times: what they say is worked out once.
@lru_cache(maxsize=32)
def _answered(
    sessions: tuple[SessionRatings, ...], scale: Scale, compared: tuple[str, str], *, finished: bool
) -> AcuteAnswer:
    asked = [one for one in sessions if one.scale == scale.id]
    _check(asked)
    asked.sort(key=lambda one: one.at)
    complete = [one for one in asked if one.before is not None and one.after is not None]
    arms = dict.fromkeys((*compared, *(one.arm for one in complete)))
    used_by_arm = {arm: sum(one.arm == arm for one in complete) for arm in arms}
    codes = {arm: code for code, arm in enumerate((compared[1], compared[0], *list(arms)[2:]))}
    posterior = _posterior(complete, codes) if complete else None
    effect = None if posterior is None or posterior.comparison is None else posterior.comparison.contrast(1, 0)
    changes = {} if posterior is None else {arm: posterior.change[codes[arm]] for arm in arms if used_by_arm[arm]}
    verdict = _verdict(effect, scale, used_by_arm, compared, SIDE_FINISHED if finished else SIDE_EVERY_SESSION)
    weighed = _Weighed(scale, compared, used_by_arm, len(asked) - len(complete), posterior, effect, changes, verdict)
    return _answer(weighed)


def _posterior(complete: Sequence[SessionRatings], codes: Mapping[str, int]) -> SessionPosterior:
    start = complete[0].at
    return compare_sessions(
        np.array([one.before for one in complete], dtype=np.float64),
        np.array([one.after for one in complete], dtype=np.float64),
        np.array([codes[one.arm] for one in complete]),
        np.array([(one.at - start) / _DAY for one in complete]),
        priors=session_priors(),
        rounding=_ROUNDING,
    )


def _verdict(
    effect: NormalMixture | None, scale: Scale, used: Mapping[str, int], compared: tuple[str, str], side: float
) -> VerdictOfDays:
    enough = sum(used[arm] for arm in compared) >= FEWEST_SESSIONS
    if effect is None or not enough or min(used[arm] for arm in compared) < FEWEST_SESSIONS_PER_ARM:
        return VerdictOfDays.NOT_ENOUGH_DAYS
    within = float(effect.within(scale.smallest_worthwhile_change))
    return verdict_of(p_better(effect, 0.0, scale.better), within, side)


def _answer(weighed: _Weighed) -> AcuteAnswer:
    effect, scale = weighed.effect, weighed.scale
    smallest = scale.smallest_worthwhile_change
    return AcuteAnswer(
        verdict=weighed.verdict,
        sentence=_first_sentence(weighed),
        sentences=_further_sentences(weighed),
        effect=None if effect is None else effect_of(effect),
        p_benefit=None if effect is None else p_better(effect, 0.0, scale.better),
        p_matters=None if effect is None else p_better(effect, smallest, scale.better),
        p_no_difference=None if effect is None else float(effect.within(smallest)),
        change_by_arm={arm: effect_of(change) for arm, change in weighed.changes.items()},
        smallest_change=smallest,
        sessions_used=sum(weighed.used_by_arm.values()),
        sessions_used_by_arm=weighed.used_by_arm,
        sessions_incomplete=weighed.incomplete,
        compared=weighed.compared,
        outcome=scale.id,
        better=scale.better,
        model=_model(weighed),
        priors=priors_in_words(session_priors()),
    )


def _model(weighed: _Weighed) -> dict[str, Any]:
    model: dict[str, Any] = {
        "words": Sentence(
            "The rating after a session is a usual level, plus what the rating before it leads one to expect, plus "
            "what {this} adds to {that}, plus a slow drift, plus chance that resembles the session before."
        ).format(this=arm_name(weighed.compared[0]), that=arm_name(weighed.compared[1])),
        "symbols": "after_i = α + β·before_i + τ·arm_i + δ·s_i + u_i;  u_i AR(1) over the time between sessions",
    }
    posterior = weighed.posterior
    if posterior is not None and posterior.comparison is not None:
        slope = posterior.slope
        model |= {
            "slope_mean": None if slope is None else float(slope.mean),
            "rho_mean": float(posterior.comparison.rho),
            "sigma_mean": float(posterior.comparison.sigma),
            "step_days": posterior.step_days,
        }
    return model


def _first_sentence(weighed: _Weighed) -> str:
    these, those = (_sessions_of(arm) for arm in weighed.compared)
    if weighed.verdict is VerdictOfDays.NOT_ENOUGH_DAYS:
        return Sentence("Not enough sessions yet: {why}").format(why=_why_not_enough(weighed))
    if weighed.verdict is VerdictOfDays.NO_DIFFERENCE:
        return Sentence(
            "No difference that matters right away: after {these} and after {those} the ratings were the same, "
            "give or take {matters}."
        ).format(these=these, those=those, matters=_points(weighed.scale.smallest_worthwhile_change))
    assert weighed.effect is not None  # noqa: S101 – without it the verdict is "not enough"
    said = (
        Sentence(
            "{subject} helps you right away: just after {these} your ratings were about {size} than just after {those}."
        )
        if weighed.verdict is VerdictOfDays.HELPS
        else Sentence(
            "{subject} makes it worse for you right away: "
            "just after {these} your ratings were about {size} than just after {those}."
        )
    )
    return said.format(
        subject=SUBJECT.get(weighed.compared[0], f"“{weighed.compared[0]}”"),
        these=these,
        size=_moved(float(weighed.effect.mean)),
        those=those,
    )


def _why_not_enough(weighed: _Weighed) -> str:
    for arm in weighed.compared:
        count = weighed.used_by_arm[arm]
        if count < FEWEST_SESSIONS_PER_ARM:
            return _too_few_of(count, arm)
    both = sum(weighed.used_by_arm[arm] for arm in weighed.compared)
    if both < FEWEST_SESSIONS:
        return Sentence("{both} are rated before and after, and an answer needs at least {fewest}.").format(
            both=both, fewest=FEWEST_SESSIONS
        )
    these, those = (_sessions_of(arm) for arm in weighed.compared)
    return Sentence("right after them, {these} and {those} can't be told apart with certainty so far.").format(
        these=these, those=those
    )


def _further_sentences(weighed: _Weighed) -> tuple[str, ...]:
    said: list[str] = []
    if weighed.effect is not None:
        said += _how_sure(weighed, weighed.effect)
    said += [_plain_change(weighed, arm) for arm in weighed.changes if weighed.used_by_arm[arm] >= FEWEST_FOR_CHANGE]
    said.append(
        Sentence(
            "A change over a session is not yet the work of the mat: lying down and resting are part of it, and who "
            "starts from a bad moment often feels better later anyway."
        )
        if weighed.effect is None
        else Sentence("Only the difference between the two kinds of session tells the mat from lying down and resting.")
    )
    if weighed.incomplete:
        said.append(
            Sentence.counted(
                "{number} session has only one rating and can't be counted.",
                "{number} sessions have only one rating and can't be counted.",
                weighed.incomplete,
            )
        )
    return tuple(said)


def _how_sure(weighed: _Weighed, effect: NormalMixture) -> list[str]:
    these, those = (_sessions_of(arm) for arm in weighed.compared)
    low, high = (float(end) for end in effect.quantile([0.025, 0.975]))
    chance = in_percent(p_better(effect, 0.0, weighed.scale.better))
    sure = Sentence(
        "The chance that {these} truly do more right away than {those} is {chance}; "
        "how you felt before each session is allowed for."
    ).format(these=these, those=those, chance=chance)
    lies = Sentence(
        "With 95 % certainty the rating after {these} lies between {low} and {high} than after {those}."
    ).format(these=these, low=_moved(low), high=_moved(high), those=those)
    return [sure, lies]


def _plain_change(weighed: _Weighed, arm: str) -> str:
    change = weighed.changes[arm]
    low, high = (float(end) for end in change.quantile([0.025, 0.975]))
    mean = float(change.mean)
    said = (
        Sentence(
            "Over your {sessions} the rating fell by {points} on average "
            "(with 95 % certainty {low:+.1f} to {high:+.1f})."
        )
        if mean < 0
        else Sentence(
            "Over your {sessions} the rating rose by {points} on average "
            "(with 95 % certainty {low:+.1f} to {high:+.1f})."
        )
    )
    return said.format(sessions=_sessions_of(arm), points=_points(mean), low=low, high=high)


def _sessions_of(arm: str) -> str:
    return _SESSIONS.get(arm, Sentence("“{arm}” sessions").format(arm=arm))


def _too_few_of(count: int, arm: str) -> str:
    said = {
        0: Sentence(
            "none of the {sessions} is rated before and after, and an answer needs at least {fewest} of each kind."
        ),
        1: Sentence(
            "only 1 of the {sessions} is rated before and after, and an answer needs at least {fewest} of each kind."
        ),
    }.get(
        count,
        Sentence(
            "only {count} of the {sessions} are rated before and after, "
            "and an answer needs at least {fewest} of each kind."
        ),
    )
    return said.format(count=count, sessions=_sessions_of(arm), fewest=FEWEST_SESSIONS_PER_ARM)


def _points(size: float) -> str:
    rounded = round(abs(size), 1)
    if rounded in (0, 1):
        return Sentence("less than 0.1 points") if rounded == 0 else Sentence("1 point")
    whole = rounded == int(rounded)
    return (Sentence("{size:.0f} points") if whole else Sentence("{size:.1f} points")).format(size=rounded)


def _moved(size: float) -> str:
    return Sentence("{size} {way}").format(size=_points(size), way=LOWER if size < 0 else HIGHER)


def _check(asked: Sequence[SessionRatings]) -> None:
    allowed = RatingRange()
    problems = [
        Problem(f"session of {one.at.isoformat()}, {name}", f"{value:g}", allowed.words)
        for one in asked
        for name, value in (("before", one.before), ("after", one.after))
        if value is not None and not allowed.holds(value)
    ]
    if len({one.at.tzinfo is None for one in asked}) > 1:
        problems.append(
            Problem(
                "sessions", Sentence("moments with and without a time zone"), Sentence("all with one, or all without")
            )
        )
    problems += [
        Problem(
            f"session of {at.isoformat()}",
            Sentence("{count} sessions at that moment").format(count=count),
            Sentence("each session once"),
        )
        for at, count in Counter(one.at for one in asked).items()
        if count > 1
    ]
    if problems:
        raise InvalidInputError(*problems)
