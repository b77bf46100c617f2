"""How long a session takes to become an MP3: `python bench/audio/run.py [minutes on the mat, default 20]`."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from matwise.content.voices import voice
from matwise.content.words import words
from matwise.exchange.audio_file import cached
from matwise.plan.rung import Rung
from matwise.screening.gate import Permission
from matwise.screening.limits import NO_LIMITS, Base, Layer, Placement
from matwise.screening.rule import Outcome
from matwise.screening.verdict import Verdict
from matwise.session.breathing import Breathing
from matwise.session.cue import Timeline
from matwise.session.timeline import timeline

NOW = datetime(2026, 1, 1, 20, 0, tzinfo=UTC)
KIB_PER_UNIT = 1024 if sys.platform == "darwin" else 1  # macOS tells bytes


def session(minutes: int) -> Timeline:
    permission = Permission(Verdict(Outcome.GO, (), NO_LIMITS, NOW.date(), NOW.date(), "bench"), NOW)
    rung = Rung(0, "bench", Placement.WHOLE_BACK, Layer.THIN_SHIRT, Base.BED, minutes, 3, "Whole back", "")
    speech_s = voice("en").speech_s()
    return timeline(rung, permission, arm="mat", words=words("en"), speech_s=speech_s, breathing=Breathing(), now=NOW)


def main() -> None:
    minutes = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    heard = session(minutes)
    with tempfile.TemporaryDirectory() as folder:
        began, began_cpu = time.perf_counter(), time.process_time()
        file = cached(heard, voice("en"), Path(folder))
        took_s, cpu_s = time.perf_counter() - began, time.process_time() - began_cpu
        size = file.path.stat().st_size
        began = time.perf_counter()
        cached(heard, voice("en"), Path(folder))
        again_s = time.perf_counter() - began
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_UNIT / 1024
    print(f"{minutes} min on the mat, {heard.duration_s / 60:.1f} min of sound, {size / 1e6:.1f} MB")
    print(f"first time   {took_s:6.2f} s ({cpu_s:.2f} s of one core), {heard.duration_s / took_s:.0f} × real time")
    print(f"second time  {again_s:6.3f} s")
    print(f"peak memory  {peak_mib:6.0f} MiB")


if __name__ == "__main__":
    main()
