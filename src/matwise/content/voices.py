"""The voice of a language: clips of every line, spoken once by tools/speak.py and shipped with the project."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import msgspec
import numpy as np
import soundfile
from numpy.typing import NDArray

from matwise.content.reader import HERE, ContentError, Document, read
from matwise.errors import Problem

LONGEST_CLIP_S = 20.0
LOSSY = ".ogg"
EDGE_S = 0.004  # what a lossy file makes of silence at the edges of a clip is taken back to silence


class ClipEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One clip: of which sentence, the file as it was made, and its length."""

    text_sha256: str
    clip_sha256: str
    duration_s: float


class VoiceTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who speaks, under which licence, and every clip by line id."""

    language: str
    engine: str
    version: str
    voice: str
    licence: str
    speed: float
    seed: int
    sample_rate_hz: int
    lines: Mapping[str, ClipEntry]
    suffix: Literal[".flac", ".ogg"] = ".flac"


@dataclass(frozen=True, slots=True)
class ClipVoice:
    """A voice made of clips in one folder; is a `matwise.session.sound.Voice`."""

    folder: Path
    table: VoiceTable
    fingerprint: str

    @property
    def rate_hz(self) -> int:
        """Samples per second of the clips."""
        return self.table.sample_rate_hz

    def speech_s(self) -> Mapping[str, float]:
        """Length of every clip by line id, in s."""
        return MappingProxyType({line: entry.duration_s for line, entry in self.table.lines.items()})

    def saying(self, texts: Mapping[str, str]) -> ClipVoice:
        """The same voice with those clips alone that say exactly these texts, by line id."""
        entries = self.table.lines.items()
        same = {line: entry for line, entry in entries if entry.text_sha256 == _sha256(texts.get(line, ""))}
        if len(same) == len(self.table.lines):
            return self
        table = msgspec.structs.replace(self.table, lines=MappingProxyType(same))
        return ClipVoice(self.folder, table, self.fingerprint)

    def clip(self, line: str) -> NDArray[np.float32]:
        """One line, spoken: shape (n_samples,), at `rate_hz`.

        Raises:
            ContentError: nobody spoke this line, its file is gone, or it is not the one the table tells of.
        """
        if line not in self.table.lines:
            raise ContentError(Problem(f"line {line}", "no clip", "a clip; tools/speak.py speaks it"))
        path = self.folder / f"{line}{self.table.suffix}"
        try:
            samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        except (OSError, soundfile.LibsndfileError) as error:
            raise ContentError(Problem(path.name, str(error), "a clip; tools/speak.py speaks it")) from None
        spoken: NDArray[np.float32] = samples[:, 0]
        told_s = self.table.lines[line].duration_s
        if rate_hz != self.rate_hz or abs(spoken.size / rate_hz - told_s) > 0.01:
            got = f"{spoken.size / rate_hz:.2f} s at {rate_hz} Hz"
            raise ContentError(Problem(path.name, got, f"{told_s:.2f} s at {self.rate_hz} Hz, as voice.yaml says"))
        return spoken if self.table.suffix != LOSSY else _edged(spoken, rate_hz)


@functools.cache
def voice(language: str = "en") -> ClipVoice:
    """The voice that ships for a language.

    Raises:
        ContentError: there is none, a clip is missing, or voice.yaml can't be used; names every problem.
    """
    known = shipped()
    if language not in known:
        raise ContentError(Problem("language", repr(language), f"one of {', '.join(known)}"))
    return read_voice(known[language])


@functools.cache
def shipped() -> Mapping[str, Path]:
    """The folder of the voice that ships for a language, by its code."""
    tables = sorted((HERE / "voices").glob("*/voice.yaml"), key=lambda path: path.parent.name.rpartition("-")[2])
    return MappingProxyType({path.parent.name.rpartition("-")[2]: path.parent for path in tables})


def read_voice(folder: Path) -> ClipVoice:
    """A voice from a folder with a voice.yaml and its clips.

    Raises:
        ContentError: see `voice`.
    """
    path = folder / "voice.yaml"
    document = read(path, VoiceTable)
    problems = list(_wrong_entries(document, folder))
    if problems:
        raise ContentError(*problems)
    # The table holds the hash of every clip, so its own hash stands for all of them.
    return ClipVoice(folder, document.value, hashlib.sha256(path.read_bytes()).hexdigest())


def _wrong_entries(document: Document[VoiceTable], folder: Path) -> Iterator[Problem]:
    for line, entry in document.value.lines.items():
        at = f"$.lines.{line}"
        if not 0 < entry.duration_s <= LONGEST_CLIP_S:
            yield document.problem(f"{at}.duration_s", f"{entry.duration_s}", f"seconds up to {LONGEST_CLIP_S:g}")
        name = f"{line}{document.value.suffix}"
        if not (folder / name).is_file():
            yield document.problem(at, f"no {name}", "a clip for every line; tools/speak.py speaks it")


def _edged(spoken: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    edge = round(EDGE_S * rate_hz)
    spoken[:edge] *= np.linspace(0, 1, edge, dtype=np.float32)
    spoken[-edge:] *= np.linspace(1, 0, edge, dtype=np.float32)
    return spoken


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
