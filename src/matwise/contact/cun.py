"""From a rule in proportional inches (cun) to a place on a body's skin.

A cun is no length but a share of the person: the forearm is 12 of them, whatever it measures. Every place of the body
has landmarks, and the length of its cun as a share of the stature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from matwise.contact.body import Body, Floats, Segment, between
from matwise.contact.region import Face, Region, on_map, region
from matwise.contact.shape import Part
from matwise.errors import InvalidInputError, Problem


class Place(StrEnum):
    """Where on the body a rule measures."""

    SCALP = "scalp"
    FACE = "face"
    HEAD_SIDE = "head_side"
    NECK = "neck"
    TRUNK_FRONT = "trunk_front"
    TRUNK_BACK = "trunk_back"
    UPPER_ARM = "upper_arm"
    FOREARM = "forearm"
    PALM = "palm"
    HAND_BACK = "hand_back"
    THUMB = "thumb"
    INDEX = "index"
    MIDDLE = "middle"
    RING = "ring"
    LITTLE = "little"
    THIGH = "thigh"
    SHANK = "shank"
    FOOT = "foot"
    SOLE = "sole"
    TOE_1 = "toe_1"
    TOE_2 = "toe_2"
    TOE_4 = "toe_4"
    TOE_5 = "toe_5"


_HEAD = frozenset({Place.SCALP, Place.FACE, Place.HEAD_SIDE})
_PARTS = {
    Place.TRUNK_FRONT: Part.TRUNK,
    Place.TRUNK_BACK: Part.TRUNK,
    Place.PALM: Part.HAND,
    Place.HAND_BACK: Part.HAND,
    Place.SOLE: Part.FOOT,
    **dict.fromkeys(_HEAD, Part.HEAD),
}
# Level of each landmark and the length of a cun there, both as shares of the stature. The spans are the usual ones: 9
# cun from the notch above the breastbone to its end, 8 from there to the navel, 5 to the pubic bone; 9 on the upper arm
# from armpit to elbow, 12 on the forearm; 18 from pubic bone to kneecap, 14 from the fold of the seat and 19 from the
# hip's knob to the knee crease, 16 from there to the outer ankle, 13 on the shin's inner side; 3 from hairline to
# brows.
_FACE_CUN, _NECK_CUN, _BACK_CUN, _ARM_CUN = 0.0090, 0.0132, 0.0132, 0.0133
_VERTEBRAE = (
    *(("C7", 0.838), ("T1", 0.826), ("T2", 0.814), ("T3", 0.801), ("T4", 0.788), ("T5", 0.775), ("T6", 0.762)),
    *(("T7", 0.748), ("T8", 0.734), ("T9", 0.720), ("T10", 0.705), ("T11", 0.690), ("T12", 0.674), ("L1", 0.658)),
    *(("L2", 0.641), ("L3", 0.624), ("L4", 0.607), ("L5", 0.591), ("S1", 0.577), ("S2", 0.563), ("S3", 0.551)),
    *(("S4", 0.540), ("coccyx", 0.517), ("shoulder_top", 0.818)),
)
LANDMARKS: Mapping[Place, Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        Place.FACE: {
            name: (level, _FACE_CUN)
            for name, level in (
                *(("hairline", 0.972), ("brow", 0.945), ("eye", 0.935), ("nose", 0.9165), ("lip", 0.908)),
                *(("mouth", 0.900), ("jaw", 0.876)),
            )
        },
        Place.HEAD_SIDE: {"ear": (0.928, _FACE_CUN)},
        Place.NECK: {
            name: (level, _NECK_CUN)
            for name, level in (
                *(("adam", 0.858), ("collar", 0.834), ("jaw_angle", 0.880), ("C2", 0.886), ("skull_base", 0.893)),
            )
        },
        Place.TRUNK_FRONT: {"navel": (0.605, 0.0144), "notch": (0.818, 0.0109), "perineum": (0.466, 0.0144)},
        Place.TRUNK_BACK: {name: (level, _BACK_CUN) for name, level in _VERTEBRAE},
        Place.UPPER_ARM: {
            "armpit": (0.745, _ARM_CUN),
            "elbow": (0.625, _ARM_CUN),
            "shoulder_tip": (0.808, _ARM_CUN),
        },
        Place.FOREARM: {"elbow": (0.625, 0.01225), "wrist": (0.478, 0.01225)},
        Place.THIGH: {
            "knee_crease": (0.280, 0.0130),
            "gluteal_fold": (0.472, 0.0137),
            "kneecap_top": (0.302, 0.0114),
        },
        Place.SHANK: {
            "knee_crease": (0.280, 0.0149),
            "knee_eye": (0.270, 0.0143),
            "outer_ankle": (0.044, 0.0148),
            "inner_ankle": (0.046, 0.0158),
        },
    }
)
# Below the navel a cun is longer than above it: 5 of them to the pubic bone.
_BELOW_NAVEL = 0.0196
# Across the trunk: 4 to the nipple, 3 to the shoulder blade's inner border.
_ACROSS = {Place.TRUNK_FRONT: 0.0140, Place.TRUNK_BACK: 0.0138, Place.FACE: _FACE_CUN, Place.NECK: 0.0125}
# The scalp, seen from the middle of the head: the angle over the face's horizontal at cun behind the front hairline (12
# to the back one), and the angle to the side for each cun.
_HEAD_MIDDLE = (0.938, 0.006)
_SCALP_DEG = ((0.0, 38.0), (5.0, 92.0), (9.5, 186.0), (12.0, 218.0))
_SCALP_ASIDE_DEG = 11.5


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a point lies on the left half of a body.

    Along the place either `up_cun` from a `landmark` (towards the head or the trunk), or `along_share` of its length
    from where it begins (wrist, heel, base of the finger; on the scalp cun behind the front hairline). Across it one
    of:
    `beside_cun` from the midline, `around_deg` (0 the front, 90 the outer side, 180 the back, 270 the inner side), or
    `across_share` of the half breadth (−1 the inner edge, 1 the outer one).

    Raises:
        InvalidInputError: not exactly one of each, or a landmark the place does not have.
    """

    place: Place
    landmark: str | None = None
    up_cun: float | None = None
    along_share: float | None = None
    beside_cun: float | None = None
    around_deg: float | None = None
    across_share: float | None = None

    def __post_init__(self) -> None:
        problems = []
        known = LANDMARKS.get(self.place, {})
        if (self.landmark is None) != (self.up_cun is None) or (self.up_cun is None) == (self.along_share is None):
            problems.append(Problem("up_cun, along_share", "both or neither", "cun from a landmark, or a share"))
        elif self.landmark is not None and self.landmark not in known:
            problems.append(Problem("landmark", self.landmark, f"one of {', '.join(known) or 'none'}"))
        if [self.beside_cun, self.around_deg, self.across_share].count(None) != 2:
            problems.append(Problem("beside_cun, around_deg, across_share", "none or several", "exactly one"))
        if self.beside_cun is not None and self.place is not Place.SCALP and self.place not in _ACROSS:
            problems.append(Problem("beside_cun", f"{self.beside_cun:g}", "another measure: no midline here"))
        if problems:
            raise InvalidInputError(*problems)


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A place on a body's left half. `xyz_m`: shape (3,); `map_m`: on the map of `face`, shape (2,)."""

    part: Part
    region: Region
    face: Face
    xyz_m: Floats
    map_m: Floats


def spot(rule: Rule, body: Body) -> Spot:
    """Where a rule leads on a body."""
    part = _PARTS.get(rule.place) or Part(rule.place.value)
    segment = body.segments[part]
    if rule.place is Place.SCALP:
        xyz = _on_scalp(rule, body)
        forward = xyz[2] - segment.section(_along(segment, xyz[1] / body.height_m, body))[0][2]
    else:
        along = _level(rule, segment, body)
        around = _around(rule, segment, along, body)
        xyz = segment.surface(along, around)
        forward = np.cos(around)
    if (rule.beside_cun == 0 and part in {Part.HEAD, Part.NECK, Part.TRUNK}) or abs(forward) < 1e-9:
        forward = forward or 1.0
    face = Face.FRONT if forward >= 0 else Face.BACK
    return Spot(part, region(part, xyz[1] / body.height_m, face), face, xyz, on_map(part, xyz, face, body.height_m))


def _level(rule: Rule, segment: Segment, body: Body) -> float:
    if rule.along_share is not None:
        return rule.along_share
    level, cun = LANDMARKS[rule.place][str(rule.landmark)]
    up = float(rule.up_cun or 0.0)
    if rule.landmark == "navel" and up < 0:
        cun = _BELOW_NAVEL
    return _along(segment, level + up * cun, body)


def _along(segment: Segment, level: float, body: Body) -> float:
    """The share of an upright segment's length at a level (share of the stature)."""
    levels = segment.centre[:, 1] / body.height_m
    downwards = levels[0] > levels[-1]
    at = float(np.interp(level, levels[::-1] if downwards else levels, np.arange(levels.size)))
    return 1.0 - at / (levels.size - 1) if downwards else at / (levels.size - 1)


def _around(rule: Rule, segment: Segment, along: float, body: Body) -> float:
    if rule.around_deg is not None:
        return float(np.radians(rule.around_deg))
    if rule.across_share is not None:
        _, side, _ = segment.section(along)
        front = rule.place in {Place.PALM, Place.FOOT}
        return segment.around_at(along, rule.across_share * float(side), front=front)
    front = rule.place in {Place.TRUNK_FRONT, Place.FACE} or (rule.place is Place.NECK and rule.landmark == "adam")
    # Across a trunk that grows rounder the cun grows with it.
    wider = body.girth if rule.place in {Place.TRUNK_FRONT, Place.TRUNK_BACK} else 1.0
    across = float(rule.beside_cun or 0.0) * _ACROSS[rule.place] * body.height_m * wider
    return segment.around_at(along, across, front=front)


def _on_scalp(rule: Rule, body: Body) -> Floats:
    """Where the ray from the middle of the head meets the skin; found by halving."""
    behind = float(rule.along_share or 0.0)
    up = np.radians(float(between(behind, _SCALP_DEG)))
    aside = np.radians(float(rule.beside_cun or 0.0) * _SCALP_ASIDE_DEG)
    way = np.array([np.sin(aside), np.cos(aside) * np.sin(up), np.cos(aside) * np.cos(up)])
    segment = body.segments[Part.HEAD]
    middle = np.array([0.0, *_HEAD_MIDDLE]) * body.height_m
    inside, outside = 0.0, 0.09 * body.height_m
    for _ in range(30):
        reach = (inside + outside) / 2
        if _within(segment, middle + reach * way, body):
            inside = reach
        else:
            outside = reach
    return np.asarray(middle + inside * way)


def _within(segment: Segment, point: Floats, body: Body) -> bool:
    if point[1] > segment.centre[:, 1].max():
        return False
    centre, side, depth = segment.section(_along(segment, float(point[1]) / body.height_m, body))
    return bool(((point[0] - centre[0]) / side) ** 2 + ((point[2] - centre[2]) / depth) ** 2 <= 1.0)
