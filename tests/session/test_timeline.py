from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.content.voices import voice
from matwise.content.words import Line, lines, words
from matwise.errors import InvalidInputError
from matwise.plan.rung import Rung
from matwise.screening.gate import LONGEST_MINUTES, SHORTEST_MINUTES, NotAllowedError
from matwise.screening.limits import Layer, Limits, Placement
from matwise.session.afterwards import SITTING_S
from matwise.session.breathing import EXHALE_S, INHALE_S, PAUSE_S, SLOWEST_BREATH_S, Breathing
from matwise.session.cue import Chapter, Cue, Kind
from matwise.session.script import ARMS
from matwise.session.timeline import timeline
from tests.session.sessions import NOW, a_permission, a_rung, a_timeline, end_s, of_kind, said

BY_HEART = list(Chapter)
USUAL = BY_HEART[: BY_HEART.index(Chapter.ALARM) + 1]

rungs = st.builds(
    a_rung,
    minutes=st.integers(SHORTEST_MINUTES, LONGEST_MINUTES),
    placement=st.sampled_from(Placement),
    layer=st.sampled_from(Layer),
)


def is_for(line: Line, placement: Placement, arm: str) -> bool:
    return line.arm in {arm, "any"} and (line.placements == "all" or placement in line.placements)


@st.composite
def breathings(draw: st.DrawFn) -> Breathing:
    inhale_s = draw(st.floats(*INHALE_S))
    exhale_s = draw(st.floats(max(EXHALE_S[0], inhale_s + 0.5), min(EXHALE_S[1], SLOWEST_BREATH_S - inhale_s)))
    left_s = (SLOWEST_BREATH_S - inhale_s - exhale_s) / 2.01
    pauses = st.floats(PAUSE_S[0], min(PAUSE_S[1], left_s))
    return Breathing(inhale_s, draw(pauses), exhale_s, draw(pauses))


def overlaps(one: Cue, other: Cue) -> bool:
    return one.at_s + 0.001 < end_s(other) and other.at_s + 0.001 < end_s(one)


@given(rungs, st.sampled_from(ARMS), breathings())
def test_two_voices_never_speak_at_once(rung: Rung, arm: str, breathing: Breathing) -> None:
    voices = of_kind(a_timeline(rung, arm, breathing), Kind.VOICE)

    assert all(end_s(first) <= second.at_s for first, second in pairwise(voices))


@given(rungs, st.sampled_from(ARMS), breathings())
def test_cues_are_always_in_order_of_time_and_chapter_and_within_the_session(
    rung: Rung, arm: str, breathing: Breathing
) -> None:
    heard = a_timeline(rung, arm, breathing)
    chapters = [BY_HEART.index(cue.chapter) for cue in heard.cues]

    assert all(first.at_s <= second.at_s for first, second in pairwise(heard.cues))
    assert chapters == sorted(chapters)
    assert set(chapters) == set(range(len(USUAL)))
    assert heard.cues[0].at_s >= 0
    assert max(map(end_s, heard.cues)) <= heard.duration_s


@given(rungs, st.sampled_from(ARMS))
def test_the_time_on_the_mat_is_always_exactly_that_of_the_rung_between_two_bells(rung: Rung, arm: str) -> None:
    heard = a_timeline(rung, arm)
    bells = [cue.at_s for cue in of_kind(heard, Kind.BELL)]

    assert heard.on_mat_until_s - heard.on_mat_from_s == 60 * rung.minutes
    assert heard.on_mat_from_s in bells
    assert heard.on_mat_until_s in bells
    assert (heard.on_mat_from_s + heard.on_mat_until_s) / 2 in bells


@given(rungs, breathings())
def test_the_session_of_every_arm_is_always_the_same_session(rung: Rung, breathing: Breathing) -> None:
    mat, rest, alone = (a_timeline(rung, arm, breathing) for arm in ARMS)

    for other in (rest, alone):
        assert [(c.at_s, c.duration_s, c.kind, c.chapter, c.level_db) for c in mat.cues] == [
            (c.at_s, c.duration_s, c.kind, c.chapter, c.level_db) for c in other.cues
        ]
        assert (mat.duration_s, mat.on_mat_from_s, mat.on_mat_until_s) == (
            other.duration_s,
            other.on_mat_from_s,
            other.on_mat_until_s,
        )
        assert any(a.line != b.line for a, b in zip(mat.cues, other.cues, strict=True))


@given(rungs)
def test_the_other_arms_never_speak_of_a_mat_as_if_one_lay_on_it(rung: Rung) -> None:
    towel, alone = (" ".join(cue.text for cue in a_timeline(rung, arm).cues) for arm in ("rest", "breath"))

    assert not re.search(r"on the mat|sting|spike|prickle", towel)
    assert not re.search(r"on the (mat|towel)|sting|spike|prickle| (off|over|onto) (the mat|the towel|it)\b", alone)


@given(rungs, st.sampled_from(ARMS), breathings())
def test_the_out_breath_is_always_longer_than_the_in_breath(rung: Rung, arm: str, breathing: Breathing) -> None:
    tones = of_kind(a_timeline(rung, arm, breathing), Kind.INHALE, Kind.EXHALE)

    assert tones
    assert [tone.kind for tone in tones] == [Kind.INHALE, Kind.EXHALE] * (len(tones) // 2)
    assert all(i.duration_s < e.duration_s for i, e in zip(tones[::2], tones[1::2], strict=True))
    assert all(end_s(first) <= second.at_s + 0.002 for first, second in pairwise(tones))


@given(rungs, st.sampled_from(ARMS), breathings())
def test_a_tone_is_always_softer_while_somebody_speaks(rung: Rung, arm: str, breathing: Breathing) -> None:
    heard = a_timeline(rung, arm, breathing)
    voices = of_kind(heard, Kind.VOICE)
    under = [tone for tone in of_kind(heard, Kind.INHALE, Kind.EXHALE) if any(overlaps(line, tone) for line in voices)]

    assert under
    assert all(tone.level_db <= -5 for tone in under)


@given(rungs, st.sampled_from(ARMS))
def test_only_lines_meant_for_the_placement_and_the_arm_are_ever_said(rung: Rung, arm: str) -> None:
    by_id = {line.id: line for line in lines("en")}
    spoken = {cue.line for cue in of_kind(a_timeline(rung, arm), Kind.VOICE)}

    assert all(line is not None and is_for(by_id[line], rung.placement, arm) for line in spoken)


@given(rungs)
def test_how_to_get_on_and_off_and_when_to_stop_is_always_said_in_time(rung: Rung) -> None:
    heard = a_timeline(rung)
    spoken = {cue.line: cue for cue in of_kind(heard, Kind.VOICE)}

    assert end_s(spoken[f"getting_on_{rung.placement.value}"]) < heard.on_mat_from_s
    assert end_s(spoken["stop_rule"]) < heard.on_mat_from_s
    assert "seven out of ten" in spoken["stop_rule"].text
    assert heard.on_mat_until_s < spoken["sit_first"].at_s
    assert any(cue.line.startswith("getting_up_") for cue in of_kind(heard, Kind.VOICE) if cue.line)


@given(rungs, st.sampled_from(ARMS))
def test_the_sting_is_always_spoken_of_at_half_a_minute_and_halfway_at_half(rung: Rung, arm: str) -> None:
    heard = a_timeline(rung, arm)

    assert said(heard, f"seconds_30_{arm}").at_s - heard.on_mat_from_s == pytest.approx(30, abs=1)
    assert said(heard, "half_way").at_s - heard.on_mat_from_s == pytest.approx(30 * rung.minutes + 2, abs=0.1)


@given(st.integers(7, LONGEST_MINUTES), st.sampled_from(ARMS))
def test_two_and_five_minutes_are_spoken_of_within_a_few_seconds_wherever_there_is_room(minutes: int, arm: str) -> None:
    heard = a_timeline(a_rung(minutes), arm)

    assert said(heard, f"minutes_2_{arm}").at_s - heard.on_mat_from_s == pytest.approx(120, abs=8)
    assert said(heard, f"minutes_5_{arm}").at_s - heard.on_mat_from_s == pytest.approx(300, abs=8)


def test_a_long_session_is_quiet_after_five_minutes_but_for_a_very_soft_bell_now_and_then() -> None:
    heard = a_timeline(a_rung(30))
    quiet = [cue for cue in heard.cues if cue.chapter is Chapter.QUIET]
    interval = [cue for cue in quiet if cue.kind is Kind.BELL and cue.level_db < -15]

    assert {cue.kind for cue in quiet} == {Kind.VOICE, Kind.BELL}
    assert [round((cue.at_s - heard.on_mat_from_s) / 60) for cue in interval] == [10, 20, 25]


def test_the_breath_is_spoken_a_few_times_then_tones_lead_then_they_fade() -> None:
    heard = a_timeline(a_rung(8))
    spoken = [cue for cue in heard.cues if cue.line in {"breathe_in", "breathe_out"}]
    voices = of_kind(heard, Kind.VOICE)
    clear = [tone for tone in of_kind(heard, Kind.EXHALE) if not any(overlaps(tone, line) for line in voices)]
    levels = [tone.level_db for tone in clear]

    assert len(spoken) == 8
    assert max(levels) == 0
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] < -15


@given(rungs)
def test_the_alarm_always_waits_a_minute_and_then_grows_denser_and_louder_for_three(rung: Rung) -> None:
    heard = a_timeline(rung)
    last_word_s = max(end_s(cue) for cue in of_kind(heard, Kind.VOICE) if cue.chapter is Chapter.GETTING_UP)
    strikes = of_kind(heard, Kind.ALARM)
    steps = [[cue for cue in strikes if 30 * n <= cue.at_s - strikes[0].at_s + 0.01 < 30 * n + 30] for n in range(6)]
    loudest = [max(cue.level_db for cue in step) for step in steps]

    assert strikes[0].at_s - last_word_s >= SITTING_S
    assert all(len(first) < len(second) for first, second in pairwise(steps))
    assert all(first < second for first, second in pairwise(loudest))
    assert any("wake up" in cue.text or "over" in cue.text for cue in heard.cues if cue.chapter is Chapter.ALARM)


def test_without_leave_there_is_no_timeline() -> None:
    closed = a_permission(Limits(closed_placements=frozenset({Placement.WHOLE_BACK})))

    with pytest.raises(NotAllowedError):
        a_timeline(a_rung(), permission=closed)


def test_leave_that_has_run_out_makes_no_timeline() -> None:
    with pytest.raises(NotAllowedError):
        timeline(
            a_rung(),
            a_permission(),
            arm="mat",
            words=words("en"),
            speech_s=voice("en").speech_s(),
            breathing=Breathing(),
            now=NOW + timedelta(hours=3),
        )


def test_a_line_without_a_clip_is_named_and_never_left_out() -> None:
    speech_s = {line: s for line, s in voice("en").speech_s().items() if line not in {"stop_rule", "welcome_rest"}}

    with pytest.raises(InvalidInputError) as refused:
        timeline(
            a_rung(),
            a_permission(),
            arm="mat",
            words=words("en"),
            speech_s=speech_s,
            breathing=Breathing(),
            now=NOW,
        )

    assert [problem.where for problem in refused.value.problems] == ["line welcome_rest", "line stop_rule"]


def test_an_unknown_arm_and_a_session_of_a_minute_are_refused_together() -> None:
    with pytest.raises(InvalidInputError) as refused:
        a_timeline(a_rung(1), arm="nothing")

    assert [problem.where for problem in refused.value.problems] == ["arm", "minutes"]
