"""A hundred plans by chance, as sound: no click, nothing too loud, nothing missing, the same again."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from matwise.content.voices import voice
from matwise.session.balance import MOST_DB, level_db, most_db
from matwise.session.cue import Bed, Chapter, Kind, Timeline
from matwise.session.script import ARMS
from matwise.session.sound import RATE_HZ, Samples, gain, resampled
from matwise.session.wishes import Levels, Wishes
from tests.session.listening import clicks, lufs, outside_speech, true_peak
from tests.session.plans import Plan, random_plan
from tests.session.sessions import a_rung, a_snippet, a_timeline, end_s, forecast, of_kind, rendered, seeded, turned

PLANS = 100
ONE_BED_IN = 5  # a bed takes longer to make than all the rest of eight seconds; test_bed looks at beds for longer
WINDOW_S = 8.0
LEAD_S = 1.5


@functools.cache
def plan(number: int) -> Plan:
    bed = None if number % ONE_BED_IN else list(Bed)[number // ONE_BED_IN % len(Bed)]
    return random_plan(seeded(number), bed, longest=14)


def window(number: int) -> Timeline:
    """Eight seconds of a plan: one in four the loudest of the alarm, the others around some line before it."""
    heard = plan(number).heard(ARMS[number % 3])
    alarm = [cue for cue in heard.cues if cue.chapter is Chapter.ALARM]
    if number % 4 == 0:
        return a_snippet(heard, alarm[-1].at_s + 3 - WINDOW_S, WINDOW_S)
    voices = [cue for cue in of_kind(heard, Kind.VOICE) if 2 < cue.at_s < alarm[0].at_s]
    return a_snippet(heard, voices[seeded(number).integers(len(voices))].at_s - LEAD_S, WINDOW_S)


@pytest.fixture(scope="module")
def windows() -> list[tuple[Timeline, Samples]]:
    return [(heard, rendered(heard, seed=number)) for number, heard in enumerate(map(window, range(PLANS)))]


def test_a_hundred_plans_stay_below_minus_one_dbtp(windows: list[tuple[Timeline, Samples]]) -> None:
    peaks = [true_peak(samples) for _, samples in windows]

    assert len(peaks) == PLANS
    assert max(peaks) < 10 ** (-1 / 20)
    assert max(peaks) > 0.5  # the alarm really is among them


def test_a_click_is_found_where_there_is_one() -> None:
    clean = rendered(a_snippet(a_timeline(), 0.0, 9.0))
    broken = clean.copy()
    broken[3 * RATE_HZ :] *= np.float32(0.0)
    broken[3 * RATE_HZ] = 0.2

    assert not outside_speech(a_snippet(a_timeline(), 0.0, 9.0), clicks(clean))
    assert clicks(broken).size > 0


def test_a_hundred_plans_have_no_click(windows: list[tuple[Timeline, Samples]]) -> None:
    for number, (heard, samples) in enumerate(windows):
        assert not outside_speech(heard, clicks(samples)), number


def test_in_a_hundred_plans_every_line_is_really_heard_at_its_level(windows: list[tuple[Timeline, Samples]]) -> None:
    lines = 0
    for heard, samples in windows:
        for cue in of_kind(heard, Kind.VOICE):
            start, end = round(cue.at_s * RATE_HZ), round(min(end_s(cue), WINDOW_S - 1) * RATE_HZ)
            if cue.at_s < 1 or end - start < RATE_HZ:
                continue
            lines += 1
            clip = resampled(voice("en").clip(str(cue.line)), voice("en").rate_hz)[: end - start]
            # How much of the clip is in what is heard; the limiter takes a little of the loudest.
            share = float(np.dot(samples[start : start + clip.size], clip) / np.dot(clip, clip))
            wished = gain(level_db(cue, turned(heard)))

            assert 0.7 * wished < share < 1.15 * wished, cue
    assert lines > 75


def test_a_second_render_is_the_same_to_the_last_bit_whatever_the_blocks() -> None:
    for number in (1, 3, 6, 8):
        heard = window(number)

        assert np.array_equal(rendered(heard, number), rendered(heard, number, block_s=0.377))


@pytest.mark.parametrize("bed", [None, *Bed])
@pytest.mark.parametrize("minutes", [2, 6])
def test_a_whole_session_is_about_minus_20_lufs_up_to_the_alarm(bed: Bed | None, minutes: int) -> None:
    heard = a_timeline(a_rung(minutes), wishes=Wishes(bed=bed))
    alarm_s = min(cue.at_s for cue in heard.cues if cue.kind is Kind.ALARM)
    quiet = rendered(a_snippet(heard, 0.0, alarm_s))

    assert lufs(quiet) == pytest.approx(-20, abs=1.0)


def test_twenty_plans_come_close_to_minus_20_lufs_or_as_close_as_they_may_be_turned() -> None:
    for number in range(20):
        heard = plan(number).heard()
        told = turned(heard)

        assert -MOST_DB <= told <= most_db(heard)
        assert forecast(heard, told) == pytest.approx(-20, abs=0.25) or told in {-MOST_DB, most_db(heard)}


def test_the_forecast_is_what_is_measured_however_loud_the_voice_is_wished() -> None:
    for levels in (Levels(), Levels(6.0, -6.0, -12.0, 6.0), Levels(6.0, 0.0, 0.0, -12.0), Levels(-6.0, 6.0, 6.0, 0.0)):
        heard = a_timeline(a_rung(2), wishes=Wishes(bed=Bed.WAVES, levels=levels))
        alarm_s = min(cue.at_s for cue in heard.cues if cue.kind is Kind.ALARM)
        quiet = a_snippet(heard, 0.0, alarm_s)

        assert lufs(rendered(quiet)) == pytest.approx(forecast(quiet, turned(quiet)), abs=0.3)


def test_a_voice_wished_louder_is_not_turned_up_again_until_it_is_all_limiter() -> None:
    loud = a_timeline(wishes=Wishes(levels=Levels(voice_db=6.0)))

    assert most_db(loud) == 0.0
    assert most_db(a_timeline()) == MOST_DB
