"""How the breath is led through a session: where it starts, how it slows down, when it is let go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from matwise.errors import InvalidInputError, Problem
from matwise.session.breathing import Breathing

LONGEST_S = 300.0  # then the breath is left alone: most studies of paced breathing ask for five minutes
# Resonance of a grown-up's circulation: Shaffer & Meehan (2020), doi:10.3389/fnins.2020.570400.
PACES_PER_MIN = (4.5, 6.5)
USUAL_PACE_PER_MIN = 5.5
INHALE_SHARE = 0.4  # 4:6, as in the default breath
_DECIMALS = 1  # parts of a breath are whole tenths, so that a session has few different tones


@dataclass(frozen=True, slots=True)
class Waypoint:
    """The breath at one moment of the breathing, in s from its start; `line` is said then."""

    at_s: float
    breathing: Breathing
    line: str | None = None


@dataclass(frozen=True, slots=True)
class Programme:
    """A breathing programme: between two waypoints the breath glides from one to the other.

    Without waypoints nothing is led: everybody breathes their own way. `instruction` is the line that explains it,
    `ending` the one that lets go; `whole`: it is of no use in part. `never_standing`: being dizzy for a moment while
    standing is a fall.

    Raises:
        InvalidInputError: waypoints that are not in order of time from 0 on, or a length that is none.
    """

    id: str
    instruction: str
    path: tuple[Waypoint, ...]
    ending: str | None = "own_pace"
    instruction_without_holds: str = "belly_breathing"
    longest_s: float = LONGEST_S
    whole: bool = False
    never_standing: bool = False

    def __post_init__(self) -> None:
        times = [waypoint.at_s for waypoint in self.path]
        problems = []
        if times and (times[0] != 0 or any(later <= earlier for earlier, later in pairwise(times))):
            problems.append(Problem("path", ", ".join(f"{at_s:g}" for at_s in times), "rising times from 0 on, in s"))
        if times and not max(times) < self.longest_s <= 1800:
            problems.append(Problem("longest_s", f"{self.longest_s:g}", f"more than {max(times):g}, at most 1800"))
        if problems:
            raise InvalidInputError(*problems)

    @property
    def has_holds(self) -> bool:
        """Whether the breath is held anywhere in it."""
        return any(waypoint.breathing.has_holds for waypoint in self.path)

    def without_holds(self) -> Programme:
        """The same programme for those who should not hold their breath."""
        if not self.has_holds:
            return self
        path = tuple(replace(waypoint, breathing=waypoint.breathing.without_holds()) for waypoint in self.path)
        return replace(self, path=path, instruction=self.instruction_without_holds)

    def breath(self, at_s: float) -> Breathing:
        """The breath at this moment; after the last waypoint it stays.

        Raises:
            InvalidInputError: this programme leads no breath.
        """
        if not self.path:
            raise InvalidInputError(Problem("programme", repr(self.id), "one that leads the breath"))
        for first, second in pairwise(self.path):
            if first.at_s <= at_s < second.at_s:
                share = (at_s - first.at_s) / (second.at_s - first.at_s)
                return _between(first.breathing, second.breathing, share)
        return self.path[-1].breathing

    def breaths(self, for_s: float) -> Iterator[tuple[float, Breathing]]:
        """Every breath that fits into this time, with the moment it starts, in s."""
        at_s = 0.0
        while self.path:
            breathing = self.breath(at_s)
            if at_s + breathing.breath_s > for_s + 1e-6:
                return
            yield at_s, breathing
            at_s = round(at_s + breathing.breath_s, 3)


def steady(breathing: Breathing) -> Programme:
    """A programme that stays with one breath from start to end."""
    return Programme("steady", "belly_breathing", (Waypoint(0.0, breathing),))


def at_pace(programme: Programme, breaths_per_min: float) -> Programme:
    """A programme at the pace a person chose, the out-breath half as long again as the in-breath.

    Raises:
        InvalidInputError: a pace at which no grown-up's circulation swings along.
    """
    slowest, quickest = PACES_PER_MIN
    if not slowest <= breaths_per_min <= quickest:
        want = f"from {slowest:g} to {quickest:g} breaths a minute"
        raise InvalidInputError(Problem("pace", f"{breaths_per_min:g}", want))
    return replace(programme, path=(Waypoint(0.0, paced(breaths_per_min)),))


def paced(breaths_per_min: float) -> Breathing:
    """One breath at this pace, 4:6, without pauses."""
    breath_s = 60 / breaths_per_min
    return Breathing(INHALE_SHARE * breath_s, 0.0, (1 - INHALE_SHARE) * breath_s)


def _between(first: Breathing, second: Breathing, share: float) -> Breathing:
    def part(name: str) -> float:
        start, end = getattr(first, name), getattr(second, name)
        return float(round(start + share * (end - start), _DECIMALS))

    return Breathing(part("inhale_s"), part("hold_s"), part("exhale_s"), part("rest_s"), part("second_inhale_s"))
