"""One night from a sleep diary: how long was slept, and what share of the time in bed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence

CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
TIMES = Sentence("a time such as 22:45")
MINUTES = Sentence("whole minutes, 0 to 1440")
TIMES_AWAKE = Sentence("a whole number from 0 to 99")
NEEDED = ("to_bed", "to_fall_asleep_min", "awake_min", "woke", "up")
LONGEST_MIN = 18 * 60  # in bed; longer is a slip, such as 10:30 for 22:30
DAY_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class Night:
    """One night."""

    in_bed_min: int
    asleep_min: int

    @property
    def efficiency_percent(self) -> float:
        """Share of the time in bed that was slept."""
        return 100 * self.asleep_min / self.in_bed_min


def night(answers: Mapping[str, int | str]) -> Night | None:
    """One night; None where a time or a number of minutes is missing.

    Asleep is from turning out the light to waking for good, less the minutes it took and those awake in between. Times
    are those of the clock at the bed: in the two nights of the year in which it is put forward or back, the figures
    are an hour off.

    Raises:
        InvalidInputError: the times can't be true together.
    """
    if any(one not in answers for one in NEEDED):
        return None
    to_bed, woke, up = (_minute(str(answers[one])) for one in ("to_bed", "woke", "up"))
    in_bed = (up - to_bed) % DAY_MIN
    lay_until_woke = (woke - to_bed) % DAY_MIN
    awake = int(answers["to_fall_asleep_min"]) + int(answers["awake_min"])
    problems = []
    if not 0 < in_bed <= LONGEST_MIN:
        got = Sentence("from {begun} to {ended}").format(begun=answers["to_bed"], ended=answers["up"])
        problems.append(Problem(Sentence("time in bed"), got, Sentence("at most 18 hours, in times of 24 hours")))
    elif lay_until_woke > in_bed:
        got = Sentence("awake at {woke}, up at {up}").format(woke=answers["woke"], up=answers["up"])
        problems.append(Problem(Sentence("getting up"), got, Sentence("not before you woke for good")))
    elif awake > lay_until_woke:
        got = Sentence("{awake} minutes awake of {lay}").format(awake=awake, lay=lay_until_woke)
        problems.append(Problem(Sentence("minutes awake"), got, Sentence("at most the time until you woke for good")))
    if problems:
        raise InvalidInputError(*problems)
    return Night(in_bed, lay_until_woke - awake)


def _minute(clock: str) -> int:
    found = CLOCK.fullmatch(clock)
    if found is None:
        raise InvalidInputError(Problem(Sentence("time"), ascii(clock)[:40], TIMES))
    return 60 * int(found[1]) + int(found[2])
