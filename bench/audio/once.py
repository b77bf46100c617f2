"""One render in a process of its own, told as a line of JSON.

    python bench/audio/once.py WAY FORMAT MINUTES BED [KEEP]

WAY is `matwise` (block by block, as the app does it) or `array`, the peer: the usual few lines with numpy and
soundfile, in which every sound is laid into one array as long as the session, and the array is written at once. The
file is kept under the name KEEP, if one is given.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import soundfile

from matwise.content.voices import ClipVoice, voice
from matwise.content.words import words
from matwise.exchange.audio_file import cached
from matwise.exchange.audio_format import Format
from matwise.exchange.mp3 import BITRATE_KBPS
from matwise.exchange.ogg_opus import COMPRESSION
from matwise.plan.rung import Rung
from matwise.screening.gate import Permission
from matwise.screening.limits import NO_LIMITS, Base, Layer, Placement
from matwise.screening.rule import Outcome
from matwise.screening.verdict import Verdict
from matwise.session.balance import bed_courses, level_db
from matwise.session.bed import bed_sound
from matwise.session.breathing import Breathing
from matwise.session.cue import Bed, Cue, Kind, Timeline
from matwise.session.mix import n_samples, turned_db
from matwise.session.sound import RATE_HZ, Samples, bell, gain, resampled, strike, tone
from matwise.session.timeline import timeline
from matwise.session.wishes import Wishes

NOW = datetime(2026, 1, 1, 20, 0, tzinfo=UTC)
MP3_RANGE_KBPS = (32, 320)  # of libsndfile's compression level, from 1 to 0


def session(minutes: int, bed: Bed | None) -> Timeline:
    permission = Permission(Verdict(Outcome.GO, (), NO_LIMITS, NOW.date(), NOW.date(), "bench"), NOW)
    rung = Rung(0, "bench", Placement.WHOLE_BACK, Layer.THIN_SHIRT, Base.BED, minutes, 3, "Whole back", "")
    return timeline(
        rung,
        permission,
        arm="mat",
        words=words("en"),
        speech_s=voice("en").speech_s(),
        breathing=Breathing(),
        now=NOW,
        wishes=Wishes(bed=bed),
    )


def block_by_block(heard: Timeline, kind: Format, folder: Path) -> Path:
    return cached(heard, voice("en"), folder, format=kind).path


def as_one_array(heard: Timeline, kind: Format, folder: Path) -> Path:
    """The same sounds at the same levels; without tags, chapters, limiter, and without waiting for the disk."""
    total, session_db = n_samples(heard), turned_db(heard, voice("en"), np.random.Generator(np.random.PCG64(1)))
    mixed = np.zeros(total)
    if heard.under is not None:
        fade, back = bed_courses(heard)
        at_s = np.arange(total) / RATE_HZ
        course = fade.at(at_s) * back.at(at_s) * gain(heard.under.level_db + session_db)
        mixed += bed_sound(heard.under.bed, np.random.Generator(np.random.PCG64(1))).block(0, total) * course
    for cue in heard.cues:
        sound, start = sound_of(cue, voice("en")), round(cue.at_s * RATE_HZ)
        part = sound[: total - start] * gain(level_db(cue, session_db))
        mixed[start : start + part.size] += part
    path = folder / f"whole{kind.suffix}"
    write_at_once(np.clip(mixed, -1, 1), kind, path)
    return path


def sound_of(cue: Cue, speaker: ClipVoice) -> Samples:
    if cue.line is not None:
        return resampled(speaker.clip(cue.line), speaker.rate_hz)
    if cue.kind is Kind.BELL:
        return bell(cue.duration_s)
    return strike(cue.duration_s) if cue.kind is Kind.ALARM else tone(cue.duration_s, rising=cue.kind is Kind.INHALE)


def write_at_once(mixed: np.ndarray, kind: Format, path: Path) -> None:
    if kind is Format.OPUS:
        soundfile.write(path, to_48_khz(mixed), 48_000, format="OGG", subtype="OPUS", compression_level=COMPRESSION)
    elif kind is Format.MP3:
        slow, quick = MP3_RANGE_KBPS
        level = (quick - BITRATE_KBPS) / (quick - slow)
        soundfile.write(path, mixed, RATE_HZ, format="MP3", bitrate_mode="CONSTANT", compression_level=level)
    else:
        soundfile.write(path, mixed, RATE_HZ, subtype="PCM_16")


def to_48_khz(mixed: np.ndarray) -> np.ndarray:
    """By straight lines from sample to sample: the quickest that numpy has."""
    return np.interp(np.arange(0, mixed.size, RATE_HZ / 48_000), np.arange(mixed.size), mixed)


def peak_mib() -> float:
    """Most memory this process ever held; on Linux without that of the process it was started from."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1 if sys.platform == "darwin" else 1024  # macOS tells bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1024**2


WAYS: dict[str, Callable[[Timeline, Format, Path], Path]] = {"matwise": block_by_block, "array": as_one_array}


def main() -> None:
    way, kind, minutes, bed = sys.argv[1], Format(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    heard = session(minutes, Bed(bed) if bed != "none" else None)
    with tempfile.TemporaryDirectory() as folder:
        began, began_cpu = time.perf_counter(), time.process_time()
        path = WAYS[way](heard, kind, Path(folder))
        took_s, cpu_s = time.perf_counter() - began, time.process_time() - began_cpu
        peak, size = peak_mib(), path.stat().st_size
        began = time.perf_counter()
        if way == "matwise":
            cached(heard, voice("en"), Path(folder), format=kind)
        again_s = time.perf_counter() - began
        if len(sys.argv) > 5:
            shutil.move(path, sys.argv[5])
    told = {"took_s": took_s, "cpu_s": cpu_s, "again_s": again_s, "peak_mib": peak, "bytes": size}
    print(json.dumps(told | {"sound_s": heard.duration_s}))


if __name__ == "__main__":
    main()
