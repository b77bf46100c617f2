from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from matwise.content.voices import ClipVoice, voice
from matwise.errors import InvalidInputError
from matwise.exchange.audio_file import KEEP_FILES, AudioFile, cached, render
from matwise.exchange.audio_format import Format
from matwise.screening.limits import Placement
from matwise.session.cue import Kind, Timeline
from matwise.session.loudness import loudness_lufs
from matwise.session.sound import RATE_HZ
from tests.exchange.builders import NAMES, a_snippet, some_labels
from tests.exchange.readers import id3_frames, id3_text
from tests.session.sessions import a_rung, a_timeline, of_kind


@dataclass(frozen=True)
class Decoded:
    """A session as a player hears it."""

    timeline: Timeline
    file: AudioFile
    samples: NDArray[np.float32]

    def between(self, from_s: float, until_s: float) -> NDArray[np.float32]:
        return self.samples[round(from_s * RATE_HZ) : round(until_s * RATE_HZ)]


def rms(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def decoded(timeline: Timeline, path: Path) -> Decoded:
    file = render(timeline, voice("en"), path)
    samples, rate_hz = soundfile.read(path, dtype="float32")
    assert rate_hz == RATE_HZ
    return Decoded(timeline, file, samples)


@pytest.fixture(scope="module")
def lying(tmp_path_factory: pytest.TempPathFactory) -> Decoded:
    return decoded(a_timeline(), tmp_path_factory.mktemp("lying") / "session.mp3")


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Decoded:
    rung = a_rung(3, Placement.FEET_STANDING)
    return decoded(a_timeline(rung, "rest"), tmp_path_factory.mktemp("standing") / "session.mp3")


@pytest.fixture(params=["lying", "standing"])
def heard(request: pytest.FixtureRequest) -> Decoded:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Decoded)
    return found


def test_the_file_lasts_as_long_as_its_timeline(heard: Decoded) -> None:
    told = soundfile.info(heard.file.path)

    assert heard.file.duration_s == heard.timeline.duration_s
    assert heard.samples.size / RATE_HZ == pytest.approx(heard.timeline.duration_s, abs=0.02)
    assert told.frames / told.samplerate == pytest.approx(heard.timeline.duration_s, abs=0.02)


def test_decoded_peaks_stay_below_minus_one_dbfs(heard: Decoded) -> None:
    assert 0.5 < np.abs(heard.samples).max() < 10 ** (-1 / 20)


def test_there_is_no_click_anywhere(heard: Decoded) -> None:
    jump = np.abs(np.diff(heard.samples))
    speech = np.zeros(heard.samples.size, dtype=bool)
    for line in of_kind(heard.timeline, Kind.VOICE):
        speech[round(line.at_s * RATE_HZ) : round((line.at_s + line.duration_s) * RATE_HZ)] = True

    # Loudest waking strikes move by 0.11 a sample; a hiss of speech by more.
    assert jump[~speech[1:]].max() < 0.2
    assert jump.max() < 0.6


def test_every_bell_is_really_there(heard: Decoded) -> None:
    for bell in of_kind(heard.timeline, Kind.BELL):
        if bell.level_db > -15:
            before = rms(heard.between(bell.at_s - 0.25, bell.at_s - 0.05))
            struck = rms(heard.between(bell.at_s, bell.at_s + 0.5))

            assert struck > 2.5 * before
            assert struck > 0.01


def test_every_line_is_really_spoken_at_about_minus_20_lufs(heard: Decoded) -> None:
    lines = [cue for cue in of_kind(heard.timeline, Kind.VOICE) if cue.level_db == 0 and cue.duration_s > 2]
    levels = [loudness_lufs(heard.between(cue.at_s, cue.at_s + cue.duration_s), RATE_HZ) for cue in lines]

    assert len(levels) > 12
    assert all(level == pytest.approx(-20, abs=1.5) for level in levels)


def test_tones_are_there_and_softer_than_the_voice(lying: Decoded) -> None:
    inhale, exhale = (of_kind(lying.timeline, kind)[0] for kind in (Kind.INHALE, Kind.EXHALE))
    after_the_word = [rms(lying.between(tone.at_s + 1.5, tone.at_s + 3)) for tone in (inhale, exhale)]

    assert all(0.01 < level < 0.05 for level in after_the_word)


def test_quiet_is_soft_sound_and_never_digital_silence(heard: Decoded) -> None:
    closing = next(cue for cue in heard.timeline.cues if cue.line and cue.line.startswith("closing"))
    quiet = heard.between(closing.at_s - 8, closing.at_s - 1)
    parts = np.split(quiet[: quiet.size // 28 * 28], 28)

    assert rms(quiet) == pytest.approx(10 ** (-70 / 20), rel=0.3)
    assert min(map(rms, parts)) > 1e-4


def test_the_alarm_starts_softly_and_grows_every_half_minute(heard: Decoded) -> None:
    starts_s = of_kind(heard.timeline, Kind.ALARM)[0].at_s
    steps = [rms(heard.between(starts_s + 30 * n, starts_s + 30 * n + 30)) for n in range(6)]

    assert all(later > 1.25 * earlier for earlier, later in pairwise(steps))
    assert steps[-1] > 20 * steps[0]
    assert steps[-1] > 10 ** (-20 / 20)


def test_the_same_timeline_gives_the_same_bytes_and_another_one_does_not(tmp_path: Path) -> None:
    first, again, other = (
        render(timeline, voice("en"), tmp_path / f"{n}.mp3")
        for n, timeline in enumerate((a_snippet(), a_snippet(), a_snippet(seconds=12.5)))
    )

    assert first.path.read_bytes() == again.path.read_bytes()
    assert first.sha256 == again.sha256 == hashlib.sha256(again.path.read_bytes()).hexdigest()
    assert first.sha256 != other.sha256


@pytest.mark.parametrize("kind", list(Format))
def test_every_format_holds_the_same_sound_and_the_same_bytes_on_a_second_render(kind: Format, tmp_path: Path) -> None:
    first, again = (
        render(a_snippet(), voice("en"), tmp_path / f"{n}{kind.suffix}", format=kind, labels=some_labels())
        for n in range(2)
    )
    lossless = render(a_snippet(), voice("en"), tmp_path / "lossless.wav", format=Format.WAV)
    samples, rate_hz = soundfile.read(first.path, dtype="float32")
    original, _ = soundfile.read(lossless.path, dtype="float32")
    level = np.array([rms(part) for part in np.array_split(samples, 24)])
    expected = np.array([rms(part) for part in np.array_split(original, 24)])

    assert first.path.read_bytes() == again.path.read_bytes()
    assert first.size_bytes == first.path.stat().st_size
    assert first.format is kind
    assert samples.size == 12 * rate_hz
    assert np.abs(level - expected).max() < 0.003


def test_lossless_formats_hold_the_very_same_samples(tmp_path: Path) -> None:
    wav, flac = (
        soundfile.read(render(a_snippet(), voice("en"), tmp_path / f"s{kind.suffix}", format=kind).path, dtype="int16")[
            0
        ].astype(int)
        for kind in (Format.WAV, Format.FLAC)
    )

    assert np.abs(wav - flac).max() <= 1  # each rounds in its own way


def test_each_format_and_each_label_is_a_file_of_its_own(tmp_path: Path) -> None:
    made = [cached(a_snippet(2.0), voice("en"), tmp_path, format=kind) for kind in Format]
    german = cached(a_snippet(2.0), voice("en"), tmp_path, labels=some_labels(language="deu"))
    english = cached(a_snippet(2.0), voice("en"), tmp_path, labels=some_labels())

    assert len({file.path for file in (*made, german, english)}) == len(Format) + 2
    assert [file.path.suffix for file in made] == [".mp3", ".opus", ".flac", ".wav"]
    assert cached(a_snippet(2.0), voice("en"), tmp_path, format=Format.FLAC) == made[2]


def test_labels_that_can_not_be_used_make_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="chapter settling_in"):
        cached(a_snippet(), voice("en"), tmp_path, labels=some_labels(names={}))

    assert list(tmp_path.iterdir()) == []


def test_an_mp3_tells_its_title_and_chapters_and_they_do_not_change_its_length(tmp_path: Path) -> None:
    plain = render(a_snippet(), voice("en"), tmp_path / "plain.mp3")
    told = render(a_snippet(title="Füße " * 40), voice("en"), tmp_path / "told.mp3", labels=some_labels())
    names = [frame.name for frame in id3_frames(plain.path.read_bytes())[0]]
    frames, _ = id3_frames(told.path.read_bytes())

    assert names == ["TIT2", "TLEN"]
    assert id3_text(frames[0].content) == "Füße " * 40
    assert NAMES["settling_in"].encode("utf-16-le") in next(f.content for f in frames if f.name == "CHAP")
    assert soundfile.info(plain.path).frames == soundfile.info(told.path).frames == 12 * RATE_HZ


def test_progress_only_goes_forward_and_reaches_one_when_the_file_is_there(tmp_path: Path) -> None:
    path, shares, there = tmp_path / "new folder" / "session.mp3", [], []

    def note(share: float) -> None:
        shares.append(share)
        there.append(path.exists())

    render(a_snippet(), voice("en"), path, note)

    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(shares) > 5
    assert there == [False] * (len(there) - 1) + [True]


def test_a_session_is_made_once_and_then_found(tmp_path: Path) -> None:
    made = cached(a_snippet(), voice("en"), tmp_path)
    shares: list[float] = []
    found = cached(a_snippet(), voice("en"), tmp_path, shares.append)

    assert found == made
    assert shares == [1.0]
    assert [path.name for path in tmp_path.iterdir()] == [made.path.name]


def test_another_voice_is_another_file(tmp_path: Path) -> None:
    ours = voice("en")
    other = ClipVoice(ours.folder, ours.table, "another")

    assert cached(a_snippet(), ours, tmp_path).path != cached(a_snippet(), other, tmp_path).path


def test_two_renders_of_the_same_session_at_once_give_one_whole_file(tmp_path: Path) -> None:
    start, files = threading.Barrier(2), []

    def work() -> None:
        start.wait(timeout=10)
        files.append(cached(a_snippet(), voice("en"), tmp_path))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    assert len(files) == 2
    assert files[0] == files[1]
    assert [path.name for path in tmp_path.iterdir()] == [files[0].path.name]
    assert soundfile.info(files[0].path).frames == 12 * RATE_HZ


def test_only_the_latest_used_files_are_kept_and_halves_of_a_crash_are_cleared(tmp_path: Path) -> None:
    for number in range(KEEP_FILES + 5):
        old = tmp_path / f"{number:02}.mp3"
        old.write_bytes(b"")
        os.utime(old, (1_000_000 + number,) * 2)
    half = tmp_path / ".00-x.part"
    half.write_bytes(b"")
    os.utime(half, (1_000_000,) * 2)

    made = cached(a_snippet(), voice("en"), tmp_path)

    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {made.path.name, *(f"{number:02}.mp3" for number in range(6, KEEP_FILES + 5))}


def test_a_render_that_is_broken_off_leaves_nothing_and_spoils_nothing(tmp_path: Path) -> None:
    path = tmp_path / "session.mp3"
    path.write_bytes(b"the old one")

    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render(a_snippet(), voice("en"), path, stop)

    assert path.read_bytes() == b"the old one"
    assert [left.name for left in tmp_path.iterdir()] == ["session.mp3"]


def test_a_line_without_a_clip_makes_no_file(tmp_path: Path) -> None:
    cue = replace(a_snippet().cues[0], line="unheard")

    with pytest.raises(InvalidInputError, match="line unheard"):
        cached(replace(a_snippet(), cues=(cue,)), voice("en"), tmp_path)

    assert list(tmp_path.iterdir()) == []
