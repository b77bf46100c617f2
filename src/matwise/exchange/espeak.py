"""A line spoken by the program espeak-ng, where it is installed: a robot's voice, but every language and at once."""

from __future__ import annotations

import functools
import hashlib
import io
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import soundfile

from matwise.errors import MatwiseError
from matwise.session.clip import finished, spoken_part
from matwise.session.sound import Samples

PROGRAM = "espeak-ng"
RATE_HZ = 22_050
WORDS_PER_MIN, PITCH, WORD_GAP = 155, 38, 2  # calmer and lower than its own
LONGEST_WAIT_S = 20.0
_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*")
_SOUND_VERSION = 1  # raise it whenever the clips would sound different


class NotSpokenError(MatwiseError):
    """The program is there, but a line could not be spoken."""


@dataclass(frozen=True, slots=True)
class Espeak:
    """The program as it was found: its path and its version."""

    path: str
    version: str

    def speaks(self, language: str) -> bool:
        """Whether it knows this language."""
        return _speaks(self, language)

    def speak(self, text: str, language: str) -> Samples:
        """A text, spoken: shape (n_samples,), at `RATE_HZ`, cut and as loud as all clips.

        Raises:
            NotSpokenError: the program failed, or said nothing.
        """
        return _spoken(self, text, language)


@dataclass(frozen=True, slots=True)
class EspeakVoice:
    """The program as a voice for these texts, by line id; is a `matwise.session.sound.Voice`."""

    program: Espeak
    language: str
    texts: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """Changes with the program, its settings and every text."""
        settings = (_SOUND_VERSION, WORDS_PER_MIN, PITCH, WORD_GAP, self.program.version, self.language)
        return hashlib.sha256(f"{settings} {sorted(self.texts.items())}".encode()).hexdigest()

    @property
    def rate_hz(self) -> int:
        """Samples per second of the clips."""
        return RATE_HZ

    def speech_s(self) -> Mapping[str, float]:
        """Length of every clip by line id, in s."""
        return MappingProxyType(
            {line: _length_s(self.program, text, self.language) for line, text in self.texts.items()}
        )

    def clip(self, line: str) -> Samples:
        """One line, spoken: shape (n_samples,), at `rate_hz`."""
        return self.program.speak(self.texts[line], self.language)


def espeak() -> Espeak | None:
    """The program, or None where it is not installed or does not answer."""
    path = shutil.which(PROGRAM)
    return None if path is None else _found(path)


@functools.cache
def _found(path: str) -> Espeak | None:
    try:
        said = _run(path, ["--version"]).decode("utf-8", "replace")
    except NotSpokenError:
        return None
    version = re.search(r"\d+(\.\d+)+", said)
    return Espeak(path, version[0]) if version else None


@functools.cache
def _speaks(program: Espeak, language: str) -> bool:
    if not _CODE.fullmatch(language):
        return False
    try:
        listed = _run(program.path, [f"--voices={language}"]).decode("utf-8", "replace").splitlines()
    except NotSpokenError:
        return False
    return any(row.split()[1:2] == [language] for row in listed[1:])


@functools.lru_cache(maxsize=2048)
def _length_s(program: Espeak, text: str, language: str) -> float:
    start, end = spoken_part(_raw(program, text, language), RATE_HZ)
    return (end - start) / RATE_HZ


@functools.lru_cache(maxsize=8)  # the words that lead a breath are asked for again and again
def _spoken(program: Espeak, text: str, language: str) -> Samples:
    clip = finished(_raw(program, text, language), RATE_HZ)
    clip.flags.writeable = False
    return clip


def _raw(program: Espeak, text: str, language: str) -> Samples:
    options = ["-v", language, "-s", str(WORDS_PER_MIN), "-p", str(PITCH), "-g", str(WORD_GAP), "--stdin", "--stdout"]
    sound = _run(program.path, options, text)
    try:
        samples, rate_hz = soundfile.read(io.BytesIO(sound), dtype="float32")
    except soundfile.LibsndfileError as error:
        raise NotSpokenError(f"{PROGRAM} gave no sound for {text[:40]!r}: {error}") from None
    if rate_hz != RATE_HZ or samples.ndim != 1 or samples.size < RATE_HZ // 10 or not samples.any():
        raise NotSpokenError(f"{PROGRAM} gave no speech for {text[:40]!r}; want mono at {RATE_HZ} Hz.")
    spoken: Samples = samples
    return spoken


def _run(path: str, options: list[str], text: str = "") -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 – a fixed program with fixed options; the text goes in by its input
            [path, *options], input=text.encode(), capture_output=True, check=True, timeout=LONGEST_WAIT_S
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NotSpokenError(f"{PROGRAM} could not be run: {error}") from None
    return done.stdout
