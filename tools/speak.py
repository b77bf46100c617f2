"""Speak the lines of a session again: `uv run --group voice tools/speak.py [--all]`.

Speaks every line of content/words/<language>/session.yaml whose sentence has changed since its clip was made (all of
them with --all), deletes clips nobody says any more, and writes voice.yaml. The clips ship with the project, so that
neither the app nor its tests need the voice.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
import soundfile
import yaml
from numpy.typing import NDArray

from matwise.content.reader import HERE
from matwise.content.words import lines
from matwise.session.loudness import loudness_lufs

LANGUAGE = "en"
FOLDER = HERE / "voices" / "hibari-en"
RATE_HZ = 24_000
SPEED = 0.87  # calmer than the voice's own pace, still natural
SEED = 7
LOUDNESS_LUFS = -20.0  # with the bells around it; loud enough for a phone on the floor
HISS_HZ = (4000.0, 6000.0)
HISS_WINDOW_S = 0.012
HISS_RMS, HISS_HOLD = 0.025, 0.75  # above this level three quarters of the surplus (in dB) are taken away
KNEE, CEILING = 0.6, 0.78  # a plosive that sticks out is bent, so that it doesn't hold a whole sentence down
# Steps of 1/2048 (−77 dBFS of rounding noise, under the noise floor of the quiet) make the clips 40 % smaller.
STEPS = 2048
EDGE_DB = -48.0  # quieter than this, against the loudest moment, is not yet or no longer speech
BEFORE_S, AFTER_S = 0.04, 0.12
FADE_IN_S, FADE_OUT_S = 0.01, 0.06

Speak = Callable[[str], NDArray[np.float32]]


def main() -> int:
    """Speak what has changed; say what was done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="speak every line, changed or not")
    again = parser.parse_args().all
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = {} if again else _kept()
    speak: Speak | None = None
    entries: dict[str, dict[str, object]] = {}
    for line in lines(LANGUAGE):
        text_sha256 = hashlib.sha256(line.text.encode()).hexdigest()
        known = kept.get(line.id)
        if known is None or known["text_sha256"] != text_sha256:
            speak = speak or _engine()
            known = _keep(line.id, text_sha256, finished(speak(line.text)))
            print(f"{line.id}: {known['duration_s']} s")
        entries[line.id] = known
    for clip in FOLDER.glob("*.flac"):
        if clip.stem not in entries:
            clip.unlink()
            print(f"{clip.stem}: gone")
    _write_table(entries)
    size = sum(clip.stat().st_size for clip in FOLDER.glob("*.flac"))
    total_s = sum(float(str(entry["duration_s"])) for entry in entries.values())
    print(f"{len(entries)} lines, {total_s:.0f} s, {size / 1e6:.2f} MB")
    return 0


def finished(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Speech without the silence around it, with small fades, at the loudness of all clips."""
    frame = RATE_HZ // 100
    loud = np.sqrt(np.mean(samples[: samples.size // frame * frame].reshape(-1, frame) ** 2, axis=1))
    spoken = np.flatnonzero(loud > loud.max() * 10 ** (EDGE_DB / 20))
    start = max(0, int(spoken[0]) * frame - round(BEFORE_S * RATE_HZ))
    end = min(samples.size, (int(spoken[-1]) + 1) * frame + round(AFTER_S * RATE_HZ))
    cut = samples[start:end].copy()
    fade_in, fade_out = round(FADE_IN_S * RATE_HZ), round(FADE_OUT_S * RATE_HZ)
    cut[:fade_in] *= np.sin(np.linspace(0, np.pi / 2, fade_in)) ** 2
    cut[-fade_out:] *= np.cos(np.linspace(0, np.pi / 2, fade_out)) ** 2
    cut *= 10 ** ((LOUDNESS_LUFS - loudness_lufs(cut, RATE_HZ)) / 20)
    cut = softened(cut)
    cut *= 10 ** ((LOUDNESS_LUFS - loudness_lufs(cut, RATE_HZ)) / 20)
    over, room = np.abs(cut) > KNEE, CEILING - KNEE
    cut[over] = np.sign(cut[over]) * (KNEE + room * np.tanh((np.abs(cut[over]) - KNEE) / room))
    return (np.round(cut * STEPS) / STEPS).astype(np.float32)


def softened(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Speech whose hiss (s, sh, t) no longer stings an ear that lies still with headphones on."""
    spectrum = np.fft.rfft(samples, samples.size + RATE_HZ)
    hertz = np.fft.rfftfreq(samples.size + RATE_HZ, 1 / RATE_HZ)
    share = np.clip((hertz - HISS_HZ[0]) / (HISS_HZ[1] - HISS_HZ[0]), 0, 1)
    hiss = np.fft.irfft(spectrum * np.sin(np.pi / 2 * share) ** 2, samples.size + RATE_HZ)[: samples.size]
    window = np.hanning(round(HISS_WINDOW_S * RATE_HZ))
    level = np.sqrt(np.convolve(hiss**2, window / window.sum(), mode="same") + 1e-12)
    kept = np.minimum(1.0, HISS_RMS / level) ** HISS_HOLD
    return (samples - hiss * (1 - kept)).astype(np.float32)


def _engine() -> Speak:
    from hibari import Hibari  # here, because only the group `voice` has it

    voice = Hibari()
    return lambda text: np.asarray(voice(text, seed=SEED, speed=SPEED), dtype=np.float32)


def _kept() -> dict[str, dict[str, object]]:
    table = FOLDER / "voice.yaml"
    if not table.is_file():
        return {}
    known: dict[str, dict[str, object]] = yaml.safe_load(table.read_text(encoding="utf-8"))["lines"]
    return {line: entry for line, entry in known.items() if (FOLDER / f"{line}.flac").is_file()}


def _keep(line: str, text_sha256: str, samples: NDArray[np.float32]) -> dict[str, object]:
    clip: Path = FOLDER / f"{line}.flac"
    soundfile.write(clip, samples, RATE_HZ, format="FLAC", subtype="PCM_16", compression_level=1.0)
    return {
        "text_sha256": text_sha256,
        "clip_sha256": hashlib.sha256(clip.read_bytes()).hexdigest(),
        "duration_s": round(samples.size / RATE_HZ, 4),
    }


def _write_table(entries: dict[str, dict[str, object]]) -> None:
    head = {
        "language": LANGUAGE,
        "engine": "hibari-tts",
        "version": version("hibari-tts"),
        "voice": "heart",
        "licence": "Apache-2.0 (engine and voice, Maureese Williams)",
        "speed": SPEED,
        "seed": SEED,
        "sample_rate_hz": RATE_HZ,
        "lines": entries,
    }
    text = "# Written by tools/speak.py: which clip says which sentence. Not to be edited by hand.\n"
    text += yaml.safe_dump(head, sort_keys=False, width=100)
    (FOLDER / "voice.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
