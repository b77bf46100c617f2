from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matwise.content.aims import aims
from matwise.content.breathing import breathing, programme
from matwise.content.words import lines, words
from matwise.errors import InvalidInputError
from matwise.screening.gate import LONGEST_MINUTES, NotAllowedError
from matwise.screening.limits import Layer, Limits, Placement
from matwise.session.cue import Bed, Chapter, Kind, Timeline, Under
from matwise.session.programme import Programme
from matwise.session.script import ARMS, SCAN
from matwise.session.timeline import prolonged
from matwise.session.wishes import Bells, Levels, Wishes, longest_minutes, own_length
from tests.session.plans import EVERY_AIM, Plan, plans
from tests.session.sessions import a_permission, a_rung, a_timeline, end_s, lines_of, of_kind, said

FREE = Programme("no_guidance", "breathing_free", (), None)


@settings(max_examples=150)
@given(plans())
def test_a_session_of_any_plan_is_always_the_same_in_every_arm_to_the_second_and_line_by_line(plan: Plan) -> None:
    mat, rest, alone = (plan.heard(arm) for arm in ARMS)

    for other in (rest, alone):
        assert [replace(cue, text="", line=None) for cue in other.cues] == [
            replace(cue, text="", line=None) for cue in mat.cues
        ]
        assert lines_of(other) == lines_of(mat)
        assert replace(other, title="", cues=()) == replace(mat, title="", cues=())
        unlike = [(a.line, b.line) for a, b in zip(mat.cues, other.cues, strict=True) if a.text != b.text]
        assert all(str(line).endswith(ARMS) for _, line in unlike)


@settings(max_examples=150)
@given(plans(), st.sampled_from(ARMS))
def test_in_any_plan_nobody_ever_interrupts_and_all_stays_in_order_of_chapters(plan: Plan, arm: str) -> None:
    heard = plan.heard(arm)
    chapters = [list(Chapter).index(cue.chapter) for cue in heard.cues]

    assert all(end_s(first) <= second.at_s + 1e-6 for first, second in pairwise(of_kind(heard, Kind.VOICE)))
    assert chapters == sorted(chapters)
    assert max(map(end_s, heard.cues)) <= heard.duration_s
    assert heard.on_mat_until_s - heard.on_mat_from_s == 60 * plan.rung.minutes


@settings(max_examples=150)
@given(plans())
def test_in_any_plan_how_to_stop_and_how_to_get_up_and_the_alarm_are_always_there(plan: Plan) -> None:
    heard = plan.heard()
    before = [cue.line for cue in heard.cues if cue.at_s < heard.on_mat_from_s]
    strikes = [cue for cue in of_kind(heard, Kind.ALARM) if cue.chapter is Chapter.ALARM]

    assert "stop_rule" in before
    assert f"getting_on_{plan.rung.placement.value}" in before
    assert said(heard, "sit_first").at_s > heard.on_mat_until_s
    assert max(cue.level_db for cue in strikes) == 0.0


def test_every_line_is_said_in_some_session() -> None:
    heard: list[Timeline] = []
    for arm in ARMS:
        heard += [a_timeline(a_rung(10, placement, layer), arm) for placement in Placement for layer in Layer]
        heard += [
            a_timeline(a_rung(5, placement), arm, wishes=Wishes(aim=aim, five_more=True, open_end=True))
            for aim in EVERY_AIM
            for placement in aim.placements
        ]
        heard += [
            a_timeline(a_rung(20), arm, one.programme, holds_allowed=True, wishes=Wishes(scan=not one.programme.whole))
            for one in breathing().values()
        ]
        heard.append(
            a_timeline(a_rung(5), arm, wishes=Wishes(bells=Bells(ring=False), five_more=True), planned=a_rung(10))
        )

    assert {cue.line for one in heard for cue in one.cues if cue.line} == {line.id for line in lines("en")}


def test_own_bells_ring_at_their_very_times_and_levels_and_no_others_but_the_two_ends() -> None:
    bells = Bells(every_s=60.0, at_s=(90.0,), level_db=-15.0)
    heard = a_timeline(a_rung(4), wishes=Wishes(bells=bells))
    on_mat = [cue for cue in of_kind(heard, Kind.BELL) if cue.at_s >= heard.on_mat_from_s]

    assert [cue.at_s - heard.on_mat_from_s for cue in on_mat] == [0, 60, 90, 120, 180, 240]
    assert {cue.level_db for cue in on_mat[1:-1]} == {-15.0}


def test_a_bell_due_during_the_closing_words_still_rings_at_its_time_and_belongs_to_the_closing() -> None:
    heard = a_timeline(a_rung(5), wishes=Wishes(bells=Bells(at_s=(293.0,))))
    late = next(cue for cue in of_kind(heard, Kind.BELL) if cue.at_s == heard.on_mat_from_s + 293)

    assert late.chapter is Chapter.CLOSING


def test_without_bells_the_voice_says_when_the_time_begins_and_ends() -> None:
    heard = a_timeline(a_rung(3), wishes=Wishes(bells=Bells(ring=False), five_more=True))

    assert not of_kind(heard, Kind.BELL)
    assert said(heard, "begins_now").at_s == heard.on_mat_from_s
    assert said(heard, "is_over").at_s == heard.on_mat_until_s
    assert "bell rings" not in " ".join(cue.text for cue in heard.cues if cue.chapter is not Chapter.ALARM and cue.line)
    assert of_kind(heard, Kind.ALARM)


def test_settling_in_is_quiet_for_as_long_as_wished() -> None:
    usual, settled = (a_timeline(wishes=Wishes(settle_in_s=seconds)) for seconds in (0.0, 45.0))

    assert settled.cues[0].at_s == usual.cues[0].at_s + 45
    assert settled.on_mat_from_s == pytest.approx(usual.on_mat_from_s + 45, abs=1)  # it starts at a whole second


def test_whoever_knows_the_sessions_is_sooner_on_the_mat_and_still_told_when_to_stop() -> None:
    usual, familiar = (a_timeline(wishes=Wishes(familiar=known)) for known in (False, True))

    assert familiar.on_mat_from_s < usual.on_mat_from_s - 20
    assert said(familiar, "stop_rule").text == said(usual, "stop_rule").text


def test_what_the_first_sting_is_like_is_said_before_it_comes_and_warmth_when_it_may_come() -> None:
    heard = a_timeline(a_rung(12))

    assert "sting" in said(heard, "expect_mat").text
    assert end_s(said(heard, "expect_mat")) < heard.on_mat_from_s
    assert said(heard, "minutes_2_mat").at_s - heard.on_mat_from_s == pytest.approx(120, abs=8)
    assert "tingling" in said(heard, "minutes_8_mat").text
    assert said(heard, "minutes_8_mat").at_s - heard.on_mat_from_s == pytest.approx(480, abs=8)


@pytest.mark.parametrize("minutes", [6, 8, 12, 20, 30])
def test_a_scan_goes_through_the_body_from_the_feet_up_with_room_to_feel(minutes: int) -> None:
    heard = a_timeline(a_rung(minutes), wishes=Wishes(scan=True))
    scan = [cue for cue in heard.cues if cue.line and cue.line.startswith("scan_")]
    order = ["scan_begin", *(f"scan_{part}" for part in SCAN), "scan_end"]

    assert [order.index(str(cue.line)) for cue in scan] == sorted(order.index(str(cue.line)) for cue in scan)
    assert (scan[0].line, scan[1].line, scan[-1].line) == ("scan_begin", "scan_feet", "scan_end")
    assert len(scan) >= 5
    assert all(second.at_s - end_s(first) >= 5 for first, second in pairwise(scan))
    assert end_s(scan[-1]) < said(heard, "closing_mat").at_s


def test_a_long_scan_leaves_no_part_out() -> None:
    heard = a_timeline(a_rung(15), wishes=Wishes(scan=True))

    assert len([cue for cue in heard.cues if cue.line and cue.line.startswith("scan_")]) == len(SCAN) + 2


@pytest.mark.parametrize("minutes", [2, 5, 20])
@pytest.mark.parametrize("name", aims())
def test_an_aim_opens_comes_back_and_ends_in_its_own_words(name: str, minutes: int) -> None:
    aim = aims()[name]
    for placement in aim.placements:
        heard = a_timeline(a_rung(minutes, placement), breathing=programme(aim.programme), wishes=Wishes(aim=aim))
        spoken = lines_of(heard)

        assert spoken.index(str(aim.opening)) < spoken.index(str(aim.middle)) < spoken.index(str(aim.ending))
        assert heard.title.startswith(words("en")[f"aim_{name}"])


def test_without_guidance_no_tone_is_heard_and_nobody_says_how_to_breathe() -> None:
    heard = a_timeline(a_rung(10), breathing=FREE)

    assert not of_kind(heard, Kind.INHALE, Kind.EXHALE)
    assert not {"breathe_in", "breathe_out", "belly_breathing", "own_pace"} & set(lines_of(heard))


def test_cyclic_sighing_has_two_in_breaths_before_each_out_breath() -> None:
    tones = of_kind(a_timeline(a_rung(10), breathing=programme("sighing")), Kind.INHALE, Kind.EXHALE)
    spoken = lines_of(a_timeline(a_rung(10), breathing=programme("sighing")))

    assert [tone.kind for tone in tones[:6]] == [Kind.INHALE, Kind.INHALE, Kind.EXHALE] * 2
    assert all(end_s(first) <= second.at_s + 0.002 for first, second in pairwise(tones))
    assert all(out.duration_s > 1.5 * (one.duration_s + two.duration_s) for one, two, out in _threes(tones))
    assert "breathe_in_again" in spoken


def _threes(tones: list) -> list:  # type: ignore[type-arg]  # cues, three by three
    return list(zip(tones[::3], tones[1::3], tones[2::3], strict=True))


def test_five_paces_are_all_heard_each_slower_than_the_last_and_the_question_after_them() -> None:
    heard = a_timeline(a_rung(14), breathing=programme("find_pace"))
    steps = [said(heard, f"pace_{number}").at_s for number in range(1, 6)]
    out = of_kind(heard, Kind.EXHALE)

    assert all(110 < later - earlier < 130 for earlier, later in pairwise(steps))
    assert [cue.duration_s for cue in out] == sorted(cue.duration_s for cue in out)
    assert (out[0].duration_s, out[-1].duration_s) == (5.5, 8.0)
    assert said(heard, "pace_which").at_s > out[-1].at_s


def test_five_paces_in_too_short_a_session_are_refused_with_the_minutes_they_need() -> None:
    with pytest.raises(InvalidInputError, match=r"find_pace in 10 minutes; want a session of at least 1[1-3] minutes"):
        a_timeline(a_rung(10), breathing=programme("find_pace"))


@given(plans())
@settings(max_examples=40)
def test_nobody_ever_holds_the_breath_unless_the_caller_says_that_it_is_allowed(plan: Plan) -> None:
    heard = (
        replace(plan, programme=programme("with_pauses"), holds_allowed=False)
        if plan.rung.placement is not (Placement.FEET_STANDING)
        else plan
    )
    tones = of_kind(heard.heard(), Kind.INHALE, Kind.EXHALE)

    if not plan.holds_allowed or heard is not plan:
        assert all(second.at_s - end_s(first) < 0.01 for first, second in pairwise(tones))
    assert "breathing_pauses" not in lines_of(replace(heard, holds_allowed=False).heard())


def test_where_holding_is_allowed_it_is_heard_as_a_pause_and_explained() -> None:
    heard = a_timeline(a_rung(8), breathing=programme("with_pauses"), holds_allowed=True)
    tones = of_kind(heard, Kind.INHALE, Kind.EXHALE)

    assert min(second.at_s - end_s(first) for first, second in pairwise(tones)) >= 0.49
    assert "breathing_pauses" in lines_of(heard)


def test_five_more_minutes_lie_after_the_alarm_with_a_closing_and_an_alarm_of_their_own() -> None:
    heard = a_timeline(a_rung(5), wishes=Wishes(five_more=True), planned=a_rung(10))
    block = [cue for cue in heard.cues if cue.chapter is Chapter.FIVE_MORE]
    alarm = [cue for cue in heard.cues if cue.chapter is Chapter.ALARM]
    bell = next(cue for cue in block if cue.kind is Kind.BELL)

    assert heard.five_more is not None
    assert end_s(alarm[-1]) <= heard.five_more.from_s <= block[0].at_s
    assert heard.five_more.on_mat
    assert bell.at_s - heard.five_more.from_s == pytest.approx(300, abs=0.01)
    assert {"five_more", "five_more_closing", "sit_first", "wake_firmly"} <= {str(cue.line) for cue in block}
    assert [cue.kind for cue in block].count(Kind.ALARM) == [cue.kind for cue in alarm].count(Kind.ALARM)


@pytest.mark.parametrize("limits", [Limits(), Limits(max_minutes=12)])
def test_five_more_minutes_are_spent_off_the_mat_where_plan_or_safety_check_allow_no_more(limits: Limits) -> None:
    planned = a_rung(10 if limits.max_minutes is None else 30)
    heard = a_timeline(a_rung(10), permission=a_permission(limits), wishes=Wishes(five_more=True), planned=planned)

    assert heard.five_more is not None
    assert not heard.five_more.on_mat
    assert "five_more_off" in lines_of(heard)
    assert "five_more" not in lines_of(heard)


def test_an_open_end_goes_on_for_as_long_as_asked_with_its_bells() -> None:
    heard = a_timeline(a_rung(3), wishes=Wishes(open_end=True, bells=Bells(every_s=120.0, level_db=-20.0)))
    longer = prolonged(heard, 7200.0, words("en"))
    bells = [cue for cue in longer.cues if cue.chapter is Chapter.OPEN_QUIET and cue.kind is Kind.BELL]

    assert heard.open_end is not None
    assert longer.duration_s == 7200
    assert all(later.at_s - earlier.at_s == pytest.approx(120) for earlier, later in pairwise(bells))
    assert len(bells) == int((7200 - 9 - heard.open_end.from_s) // 120)
    assert {cue.level_db for cue in bells} == {-20.0}


@pytest.mark.parametrize("duration_s", [10.0, math.inf, math.nan])
def test_an_open_end_is_never_made_shorter_or_endless_as_a_file(duration_s: float) -> None:
    with pytest.raises(InvalidInputError, match="an open end, and"):
        prolonged(a_timeline(wishes=Wishes(open_end=True)), duration_s, words("en"))


def test_a_session_without_an_open_end_is_not_prolonged() -> None:
    with pytest.raises(InvalidInputError, match="without an open end"):
        prolonged(a_timeline(), 7200.0, words("en"))


def test_own_length_stays_within_plan_and_safety_check() -> None:
    tight = a_permission(Limits(max_minutes=8))

    assert longest_minutes(a_rung(15), a_permission()) == 15
    assert longest_minutes(a_rung(15), tight) == 8
    assert longest_minutes(a_rung(90), a_permission()) == LONGEST_MINUTES
    assert own_length(a_rung(15), 7, tight).minutes == 7
    for minutes in (1, 9):
        with pytest.raises(InvalidInputError, match="from 2 to 8"):
            own_length(a_rung(15), minutes, tight)
    with pytest.raises(NotAllowedError):
        a_timeline(a_rung(9), permission=tight)


def test_wished_levels_are_heard_but_what_wakes_is_never_turned_down() -> None:
    usual = a_timeline(a_rung(4))
    softer = a_timeline(a_rung(4), wishes=Wishes(levels=Levels(-6.0, -6.0, -6.0), bed=Bed.RAIN))
    waking = [cue for cue in softer.cues if cue.chapter is Chapter.ALARM]

    assert softer.under == Under(Bed.RAIN, 0.0)
    assert [cue for cue in usual.cues if cue.chapter is Chapter.ALARM] == waking
    assert all(
        soft.level_db == pytest.approx(loud.level_db - 6)
        for soft, loud in zip(softer.cues, usual.cues, strict=True)
        if soft.chapter is not Chapter.ALARM
    )


def test_wishes_out_of_range_are_all_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        Wishes(
            settle_in_s=500, levels=Levels(-40, 20, math.nan, 60), bells=Bells(every_s=1.0, at_s=(-5.0,), level_db=9.0)
        )

    assert [problem.where for problem in refused.value.problems] == [
        "settle_in_s",
        "voice_db",
        "bell_db",
        "tone_db",
        "bed_db",
        "bells.level_db",
        "bells.every_s",
        "bells.at_s",
    ]


def test_what_does_not_go_together_is_refused_together() -> None:
    standing = a_rung(2, Placement.FEET_STANDING)
    with pytest.raises(InvalidInputError) as refused:
        a_timeline(
            standing,
            breathing=programme("sighing"),
            wishes=Wishes(aim=aims()["neck"], scan=True, bells=Bells(at_s=(300.0,))),
        )

    assert [problem.where for problem in refused.value.problems] == ["breathing", "aim", "scan", "bells.at_s"]


def test_a_scan_without_room_is_refused_never_left_out() -> None:
    with pytest.raises(InvalidInputError, match=r"scan: got \d+ s of quiet"):
        a_timeline(a_rung(2), wishes=Wishes(scan=True))
