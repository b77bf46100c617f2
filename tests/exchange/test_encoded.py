from __future__ import annotations

import io

import pytest

from matwise.exchange.encoded import Encoded, EncoderError


def test_what_was_taken_is_gone_and_what_is_new_comes_next() -> None:
    encoded = Encoded()
    encoded.write(b"abc")
    first = encoded.take()
    encoded.write(b"de")

    assert (first, encoded.take(), encoded.take()) == (b"abc", b"de", b"")


def test_the_first_bytes_stay_and_can_be_put_right_at_the_end() -> None:
    encoded = Encoded(kept=4)
    encoded.write(b"????one")
    taken = encoded.take()
    encoded.seek(1)
    encoded.write(b"!!")
    encoded.seek(0, io.SEEK_END)
    encoded.write(b"two")

    assert (taken, encoded.take(), bytes(encoded.head)) == (b"one", b"two", b"?!!?")
    assert encoded.tell() == 10


def test_an_encoder_that_changes_what_is_written_already_is_told_on() -> None:
    encoded = Encoded(kept=2)
    encoded.write(b"abcd")
    encoded.take()
    encoded.seek(1)
    encoded.write(b"xx")

    with pytest.raises(EncoderError, match="byte 1"):
        encoded.take()
