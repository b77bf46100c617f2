"""How long a session takes to become a file, in every format, and how much memory it needs.

    python bench/audio/run.py [--minutes 20] [--bed rain] [--rounds 3] [--core 0] [--ffmpeg PATH]

Every figure is the best of some rounds, each in a fresh process on one core. Fails when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
BEDS = ("rain", "waves", "brown", "drone", "none")
GOALS = {"mp3": 120.0, "flac": 300.0}  # times real time; counted by the minutes on the mat, though the file is longer
MOST_MIB = 300.0
# This process stays small and reads no numpy: what it holds would count as its children's on some systems.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
FFMPEG = {
    "mp3": ("-c:a", "libmp3lame", "-b:a", "80k", "-compression_level", "7"),
    "opus": ("-c:a", "libopus", "-b:a", "64k"),
    "flac": ("-c:a", "flac", "-compression_level", "5"),
    "wav": ("-c:a", "pcm_s16le"),
}


class Best(NamedTuple):
    """The quickest of some rounds; memory is the most of any round, which some peers don't tell (0)."""

    took_s: float
    cpu_s: float
    again_s: float
    peak_mib: float
    bytes: int
    sound_s: float


def best_of(rounds: int, once: Callable[[], Best]) -> Best:
    told = [once() for _ in range(rounds)]
    quickest = min(told, key=lambda one: one.took_s)
    return quickest._replace(peak_mib=max(one.peak_mib for one in told), cpu_s=min(one.cpu_s for one in told))


def rendered(way: str, kind: str, minutes: int, bed: str, keep: Path | None = None) -> Best:
    command = [sys.executable, str(HERE / "once.py"), way, kind, str(minutes), bed, *([str(keep)] if keep else [])]
    alone = {**os.environ, **ONE_THREAD}
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=alone)  # noqa: S603 - our own script
    return Best(**json.loads(told.stdout))


def encoded(ffmpeg: str, wav: Path, kind: str, sound_s: float) -> Best:
    """A peer that is given the finished sound and only has to write it."""
    out = wav.with_name(f"peer.{kind}")
    began, cpu = time.perf_counter(), os.times()
    command = [ffmpeg, "-y", "-v", "error", "-threads", "1", "-i", wav, *FFMPEG[kind], out]
    subprocess.run(command, check=True)  # noqa: S603 - the program the caller named
    took_s, after = time.perf_counter() - began, os.times()
    cpu_s = after.children_user + after.children_system - cpu.children_user - cpu.children_system
    return Best(took_s, cpu_s, 0.0, 0.0, out.stat().st_size, sound_s)


def line(name: str, kind: str, told: Best, minutes: int) -> str:
    memory = f"{told.peak_mib:5.0f} MiB" if told.peak_mib else "        –"
    return (
        f"{name:22s} {kind:5s} {told.took_s:7.2f} s {told.cpu_s:7.2f} s {60 * minutes / told.took_s:7.0f} ×"
        f" {told.sound_s / told.took_s:7.0f} × {memory} {told.bytes / 1e6:7.1f} MB"
    )


def missed(kind: str, told: Best, minutes: int) -> list[str]:
    out = []
    times = 60 * minutes / told.took_s
    if times < GOALS.get(kind, 0.0):
        out.append(f"{kind}: {times:.0f} × real time, wanted {GOALS[kind]:.0f} ×")
    if told.peak_mib > MOST_MIB:
        out.append(f"{kind}: {told.peak_mib:.0f} MiB, wanted {MOST_MIB:.0f}")
    return out


def compared(kinds: tuple[str, ...], minutes: int, bed: str, rounds: int, ffmpeg: str | None) -> list[str]:
    """Print every figure; gives the goals that were missed."""
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "finished.wav"
        for kind in kinds:
            ours = best_of(rounds, lambda kind=kind: rendered("matwise", kind, minutes, bed))
            print(line("matwise, in blocks", kind, ours, minutes), f"  again {1000 * ours.again_s:.0f} ms", flush=True)
            failures += missed(kind, ours, minutes)
            peer = best_of(rounds, lambda kind=kind: rendered("array", kind, minutes, bed))
            print(line("numpy, one array", kind, peer, minutes), flush=True)
            if ffmpeg:
                if not wav.exists():
                    rendered("matwise", "wav", minutes, bed, wav)
                told = best_of(rounds, lambda kind=kind, s=ours.sound_s: encoded(ffmpeg, wav, kind, s))
                print(line("ffmpeg, encoding only", kind, told, minutes), flush=True)
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=int, default=20)
    parser.add_argument("--bed", choices=BEDS, default="rain")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--formats", nargs="+", choices=tuple(FFMPEG), default=tuple(FFMPEG))
    parser.add_argument("--core", type=int, default=0)
    parser.add_argument("--ffmpeg", default=shutil.which("ffmpeg"))
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {asked.core})
    print(f"{asked.minutes} min on the mat, voice, bells, tones, bed: {asked.bed}; best of {asked.rounds}, one core")
    print(f"{'':28s} {'ready in':>9s} {'one core':>9s} {'20 min':>9s} {'whole':>9s} {'memory':>9s} {'size':>10s}")
    failures = compared(tuple(asked.formats), asked.minutes, asked.bed, asked.rounds, asked.ffmpeg)
    for one in failures:
        print("GOAL MISSED:", one)
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
