"""Play a session with a program this machine has, and show the words as they are spoken."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from matwise.errors import MatwiseError
from matwise.sentence import Sentence

if TYPE_CHECKING:
    from matwise.session.cue import Cue, Timeline

STEP_S = 0.1  # how often it is looked whether a key was pressed
ENDS_EARLY_S = 3.0  # a player that is done this long before the end was stopped, or could not play
GOES_WITHIN_S = 3.0
NO_PLAYER = Sentence(
    "No program that plays sound was found here. Install one (mpv, ffmpeg or VLC), or leave out --play: the file plays"
    " anywhere."
)
NOT_PLAYED = Sentence("{program} could not play it (status {status}). The file is {file}")
WAKE_UP = Sentence("Wake up gently. Any key ends the bell.")


class NoPlayerError(MatwiseError):
    """Nothing here can play sound, or what is here could not."""


@dataclass(frozen=True, slots=True)
class Player:
    """A program that plays a file and ends: its name, the words before the file, and the kind of file it takes."""

    program: str
    words: tuple[str, ...] = ()
    ending: str = "mp3"


# Those that say least on the terminal come first; the last ones know no MP3.
PLAYERS = (
    Player("mpv", ("--no-video", "--no-terminal", "--no-config")),
    Player("ffplay", ("-nodisp", "-autoexit", "-loglevel", "quiet")),
    Player("cvlc", ("--play-and-exit", "--quiet")),
    Player("mpg123", ("-q",)),
    Player("afplay"),
    Player("gst-play-1.0", ("--quiet", "--no-interactive")),
    Player("pw-play", ending="wav"),
    Player("paplay", ending="wav"),
    Player("aplay", ("-q",), ending="wav"),
)


class Ended(StrEnum):
    """How the sound came to its end."""

    BY_ITSELF = "by itself"
    AWAKE = "a key during the alarm"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Played:
    """How it ended, after how many s of sound."""

    how: Ended
    after_s: float


class Sound(Protocol):
    """A program that plays."""

    def poll(self) -> int | None:
        """Its status, or None while it plays."""

    def terminate(self) -> None:
        """End it."""

    def kill(self) -> None:
        """End it, whether it listens or not."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; `subprocess.TimeoutExpired` where it takes longer."""


def find_player() -> Player:
    """The first of `PLAYERS` that is here.

    Raises:
        NoPlayerError: none of them is.
    """
    found = next((one for one in PLAYERS if shutil.which(one.program)), None)
    if found is None:
        raise NoPlayerError(NO_PLAYER)
    return found


def play(player: Player, path: Path, heard: Timeline, say: Callable[[str], None]) -> Played:
    """Play the file and say each line as it is spoken; Ctrl-C stops it, any key ends the alarm.

    Raises:
        NoPlayerError: the program could not play the file.
    """
    program = shutil.which(player.program) or player.program
    # Its own group, so that Ctrl-C is ours alone: it stops the sound and asks why.
    sound = subprocess.Popen(  # noqa: S603 – one of PLAYERS, and a file of our own
        [program, *player.words, str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with _keys() as pressed:
        played = follow(sound, heard, say, pressed, time.monotonic)
    status = sound.poll()
    if played.how is Ended.STOPPED and status not in {None, 0} and played.after_s < ENDS_EARLY_S:
        raise NoPlayerError(NOT_PLAYED.format(program=player.program, status=status, file=path))
    return played


def follow(
    sound: Sound,
    heard: Timeline,
    say: Callable[[str], None],
    pressed: Callable[[float], bool],
    clock: Callable[[], float],
) -> Played:
    """Say the lines of a session beside its sound, until one of both ends.

    Args:
        sound: what plays.
        heard: what is heard when.
        say: takes a line.
        pressed: waits so many s for a key; whether there was one.
        clock: seconds from anywhere.
    """
    from matwise.session.cue import Kind

    began = clock()
    due = list(_lines(heard.cues))
    alarm_s = next((cue.at_s for cue in heard.cues if cue.kind is Kind.ALARM), heard.duration_s)
    try:
        while sound.poll() is None:
            at_s = clock() - began
            while due and due[0][0] <= at_s:
                say(due.pop(0)[1])
            if pressed(STEP_S) and clock() - began >= alarm_s:
                return Played(Ended.AWAKE, clock() - began)
    except KeyboardInterrupt:
        return Played(Ended.STOPPED, clock() - began)
    finally:
        _end(sound)
    after_s = clock() - began
    return Played(Ended.BY_ITSELF if after_s > heard.duration_s - ENDS_EARLY_S else Ended.STOPPED, after_s)


def _end(sound: Sound) -> None:
    if sound.poll() is not None:
        return
    sound.terminate()
    try:
        sound.wait(GOES_WITHIN_S)
    except subprocess.TimeoutExpired:
        sound.kill()
        sound.wait()


def on_mat_minutes(heard: Timeline, after_s: float) -> float:
    """How much of the time on the mat had passed when the sound ended, in minutes."""
    return max(0.0, min(after_s, heard.on_mat_until_s) - heard.on_mat_from_s) / 60


def _lines(cues: Sequence[Cue]) -> Iterator[tuple[float, str]]:
    """When which line is due: what is said, and that the alarm can be ended."""
    from matwise.session.cue import Kind

    has_alarm = False
    for cue in cues:
        minutes, seconds = divmod(int(cue.at_s), 60)
        if cue.kind is Kind.VOICE:
            yield cue.at_s, f"{minutes:3}:{seconds:02}  {cue.text}"
        elif cue.kind is Kind.ALARM and not has_alarm:
            has_alarm = True
            yield cue.at_s, Sentence.joined((f"{minutes:3}:{seconds:02} ", WAKE_UP))


@contextmanager
def _keys() -> Iterator[Callable[[float], bool]]:
    """Gives what waits so many s for a key; without a terminal nobody can press one."""
    if not sys.stdin.isatty():
        yield _no_key
    elif os.name == "nt":
        yield _key_on_windows
    else:
        import termios
        import tty

        before = termios.tcgetattr(sys.stdin)
        tty.setcbreak(sys.stdin)
        try:
            yield _key
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _no_key(wait_s: float) -> bool:
    time.sleep(wait_s)
    return False


def _key(wait_s: float) -> bool:
    ready, _, _ = select.select([sys.stdin], [], [], wait_s)
    return bool(ready) and bool(os.read(sys.stdin.fileno(), 1024))


def _key_on_windows(wait_s: float) -> bool:
    import msvcrt

    until = time.monotonic() + wait_s
    while time.monotonic() < until:
        if msvcrt.kbhit():  # type: ignore[attr-defined]  # on Windows alone
            msvcrt.getch()  # type: ignore[attr-defined]  # on Windows alone
            return True
        time.sleep(STEP_S / 10)
    return False
