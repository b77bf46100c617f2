"""Say what the rooms mean in the words that page and terminal share."""

from __future__ import annotations

from matwise.content.phrases import Phrases, phrases
from matwise.plan.rung import Rung
from matwise.screening.limits import AREAS_TOUCHED, Layer, Limits, Placement
from matwise.sentence import Sentence
from matwise.trial.chance import in_percent


def words() -> Phrases:
    """Every shared phrase."""
    return phrases()


def rung(one: Rung) -> str:
    """A rung in one line: where, through what, on what, how long."""
    known = phrases()
    return known.rung.format(
        placement=known.placement[one.placement].begun(),
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
    if not points:
        return Sentence("{before} before, {after} after: the same.").format(before=before, after=after)
    if after < before:
        moved = Sentence.counted("{number} point lower", "{number} points lower", points)
    else:
        moved = Sentence.counted("{number} point higher", "{number} points higher", points)
    return Sentence("{before} before, {after} after: {moved}.").format(before=before, after=after, moved=moved)


def naps(planned_minutes: int) -> tuple[tuple[str, str], ...]:
    """How long somebody can have slept in a session of this length: minutes, and the words for them."""
    known = phrases().nap
    about = [minutes for minutes in (5, 10, 15, 20, 25, 30) if minutes < planned_minutes]
    said = [(f"{minutes}", known["about"].format(minutes=minutes)) for minutes in about]
    short = [("2", known["moment"])] if planned_minutes > 2 else []
    return (("0", known["none"]), *short, *said, (f"{planned_minutes}", known["all"]))


def limits(one: Limits) -> tuple[str, ...]:
    """Limits as sentences; empty where there are none."""
    known = phrases()
    said = []
    if one.thinnest_layer > Layer.BARE:
        said.append(known.limits["thinnest_layer"].format(layer=known.layer[one.thinnest_layer.name]))
    closed = [p for p in Placement if p in one.closed_placements or AREAS_TOUCHED[p] & one.closed_areas]
    if closed:
        said.append(
            known.limits["closed_placements"].format(
                placements=Sentence.joined((known.placement[p] for p in closed), "; ")
            )
        )
    if one.max_minutes is not None:
        said.append(known.limits["max_minutes"].format(minutes=one.max_minutes))
    if one.no_breath_holds:
        said.append(known.limits["no_breath_holds"])
    return tuple(said)
