from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matwise.session.balance import BED_UNDER_VOICE_DB, MOST_DB, TARGET_LUFS, bed_courses, level_db
from matwise.session.cue import Bed, Chapter, Kind, Under
from matwise.session.sound import QUIET_DBFS, gain
from matwise.session.wishes import Wishes
from tests.session.plans import random_plan
from tests.session.sessions import a_timeline, forecast, of_kind, said, seeded, turned


def test_a_session_turned_up_by_a_wish_is_turned_down_as_a_whole() -> None:
    usual = a_timeline()
    louder = replace(usual, cues=tuple(replace(cue, level_db=cue.level_db + 3) for cue in usual.cues))

    assert forecast(usual) + 2 < forecast(louder) <= forecast(usual) + 3  # the limiter keeps a little of it
    assert turned(louder) < turned(usual) - 2
    assert forecast(louder, turned(louder)) == pytest.approx(forecast(usual, turned(usual)), abs=0.5)


def test_a_session_is_never_turned_by_more_than_six_db_and_silence_not_at_all() -> None:
    usual = a_timeline()
    faint = replace(usual, cues=tuple(replace(cue, level_db=cue.level_db - 30) for cue in usual.cues))
    empty = replace(usual, cues=())

    assert turned(faint) == MOST_DB
    assert forecast(empty) == pytest.approx(QUIET_DBFS, abs=3.0)  # the noise under everything
    assert turned(empty) == 0.0


def test_a_limited_session_is_turned_down_where_that_brings_its_bed_below_the_gate() -> None:
    heard = random_plan(seeded(86), Bed.RAIN, 12).heard("breath", "sv")  # its voice is 5 dB louder than usual
    as_it_is = forecast(heard, language="sv")
    found = forecast(heard, turned(heard, language="sv"), language="sv")

    assert turned(heard, language="sv") < 0
    assert as_it_is < TARGET_LUFS - 1
    assert found == pytest.approx(TARGET_LUFS, abs=0.5)


def test_what_wakes_keeps_its_level() -> None:
    heard = a_timeline(wishes=Wishes(five_more=True))
    waking = [cue for cue in heard.cues if cue.kind is Kind.ALARM or (cue.line or "").startswith("wake_")]
    voices = {chapter: [c.level_db for c in of_kind(heard, Kind.VOICE) if c.chapter is chapter] for chapter in Chapter}

    assert all(level_db(cue, 4.0) == cue.level_db for cue in waking)
    assert voices[Chapter.ALARM] == voices[Chapter.FIVE_MORE][-5:]
    assert [cue for cue in heard.cues if cue.wakes] == waking
    assert level_db(said(heard, "stop_rule"), 4.0) == 4.0


def test_the_bed_steps_back_while_somebody_speaks_and_comes_back() -> None:
    heard = replace(a_timeline(), under=Under(Bed.RAIN))
    fade, back = bed_courses(heard)
    line, strike = said(heard, "half_way"), of_kind(heard, Kind.ALARM)[3]
    during = np.array([line.at_s, line.at_s + line.duration_s / 2, strike.at_s])
    alone = np.array([heard.on_mat_from_s - 5.0])

    assert back.at(during) == pytest.approx(gain(BED_UNDER_VOICE_DB))
    assert back.at(alone) == pytest.approx(1.0)
    assert fade.at(np.array([0.0, 60.0, heard.duration_s])) == pytest.approx([0.0, 1.0, 0.0])
    assert bed_courses(heard, fades_out=False)[0].at(np.array([1e7])) == 1.0


def test_the_bed_counts_in_the_forecast() -> None:
    heard = a_timeline()

    assert forecast(replace(heard, under=Under(Bed.RAIN, 6.0))) > forecast(heard)
