"""See what sessions do right away: ratings, heartbeat, blood pressure and skin just before and just after each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from matwise.content.measures import measure
from matwise.measures.blood_pressure import occasions
from matwise.measures.heart_rate_variability import variability
from matwise.practice import by_hand
from matwise.practice import measure as ratings
from matwise.practice.beside import right_after
from matwise.practice.person import ME
from matwise.sentence import Sentence
from matwise.store import readings, recordings
from matwise.store.recordings import DURING
from matwise.trial.acute import FEWEST_FOR_CHANGE
from matwise.trial.measured import Moved, Pair, Quantity, Taken, around, moved

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matwise.measures.rating import Scale
    from matwise.store.database import Connection, Database
    from matwise.store.sessions import KeptSession

QUANTITIES = (
    Quantity("rmssd", 0.35, 0.02, in_percent=True),
    Quantity("heart_rate", 4.0, 1.0),
    Quantity("systolic", 8.0, 1.0),
    Quantity("diastolic", 5.0, 1.0),
    Quantity("skin_temperature", 1.0, 0.1),
)
# A watch takes the pulse of somebody who fetches the mat; whoever types one, or wears a cuff, sits down for it.
AT_REST_ONLY = frozenset({"heart_rate"})
LONGEST_REST_S = 20 * 60.0  # our choice: a longer recording is not of one rest
POINTS = Sentence("points")
PERCENT = Sentence("percent")


@dataclass(frozen=True, slots=True)
class ArmResponse:
    """One kind of session: each with what was measured before and after it, and how much it moved on average."""

    arm: str
    pairs: tuple[Pair, ...]
    moved: Moved


@dataclass(frozen=True, slots=True)
class Response:
    """One thing that was rated or measured. Changes are in `unit`, which is percent where `in_percent`."""

    id: str
    name: str
    unit: str
    value_unit: str
    decimals: int
    in_percent: bool
    arms: tuple[ArmResponse, ...]


def responses(db: Database) -> tuple[Response, ...]:
    """Everything that was rated or measured both before and after any session, ratings first."""
    return (*_of_ratings(db), *_of_measures(db))


def _of_ratings(db: Database) -> tuple[Response, ...]:
    answered = {one.outcome: one for one in right_after(db)}
    kept = ratings.of_sessions(db)
    found = []
    for scale in ratings.scales_ever(db):
        if scale.id not in answered:
            continue
        pairs = tuple(
            Pair(
                one.session.started_at,
                one.session.arm.value,
                float(one.before[scale.id].value_0_10),
                float(one.after[scale.id].value_0_10),
            )
            for one in kept
            if scale.id in one.changes
        )
        effects = answered[scale.id].change_by_arm
        arms = []
        for arm, own in _by_arm(pairs).items():
            effect = effects[arm]
            enough = len(own) >= FEWEST_FOR_CHANGE
            told = Moved(effect.mean, effect.q025, effect.q975) if enough else Moved(None, None, None)
            arms.append(ArmResponse(arm, own, told))
        found.append(Response(scale.id, _name(scale), POINTS, POINTS, 0, in_percent=False, arms=tuple(arms)))
    return tuple(found)


def _of_measures(db: Database) -> tuple[Response, ...]:
    sessions = [one.session for one in ratings.of_sessions(db) if one.session.ended_at is not None]
    if not sessions:
        return ()
    with db.read() as c:
        taken = _taken(c, min(one.started_at for one in sessions))
    found = []
    for quantity in QUANTITIES:
        pairs = _pairs(sessions, taken[quantity.id])
        if not pairs:
            continue
        known, mean = measure(quantity.id), moved(quantity, pairs)
        unit = PERCENT if quantity.in_percent else known.unit_shown
        arms = tuple(ArmResponse(arm, own, mean[arm]) for arm, own in _by_arm(pairs).items())
        found.append(
            Response(quantity.id, known.name, unit, known.unit_shown, known.decimals, quantity.in_percent, arms)
        )
    return tuple(found)


def _pairs(sessions: Sequence[KeptSession], taken: Sequence[Taken]) -> tuple[Pair, ...]:
    found = []
    in_order = sorted(sessions, key=lambda one: one.started_at)
    for number, one in enumerate(in_order):
        earlier = in_order[number - 1].ended_at if number else None
        later = in_order[number + 1].started_at if number + 1 < len(in_order) else None
        both = around(taken, one.started_at, one.ended_at or one.started_at, earlier, later)
        if both is not None:
            found.append(Pair(one.started_at, one.arm.value, both[0].value, both[1].value))
    return tuple(found)


def _by_arm(pairs: Iterable[Pair]) -> dict[str, tuple[Pair, ...]]:
    found: dict[str, list[Pair]] = defaultdict(list)
    for one in pairs:
        found[one.arm].append(one)
    return {arm: tuple(own) for arm, own in found.items()}


def _name(scale: Scale) -> str:
    return scale.own_words or scale.question


def _taken(c: Connection, since: datetime) -> dict[str, list[Taken]]:
    """Everything that was measured at rest from shortly before a moment on, by measure."""
    first_day = (since - timedelta(days=2)).date()
    found: dict[str, list[Taken]] = defaultdict(list)
    _add_recordings(c, found, since - timedelta(days=1))
    known = readings.sources(c, ME)
    for name in ("rmssd", "heart_rate", "skin_temperature"):
        for source in known.get(name, {}):
            if name in AT_REST_ONLY and source not in by_hand.SOURCES:
                continue
            told = readings.series(c, ME, name, source, first_day).readings
            for at_ms, value in zip(told.at_ms.tolist(), told.values.tolist(), strict=True):
                at = _utc(at_ms / 1000)
                found[name].append(Taken(at, at, value, source))
    for source in known.get("systolic", {}).keys() & known.get("diastolic", {}).keys():
        _add_pressures(c, found, source, first_day)
    return found


def _add_recordings(c: Connection, found: dict[str, list[Taken]], since: datetime) -> None:
    for one in recordings.all_of(c, ME):
        if one.moment == DURING or one.duration_s > LONGEST_REST_S or one.at < since:
            continue
        figures = variability(one.rr_ms).figures
        ends_at = one.at + timedelta(seconds=one.duration_s)
        for name in ("rmssd", "heart_rate"):
            value = figures[name].value
            if value is not None:
                found[name].append(Taken(one.at, ends_at, value, one.source))


def _add_pressures(c: Connection, found: dict[str, list[Taken]], source: str, first_day: date) -> None:
    upper, lower = (readings.series(c, ME, one, source, first_day).readings for one in ("systolic", "diastolic"))
    both = set(upper.at_ms.tolist()) & set(lower.at_ms.tolist())
    high = {at: value for at, value in zip(upper.at_ms.tolist(), upper.values.tolist(), strict=True) if at in both}
    low = dict(zip(lower.at_ms.tolist(), lower.values.tolist(), strict=True))
    sound = [at for at in high if high[at] > low[at]]  # what is not is a slip of the device
    told = occasions([at / 1000 for at in sound], [high[at] for at in sound], [low[at] for at in sound])
    for at_s, systolic, diastolic, number in zip(
        told.at_s.tolist(), told.systolic.tolist(), told.diastolic.tolist(), told.readings.tolist(), strict=True
    ):
        began_at = _utc(at_s)
        ended_at = began_at + (number - 1) * by_hand.BETWEEN
        found["systolic"].append(Taken(began_at, ended_at, systolic, source))
        found["diastolic"].append(Taken(began_at, ended_at, diastolic, source))


def _utc(at_s: float) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)
