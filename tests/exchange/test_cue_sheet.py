from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.exchange.cue_sheet import PRINTED_WIDTH, captions, cue_sheet, printed
from matwise.session.cue import Bed, FiveMore, Kind, OpenEnd, Under
from tests.exchange.builders import NAMES, a_small_timeline
from tests.session.sessions import a_rung, a_timeline, of_kind

STAMP = r"(?:\d{2,}:)?\d\d:\d\d\.\d{3}"


def test_the_cue_sheet_holds_the_whole_timeline() -> None:
    timeline = a_small_timeline()
    sheet = json.loads(cue_sheet(timeline))

    assert sheet["version"] == 1
    assert sheet["title"] == timeline.title
    assert sheet["duration_s"] == timeline.duration_s
    assert (sheet["on_mat_from_s"], sheet["on_mat_until_s"]) == (15.5, 46.0)
    assert [
        (cue["start_s"], cue["end_s"], cue["kind"], cue["chapter"], cue["text"], cue["level_db"])
        for cue in sheet["cues"]
    ] == [
        (c.at_s, round(c.at_s + c.duration_s, 3), c.kind.value, c.chapter.value, c.text, round(c.level_db, 2))
        for c in timeline.cues
    ]


def test_the_cue_sheet_says_what_lies_under_the_session_and_behind_its_end() -> None:
    plain = json.loads(cue_sheet(a_small_timeline()))
    under, more, end = Under(Bed.RAIN, -3.0), FiveMore(48.0, on_mat=False), OpenEnd(50.0, None, -18.0)
    full = json.loads(cue_sheet(replace(a_small_timeline(), under=under, five_more=more, open_end=end)))

    assert plain["under"] is plain["five_more"] is plain["open_end"] is None
    assert full["under"] == {"bed": "rain", "level_db": -3.0}
    assert full["five_more"] == {"from_s": 48.0, "on_mat": False}
    assert full["open_end"] == {"from_s": 50.0, "bell_every_s": None, "bell_db": -18.0}


def test_captions_say_every_line_at_its_time() -> None:
    timeline = a_small_timeline()
    shown = captions(timeline)

    assert shown.startswith("WEBVTT\n\n")
    assert "00:00:44.000 --> 00:00:45.234\nNothing more to do.\n" in shown
    assert all(cue.text in shown for cue in of_kind(timeline, Kind.VOICE))
    assert len(re.findall(rf"^{STAMP} --> {STAMP}$", shown, re.MULTILINE)) == shown.count("-->")


def test_captions_escape_what_would_be_markup() -> None:
    cue = replace(a_small_timeline().cues[0], text="7 < 8 & 8 > 7", at_s=3725.5)

    assert "01:02:05.500 --> " in captions(replace(a_small_timeline(), cues=(cue,)))
    assert "7 &lt; 8 &amp; 8 &gt; 7" in captions(replace(a_small_timeline(), cues=(cue,)))


@given(text=st.text("a-->&<\n\r :0", min_size=1))
def test_no_text_ever_makes_or_ends_a_caption(text: str) -> None:
    cue = replace(a_small_timeline().cues[0], text=f"x{text}x")
    head, timing, payload, *rest = captions(replace(a_small_timeline(), cues=(cue,))).replace("\n\n", "\n").split("\n")

    assert head == "WEBVTT"
    assert timing.count("-->") == 1
    assert "<" not in payload
    assert "-->" not in payload
    assert rest == [""]


def test_captions_leave_a_tone_out_while_somebody_speaks() -> None:
    shown = captions(a_small_timeline())

    assert "00:00:24.000 -->" not in shown  # in, under a sentence
    assert "00:00:28.000 --> 00:00:34.000\nOut\n" in shown
    assert shown.count("(a bell rings)") == 1  # the other one still sounds when the next sentence begins


def test_the_printed_script_reads_as_it_is_heard() -> None:
    names = {"settling_in": "Settling in", "breathing": "Breathing", "alarm": "Waking"}
    long = "Breathe low, into your belly, in as the sound rises, and out as the sound falls."
    cues = tuple(replace(cue, text=long) if cue.line == "belly" else cue for cue in a_small_timeline().cues)

    assert printed(replace(a_small_timeline(), cues=cues), names).splitlines() == [
        "Füße & more  (1:01)",
        "",
        "Settling in",
        "   0:01 Hello. This is your time on the mat.",
        "   0:06 (a bell rings)",
        "",
        "Breathing",
        "   0:15 (a bell rings)",
        "   0:20 Breathe low, into your belly, in as the sound rises, and out as the",
        "        sound falls.",
        "   0:24 In · Out – 0:44",
        "   0:44 Nothing more to do.",
        "",
        "Waking",
        "   0:48 (the waking bell rings) – 1:01",
    ]


def test_the_printed_script_fits_a_page_and_is_not_drowned_in_breath_tones() -> None:
    timeline = a_timeline(a_rung(20))
    lines = printed(timeline, NAMES).splitlines()

    assert max(map(len, lines)) <= PRINTED_WIDTH
    assert len(lines) < 120 < len(timeline.cues)


def test_a_chapter_without_a_name_is_not_printed_as_nothing() -> None:
    with pytest.raises(InvalidInputError, match="chapter alarm"):
        printed(a_small_timeline(), {name: text for name, text in NAMES.items() if name != "alarm"})
