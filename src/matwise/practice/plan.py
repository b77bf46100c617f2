"""See where one stands on the ladder today, and what the day asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from matwise.content.ladder import ladder
from matwise.content.scales import NAP
from matwise.measures.day import day_of
from matwise.plan.ladder import Ladder
from matwise.plan.progression import next_rung, routines_open
from matwise.plan.rung import Effort, Routine, SkinNextDay, Step
from matwise.practice import screen
from matwise.practice.person import ME
from matwise.screening.gate import NotAllowedError
from matwise.screening.verdict import Verdict
from matwise.store import ratings, sessions, trials
from matwise.store.database import Database
from matwise.store.sessions import KeptSession
from matwise.trial.design import Arm, TrialDay


class Due(StrEnum):
    """What a day can ask for."""

    SCREEN = "screen"
    SKIN = "skin"
    SESSION = "session"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Today:
    """Everything a person needs to know today.

    `refusal` says why no session is possible now (None: one is, once nothing has changed). `step` is None without a
    safety check. `trial_day` is today in the running trial, if there is one.
    """

    verdict: Verdict | None
    refusal: NotAllowedError | None
    step: Step | None
    ladder: Ladder
    routines: tuple[Routine, ...]
    efforts: tuple[Effort, ...]
    trial_day: TrialDay | None
    skin_due: KeptSession | None
    done_today: bool
    due: tuple[Due, ...]

    @property
    def reached(self) -> int:
        """The highest rung finished so far; -1 before the first."""
        return max((effort.rung for effort in self.efforts if effort.completed), default=-1)


def today(db: Database, now: datetime) -> Today:
    """Where the person stands today."""
    verdict = screen.verdict(db)
    with db.read() as c:
        efforts = sessions.efforts(c, ME)
        kept = sessions.all_of(c, ME)
        trial = trials.current(c, ME)
        asked_about = trial.schedule.design.question.scale if trial else "pain"
        # Naps are told after the session; nothing is left to rate in the evening.
        rated = asked_about == NAP or day_of(now) in ratings.by_day(c, ME, asked_about, "evening")
    refusal = screen.refusal(db, now)
    step = next_rung(ladder(), efforts, verdict, now.date()) if verdict else None
    trial_day = next((d for d in trial.schedule.days if d.on == day_of(now)), None) if trial else None
    done = any(day_of(one.started_at) == day_of(now) and one.completed for one in kept)
    skin = skin_due(kept, now)
    due = _due(refusal, step, trial_day, skin=skin, done=done, rated=rated)
    routines = (
        routines_open(ladder(), efforts, verdict, now.date()) if verdict and refusal is None and not trial_day else ()
    )
    return Today(verdict, refusal, step, ladder(), routines, efforts, trial_day, skin, done, due)


def skin_due(kept: tuple[KeptSession, ...], now: datetime) -> KeptSession | None:
    """The latest mat session of an earlier day whose skin was not looked at yet, or was not fine then."""
    latest = _latest_of_earlier_days(kept, now)
    settled = latest is None or latest.skin is SkinNextDay.FINE or latest.skin_day == now.date()
    return None if settled else latest


def skin_told(kept: tuple[KeptSession, ...], now: datetime) -> KeptSession | None:
    """The session whose skin was looked at today, so that a slip can be corrected; None if none was."""
    latest = _latest_of_earlier_days(kept, now)
    return latest if latest is not None and latest.skin_day == now.date() else None


def _latest_of_earlier_days(kept: tuple[KeptSession, ...], now: datetime) -> KeptSession | None:
    ended = [one for one in kept if one.arm is Arm.MAT and one.ended_at is not None]
    earlier = [one for one in ended if day_of(one.started_at) < day_of(now)]
    return max(earlier, key=lambda one: one.started_at, default=None)


def _due(
    refusal: NotAllowedError | None,
    step: Step | None,
    trial_day: TrialDay | None,
    *,
    skin: KeptSession | None,
    done: bool,
    rated: bool,
) -> tuple[Due, ...]:
    session = step is not None and step.rung is not None and not done
    free = trial_day is not None and trial_day.arm is Arm.NOTHING
    wanted = {
        Due.SCREEN: refusal is not None and refusal.ask_again,
        Due.SKIN: skin is not None,
        Due.SESSION: refusal is None and session and not free,
        Due.EVENING: not rated,
    }
    return tuple(item for item, is_due in wanted.items() if is_due)
