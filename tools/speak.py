"""Speak the lines of a session again: `uv run --group voice tools/speak.py [--language LANGUAGE] [--all]`.

Speaks every line of content/words/<language>/session.yaml whose sentence has changed since its clip was made (all of
them with --all), deletes clips nobody says any more, and writes voice.yaml. The clips ship with the project, so that
neither the app nor its tests need the voice. English needs the group `voice`, every other language the program
espeak-ng.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import soundfile
import yaml
from numpy.typing import NDArray

from matwise.content.reader import HERE
from matwise.content.words import ORIGINAL, languages, lines
from matwise.exchange import espeak
from matwise.session.clip import finished

SPEED = 0.87  # of hibari: calmer than the voice's own pace, still natural
SEED = 7
# Steps of 1/2048 (−77 dBFS of rounding noise, under the noise floor of the quiet) make the clips 40 % smaller.
STEPS = 2048
SMALLEST = 1.0  # of Vorbis, about 32 kbit/s: enough for a voice that is made of formants

Speak = Callable[[str], NDArray[np.float32]]


@dataclass(frozen=True)
class Speaker:
    """Who speaks a language, and how the clips are kept. `head`: what voice.yaml says of it."""

    folder: Path
    rate_hz: int
    suffix: str
    head: Callable[[], dict[str, object]]
    engine: Callable[[], Speak]


def main() -> int:
    """Speak what has changed; say what was done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", choices=[one.code for one in languages()], default=ORIGINAL)
    parser.add_argument("--all", action="store_true", help="speak every line, changed or not")
    asked = parser.parse_args()
    speaker = _hibari() if asked.language == ORIGINAL else _espeak(asked.language)
    speaker.folder.mkdir(parents=True, exist_ok=True)
    before = _kept(speaker)
    kept = {} if asked.all else before
    speak: Speak | None = None
    entries: dict[str, dict[str, object]] = {}
    for line in lines(asked.language):
        text_sha256 = hashlib.sha256(line.text.encode()).hexdigest()
        known = kept.get(line.id)
        if known is None or known["text_sha256"] != text_sha256:
            speak = speak or speaker.engine()
            known = _keep(speaker, line.id, text_sha256, speak(line.text))
            print(f"{line.id}: {known['duration_s']} s")
        entries[line.id] = known
    for clip in speaker.folder.glob(f"*{speaker.suffix}"):
        if clip.stem not in entries:
            clip.unlink()
            print(f"{clip.stem}: gone")
    if speak is not None or set(entries) != set(before):
        _write_table(speaker, entries)
    size = sum(clip.stat().st_size for clip in speaker.folder.glob(f"*{speaker.suffix}"))
    total_s = sum(float(str(entry["duration_s"])) for entry in entries.values())
    print(f"{len(entries)} lines, {total_s:.0f} s, {size / 1e6:.2f} MB")
    return 0


def _hibari() -> Speaker:
    rate_hz = 24_000

    def engine() -> Speak:
        from hibari import Hibari  # here, because only the group `voice` has it

        voice = Hibari()

        def speak(text: str) -> NDArray[np.float32]:
            spoken = finished(np.asarray(voice(text, seed=SEED, speed=SPEED), dtype=np.float32), rate_hz)
            return (np.round(spoken * STEPS) / STEPS).astype(np.float32)

        return speak

    def head() -> dict[str, object]:
        return {
            "language": ORIGINAL,
            "engine": "hibari-tts",
            "version": version("hibari-tts"),
            "voice": "heart",
            "licence": "Apache-2.0 (engine and voice, Maureese Williams)",
            "speed": SPEED,
            "seed": SEED,
            "sample_rate_hz": rate_hz,
        }

    return Speaker(HERE / "voices" / "hibari-en", rate_hz, ".flac", head, engine)


def _espeak(language: str) -> Speaker:
    def program() -> espeak.Espeak:
        found = espeak.espeak()
        if found is None or not found.speaks(language):
            sys.exit(
                f"{espeak.PROGRAM} is not installed or does not speak {language!r}; on Debian: apt install espeak-ng"
            )
        return found

    def engine() -> Speak:
        speaks = program()
        return lambda text: speaks.speak(text, language)

    def head() -> dict[str, object]:
        return {
            "language": language,
            "engine": espeak.PROGRAM,
            "version": program().version,
            "voice": language,
            "licence": "Apache-2.0, as all of Matwise; the program that spoke them (GPL-3) is no part of it",
            "speed": float(espeak.WORDS_PER_MIN),
            "seed": 0,
            "sample_rate_hz": espeak.RATE_HZ,
            "suffix": ".ogg",
        }

    return Speaker(HERE / "voices" / f"espeak-{language}", espeak.RATE_HZ, ".ogg", head, engine)


def _kept(speaker: Speaker) -> dict[str, dict[str, object]]:
    table = speaker.folder / "voice.yaml"
    if not table.is_file():
        return {}
    known: dict[str, dict[str, object]] = yaml.safe_load(table.read_text(encoding="utf-8"))["lines"]
    return {line: entry for line, entry in known.items() if (speaker.folder / f"{line}{speaker.suffix}").is_file()}


def _keep(speaker: Speaker, line: str, text_sha256: str, samples: NDArray[np.float32]) -> dict[str, object]:
    clip = speaker.folder / f"{line}{speaker.suffix}"
    if speaker.suffix == ".flac":
        soundfile.write(clip, samples, speaker.rate_hz, format="FLAC", subtype="PCM_16", compression_level=1.0)
    else:
        soundfile.write(clip, samples, speaker.rate_hz, format="OGG", subtype="VORBIS", compression_level=SMALLEST)
    return {
        "text_sha256": text_sha256,
        "clip_sha256": hashlib.sha256(clip.read_bytes()).hexdigest(),
        "duration_s": round(samples.size / speaker.rate_hz, 4),
    }


def _write_table(speaker: Speaker, entries: dict[str, dict[str, object]]) -> None:
    text = "# Written by tools/speak.py: which clip says which sentence. Not to be edited by hand.\n"
    text += yaml.safe_dump({**speaker.head(), "lines": entries}, sort_keys=False, width=100)
    (speaker.folder / "voice.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
