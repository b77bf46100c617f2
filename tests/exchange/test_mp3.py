from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from matwise.exchange.mp3 import Mp3Writer, _crc16
from matwise.session.sound import RATE_HZ


def an_mp3(n_samples: int, block: int = 10_000) -> io.BytesIO:
    file = io.BytesIO()
    writer = Mp3Writer(file)
    sine = (0.5 * np.sin(2 * np.pi * 440 * np.arange(n_samples) / RATE_HZ)).astype(np.float32)
    for start in range(0, n_samples, block):
        writer.write(sine[start : start + block])
    writer.finish()
    file.seek(0)
    return file


@pytest.mark.parametrize("n_samples", [1, 1151, 1152, 1153, 44_100, 100_001])
def test_a_file_decodes_to_exactly_the_samples_that_went_in(n_samples: int) -> None:
    decoded, rate_hz = soundfile.read(an_mp3(n_samples), dtype="float32")

    assert (decoded.size, rate_hz) == (n_samples, RATE_HZ)


def test_what_is_heard_starts_at_the_very_sample_and_is_as_loud_as_it_should() -> None:
    decoded, _ = soundfile.read(an_mp3(44_100), dtype="float32")
    middle = slice(10_000, 30_000)
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(44_100) / RATE_HZ)

    assert np.abs(decoded - expected)[middle].max() < 0.004


def test_how_the_samples_are_cut_into_blocks_changes_no_byte() -> None:
    assert an_mp3(44_100, block=777).read() == an_mp3(44_100, block=44_100).read()


def test_the_checksum_meets_its_published_check_value() -> None:
    # CRC-16/ARC of "123456789", from the catalogue of parametrised CRC algorithms.
    assert _crc16(b"123456789") == 0xBB3D
