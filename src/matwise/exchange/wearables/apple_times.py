"""Moments as Apple Health writes them, many at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_LENGTH = 25  # 2024-03-01 07:12:33 +0100
_DIGITS = np.array([0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, 21, 22, 23, 24])
_SIGNS = {4: b"-", 7: b"-", 10: b" ", 13: b":", 16: b":", 19: b" "}
_DAYS = np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def instants(written: Sequence[bytes]) -> tuple[NDArray[np.int64], NDArray[np.int16], NDArray[np.bool_]]:
    """Instants in ms since 1970 UTC, offsets in minutes, and which of them can be moments at all.

    The instant is what was written less its offset: Apple writes all of history in the zone the phone is in today.

    Args:
        written: such as `2024-03-01 07:12:33 +0100`, n of them; anything else is no moment.

    Returns:
        Three arrays of shape (n,).
    """
    n = len(written)
    letters = np.frombuffer(b"".join(one if len(one) == _LENGTH else b"-" * _LENGTH for one in written), np.uint8)
    letters = letters.reshape(n, _LENGTH)
    digits = letters[:, _DIGITS].astype(np.int64) - ord("0")
    good = ((digits >= 0) & (digits <= 9)).all(axis=1)
    for place, sign in _SIGNS.items():
        good &= letters[:, place] == sign[0]
    ahead = letters[:, 20] == ord("+")
    good &= ahead | (letters[:, 20] == ord("-"))
    year = digits[:, :4] @ np.array([1000, 100, 10, 1])
    month, day, hour, minute, second, off_hour, off_minute = (
        10 * digits[:, at] + digits[:, at + 1] for at in range(4, 18, 2)
    )
    good &= (month >= 1) & (month <= 12) & (hour < 24) & (minute < 60) & (second <= 60)  # 60: a leap second
    good &= (off_hour < 24) & (off_minute < 60) & (day >= 1) & (day <= _DAYS[np.clip(month, 1, 12) - 1])
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    good &= ~((month == 2) & (day == 29) & ~leap)
    offset = np.where(ahead, 1, -1) * (60 * off_hour + off_minute)
    seconds = 86_400 * _day_number(year, month, day) + 3600 * hour + 60 * (minute - offset) + second
    return np.where(good, 1000 * seconds, 0), np.where(good, offset, 0).astype(np.int16), good


def _day_number(year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Days since 1970, by years that begin in March, so that the odd day is the last of its year."""
    late = (month <= 2).astype(np.int64)
    shifted = year - late
    in_year = (153 * (month + 12 * late - 3) + 2) // 5 + day - 1
    return np.asarray(365 * shifted + shifted // 4 - shifted // 100 + shifted // 400 + in_year - 719_468)
