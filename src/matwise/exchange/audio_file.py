"""A session as one MP3 file, with captions and a cue sheet: what is heard needs no screen."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from matwise.exchange.mp3 import Mp3Writer
from matwise.session.cue import Cue, Kind, Timeline
from matwise.session.mix import mix, n_samples
from matwise.session.sound import Voice

# Part of the name of a cached file: raise it whenever a session would sound different, or old files would be served.
SOUND_VERSION = 1
KEEP_FILES = 20  # about 300 MB
STALE_S = 3600.0  # a file that was begun and not finished an hour ago never will be

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class AudioFile:
    """A finished file: where it is, the hash of its bytes, its length in s."""

    path: Path
    sha256: str
    duration_s: float


def render(timeline: Timeline, voice: Voice, path: Path, progress: Progress | None = None) -> AudioFile:
    """Write the session to `path` as MP3; the same timeline and voice give the same bytes.

    The file appears under its name only when it is complete and on the disk.

    Args:
        timeline: what is heard when.
        voice: who speaks.
        path: where to; its folder is made if it is missing, a file of this name is replaced.
        progress: told the share that is done, from 0 to 1.

    Raises:
        InvalidInputError: a line has no clip; a cue is never left out in silence.
    """
    blocks = mix(timeline, voice, np.random.Generator(np.random.PCG64(int(_key(timeline, voice)[:16], 16))))
    total = n_samples(timeline)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own for each writer: two at once both finish, and the last one's equal bytes stay.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.stem}-", suffix=".part", delete=False) as file:
        unfinished = Path(file.name)
        try:
            writer, done = Mp3Writer(file, timeline.title), 0
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
    return AudioFile(path, _sha256(path), timeline.duration_s)


def cached(timeline: Timeline, voice: Voice, folder: Path, progress: Progress | None = None) -> AudioFile:
    """The session as MP3 in `folder`, made only if it is not there yet; keeps the latest `KEEP_FILES`.

    Raises:
        InvalidInputError: see `render`.
    """
    path = folder / f"{_key(timeline, voice)[:32]}.mp3"
    try:
        os.utime(path)  # used now, so not among the oldest
        found = AudioFile(path, _sha256(path), timeline.duration_s)
    except FileNotFoundError:
        made = render(timeline, voice, path, progress)
        _clear_old(folder, made.path)
        return made
    if progress is not None:
        progress(1.0)
    return found


def captions(timeline: Timeline) -> str:
    """What is heard, as WebVTT. While somebody speaks, the breath tones go without a caption of their own."""
    spoken = [cue for cue in timeline.cues if cue.kind is Kind.VOICE]
    shown = [cue for cue in timeline.cues if cue.kind is Kind.VOICE or not _spoken_over(cue, spoken)]
    blocks = [f"{_clock(cue.at_s)} --> {_clock(cue.at_s + cue.duration_s)}\n{_escaped(cue.text)}\n" for cue in shown]
    return "\n".join(("WEBVTT\n", *blocks))


def cue_sheet(timeline: Timeline) -> bytes:
    """The timeline as JSON: title, length, time on the mat and every cue with time, kind, chapter and text."""
    return json.dumps(asdict(timeline), ensure_ascii=False, indent=1).encode()


def _key(timeline: Timeline, voice: Voice) -> str:
    parts = (str(SOUND_VERSION), voice.fingerprint, cue_sheet(timeline).decode())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _spoken_over(cue: Cue, spoken: list[Cue]) -> bool:
    ends_s = cue.at_s + cue.duration_s
    return any(line.at_s < ends_s and cue.at_s < line.at_s + line.duration_s for line in spoken)


def _clock(at_s: float) -> str:
    thousandths = round(at_s * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


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
    used_at = {path: _used_at(path) for path in folder.iterdir() if path.suffix in {".mp3", ".part"}}
    newest_first = sorted((path for path in used_at if path.suffix == ".mp3"), key=lambda path: -used_at[path])
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
