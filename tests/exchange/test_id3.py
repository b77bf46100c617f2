from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from matwise.exchange.audio_tags import Tags
from matwise.exchange.cover import cover
from matwise.exchange.id3 import id3
from matwise.exchange.mp3 import Mp3Writer
from matwise.session.sound import RATE_HZ
from tests.exchange.builders import some_tags
from tests.exchange.readers import id3_chapter, id3_frames, id3_text


def test_a_tag_tells_title_maker_album_language_and_length() -> None:
    frames, ends_at = id3_frames(id3(some_tags()))
    texts = {frame.name: id3_text(frame.content) for frame in frames if frame.name[0] == "T"}

    assert texts == {
        "TIT2": "Füße 🦶 & more",
        "TPE1": "Matwise",
        "TALB": "Guided sessions",
        "TLAN": "deu",
        "TLEN": "60000",
    }
    assert ends_at == len(id3(some_tags()))


@pytest.mark.parametrize("n_marks", [1, 7, 255])
def test_the_contents_name_every_chapter_in_order(n_marks: int) -> None:
    frames, _ = id3_frames(id3(some_tags(n_marks=n_marks)))
    (contents,) = [frame.content for frame in frames if frame.name == "CTOC"]
    chapters = [id3_chapter(frame.content) for frame in frames if frame.name == "CHAP"]
    element, _, rest = contents.partition(b"\0")

    assert element
    assert (rest[0], rest[1]) == (0b11, n_marks)
    assert rest[2:].decode().split("\0") == [*(name for name, *_ in chapters), ""]
    assert [told[1:] for told in chapters] == [
        (20_000 * n, 20_000 * n + 20_000, f"Teil {n} – ruhig") for n in range(n_marks)
    ]


def test_the_cover_is_in_the_tag_to_the_byte() -> None:
    frames, _ = id3_frames(id3(some_tags()))

    assert frames[-1].name == "APIC"
    assert frames[-1].content == b"\0image/png\0\x03\0" + cover(64).png


def test_what_there_is_not_is_left_out() -> None:
    frames, _ = id3_frames(id3(Tags("Only a title", 1.5)))

    assert [frame.name for frame in frames] == ["TIT2", "TLEN"]


def test_a_tag_with_chapters_and_cover_changes_neither_sound_nor_length() -> None:
    sine = (0.5 * np.sin(2 * np.pi * 440 * np.arange(50_001) / RATE_HZ)).astype(np.float32)
    heard = []
    for tag in (b"", id3(some_tags()), id3(replace(some_tags(n_marks=200), cover=cover(600)))):
        file = io.BytesIO()
        writer = Mp3Writer(file, tag)
        writer.write(sine)
        writer.finish()
        file.seek(0)
        heard.append(soundfile.read(file, dtype="float32")[0])

    assert heard[0].size == 50_001
    assert np.array_equal(heard[0], heard[1])
    assert np.array_equal(heard[0], heard[2])
