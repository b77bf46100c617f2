from __future__ import annotations

import base64
import io
import struct
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import soundfile

from matwise.exchange.audio_tags import Tags
from matwise.exchange.cover import Cover, cover
from matwise.exchange.ogg_opus import OpusWriter, _checksum
from matwise.exchange.resampler import OPUS_RATE_HZ
from matwise.session.sound import RATE_HZ
from tests.exchange.builders import some_tags
from tests.exchange.readers import flac_picture, ogg_packets, ogg_pages, vorbis_comments


def an_opus(n_samples: int = 2 * RATE_HZ, block: int = 10_000, tags: Tags | None = None) -> bytes:
    file = io.BytesIO()
    writer = OpusWriter(file, tags or some_tags())
    sine = (0.5 * np.sin(2 * np.pi * 440 * np.arange(n_samples) / RATE_HZ)).astype(np.float32)
    for start in range(0, n_samples, block):
        writer.write(sine[start : start + block])
    writer.finish()
    return file.getvalue()


@pytest.mark.parametrize("n_samples", [1, 4410, 44_100, 88_201])
def test_a_file_lasts_as_long_as_the_samples_that_went_in(n_samples: int) -> None:
    info = soundfile.info(io.BytesIO(an_opus(n_samples)))

    assert (info.format, info.subtype, info.samplerate, info.channels) == ("OGG", "OPUS", OPUS_RATE_HZ, 1)
    assert info.frames == -(-n_samples * 160 // 147)


def test_what_is_heard_starts_at_its_time_and_is_as_loud_as_it_should() -> None:
    decoded, _ = soundfile.read(io.BytesIO(an_opus()), dtype="float32")
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(decoded.size) / OPUS_RATE_HZ)
    middle = slice(20_000, 60_000)

    assert np.abs(decoded - expected)[middle].max() < 0.02


def test_a_second_time_gives_the_same_bytes_however_the_samples_are_cut() -> None:
    first = an_opus()

    assert an_opus() == first
    assert an_opus(block=777) == first
    assert an_opus(tags=some_tags(title="Another")) != first


def test_every_page_tells_one_serial_its_place_and_its_true_checksum() -> None:
    pages = ogg_pages(an_opus())

    assert [page.number for page in pages] == list(range(len(pages)))
    assert len({page.serial for page in pages}) == 1
    assert all(page.told_checksum == page.true_checksum for page in pages)
    assert [bool(page.kind & 2) for page in pages] == [True] + [False] * (len(pages) - 1)
    assert [bool(page.kind & 4) for page in pages] == [False] * (len(pages) - 1) + [True]
    told = [page.granule for page in pages if page.granule >= 0]
    assert all(before <= after for before, after in pairwise(told))


def test_the_checksum_meets_its_published_check_value() -> None:
    # The remainder of "123456789" with this polynomial, start 0 and no inversion: ~ of CRC-32/POSIX without its length.
    assert _checksum(b"123456789") == 0x89A1897F


def test_title_chapters_and_cover_are_told_in_a_packet_of_their_own() -> None:
    head, told, *_ = ogg_packets(ogg_pages(an_opus()))
    vendor, fields = vorbis_comments(told[8:])
    *texts, (name, covered) = fields

    assert head[:8] == b"OpusHead"
    assert told[:8] == b"OpusTags"
    assert vendor.startswith("libopus")
    assert texts[0] == ("TITLE", "Füße 🦶 & more")
    assert ("CHAPTER001", "00:00:20.000") in texts
    assert ("CHAPTER001NAME", "Teil 1 – ruhig") in texts
    assert name == "METADATA_BLOCK_PICTURE"
    assert flac_picture(base64.b64decode(covered))[-1] == cover(64).png


# A packet of 65 025 bytes fills a page to its last piece; one more or less shows whether its end is still told.
@pytest.mark.parametrize("n_bytes", [255 * 255 - 1, 255 * 255, 255 * 255 + 1, 2 * 255 * 255, 200_000])
def test_tags_as_long_as_a_page_or_longer_go_over_as_many_as_they_need(n_bytes: int) -> None:
    rest = len(ogg_packets(ogg_pages(an_opus(4410, tags=Tags("", 1.0))))[1])
    tags = Tags("x" * (n_bytes - rest - len("TITLE=") - 4), 1.0)
    file = an_opus(4410, tags=tags)
    pages = ogg_pages(file)
    told = ogg_packets(pages)[1]
    n_pages = (n_bytes // 255 + 1 + 254) // 255

    assert len(told) == n_bytes
    assert vorbis_comments(told[8:])[1] == [("TITLE", tags.title)]
    assert [bool(page.kind & 1) for page in pages[1 : n_pages + 2]] == [False] + [True] * (n_pages - 1) + [False]
    assert all(page.told_checksum == page.true_checksum for page in pages)
    assert soundfile.info(io.BytesIO(file)).frames == 4800


def test_a_large_cover_does_not_touch_the_sound() -> None:
    noise = np.random.Generator(np.random.PCG64(1)).bytes(150_000)
    small, large = (an_opus(tags=replace(some_tags(), cover=Cover(png, 600, 31))) for png in (b"", noise))

    assert np.array_equal(soundfile.read(io.BytesIO(small))[0], soundfile.read(io.BytesIO(large))[0])


def test_the_first_samples_a_decoder_drops_are_told_in_the_head() -> None:
    head = ogg_packets(ogg_pages(an_opus()))[0]
    version, channels, skipped, rate_hz = struct.unpack_from("<BBHI", head, 8)

    assert (version, channels, rate_hz) == (1, 1, OPUS_RATE_HZ)
    assert 0 < skipped < 5000
