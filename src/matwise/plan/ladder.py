"""The ladder: rungs from the gentlest on, and routines that open along the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matwise.errors import InvalidInputError, Problem
from matwise.plan.rung import Routine, Rung
from matwise.screening.gate import LONGEST_MINUTES, SHORTEST_MINUTES


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in order, numbered from 0, and the routines.

    Rungs 0 to `last_start` are equally gentle ways to begin: where the safety check closes one, the next may be the
    first. Every later rung is reached only over the one below it. A routine's rung carries the number of the rung after
    which it opens, so that a painful routine leads back from there.

    Raises:
        InvalidInputError: numbers, ids, minutes or openings that can't be meant; all of them at once.
    """

    rungs: tuple[Rung, ...]
    routines: tuple[Routine, ...] = ()
    last_start: int = 0

    def __post_init__(self) -> None:
        problems = [*self._rung_problems(), *self._routine_problems()]
        if problems:
            raise InvalidInputError(*problems)

    @property
    def top(self) -> int:
        """The number of the last rung."""
        return len(self.rungs) - 1

    def _rung_problems(self) -> Iterable[Problem]:
        if not self.rungs:
            yield Problem("rungs", "none", "at least one rung")
        if not 0 <= self.last_start < max(len(self.rungs), 1):
            yield Problem("last_start", str(self.last_start), "the number of a rung")
        for n, rung in enumerate(self.rungs):
            if rung.number != n:
                yield Problem(f"rungs[{n}].number", str(rung.number), str(n))
            if rung.sessions_to_climb < 1:
                yield Problem(f"rungs[{n}].sessions_to_climb", str(rung.sessions_to_climb), "at least 1")
        for rung in (*self.rungs, *(routine.rung for routine in self.routines)):
            if not SHORTEST_MINUTES <= rung.minutes <= LONGEST_MINUTES:
                yield Problem(f"{rung.id}.minutes", str(rung.minutes), f"{SHORTEST_MINUTES} to {LONGEST_MINUTES}")

    def _routine_problems(self) -> Iterable[Problem]:
        ids = [*(rung.id for rung in self.rungs), *(routine.id for routine in self.routines)]
        for twice in sorted({one for one in ids if ids.count(one) > 1}):
            yield Problem("id", repr(twice), "an id that no other rung or routine has")
        for n, routine in enumerate(self.routines):
            if not 0 <= routine.opens_after_rung < len(self.rungs):
                yield Problem(f"routines[{n}].opens_after_rung", str(routine.opens_after_rung), "the number of a rung")
            if routine.rung.number != routine.opens_after_rung:
                yield Problem(f"routines[{n}].rung.number", str(routine.rung.number), str(routine.opens_after_rung))
