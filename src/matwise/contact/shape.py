"""The reference shape of a body: cross-sections along each segment, in shares of the stature.

A standing adult of 1.75 m and 75 kg, arms a little away from the body and palms forward. x runs to the body's own left,
y up from the soles, z forward. Levels and breadths follow the usual proportions of adults (Drillis and Contini 1966;
the outlines between them are drawn by hand and by eye): good to a few centimetres, no scan of anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """Segments of the body; those of arms and legs are the left one's, the right one is its mirror image."""

    HEAD = "head"
    NECK = "neck"
    TRUNK = "trunk"
    UPPER_ARM = "upper_arm"
    FOREARM = "forearm"
    HAND = "hand"
    THUMB = "thumb"
    INDEX = "index"
    MIDDLE = "middle"
    RING = "ring"
    LITTLE = "little"
    THIGH = "thigh"
    SHANK = "shank"
    FOOT = "foot"
    TOE_1 = "toe_1"
    TOE_2 = "toe_2"
    TOE_3 = "toe_3"
    TOE_4 = "toe_4"
    TOE_5 = "toe_5"


@dataclass(frozen=True, slots=True)
class Shape:
    """One segment: a chain of superellipses.

    `stations`: from the segment's beginning to its end (x, y, z of the middle, half breadth, half depth), in shares of
    the stature. `exponent`: 2 is an ellipse, more is boxier. `girth`: how strongly it grows with the weight, where 1 is
    as much as the whole. `along_foot`: the segment lies forward instead of upright; its front is then the upper side.
    """

    stations: tuple[tuple[float, ...], ...]
    girth: float
    exponent: float = 2.0
    along_foot: bool = False


def _upright(*rows: tuple[float, float, float, float, float]) -> tuple[tuple[float, ...], ...]:
    """Rows (x, y, half breadth, front z, back z) as stations."""
    return tuple((x, y, (front + back) / 2, side, (front - back) / 2) for x, y, side, front, back in rows)


def _digit(
    start: tuple[float, float, float], end: tuple[float, float, float], half: float, *, along_foot: bool = False
) -> Shape:
    """A finger or a toe: of even thickness, rounded at its tip."""
    steps = ((0.0, 1.0), (0.45, 1.0), (0.75, 0.95), (0.9, 0.8), (0.97, 0.5), (1.0, 0.15))
    stations = tuple(
        (*(a + share * (b - a) for a, b in zip(start, end, strict=True)), half * width, half * width * 0.85)
        for share, width in steps
    )
    return Shape(stations, girth=0.25, along_foot=along_foot)


SHAPES: dict[Part, Shape] = {
    Part.HEAD: Shape(
        _upright(
            (0.0, 0.866, 0.014, 0.064, 0.006),
            (0.0, 0.872, 0.023, 0.069, -0.004),
            (0.0, 0.885, 0.0315, 0.070, -0.022),
            (0.0, 0.905, 0.0385, 0.069, -0.042),
            (0.0, 0.930, 0.0425, 0.067, -0.053),
            (0.0, 0.950, 0.0440, 0.065, -0.056),
            (0.0, 0.970, 0.0415, 0.056, -0.050),
            (0.0, 0.985, 0.0340, 0.040, -0.037),
            (0.0, 0.995, 0.0205, 0.020, -0.020),
            (0.0, 0.999, 0.0090, 0.008, -0.009),
            (0.0, 1.000, 0.0005, 0.001, -0.001),
        ),
        girth=0.15,
    ),
    Part.NECK: Shape(
        _upright(
            (0.0, 0.825, 0.0440, 0.032, -0.062),
            (0.0, 0.838, 0.0360, 0.028, -0.054),
            (0.0, 0.852, 0.0330, 0.027, -0.046),
            (0.0, 0.868, 0.0325, 0.030, -0.043),
            (0.0, 0.900, 0.0325, 0.035, -0.042),
        ),
        girth=0.5,
    ),
    Part.TRUNK: Shape(
        _upright(
            (0.0, 0.465, 0.0900, 0.036, -0.050),
            (0.0, 0.480, 0.0960, 0.045, -0.065),
            (0.0, 0.500, 0.0985, 0.051, -0.074),
            (0.0, 0.530, 0.0985, 0.058, -0.075),
            (0.0, 0.560, 0.0950, 0.064, -0.071),
            (0.0, 0.600, 0.0880, 0.067, -0.063),
            (0.0, 0.640, 0.0840, 0.063, -0.062),
            (0.0, 0.680, 0.0860, 0.064, -0.064),
            (0.0, 0.720, 0.0900, 0.066, -0.072),
            (0.0, 0.755, 0.0960, 0.063, -0.074),
            (0.0, 0.780, 0.1030, 0.055, -0.073),
            (0.0, 0.797, 0.1080, 0.045, -0.072),
            (0.0, 0.812, 0.0980, 0.036, -0.067),
            (0.0, 0.823, 0.0760, 0.031, -0.063),
            (0.0, 0.833, 0.0540, 0.028, -0.058),
            (0.0, 0.846, 0.0385, 0.026, -0.051),
        ),
        girth=1.25,
        exponent=2.8,
    ),
    Part.UPPER_ARM: Shape(
        (
            (0.098, 0.814, -0.015, 0.0080, 0.014),
            (0.104, 0.808, -0.015, 0.0220, 0.028),
            (0.112, 0.795, -0.015, 0.0290, 0.034),
            (0.119, 0.765, -0.015, 0.0300, 0.036),
            (0.130, 0.715, -0.014, 0.0265, 0.033),
            (0.140, 0.670, -0.012, 0.0250, 0.030),
            (0.150, 0.625, -0.008, 0.0245, 0.025),
        ),
        girth=0.9,
    ),
    Part.FOREARM: Shape(
        (
            (0.150, 0.625, -0.008, 0.0245, 0.0250),
            (0.156, 0.595, -0.006, 0.0265, 0.0240),
            (0.163, 0.560, -0.003, 0.0245, 0.0210),
            (0.172, 0.515, 0.000, 0.0190, 0.0160),
            (0.180, 0.478, 0.000, 0.0160, 0.0120),
        ),
        girth=0.7,
    ),
    Part.HAND: Shape(
        (
            (0.180, 0.478, 0.000, 0.0160, 0.0120),
            (0.182, 0.468, 0.001, 0.0190, 0.0120),
            (0.186, 0.450, 0.001, 0.0230, 0.0110),
            (0.190, 0.430, 0.001, 0.0240, 0.0090),
            (0.192, 0.421, 0.001, 0.0235, 0.0080),
            (0.193, 0.416, 0.001, 0.0210, 0.0070),
        ),
        girth=0.25,
        exponent=2.6,
    ),
    Part.THUMB: _digit((0.196, 0.462, 0.002), (0.2225, 0.422, 0.006), 0.0062),
    Part.INDEX: _digit((0.2060, 0.425, 0.001), (0.2150, 0.377, 0.002), 0.0053),
    Part.MIDDLE: _digit((0.1970, 0.422, 0.001), (0.2035, 0.371, 0.002), 0.0055),
    Part.RING: _digit((0.1875, 0.422, 0.001), (0.1915, 0.375, 0.002), 0.0053),
    Part.LITTLE: _digit((0.1775, 0.425, 0.001), (0.1785, 0.386, 0.002), 0.0046),
    Part.THIGH: Shape(
        _upright(
            (0.0520, 0.495, 0.0460, 0.046, -0.066),
            (0.0510, 0.475, 0.0490, 0.047, -0.061),
            (0.0505, 0.450, 0.0475, 0.048, -0.054),
            (0.0500, 0.400, 0.0435, 0.047, -0.047),
            (0.0495, 0.350, 0.0380, 0.043, -0.042),
            (0.0490, 0.310, 0.0335, 0.038, -0.037),
            (0.0490, 0.280, 0.0315, 0.036, -0.032),
        ),
        girth=1.0,
    ),
    Part.SHANK: Shape(
        _upright(
            (0.0490, 0.280, 0.0315, 0.036, -0.032),
            (0.0495, 0.255, 0.0300, 0.031, -0.036),
            (0.0500, 0.215, 0.0330, 0.026, -0.043),
            (0.0500, 0.190, 0.0325, 0.024, -0.043),
            (0.0500, 0.150, 0.0265, 0.021, -0.036),
            (0.0500, 0.105, 0.0195, 0.018, -0.028),
            (0.0500, 0.070, 0.0180, 0.018, -0.028),
            (0.0500, 0.042, 0.0200, 0.022, -0.032),
        ),
        girth=0.8,
    ),
    Part.FOOT: Shape(
        (
            (0.0500, 0.016, -0.0380, 0.0090, 0.012),
            (0.0500, 0.018, -0.0340, 0.0150, 0.016),
            (0.0500, 0.021, -0.0200, 0.0195, 0.021),
            (0.0505, 0.023, -0.0020, 0.0200, 0.023),
            (0.0515, 0.022, 0.0220, 0.0195, 0.022),
            (0.0525, 0.018, 0.0450, 0.0225, 0.018),
            (0.0530, 0.012, 0.0670, 0.0270, 0.012),
            (0.0530, 0.009, 0.0800, 0.0280, 0.009),
            (0.0535, 0.007, 0.0880, 0.0260, 0.007),
        ),
        girth=0.25,
        exponent=2.3,
        along_foot=True,
    ),
    Part.TOE_1: _digit((0.0345, 0.008, 0.076), (0.0370, 0.007, 0.1150), 0.0088, along_foot=True),
    Part.TOE_2: _digit((0.0480, 0.007, 0.080), (0.0500, 0.006, 0.1135), 0.0054, along_foot=True),
    Part.TOE_3: _digit((0.0580, 0.006, 0.079), (0.0600, 0.005, 0.1080), 0.0050, along_foot=True),
    Part.TOE_4: _digit((0.0670, 0.006, 0.077), (0.0690, 0.005, 0.1010), 0.0048, along_foot=True),
    Part.TOE_5: _digit((0.0750, 0.006, 0.073), (0.0770, 0.005, 0.0930), 0.0048, along_foot=True),
}

# Breadths of women and men against the reference shape: (shoulders, waist, hips). Hand-set within the spans of the
# usual tables; where no sex is given both are taken half.
BREADTHS_FEMALE = (0.93, 0.94, 1.04)
BREADTHS_MALE = (1.01, 1.01, 0.98)
SHOULDERS_AT, WAIST_AT, HIPS_AT = 0.80, 0.64, 0.52
