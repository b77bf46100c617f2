"""Recordings of the lines, read aloud by a person: a folder of sound files, each named after its line."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

import numpy as np
import soundfile
from numpy.typing import NDArray

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.session.sound import RATE_HZ, Samples
from matwise.session.take import LONGEST_FILE_S, Fault, Take, clip, faults, measured

KINDS = (".wav", ".flac", ".ogg", ".mp3")
_KINDS_SAID = "WAV, FLAC, OGG or MP3"
LARGEST_BYTES = 50_000_000  # a minute of stereo at 96 kHz and 32 bit has 46 MB


@dataclass(frozen=True, slots=True)
class Recorded:
    """One file that can be heard: where it is, the hash of its bytes, and the length of what is heard of it, in s."""

    path: Path
    sha256: str
    speech_s: float


@dataclass(frozen=True, slots=True)
class Recordings:
    """A person's recordings as a voice; is a `matwise.session.sound.Voice`."""

    by_line: Mapping[str, Recorded]

    @property
    def fingerprint(self) -> str:
        """Changes whenever a file does."""
        told = "\n".join(f"{line} {one.sha256}" for line, one in sorted(self.by_line.items()))
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def rate_hz(self) -> int:
        """Samples per second of every clip, whatever those of the files are."""
        return RATE_HZ

    def speech_s(self) -> Mapping[str, float]:
        """Length of every clip by line id, in s."""
        return MappingProxyType({line: one.speech_s for line, one in self.by_line.items()})

    def clip(self, line: str) -> Samples:
        """One line, spoken: shape (n_samples,), at `rate_hz`, as loud as all clips; the file stays as it is.

        Raises:
            InvalidInputError: the file is gone or has been changed since it was looked at.
        """
        known = self.by_line[line]
        if _sha256(known.path) != known.sha256:
            raise InvalidInputError(
                Problem(known.path.name, Sentence("another file than before"), Sentence("to begin again with it"))
            )
        return clip(*_read(known.path))


@dataclass(frozen=True, slots=True)
class Checked:
    """What a folder holds: the lines that can be heard, what is wrong with which file, and the lines without a file."""

    recordings: Recordings
    faults: tuple[tuple[str, Fault], ...]
    missing: tuple[str, ...]


def checked(folder: Path, longest_s: Mapping[str, float], *, thorough: bool = True) -> Checked:
    """Everything about the recordings in a folder.

    Args:
        folder: with a file for each line, such as `half_way.wav`.
        longest_s: how long each line may take, by its id.
        thorough: tell how well each was taken too, which takes longer; which of them can be heard is the same.

    Raises:
        InvalidInputError: there is no such folder.
    """
    if not folder.is_dir():
        raise InvalidInputError(
            Problem(
                "folder",
                str(folder),
                Sentence("a folder with {kinds} files, one for each line").format(kinds=_KINDS_SAID),
            )
        )
    usable: dict[str, Recorded] = {}
    wrong: list[tuple[str, Fault]] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_dir():
            continue
        found, take = list(_misnamed(path, longest_s, usable)), None
        if not found:
            found, take = _taken(path, longest_s[path.stem], thorough=thorough)
        wrong += [(path.name, fault) for fault in found]
        if take is not None and all(fault.usable for fault in found):
            usable[path.stem] = Recorded(path, _sha256(path), take.speech_s)
    missing = tuple(line for line in longest_s if line not in usable)
    return Checked(Recordings(MappingProxyType(usable)), tuple(wrong), missing)


def _misnamed(path: Path, known: Mapping[str, float], usable: Mapping[str, Recorded]) -> Iterator[Fault]:
    if path.suffix.lower() not in KINDS:
        yield Fault(
            Sentence("a file that ends in {ending}").format(ending=path.suffix or Sentence("nothing")),
            Sentence("{kinds}, or nothing").format(kinds=_KINDS_SAID),
            usable=False,
        )
    elif path.stem not in known:
        close = get_close_matches(path.stem, known, n=1)
        want = f"{close[0]}{path.suffix}?" if close else Sentence("a name from the reading list (matwise voice list)")
        yield Fault(Sentence("the name of no line"), want, usable=False)
    elif path.stem in usable:
        yield Fault(
            Sentence("a second file for {line}").format(line=path.stem),
            Sentence("only {name}, or this one").format(name=usable[path.stem].path.name),
            usable=False,
        )


def _taken(path: Path, longest_s: float, *, thorough: bool) -> tuple[list[Fault], Take | None]:
    told = path.stat()
    if told.st_size > LARGEST_BYTES:
        want = Sentence("at most {size:.0f} MB, one line to a file").format(size=LARGEST_BYTES / 1e6)
        return [Fault(f"{told.st_size / 1e6:.0f} MB", want, usable=False)], None
    try:
        take = _measured(path, told.st_mtime_ns, told.st_size, thorough)
    except _NoSoundError as error:
        return [Fault(str(error), Sentence("a sound file ({kinds})").format(kinds=_KINDS_SAID), usable=False)], None
    except _TooLongError as error:
        return [
            Fault(
                str(error),
                Sentence("one line to a file, at most {longest_s:.1f} s").format(longest_s=longest_s),
                usable=False,
            )
        ], None
    return list(faults(take, longest_s)), take


class _NoSoundError(Exception):
    pass


class _TooLongError(Exception):
    pass


def _sha256(path: Path) -> str:
    try:
        told = path.stat()
        return _hash(path, told.st_mtime_ns, told.st_size)
    except OSError:
        return ""


# By time and size as well as by name, so that a file that is replaced is looked at again.
@functools.lru_cache(maxsize=2048)
def _measured(path: Path, _changed_ns: int, _size: int, thorough: bool) -> Take:  # noqa: FBT001 – a key of the cache
    samples, rate_hz = _read(path)
    return measured(samples, rate_hz, thorough=thorough)


@functools.lru_cache(maxsize=1024)
def _hash(path: Path, _changed_ns: int, _size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path) -> tuple[NDArray[np.float32], int]:
    try:
        with soundfile.SoundFile(path) as file:
            rate_hz = int(file.samplerate)
            samples: NDArray[np.float32] = file.read(int(LONGEST_FILE_S * rate_hz) + 1, dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise _NoSoundError(f"nothing that can be read ({error})") from None
    if samples.shape[0] > LONGEST_FILE_S * rate_hz:
        raise _TooLongError(f"more than {LONGEST_FILE_S:g} s")
    if not np.isfinite(samples).all():
        raise _NoSoundError("samples that are no numbers")
    return samples, rate_hz
