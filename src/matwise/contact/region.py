"""Regions of the skin, and the map on which they are drawn: the body from the front and from the back.

The map unfolds the feet: seen from the front a foot hangs down and shows its upper side, seen from the back its sole.
So every point of the skin has one place on one of the two faces.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matwise.contact.body import DIGITS, PAIRED, STATIONS, Body, Floats
from matwise.contact.shape import Part


class Face(StrEnum):
    """From where the body is looked at."""

    FRONT = "front"
    BACK = "back"


class Region(StrEnum):
    """Areas of skin."""

    FACE = "face"
    HEAD_BACK = "head_back"
    THROAT = "throat"
    NECK = "neck"
    CHEST = "chest"
    STOMACH = "stomach"
    UPPER_BACK = "upper_back"
    LOWER_BACK = "lower_back"
    SEAT = "seat"
    UPPER_ARM_FRONT = "upper_arm_front"
    UPPER_ARM_BACK = "upper_arm_back"
    FOREARM_FRONT = "forearm_front"
    FOREARM_BACK = "forearm_back"
    PALM = "palm"
    HAND_BACK = "hand_back"
    THIGH_FRONT = "thigh_front"
    THIGH_BACK = "thigh_back"
    SHIN = "shin"
    CALF = "calf"
    FOOT_TOP = "foot_top"
    SOLE = "sole"


# Levels on the trunk, shares of the stature: below the ribs' end in front, and the lowest ribs, the rim of the pelvis
# and the fold of the seat at the back.
RIBS_END, LAST_RIBS, PELVIS = 0.72, 0.665, 0.575
# A foot on the map hangs from here (share of the stature): the ankle in front, the heel's end behind.
FOOT_FROM = {Face.FRONT: 0.045, Face.BACK: 0.010}

_PAIRS: dict[Part, tuple[Region, Region]] = {
    Part.HEAD: (Region.FACE, Region.HEAD_BACK),
    Part.NECK: (Region.THROAT, Region.NECK),
    Part.UPPER_ARM: (Region.UPPER_ARM_FRONT, Region.UPPER_ARM_BACK),
    Part.FOREARM: (Region.FOREARM_FRONT, Region.FOREARM_BACK),
    Part.THIGH: (Region.THIGH_FRONT, Region.THIGH_BACK),
    Part.SHANK: (Region.SHIN, Region.CALF),
}
_FEET = frozenset({Part.FOOT, Part.TOE_1, Part.TOE_2, Part.TOE_3, Part.TOE_4, Part.TOE_5})


def region(part: Part, level: float, face: Face) -> Region:
    """The region of a segment's skin at a level (y as a share of the stature) on one of its faces."""
    front = face is Face.FRONT
    if part is Part.TRUNK:
        if front:
            return Region.CHEST if level >= RIBS_END else Region.STOMACH
        return Region.UPPER_BACK if level >= LAST_RIBS else Region.LOWER_BACK if level >= PELVIS else Region.SEAT
    if part in _FEET:
        return Region.FOOT_TOP if front else Region.SOLE
    if part is Part.HAND or part in DIGITS:
        return Region.PALM if front else Region.HAND_BACK
    return _PAIRS[part][0 if front else 1]


def on_map(part: Part, points: Floats, face: Face, height_m: float) -> Floats:
    """Where points of a segment's skin lie on the map.

    Args:
        part: whose skin.
        points: x, y, z in m, shape (…, 3).
        face: which of the two pictures.
        height_m: the stature.

    Returns:
        x (to the body's own left; a picture of the back is drawn mirrored) and y (up) in m, shape (…, 2).
    """
    if part in _FEET:
        return np.stack([points[..., 0], FOOT_FROM[face] * height_m - points[..., 2]], axis=-1)
    return np.asarray(points[..., :2])


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A closed outline on the map. `polygon`: x, y in m, shape (n, 2), as `on_map`."""

    region: Region
    face: Face
    part: Part
    mirrored: bool
    polygon: Floats


def patches(body: Body, face: Face) -> tuple[Patch, ...]:
    """The body seen from one face, as outlines to be painted in this order; together they are its silhouette."""
    order = list(body.segments)
    if face is Face.FRONT:  # the jaw is laid over the throat
        order.sort(key=lambda part: part is not Part.NECK)
    else:  # the seat is laid over the thighs, the arms over the back
        over = {Part.TRUNK: 1, Part.UPPER_ARM: 2, Part.FOREARM: 2}
        order.sort(key=lambda part: over.get(part, 0))
    found = []
    for part in order:
        for first, last in _slices(body, part, face):
            polygon = _silhouette(body, part, face, first, last)
            level = float(body.segments[part].centre[(first + last) // 2, 1]) / body.height_m
            where = region(part, level, face)
            found.append(Patch(where, face, part, mirrored=False, polygon=polygon))
            if part in PAIRED:
                found.append(Patch(where, face, part, mirrored=True, polygon=polygon * np.array([-1.0, 1.0])))
    return tuple(found)


def _slices(body: Body, part: Part, face: Face) -> list[tuple[int, int]]:
    """First and last station of every stretch of a segment that is one region."""
    levels = body.segments[part].centre[:, 1] / body.height_m
    names = [region(part, float(level), face) for level in levels]
    starts = [0, *(n for n in range(1, STATIONS) if names[n] is not names[n - 1])]
    return list(zip(starts, [*starts[1:], STATIONS - 1], strict=True))


def _silhouette(body: Body, part: Part, face: Face, first: int, last: int) -> Floats:
    along = np.arange(first, last + 1) / (STATIONS - 1)
    segment = body.segments[part]
    sides = [on_map(part, segment.surface(along, turn), face, body.height_m) for turn in (np.pi / 2, -np.pi / 2)]
    return np.concatenate([sides[0], sides[1][::-1]])
