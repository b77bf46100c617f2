"""Where, through what and for how long a person may use the mat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType


class Area(StrEnum):
    """Areas of skin, in words a person would point to."""

    HANDS = "hands"
    FEET = "feet"
    CALVES = "calves"
    THIGHS = "thighs"
    SEAT = "seat"
    LOWER_BACK = "lower_back"
    UPPER_BACK = "upper_back"
    NECK = "neck"
    STOMACH = "stomach"
    ELSEWHERE = "elsewhere"


class Placement(StrEnum):
    """Where the mat goes."""

    HANDS = "hands"
    FEET_SEATED = "feet_seated"
    CALVES = "calves"
    SEAT = "seat"
    WHOLE_BACK = "whole_back"
    LOWER_BACK = "lower_back"
    NECK = "neck"
    STOMACH = "stomach"
    FEET_STANDING = "feet_standing"


AREAS_TOUCHED: Mapping[Placement, frozenset[Area]] = MappingProxyType(
    {
        Placement.HANDS: frozenset({Area.HANDS}),
        Placement.FEET_SEATED: frozenset({Area.FEET}),
        Placement.CALVES: frozenset({Area.CALVES}),
        Placement.SEAT: frozenset({Area.SEAT, Area.THIGHS}),
        Placement.WHOLE_BACK: frozenset({Area.LOWER_BACK, Area.UPPER_BACK}),
        Placement.LOWER_BACK: frozenset({Area.LOWER_BACK}),
        Placement.NECK: frozenset({Area.NECK, Area.UPPER_BACK}),
        Placement.STOMACH: frozenset({Area.STOMACH}),
        Placement.FEET_STANDING: frozenset({Area.FEET}),
    }
)


class Layer(IntEnum):
    """What lies between mat and skin; a larger one is gentler, so `max` is more careful."""

    BARE = 0
    THIN_SHIRT = 1
    HEAVY_SHIRT = 2
    TOWEL = 3


class Base(IntEnum):
    """What the mat lies on; a larger one is gentler, so `max` is more careful."""

    FLOOR = 0
    CARPET = 1
    CHAIR = 2
    BED = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What stays allowed: never thinner than, never on, never longer than, and no pauses in the breathing.

    `max_minutes` None means that screening sets no limit of its own.
    """

    thinnest_layer: Layer = Layer.BARE
    closed_areas: frozenset[Area] = frozenset()
    closed_placements: frozenset[Placement] = frozenset()
    max_minutes: int | None = None
    no_breath_holds: bool = False

    def and_also(self, other: Limits) -> Limits:
        """Both limits at once: the more careful of each part."""
        minutes = [m for m in (self.max_minutes, other.max_minutes) if m is not None]
        return Limits(
            thinnest_layer=max(self.thinnest_layer, other.thinnest_layer),
            closed_areas=self.closed_areas | other.closed_areas,
            closed_placements=self.closed_placements | other.closed_placements,
            max_minutes=min(minutes) if minutes else None,
            no_breath_holds=self.no_breath_holds or other.no_breath_holds,
        )

    def allows(self, placement: Placement, layer: Layer, minutes: float) -> bool:
        """Whether a session at this placement, through this layer, for so long keeps to the limits."""
        return (
            layer >= self.thinnest_layer
            and placement not in self.closed_placements
            and not AREAS_TOUCHED[placement] & self.closed_areas
            and (self.max_minutes is None or minutes <= self.max_minutes)
        )


NO_LIMITS = Limits()
