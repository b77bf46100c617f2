"""Which sentence is said at which point of a session, at every placement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matwise.errors import InvalidInputError, Problem
from matwise.screening.limits import Layer, Placement

ARMS = ("mat", "rest")

_GETTING_UP = {Placement.WHOLE_BACK: "getting_up_back", Placement.LOWER_BACK: "getting_up_back"}
# Lying down takes longer than laying hands on it.
_QUICK = frozenset({Placement.HANDS, Placement.FEET_SEATED, Placement.FEET_STANDING})
_GETTING_ON_S = {True: 12.0, False: 25.0}

ON_THE_MAT = (
    "belly_breathing",
    "breathe_in",
    "breathe_out",
    "seconds_30",
    "stop_reminder",
    "minutes_2",
    "minutes_5",
    "own_breath",
    "half_way",
    "closing",
)
WRITTEN = ("sound_bell", "sound_inhale", "sound_exhale", "sound_alarm")


@dataclass(frozen=True, slots=True)
class Script:
    """The lines of a session at one placement, by id; a line that names the mat without its ending _mat or _rest."""

    settling_in: tuple[str, ...]
    after_the_bell: tuple[str, ...]
    getting_on: tuple[str, ...]
    getting_on_s: float
    arrive: str
    getting_up: tuple[str, ...]
    waking: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Every line of the session."""
        yield from (*self.settling_in, *self.after_the_bell, *self.getting_on, self.arrive)
        yield from (*ON_THE_MAT, *self.getting_up, *self.waking)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line as it is said, and the time that is kept for it: both of a pair get the time of the longer one."""

    line: str
    text: str
    duration_s: float


def script(placement: Placement, layer: Layer) -> Script:
    """What is said at this placement, through this layer."""
    standing = placement is Placement.FEET_STANDING  # nobody dozes off there, and nobody should
    return Script(
        settling_in=("welcome", f"layer_{layer.name.lower()}", "sound_check"),
        after_the_bell=("sound_right", *(() if standing else ("phone_alarm",)), "stop_rule"),
        getting_on=(f"getting_on_{placement.value}", "take_your_time"),
        getting_on_s=_GETTING_ON_S[placement in _QUICK],
        arrive="arrive_standing" if standing else "arrive",
        getting_up=(
            _GETTING_UP.get(placement, f"getting_up_{placement.value}"),
            "sit_first",
            "afterwards",
            "press_stop_standing" if standing else "press_stop",
        ),
        waking=("over",) if standing else ("wake_softly", "wake_clearly", "wake_firmly"),
    )


def spoken(
    lines: Iterator[str], arm: str, words: Mapping[str, str], speech_s: Mapping[str, float]
) -> Mapping[str, Spoken]:
    """Every line as it is said in this arm, by its id without the ending.

    Raises:
        InvalidInputError: a line has no words or no clip; names every one of them.
    """
    found: dict[str, Spoken] = {}
    problems: list[Problem] = []
    for line in lines:
        twins = {name: f"{line}_{name}" for name in ARMS} if f"{line}_{arm}" in words else dict.fromkeys(ARMS, line)
        missing = [twin for twin in dict.fromkeys(twins.values()) if twin not in words or twin not in speech_s]
        problems += [Problem(f"line {twin}", "no words or no clip", "a sentence and its clip") for twin in missing]
        if not missing:
            longest_s = max(speech_s[twin] for twin in twins.values())
            found[line] = Spoken(twins[arm], words[twins[arm]], longest_s)
    problems += [Problem(f"words {name}", "nothing", "what a caption says") for name in WRITTEN if name not in words]
    if problems:
        raise InvalidInputError(*problems)
    return found
