"""How one breath is paced."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matwise.errors import InvalidInputError, Problem

INHALE_S = (2.0, 6.0)
SECOND_INHALE_S = (0.0, 2.0)
EXHALE_S = (3.0, 10.0)
PAUSE_S = (0.0, 4.0)
SLOWEST_BREATH_S = 15.0  # four a minute: slower than resonance training goes, and nobody should strain for air


@dataclass(frozen=True, slots=True)
class Breathing:
    """Seconds of in-breath, pause, out-breath and pause; the out-breath is always the longer one.

    `second_inhale_s`: a sip on top of the in-breath, before the pause; 0 for none.

    Raises:
        InvalidInputError: a part is too short or too long, or the out-breath is not longer than the in-breath.

    Source:
        Six breaths a minute with a longer out-breath felt more relaxed: Van Diest et al. (2014),
        doi:10.1007/s10484-014-9253-x. A second in-breath: Balban et al. (2023), doi:10.1016/j.xcrm.2022.100895.
    """

    inhale_s: float = 4.0
    hold_s: float = 0.0
    exhale_s: float = 6.0
    rest_s: float = 0.0
    second_inhale_s: float = 0.0

    def __post_init__(self) -> None:
        ranges = (
            ("inhale_s", INHALE_S),
            ("hold_s", PAUSE_S),
            ("exhale_s", EXHALE_S),
            ("rest_s", PAUSE_S),
            ("second_inhale_s", SECOND_INHALE_S),
        )
        problems = [
            Problem(name, repr(getattr(self, name)), f"seconds from {low:g} to {high:g}")
            for name, (low, high) in ranges
            if not low <= getattr(self, name) <= high
        ]
        if not self.exhale_s > self.whole_inhale_s:
            problems.append(Problem("exhale_s", repr(self.exhale_s), f"more than inhale_s ({self.whole_inhale_s:g})"))
        if not self.breath_s <= SLOWEST_BREATH_S:
            problems.append(Problem("one breath", f"{self.breath_s:g} s", f"at most {SLOWEST_BREATH_S:g} s"))
        if problems:
            raise InvalidInputError(*problems)

    @property
    def whole_inhale_s(self) -> float:
        """The in-breath with its second part, in s."""
        return self.inhale_s + self.second_inhale_s

    @property
    def breath_s(self) -> float:
        """One whole breath, in s."""
        return self.whole_inhale_s + self.hold_s + self.exhale_s + self.rest_s

    @property
    def breaths_per_min(self) -> float:
        """How many breaths like this a minute has."""
        return 60 / self.breath_s

    @property
    def has_holds(self) -> bool:
        """Whether the breath is held anywhere in it."""
        return self.hold_s > 0 or self.rest_s > 0

    def without_holds(self) -> Breathing:
        """The same pace with the pauses breathed out instead, as far as an out-breath goes."""
        exhale_s = min(EXHALE_S[1], self.exhale_s + self.hold_s + self.rest_s)
        return replace(self, hold_s=0.0, rest_s=0.0, exhale_s=exhale_s)
