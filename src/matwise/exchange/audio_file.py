"""A session as one audio file: what is heard needs no screen."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Protocol

import numpy as np

from matwise.exchange.audio_format import Format
from matwise.exchange.audio_tags import Labels, Tags, tags
from matwise.exchange.flac import FlacWriter
from matwise.exchange.id3 import id3
from matwise.exchange.mp3 import Mp3Writer
from matwise.exchange.ogg_opus import OpusWriter
from matwise.exchange.wav import WavWriter
from matwise.session.cue import Timeline
from matwise.session.mix import mix, n_samples
from matwise.session.sound import Samples, Voice

# Part of the name of a cached file: raise it whenever a session would sound different, or old files would be served.
SOUND_VERSION = 6
KEEP_FILES = 20  # about 300 MB
STALE_S = 3600.0  # a file that was begun and not finished an hour ago never will be

_SUFFIXES = frozenset(kind.suffix for kind in Format)

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class AudioFile:
    """A finished file: where it is, the hash of its bytes, its length in s and its size."""

    path: Path
    sha256: str
    duration_s: float
    size_bytes: int
    format: Format


def render(
    timeline: Timeline,
    voice: Voice,
    path: Path,
    progress: Progress | None = None,
    *,
    format: Format = Format.MP3,  # noqa: A002 - the field's word
    labels: Labels | None = None,
) -> AudioFile:
    """Write the session to `path`; the same timeline, voice, format and labels give the same bytes.

    The file appears under its name only when it is complete and on the disk.

    Args:
        timeline: what is heard when.
        voice: who speaks.
        path: where to; its folder is made if it is missing, a file of this name is replaced.
        progress: told the share that is done, from 0 to 1.
        format: kind of file; what is heard is the same in all of them.
        labels: maker, names of the chapters and cover; without them the file tells its title and length alone.

    Raises:
        InvalidInputError: a line has no clip (a cue is never left out in silence), or the labels can't be used.
    """
    told = tags(timeline, labels)
    blocks = mix(timeline, voice, chance(timeline, voice))
    total = n_samples(timeline)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own for each writer: two at once both finish, and the last one's equal bytes stay.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.stem}-", suffix=".part", delete=False) as file:
        unfinished = Path(file.name)
        try:
            writer, done = _writer(format, file, told), 0
            for block in blocks:
                writer.write(block)
                done += block.size
                if progress is not None:
                    progress(min(done / total, 0.999))
            writer.finish()
            file.flush()
            os.fsync(file.fileno())
            file.close()
            unfinished.chmod(0o644)  # a temporary file is its owner's alone; this is an ordinary one
            unfinished.replace(path)
        except BaseException:
            file.close()
            unfinished.unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)
    if progress is not None:
        progress(1.0)
    return _finished(path, timeline, format)


def cached(
    timeline: Timeline,
    voice: Voice,
    folder: Path,
    progress: Progress | None = None,
    *,
    format: Format = Format.MP3,  # noqa: A002 - the field's word
    labels: Labels | None = None,
) -> AudioFile:
    """The session as a file in `folder`, made only if it is not there yet; keeps the latest `KEEP_FILES`.

    Raises:
        InvalidInputError: see `render`.
    """
    path = folder / f"{_file_key(timeline, voice, format, labels)[:32]}{format.suffix}"
    try:
        os.utime(path)  # used now, so not among the oldest
        found = _finished(path, timeline, format)
    except FileNotFoundError:
        made = render(timeline, voice, path, progress, format=format, labels=labels)
        _clear_old(folder, made.path)
        return made
    if progress is not None:
        progress(1.0)
    return found


def chance(timeline: Timeline, voice: Voice) -> np.random.Generator:
    """Where noise and bed come from: the same for the same session, so that it sounds the same."""
    return np.random.Generator(np.random.PCG64(int(_sound_key(timeline, voice)[:16], 16)))


class _Writer(Protocol):
    def write(self, samples: Samples) -> None: ...

    def finish(self) -> None: ...


def _writer(kind: Format, file: IO[bytes], told: Tags) -> _Writer:
    if kind is Format.MP3:
        return Mp3Writer(file, id3(told))
    writers: dict[Format, Callable[[IO[bytes], Tags], _Writer]] = {
        Format.OPUS: OpusWriter,
        Format.FLAC: FlacWriter,
        Format.WAV: WavWriter,
    }
    return writers[kind](file, told)


def _finished(path: Path, timeline: Timeline, kind: Format) -> AudioFile:
    return AudioFile(path, _sha256(path), timeline.duration_s, path.stat().st_size, kind)


def _sound_key(timeline: Timeline, voice: Voice) -> str:
    """What is heard, whatever the file around it."""
    return _hash(str(SOUND_VERSION), voice.fingerprint, json.dumps(asdict(timeline), ensure_ascii=False))


def _file_key(timeline: Timeline, voice: Voice, kind: Format, labels: Labels | None) -> str:
    # By a representation that shows every field: a name or a cover that changes is another file.
    told = repr(tags(timeline, labels))
    cover = labels.cover.png if labels else b""
    return _hash(_sound_key(timeline, voice), kind.value, told, hashlib.sha256(cover).hexdigest())


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make the new name last, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):  # Windows has no such handle and needs none
        return
    handle = os.open(folder, os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear_old(folder: Path, latest: Path) -> None:
    """Delete what has not been used for longest, and what a crash left half written. Another process may be faster."""
    used_at = {path: _used_at(path) for path in folder.iterdir() if path.suffix in {*_SUFFIXES, ".part"}}
    newest_first = sorted((path for path in used_at if path.suffix in _SUFFIXES), key=lambda path: -used_at[path])
    old = [path for path in newest_first[KEEP_FILES:] if path != latest]
    now = _used_at(latest)
    half = [path for path, at in used_at.items() if path.suffix == ".part" and 0 < at < now - STALE_S]
    for path in (*old, *half):
        path.unlink(missing_ok=True)


def _used_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
