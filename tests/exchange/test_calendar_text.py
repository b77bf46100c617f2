from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from matwise.exchange.calendar_text import LONGEST_LINE, folded, text, utc

CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"])


@given(line=st.text(CHARACTERS, max_size=400))
def test_a_folded_line_unfolds_to_itself_and_no_piece_is_too_long_or_cuts_a_character(line: str) -> None:
    written = folded(line)
    pieces = written.removesuffix(b"\r\n").split(b"\r\n")

    assert written.endswith(b"\r\n")
    assert written.replace(b"\r\n ", b"").removesuffix(b"\r\n").decode() == line
    assert all(len(piece) <= LONGEST_LINE for piece in pieces)
    assert all(piece.decode() for piece in pieces[1:])
    assert all(piece.startswith(b" ") for piece in pieces[1:])


@given(line=st.text("ab", max_size=75) | st.just("é" * 37))
def test_a_line_that_fits_is_not_folded(line: str) -> None:
    assert folded(line) == line.encode() + b"\r\n"


@given(told=st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\\;,\nnN\r")))
def test_an_escaped_text_comes_back_with_its_line_breaks_as_one_kind(told: str) -> None:
    def meant(escape: re.Match[str]) -> str:
        return "\n" if escape[1] in "nN" else escape[1]

    written = text(told)

    assert "\n" not in written
    assert "\r" not in written
    assert not re.search(r"(?<!\\)(\\\\)*[;,]", written)
    assert re.sub(r"\\(.)", meant, written) == re.sub("\r\n|\r", "\n", told)


def test_a_moment_is_told_in_utc() -> None:
    assert utc(datetime(2026, 11, 23, 0, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))) == "20261122T184500Z"
    assert utc(datetime(2026, 11, 23, tzinfo=UTC)) == "20261123T000000Z"
