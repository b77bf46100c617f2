"""A body for a height and a weight: where its skin is, how wide, how deep, and what each segment weighs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import gamma
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from matwise.contact.shape import (
    BREADTHS_FEMALE,
    BREADTHS_MALE,
    HIPS_AT,
    SHAPES,
    SHOULDERS_AT,
    WAIST_AT,
    Part,
    Shape,
)
from matwise.errors import InvalidInputError, Problem

Floats = npt.NDArray[np.float64]

HEIGHT_M = (1.2, 2.3)
WEIGHT_KG = (30.0, 250.0)
# The shape has been looked at between these; beyond them (kg/m²) it still closes, but looks like nobody.
BODY_MASS_INDEX = (14.0, 60.0)
DENSITY_KG_M3 = 1000.0  # lungs filled half: a body about floats
GRAVITY_M_S2 = 9.81
STATIONS = 61
PAIRED = frozenset(Part) - {Part.HEAD, Part.NECK, Part.TRUNK}
DIGITS = frozenset(
    {Part.THUMB, Part.INDEX, Part.MIDDLE, Part.RING, Part.LITTLE}
    | {Part.TOE_1, Part.TOE_2, Part.TOE_3, Part.TOE_4, Part.TOE_5}
)


class Sex(StrEnum):
    """Which of the two tables of breadths and segment weights is used."""

    FEMALE = "female"
    MALE = "male"


# Segment weights as shares of the whole, each arm and leg counted once: (female, male).
# de Leva (1996), doi:10.1016/0021-9290(95)00178-6, tables as given there for young adults.
SHARES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "head": (0.0668, 0.0694),
        "trunk": (0.4257, 0.4346),
        "upper_arm": (0.0255, 0.0271),
        "forearm": (0.0138, 0.0162),
        "hand": (0.0056, 0.0061),
        "thigh": (0.1478, 0.1416),
        "shank": (0.0481, 0.0433),
        "foot": (0.0129, 0.0137),
    }
)


def between(at: npt.ArrayLike, table: Sequence[tuple[float, float]]) -> Floats:
    """Values of a table of (place, value) at places in between, straight from row to row."""
    places, values = np.array(table, float).T
    return np.asarray(np.interp(np.asarray(at, float), places, values))


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a body in metres: superellipses along a curve.

    `centre`: shape (n, 3). `side`, `depth`: half breadth and half depth, shape (n,). `exponent` of the superellipse.
    `outward`, `forward`: unit vectors of breadth and of the segment's front, shape (3,).
    """

    centre: Floats
    side: Floats
    depth: Floats
    exponent: float
    outward: Floats
    forward: Floats

    def surface(self, along: npt.ArrayLike, around_rad: npt.ArrayLike) -> Floats:
        """Points of the skin.

        Args:
            along: share of the segment's length from its beginning, any shape.
            around_rad: 0 is the front, π/2 the outer side, π the back; same shape.

        Returns:
            x, y, z in m, that shape + (3,).
        """
        along, around = np.broadcast_arrays(np.asarray(along, float), np.asarray(around_rad, float))
        centre, side, depth = self.section(along)
        power = 2.0 / self.exponent
        sine, cosine = np.sin(around), np.cos(around)
        out = side * np.sign(sine) * np.abs(sine) ** power
        front = depth * np.sign(cosine) * np.abs(cosine) ** power
        return np.asarray(centre + out[..., None] * self.outward + front[..., None] * self.forward)

    def section(self, along: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Middle (…, 3), half breadth and half depth (…) in m at shares of the length."""
        place = np.clip(np.asarray(along, float), 0.0, 1.0) * (self.side.size - 1)
        before = np.minimum(place.astype(np.intp), self.side.size - 2)
        after, share = before + 1, place - before
        rest = 1.0 - share
        centre = rest[..., None] * self.centre[before] + share[..., None] * self.centre[after]
        side = rest * self.side[before] + share * self.side[after]
        return centre, side, rest * self.depth[before] + share * self.depth[after]

    def around_at(self, along: float, across_m: float, *, front: bool) -> float:
        """The angle (rad) at which the skin lies so far out from the middle, on the front or the back."""
        _, side, _ = self.section(along)
        share = float(np.clip(across_m / side, -1.0, 1.0))
        out = np.sign(share) * abs(share) ** (self.exponent / 2.0)
        angle = float(np.arcsin(np.clip(out, -1.0, 1.0)))
        return angle if front else np.pi - angle

    @property
    def volume_m3(self) -> float:
        """Of the stack of superellipses."""
        n = self.exponent
        shape = 4.0 * gamma(1 + 1 / n) ** 2 / gamma(1 + 2 / n)
        steps = np.linalg.norm(np.diff(self.centre, axis=0), axis=1)
        area = shape * self.side * self.depth
        return float(np.sum(steps * (area[1:] + area[:-1]) / 2))


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A body: its segments (arms and legs the left ones; x ≥ 0 is the body's own left), sizes and weights.

    `girth`: how much rounder it is than the reference shape of the same stature (1.0: 75 kg at 1.75 m).
    """

    height_m: float
    weight_kg: float
    sex: Sex | None
    girth: float
    segments: Mapping[Part, Segment]

    def mass_kg(self, segment: str) -> float:
        """What a segment of `SHARES` weighs; of arms and legs one of the two.

        Source:
            de Leva (1996), doi:10.1016/0021-9290(95)00178-6.
        """
        female, male = SHARES[segment]
        share = {Sex.FEMALE: female, Sex.MALE: male, None: (female + male) / 2}[self.sex]
        return share * self.weight_kg

    def weight_n(self, segment: str) -> float:
        """The same as a force."""
        return self.mass_kg(segment) * GRAVITY_M_S2

    @property
    def skin_m2(self) -> float:
        """Area of the skin as this shape has it, without the faces inside where segments meet."""
        total = 0.0
        around = np.linspace(0.0, 2 * np.pi, 49)
        along = np.linspace(0.0, 1.0, STATIONS)
        for part, segment in self.segments.items():
            points = segment.surface(along[:, None], around[None, :])
            edges = np.cross(np.diff(points, axis=0)[:, :-1], np.diff(points, axis=1)[:-1])
            total += float(np.linalg.norm(edges, axis=-1).sum()) * (2 if part in PAIRED else 1)
        return total


def body(height_m: float, weight_kg: float, sex: Sex | None = None) -> Body:
    """The body of a person: the reference shape, stretched to the stature and rounded to the weight.

    Args:
        height_m: stature in m.
        weight_kg: weight in kg.
        sex: None takes the middle of both tables.

    Raises:
        InvalidInputError: a height, weight or the two together beyond what the shape can stand for.
    """
    problems = []
    for where, got, (low, high) in (("height_m", height_m, HEIGHT_M), ("weight_kg", weight_kg, WEIGHT_KG)):
        if not low <= got <= high:
            problems.append(Problem(where, f"{got:g}", f"{low:g} to {high:g}"))
    low, high = BODY_MASS_INDEX
    if not problems and not low <= weight_kg / height_m**2 <= high:
        want = f"{low * height_m**2:.0f} to {high * height_m**2:.0f} kg at this height"
        problems.append(Problem("weight_kg", f"{weight_kg:g}", want))
    if problems:
        raise InvalidInputError(*problems)
    return _body(float(height_m), float(weight_kg), sex)


@lru_cache(maxsize=64)
def _body(height_m: float, weight_kg: float, sex: Sex | None) -> Body:
    girth = 1.0
    while True:
        segments = _segments(height_m, girth, sex)
        rounder = _rounder(segments, weight_kg / DENSITY_KG_M3)
        if abs(rounder - 1.0) < 1e-12:
            break
        girth *= rounder
    return Body(height_m, weight_kg, sex, girth, MappingProxyType(segments))


def _rounder(segments: Mapping[Part, Segment], volume_m3: float) -> float:
    """By what factor the girth has to grow for this volume; all but exact, since segments also move apart a little."""
    parts = [
        (segment.volume_m3 * (2 if part in PAIRED else 1), 2 * SHAPES[part].girth) for part, segment in segments.items()
    ]
    factor = 1.0
    for _ in range(20):
        off = sum(volume * factor**power for volume, power in parts) - volume_m3
        factor -= off / sum(volume * power * factor ** (power - 1) for volume, power in parts)
    return factor


def _segments(height_m: float, girth: float, sex: Sex | None) -> dict[Part, Segment]:
    return {part: _segment(part, shape, height_m, girth, sex) for part, shape in SHAPES.items()}


def _segment(part: Part, shape: Shape, height_m: float, girth: float, sex: Sex | None) -> Segment:
    fine = _smooth(part)
    centre, side, depth = fine[:, :3].copy(), fine[:, 3].copy(), fine[:, 4].copy()
    wider = girth**shape.girth
    breadth = _breadth(centre[:, 1], sex) if part is Part.TRUNK else 1.0
    side, depth = side * wider * breadth, depth * wider
    shoulders, _, hips = _breadths(sex)
    if part in PAIRED:
        arm = centre[:, 1].max() > 0.35 and centre[:, 0].max() > 0.1
        # Arms stay outside the trunk and thighs beside each other when both grow rounder.
        centre[:, 0] *= shoulders * girth**0.75 if arm else hips * girth**0.9
    axis = centre[-1] - centre[0]
    axis = axis / np.linalg.norm(axis)
    forward = np.array([0.0, 1.0, 0.0] if shape.along_foot else [0.0, 0.0, 1.0])
    outward = np.cross(forward, axis) if shape.along_foot else np.cross(axis, forward)
    outward = np.abs(outward[0]) / outward[0] * outward / np.linalg.norm(outward)
    return Segment(centre * height_m, side * height_m, depth * height_m, shape.exponent, outward, forward)


def _breadths(sex: Sex | None) -> Floats:
    female, male = np.array(BREADTHS_FEMALE), np.array(BREADTHS_MALE)
    return np.asarray({Sex.FEMALE: female, Sex.MALE: male, None: (female + male) / 2}[sex])


def _breadth(level: Floats, sex: Sex | None) -> Floats:
    """Factor on the trunk's half breadth at levels (shares of the stature)."""
    shoulders, waist, hips = _breadths(sex)
    return np.asarray(np.interp(level, (HIPS_AT, WAIST_AT, SHOULDERS_AT), (hips, waist, shoulders)))


@lru_cache(maxsize=64)
def _smooth(part: Part) -> Floats:
    """The stations of a segment, laid closer by a curve that never swings beyond them (Fritsch and Carlson)."""
    rows = np.array(SHAPES[part].stations)
    steps = np.linalg.norm(np.diff(rows[:, :3], axis=0), axis=1)
    at = np.concatenate([[0.0], np.cumsum(steps)]) / steps.sum()
    # Closer at both ends, where heads, fingers and toes are rounded off.
    fine = (1 - np.cos(np.linspace(0.0, np.pi, STATIONS))) / 2 if part in DIGITS | {Part.HEAD} else None
    where = np.linspace(0.0, 1.0, STATIONS) if fine is None else fine
    curve = np.stack([_monotone_cubic(at, rows[:, column], where) for column in range(5)], axis=1)
    even = np.linspace(0.0, 1.0, STATIONS)
    return curve if fine is None else np.stack([np.interp(even, where, column) for column in curve.T], axis=1)


def _monotone_cubic(x: Floats, y: Floats, at: Floats) -> Floats:
    step, slope = np.diff(x), np.diff(y) / np.diff(x)
    inner = np.zeros(x.size)
    inner[0], inner[-1] = slope[0], slope[-1]
    same = slope[1:] * slope[:-1] > 0
    left, right = 2 * step[1:] + step[:-1], step[1:] + 2 * step[:-1]
    safe = np.where(same, slope[1:] * slope[:-1], 1.0)
    mean = (left + right) * safe / (left * slope[1:] + right * slope[:-1] + np.where(same, 0.0, 1.0))
    inner[1:-1] = np.where(same, mean, 0.0)
    i = np.clip(np.searchsorted(x, at) - 1, 0, x.size - 2)
    h, u = step[i], (at - x[i]) / step[i]
    return np.asarray(
        y[i] * (1 + 2 * u) * (1 - u) ** 2
        + h * inner[i] * u * (1 - u) ** 2
        + y[i + 1] * u**2 * (3 - 2 * u)
        + h * inner[i + 1] * u**2 * (u - 1)
    )
