"""Which sentence is said at which point of a session, at every placement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matwise.errors import InvalidInputError, Problem
from matwise.screening.limits import Layer, Placement
from matwise.session.aim import Aim
from matwise.session.breathing import Breathing
from matwise.session.programme import Programme, steady
from matwise.session.wishes import Wishes

ARMS = ("mat", "rest", "breath")  # on the mat, on a towel, or with nothing there

_GETTING_UP = {Placement.WHOLE_BACK: "getting_up_back", Placement.LOWER_BACK: "getting_up_back"}
# Lying down takes longer than laying hands on it.
_QUICK = frozenset({Placement.HANDS, Placement.FEET_SEATED, Placement.FEET_STANDING})
_GETTING_ON_S = {True: 12.0, False: 25.0}

ON_THE_MAT = (
    "seconds_30",
    "stop_reminder",
    "minutes_2",
    "minutes_5",
    "minutes_8",
    "half_way",
    "closing",
)
SCAN = ("feet", "legs", "seat", "belly", "lower_back", "upper_back", "shoulders", "arms", "neck", "face")
WRITTEN = ("sound_bell", "sound_inhale", "sound_exhale", "sound_alarm")


@dataclass(frozen=True, slots=True)
class Script:
    """The lines of a session at one placement, by id; one that differs between the arms without its ending (`ARMS`).

    `sound`: what is said before and after the bell is heard for the first time, or the check of the voice alone.
    `begins`, `ends`: said where no bell rings, else None. `five_more`: the words of the block of five more minutes.
    """

    settling_in: tuple[str, ...]
    sound_check: str | None
    after_the_bell: tuple[str, ...]
    getting_on: tuple[str, ...]
    getting_on_s: float
    begins: str | None
    arrive: tuple[str, ...]
    breathing: tuple[str, ...]
    let_go: str | None
    middle: str | None
    scan: tuple[str, ...]
    ends: str | None
    getting_up: tuple[str, ...]
    waking: tuple[str, ...]
    five_more: tuple[str, ...]
    open_quiet: str | None

    def lines(self) -> Iterator[str]:
        """Every line of the session."""
        yield from (*self.settling_in, *self._one(self.sound_check), *self.after_the_bell, *self.getting_on)
        yield from (*self._one(self.begins), *self.arrive, *self.breathing, *self._one(self.let_go))
        yield from (*ON_THE_MAT, *self._one(self.middle), *self.scan, *self._one(self.ends))
        yield from (*self.getting_up, *self.waking, *self.five_more, *self._one(self.open_quiet))

    @staticmethod
    def _one(line: str | None) -> tuple[str, ...]:
        return () if line is None else (line,)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line as it is said, and the time that is kept for it: in every arm that of the longest."""

    line: str
    text: str
    duration_s: float


def script(
    placement: Placement,
    layer: Layer,
    wishes: Wishes | None = None,
    programme: Programme | None = None,
    *,
    five_more_on_mat: bool = False,
) -> Script:
    """What is said at this placement, through this layer, as this person wishes."""
    wishes, programme = wishes or Wishes(), programme or steady(Breathing())
    standing = placement is Placement.FEET_STANDING  # nobody dozes off there, and nobody should
    rings = wishes.bells.ring
    before_stop = () if standing else ("phone_alarm",)
    return Script(
        settling_in=("welcome", f"layer_{layer.name.lower()}"),
        sound_check=None if wishes.familiar else "sound_check" if rings else "sound_voice",
        after_the_bell=(*(("sound_right",) if rings and not wishes.familiar else ()), *before_stop, "stop_rule"),
        getting_on=(
            f"getting_on_{placement.value}",
            *(() if wishes.familiar else ("expect",)),
            "take_your_time" if rings else "take_your_time_without_bell",
        ),
        getting_on_s=_GETTING_ON_S[placement in _QUICK],
        begins=None if rings else "begins_now",
        arrive=("arrive_standing" if standing else "arrive", *_some(wishes.aim.opening)),
        breathing=(programme.instruction, *_breath_lines(programme)),
        let_go=programme.ending,
        middle=wishes.aim.middle,
        scan=("scan_begin", *(f"scan_{part}" for part in SCAN), "scan_end") if wishes.scan else (),
        ends=None if rings else "is_over",
        getting_up=_getting_up(placement, wishes.aim),
        waking=("over",) if standing else ("wake_softly", "wake_clearly", "wake_firmly"),
        five_more=_five_more(wishes, on_mat=five_more_on_mat),
        open_quiet="open_quiet" if wishes.open_end else None,
    )


def _getting_up(placement: Placement, aim: Aim) -> tuple[str, ...]:
    return (
        _GETTING_UP.get(placement, f"getting_up_{placement.value}"),
        "sit_first",
        "afterwards",
        *_some(aim.ending),
        "press_stop_standing" if placement is Placement.FEET_STANDING else "press_stop",
    )


def _breath_lines(programme: Programme) -> tuple[str, ...]:
    if not programme.path:
        return ()
    again = any(waypoint.breathing.second_inhale_s for waypoint in programme.path)
    steps = (waypoint.line for waypoint in programme.path if waypoint.line is not None)
    return ("breathe_in", *(("breathe_in_again",) if again else ()), "breathe_out", *dict.fromkeys(steps))


def _five_more(wishes: Wishes, *, on_mat: bool) -> tuple[str, ...]:
    if not wishes.five_more:
        return ()
    return ("five_more" if on_mat else "five_more_off", "five_more_closing", "five_more_over", "wake_softly")


def _some(line: str | None) -> tuple[str, ...]:
    return () if line is None else (line,)


def spoken(
    lines: Iterator[str], arm: str, words: Mapping[str, str], speech_s: Mapping[str, float]
) -> Mapping[str, Spoken]:
    """Every line as it is said in this arm, by its id without the ending.

    Raises:
        InvalidInputError: a line has no words or no clip in one of the arms; names every one of them.
    """
    found: dict[str, Spoken] = {}
    problems: list[Problem] = []
    for line in dict.fromkeys(lines):
        said = {name: _said_in(line, name, words) for name in ARMS}
        missing = [one for one in dict.fromkeys(said.values()) if one not in words or one not in speech_s]
        problems += [Problem(f"line {one}", "no words or no clip", "a sentence and its clip") for one in missing]
        if not missing:
            longest_s = max(speech_s[one] for one in said.values())
            found[line] = Spoken(said[arm], words[said[arm]], longest_s)
    problems += [Problem(f"words {name}", "nothing", "what a caption says") for name in WRITTEN if name not in words]
    if problems:
        raise InvalidInputError(*problems)
    return found


def _said_in(line: str, arm: str, words: Mapping[str, str]) -> str:
    """The line of this arm: its own words where it has some, else those of all arms."""
    own = f"{line}_{arm}"
    return own if own in words or line not in words else line
