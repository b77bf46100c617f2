"""What a person lies down for, and what is said because of it."""

from __future__ import annotations

from dataclasses import dataclass

from matwise.screening.limits import Placement
from matwise.session.cue import Bed


@dataclass(frozen=True, slots=True)
class Aim:
    """What a session is for: the lines that open it, that come back once, and that end it, by id.

    `placements`: where it is meant for. `programme` (an id of the breathing programmes) and `bed` are what it suggests;
    a person may choose others.
    """

    id: str
    placements: frozenset[Placement]
    opening: str | None
    middle: str | None
    ending: str | None
    programme: str
    bed: Bed | None = None

    def lines(self) -> tuple[str, ...]:
        """Every line of it, without the ending that names the arm."""
        return tuple(line for line in (self.opening, self.middle, self.ending) if line is not None)


NO_AIM = Aim("none", frozenset(Placement), None, None, None, "longer_exhale")
