"""Say what the rooms mean in the words that page and terminal share."""

from __future__ import annotations

from matwise.content.phrases import Phrases, phrases
from matwise.plan.rung import Rung
from matwise.screening.limits import AREAS_TOUCHED, Layer, Limits, Placement
from matwise.trial.chance import in_percent


def words() -> Phrases:
    """Every shared phrase."""
    return phrases()


def rung(one: Rung) -> str:
    """A rung in one line: where, through what, on what, how long."""
    known = phrases()
    where = known.placement[one.placement]
    return known.rung.format(
        placement=where[0].upper() + where[1:],
        layer=known.layer[one.layer.name],
        base=known.base[one.base.name],
        minutes=one.minutes,
    )


def percent(p: float) -> str:
    """A probability as whole percent, never claiming certainty."""
    return in_percent(p)


def change(before: int, after: int) -> str:
    """How a rating moved over a session, in points."""
    points = abs(after - before)
    moved = f"{points} point{'' if points == 1 else 's'} {'lower' if after < before else 'higher'}"
    return f"{before} before, {after} after: {moved if points else 'the same'}."


def limits(one: Limits) -> tuple[str, ...]:
    """Limits as sentences; empty where there are none."""
    known = phrases()
    said = []
    if one.thinnest_layer > Layer.BARE:
        said.append(known.limits["thinnest_layer"].format(layer=known.layer[one.thinnest_layer.name]))
    closed = [p for p in Placement if p in one.closed_placements or AREAS_TOUCHED[p] & one.closed_areas]
    if closed:
        said.append(known.limits["closed_placements"].format(placements="; ".join(known.placement[p] for p in closed)))
    if one.max_minutes is not None:
        said.append(known.limits["max_minutes"].format(minutes=one.max_minutes))
    if one.no_breath_holds:
        said.append(known.limits["no_breath_holds"])
    return tuple(said)
