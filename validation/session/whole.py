"""Do whole sessions of any kind come out as files without a flaw, and as the same bytes a second time?

python validation/session/whole.py [--plans 100] [--workers 1] [--pin]

Plans by chance: every aim, place, breathing programme, bed, arm and language, 2 to 12 minutes, own bells and levels,
blocks after the alarm. Each is written as FLAC and as one of the other formats, by two processes that share nothing;
what is looked at is what a player would decode. Fails when a plan has a flaw or a pinned figure got worse.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.session.listening import clicks, lufs, outside_speech, true_peak
from tests.session.plans import random_plan
from tests.session.sessions import seeded

from matwise.content.voices import voice
from matwise.exchange.audio_file import AudioFile, chance, render
from matwise.exchange.audio_format import Format
from matwise.session.balance import MOST_DB, Forecast, level_db, most_db
from matwise.session.bed import bed_sound
from matwise.session.cue import Bed, Cue, Kind, Timeline
from matwise.session.mix import BLOCK_S, n_samples, turned_db
from matwise.session.script import ARMS
from matwise.session.sound import RATE_HZ, Samples, bell, gain, quiet, resampled, strike, tone

PINNED = Path(__file__).parent / "pinned" / "whole.json"
LANGUAGES = ("en", "de", "sv", "es")
BEDS = (None, *Bed)
OTHERS = (Format.MP3, Format.OPUS, Format.WAV)
LONGEST_MIN = 12
PIECE_S, OVERLAP_S = 20.0, 0.1
MOST_DBTP, TARGET_LUFS, WITHIN_LU, FORECAST_LU = -1.0, -20.0, 1.0, 0.5
# Share of its sound that a cue is heard with, at least: 1 is all of it. Other sounds at the same time add or take, and
# the bell that swells in the alarm overlaps the one before. Of a voice that is wished louder than usual, the limiter
# leaves no less than the usual.
HEARD = {Kind.VOICE: 0.7}
HEARD_OTHERS = 0.5
SAME_CLICK = 5  # samples
CLICK, OWN = 12.0, 6.0  # how far a click sticks out; less is enough to know a sound of the bed again
LOUDEST_BED = np.float32(2.0)  # times the usual
AUDIBLE_ABOVE_NOISE = 10.0  # a cue below so many times the noise's own share can't be told from it by this measure
LAST_S = 6.0  # where the bed fades out, and the whole with it


def plan(number: int) -> tuple[Timeline, str]:
    bed = BEDS[number % len(BEDS)]
    language = LANGUAGES[number % len(LANGUAGES)]
    return random_plan(seeded(number), bed, LONGEST_MIN).heard(ARMS[number % len(ARMS)], language), language


def written(number: int, folder: Path) -> dict[Format, AudioFile]:
    heard, language = plan(number)
    kinds = (Format.FLAC, OTHERS[number % len(OTHERS)])
    return {kind: render(heard, voice(language), folder / f"{number}{kind.suffix}", format=kind) for kind in kinds}


def hashes(number: int) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        return {kind.value: file.sha256 for kind, file in written(number, Path(folder)).items()}


def looked_at(number: int) -> dict[str, object]:
    """Every figure of one plan, of the file as it is decoded."""
    heard, language = plan(number)
    with tempfile.TemporaryDirectory() as folder:
        files = written(number, Path(folder))
        samples, _ = soundfile.read(files[Format.FLAC].path, dtype="float32")
        decoded, rate_hz = soundfile.read(files[OTHERS[number % len(OTHERS)]].path, dtype="float32")
    missing, share = cues_heard(heard, language, samples)
    return {
        "hashes": {kind.value: file.sha256 for kind, file in files.items()},
        "minutes": heard.duration_s / 60,
        "cues": len(heard.cues),
        "samples_off": abs(samples.size - n_samples(heard)),
        "length_off_s": abs(decoded.size / rate_hz - heard.duration_s),
        "peak_dbtp": peak_dbtp(samples),
        "peak_decoded_dbtp": peak_dbtp(decoded),
        "clicks": clicks_in(heard, language, samples),
        "lufs": lufs(samples[: round(alarm_s(heard) * RATE_HZ)]),
        **loudness(heard, language),
        "missing": missing,
        "least_share": share,
    }


def pieces(samples: Samples) -> Iterator[tuple[int, Samples]]:
    step, more = round(PIECE_S * RATE_HZ), round(OVERLAP_S * RATE_HZ)
    for start in range(0, samples.size, step):
        yield start, samples[max(0, start - more) : start + step + more]


def peak_dbtp(samples: Samples) -> float:
    return float(20 * np.log10(max(true_peak(piece) for _, piece in pieces(samples))))


def clicks_in(heard: Timeline, language: str, samples: Samples) -> list[int]:
    """Clicks outside of speech that the bed does not have by itself: drops of rain and the foam of waves are sharp."""
    found = outside_speech(heard, all_clicks(samples))
    if not found or heard.under is None:
        return found
    rng = chance(heard, voice(language))
    quiet(rng)
    bed = bed_sound(heard.under.bed, rng)
    own = all_clicks(np.concatenate([LOUDEST_BED * bed.block(at, n) for at, n in blocks(samples.size)]), OWN)
    return [one for one in found if np.abs(own - one).min(initial=samples.size) > SAME_CLICK]


def all_clicks(samples: Samples, above: float = CLICK) -> NDArray[np.intp]:
    more = round(OVERLAP_S * RATE_HZ)
    return np.unique(np.concatenate([clicks(piece, above) + max(0, start - more) for start, piece in pieces(samples)]))


def blocks(n: int) -> Iterator[tuple[int, int]]:
    step = round(BLOCK_S * RATE_HZ)
    return ((at, min(step, n - at)) for at in range(0, n, step))


def alarm_s(heard: Timeline) -> float:
    return min((cue.at_s for cue in heard.cues if cue.kind is Kind.ALARM), default=heard.duration_s)


def loudness(heard: Timeline, language: str) -> dict[str, float]:
    """What was forecast, and how near to the target any level comes that the session may be turned to.

    A voice that is wished louder is not turned up until it is mostly limiter; and where it is limited already, to turn
    a session up can make it softer, because its bed passes the gate.
    """
    spoken, rng = voice(language), chance(heard, voice(language))
    quiet(rng)
    under = None if heard.under is None else bed_sound(heard.under.bed, rng)
    forecast = Forecast(heard, spoken, under)
    off = [abs(TARGET_LUFS - forecast.lufs(float(one))) for one in np.linspace(-MOST_DB, most_db(heard), 49)]
    return {"forecast_lufs": forecast.lufs(turned(heard, language)), "nearest_lu": min(off)}


def turned(heard: Timeline, language: str) -> float:
    return turned_db(heard, voice(language), chance(heard, voice(language)))


def sound_of(cue: Cue, language: str) -> Samples:
    if cue.line is not None:
        speaker = voice(language)
        return resampled(speaker.clip(cue.line), speaker.rate_hz)
    if cue.kind is Kind.BELL:
        return bell(cue.duration_s)
    return strike(cue.duration_s) if cue.kind is Kind.ALARM else tone(cue.duration_s, rising=cue.kind is Kind.INHALE)


def cues_heard(heard: Timeline, language: str, samples: Samples) -> tuple[list[str], dict[str, float]]:
    """Cues whose sound is not in what is heard at their moment and level; the least share of each kind."""
    session_db, made, missing = turned(heard, language), {}, []
    least: dict[str, float] = {}
    for cue in heard.cues:
        key = (cue.kind, cue.duration_s, cue.line)
        if key not in made:
            made[key] = sound_of(cue, language)
        start = round(cue.at_s * RATE_HZ)
        sound = made[key][: samples.size - start] * np.float32(gain(level_db(cue, session_db)))
        here, power = samples[start : start + sound.size], float(np.dot(sound, sound))
        share = float(np.dot(here, sound)) / power
        if cue.at_s > heard.duration_s - LAST_S or is_drowned(here, share, sound):
            continue
        least[cue.kind.value] = min(share, least.get(cue.kind.value, 9.0))
        if share * max(1.0, gain(level_db(cue, session_db))) < HEARD.get(cue.kind, HEARD_OTHERS):
            missing.append(f"{cue.kind.value} {cue.line or ''} at {cue.at_s:.1f} s: {share:.2f}")
    return missing, least


def is_drowned(here: Samples, share: float, sound: Samples) -> bool:
    """Whether the bed is so much louder that its chance likeness to the sound could pass for it, or hide it."""
    rest = here - np.float32(share) * sound
    return float(np.dot(rest, rest)) > AUDIBLE_ABOVE_NOISE * float(np.dot(sound, sound))


def flaws(first: Mapping[str, object], again: Mapping[str, str]) -> Iterator[str]:
    if first["hashes"] != again:
        yield "not the same bytes a second time"
    if first["samples_off"] or first["length_off_s"] > 0.1:
        yield f"length off by {first['samples_off']} samples, {first['length_off_s']:.2f} s"
    for name in ("peak_dbtp", "peak_decoded_dbtp"):
        if first[name] > MOST_DBTP:
            yield f"{name} {first[name]:.2f}"
    if first["clicks"]:
        yield f"{len(first['clicks'])} clicks, the first at {first['clicks'][0] / RATE_HZ:.2f} s"
    off_lu = abs(first["lufs"] - TARGET_LUFS)
    if off_lu > max(WITHIN_LU, first["nearest_lu"] + FORECAST_LU):
        yield f"{first['lufs']:.1f} LUFS"
    # A bed that lies at the gate passes it or not by a hair; a forecast may miss that as long as nobody hears of it.
    if off_lu > WITHIN_LU and abs(first["lufs"] - first["forecast_lufs"]) > FORECAST_LU:
        yield f"{first['lufs']:.1f} LUFS, forecast {first['forecast_lufs']:.1f}"
    yield from first["missing"]


def summary(told: list[dict[str, object]]) -> dict[str, object]:
    shares: dict[str, float] = {}
    for one in told:
        for kind, share in one["least_share"].items():
            shares[kind] = round(min(share, shares.get(kind, 9.0)), 2)
    near = [one["lufs"] for one in told if abs(one["lufs"] - TARGET_LUFS) <= WITHIN_LU]
    return {
        "plans": len(told),
        "hours": round(sum(one["minutes"] for one in told) / 60, 1),
        "cues": sum(one["cues"] for one in told),
        "peak_dbtp": round(max(one["peak_dbtp"] for one in told), 2),
        "peak_decoded_dbtp": round(max(one["peak_decoded_dbtp"] for one in told), 2),
        "within_1_lu": len(near),
        "lufs": [round(min(one["lufs"] for one in told), 2), round(max(one["lufs"] for one in told), 2)],
        "off_forecast_lu": round(max(abs(one["lufs"] - one["forecast_lufs"]) for one in told), 2),
        "least_share": dict(sorted(shares.items())),
    }


def alone(task: str, number: int) -> dict[str, object]:
    """A task in a process of its own: nothing the first one made, not even the order of a set, helps the second."""
    command = [sys.executable, __file__, "--task", task, "--number", str(number)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - this very file
    return json.loads(told.stdout)


def both(number: int) -> tuple[dict[str, object], dict[str, object]]:
    return alone("looked_at", number), alone("hashes", number)


def every(plans: int, workers: int) -> dict[str, object]:
    told, bad = [], 0
    with ThreadPoolExecutor(workers) as pool:
        for number, (first, again) in enumerate(pool.map(both, range(plans))):
            told.append(first)
            wrong = list(flaws(first, again))
            bad += bool(wrong)
            print(f"{number:3d} {first['minutes']:5.1f} min {first['cues']:4d} cues", *wrong, sep="  ", flush=True)
    return summary(told) | {"with_a_flaw": bad}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plans", type=int, default=100)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--task", choices=TASKS, help=argparse.SUPPRESS)
    parser.add_argument("--number", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.task:
        print(json.dumps(TASKS[asked.task](asked.number)))
        return 0
    found = every(asked.plans, asked.workers)
    print(json.dumps(found, indent=1))
    if asked.pin:
        PINNED.write_text(json.dumps(found, indent=1) + "\n")
    elif asked.plans == json.loads(PINNED.read_text())["plans"] and found != json.loads(PINNED.read_text()):
        print("differs from what is pinned")
        return 1
    return int(found["with_a_flaw"] > 0)


TASKS = {"looked_at": looked_at, "hashes": hashes}


if __name__ == "__main__":
    sys.exit(main())
