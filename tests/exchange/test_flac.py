from __future__ import annotations

import hashlib
import io

import numpy as np
import pytest
import soundfile

from matwise.exchange.audio_tags import Tags
from matwise.exchange.cover import cover
from matwise.exchange.flac import FlacWriter
from matwise.session.sound import RATE_HZ, Samples
from tests.exchange.builders import some_tags
from tests.exchange.readers import flac_blocks, flac_picture, vorbis_comments


def a_sine(n_samples: int) -> Samples:
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(n_samples) / RATE_HZ)).astype(np.float32)


def a_flac(n_samples: int = 100_001, block: int = 10_000, tags: Tags | None = None) -> bytes:
    file = io.BytesIO()
    writer = FlacWriter(file, tags or some_tags())
    for start in range(0, n_samples, block):
        writer.write(a_sine(n_samples)[start : start + block])
    writer.finish()
    return file.getvalue()


@pytest.mark.parametrize("n_samples", [1, 4095, 4096, 100_001])
def test_a_file_decodes_to_the_samples_that_went_in(n_samples: int) -> None:
    decoded, rate_hz = soundfile.read(io.BytesIO(a_flac(n_samples)), dtype="float32")

    assert (decoded.size, rate_hz) == (n_samples, RATE_HZ)
    assert np.abs(decoded - a_sine(n_samples)).max() <= 1 / 32768


def test_the_header_holds_length_and_checksum_of_the_sound_though_both_are_known_last() -> None:
    file = a_flac()
    (kind, info), *_ = flac_blocks(file)[0]
    pcm, _ = soundfile.read(io.BytesIO(file), dtype="int16")

    assert (kind, len(info)) == (0, 34)
    assert int.from_bytes(info[10:18], "big") & (1 << 36) - 1 == 100_001
    assert info[18:] == hashlib.md5(pcm.astype("<i2").tobytes(), usedforsecurity=False).digest()


def test_title_chapters_and_cover_stand_before_the_sound() -> None:
    file = a_flac()
    blocks, sound_at = flac_blocks(file)
    vendor, fields = vorbis_comments(blocks[1][1])

    assert [kind for kind, _ in blocks] == [0, 4, 6]
    assert file[sound_at] == 0xFF  # a frame begins here
    assert vendor.startswith("reference libFLAC")
    assert fields == [
        ("TITLE", "Füße 🦶 & more"),
        ("ARTIST", "Matwise"),
        ("ALBUM", "Guided sessions"),
        ("LANGUAGE", "deu"),
        ("CHAPTER000", "00:00:00.000"),
        ("CHAPTER000NAME", "Teil 0 – ruhig"),
        ("CHAPTER001", "00:00:20.000"),
        ("CHAPTER001NAME", "Teil 1 – ruhig"),
        ("CHAPTER002", "00:00:40.000"),
        ("CHAPTER002NAME", "Teil 2 – ruhig"),
    ]
    assert flac_picture(blocks[2][1]) == (3, "image/png", "", (64, 64, 24, cover(64).colours), cover(64).png)


def test_a_file_without_cover_or_chapters_is_whole_too() -> None:
    file = a_flac(tags=Tags("Only a title", 2.0))
    blocks, _ = flac_blocks(file)

    assert [kind for kind, _ in blocks] == [0, 4]
    assert vorbis_comments(blocks[1][1])[1] == [("TITLE", "Only a title")]
    assert soundfile.info(io.BytesIO(file)).frames == 100_001


def test_how_the_samples_are_cut_into_blocks_changes_no_byte() -> None:
    assert a_flac(block=777) == a_flac(block=50_000) == a_flac(block=777)
