from __future__ import annotations

import io
import struct
import wave

import numpy as np
import pytest
import soundfile

from matwise.exchange.audio_tags import Tags
from matwise.exchange.wav import WavWriter
from matwise.session.sound import RATE_HZ, Samples
from tests.exchange.builders import some_tags
from tests.exchange.readers import riff_chunks


def a_sine(n_samples: int) -> Samples:
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(n_samples) / RATE_HZ)).astype(np.float32)


def a_wav(n_samples: int = 100_001, block: int = 10_000, tags: Tags | None = None) -> bytes:
    file = io.BytesIO()
    writer = WavWriter(file, tags or some_tags())
    for start in range(0, n_samples, block):
        writer.write(a_sine(n_samples)[start : start + block])
    writer.finish()
    return file.getvalue()


@pytest.mark.parametrize("n_samples", [1, 2, 100_001])
def test_two_independent_readers_find_the_samples_that_went_in(n_samples: int) -> None:
    file = a_wav(n_samples)
    decoded, rate_hz = soundfile.read(io.BytesIO(file), dtype="float32")
    with wave.open(io.BytesIO(file)) as read:
        shape = (read.getnframes(), read.getframerate(), read.getnchannels(), read.getsampwidth())
        pcm = np.frombuffer(read.readframes(n_samples), dtype="<i2")

    assert shape == (n_samples, RATE_HZ, 1, 2)
    assert rate_hz == RATE_HZ
    assert np.abs(decoded - a_sine(n_samples)).max() < 1 / 32767
    assert np.array_equal(np.round(decoded * 32768), pcm)


def test_title_and_maker_are_read_by_another_program() -> None:
    with soundfile.SoundFile(io.BytesIO(a_wav())) as read:
        assert (read.title, read.artist, read.album) == ("Füße 🦶 & more", "Matwise", "Guided sessions")


def test_chapters_are_named_places_in_the_sound() -> None:
    file = a_wav()
    chunks = riff_chunks(file[12:])
    places = dict(chunks)["cue "]
    names = [content for kind, content in chunks if kind == "LIST"][-1]
    starts = [struct.unpack_from("<II4sIII", places, 4 + 24 * n) for n in range(3)]
    labels = [(struct.unpack("<I", told[:4])[0], told[4:].decode()) for _, told in riff_chunks(names[4:])]

    assert struct.unpack("<I", file[4:8])[0] == len(file) - 8
    assert struct.unpack_from("<I", places)[0] == 3
    assert [(number, at) for number, at, *_ in starts] == [(n + 1, 20 * n * RATE_HZ) for n in range(3)]
    assert labels == [(n + 1, f"Teil {n} – ruhig\0") for n in range(3)]


def test_a_file_without_chapters_ends_with_its_sound() -> None:
    assert [kind for kind, _ in riff_chunks(a_wav(tags=Tags("Only a title", 2.0))[12:])] == ["fmt ", "LIST", "data"]


def test_what_is_too_loud_is_clipped_and_never_wraps_around() -> None:
    file = io.BytesIO()
    writer = WavWriter(file, some_tags())
    writer.write(np.array([2.0, -2.0], dtype=np.float32))
    writer.finish()

    assert list(soundfile.read(io.BytesIO(file.getvalue()), dtype="int16")[0]) == [32767, -32767]
