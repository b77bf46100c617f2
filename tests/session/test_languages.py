"""Twenty sessions in every language: somebody says every line, all arms take the same time, and the sound is there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matwise.content.breathing import breathing, programme
from matwise.content.voices import voice
from matwise.content.words import languages, lines, words
from matwise.screening.limits import Limits, Placement
from matwise.session.balance import level_db
from matwise.session.cue import Kind, Timeline
from matwise.session.loudness import power_at, step_power
from matwise.session.mix import mix
from matwise.session.programme import PACES_PER_MIN
from matwise.session.reading import longest_s
from matwise.session.script import ARMS
from matwise.session.sound import RATE_HZ, gain
from matwise.session.timeline import timeline
from matwise.session.wishes import Bells, Wishes
from tests.session.plans import EVERY_AIM, Plan, random_plan
from tests.session.sessions import NOW, a_permission, a_rung, a_snippet, of_kind, seeded, turned

LANGUAGES = tuple(one.code for one in languages())
WITH_PAUSES_LUFS = -20.9  # each clip is −20 without its pauses
SESSIONS = 20


def plan(number: int) -> Plan:
    return random_plan(seeded(1000 + number), None, longest=14)


def heard(code: str, plan: Plan, arm: str = "mat") -> Timeline:
    return timeline(
        plan.rung,
        a_permission(Limits(no_breath_holds=not plan.holds_allowed)),
        arm=arm,
        words=words(code),
        speech_s=voice(code).speech_s(),
        breathing=plan.programme,
        now=NOW,
        wishes=plan.wishes,
        planned=replace(plan.rung, minutes=30),
    )


@pytest.mark.parametrize("code", LANGUAGES)
def test_of_twenty_sessions_every_line_has_its_clip_and_room_for_it(code: str) -> None:
    speech_s, texts = voice(code).speech_s(), words(code)
    for number in range(SESSIONS):
        one = heard(code, plan(number), ARMS[number % 3])
        said = of_kind(one, Kind.VOICE)

        assert len(said) > 15
        for cue in said:
            assert cue.line is not None
            assert cue.text == texts[cue.line]
            assert speech_s[cue.line] <= cue.duration_s + 1e-6
        next(mix(one, voice(code), seeded(number)))  # refuses a session that lacks a clip


@pytest.mark.parametrize("code", LANGUAGES)
def test_of_twenty_sessions_a_line_by_chance_is_heard_when_its_caption_says_so(code: str) -> None:
    for number in range(SESSIONS):
        one = heard(code, plan(number), ARMS[number % 3])
        said = of_kind(one, Kind.VOICE)
        cue = said[int(seeded(number).integers(len(said)))]
        assert cue.line is not None
        around = a_snippet(one, cue.at_s - 1.0, cue.duration_s + 2.0)
        sound = np.concatenate(list(mix(around, voice(code), seeded(number))))
        during = sound[RATE_HZ : round((1 + voice(code).speech_s()[cue.line]) * RATE_HZ)]
        wished = gain(level_db(cue, turned(around, number, code)) - 26)

        assert np.sqrt(np.mean(during**2)) > wished, cue


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_arm_of_a_session_takes_the_same_time_to_the_thousandth(code: str) -> None:
    for number in range(SESSIONS):
        mat, *others = (heard(code, plan(number), arm) for arm in ARMS)
        for other in others:
            assert other.duration_s == mat.duration_s
            assert [(cue.at_s, cue.duration_s, cue.kind, cue.chapter) for cue in other.cues] == [
                (cue.at_s, cue.duration_s, cue.kind, cue.chapter) for cue in mat.cues
            ]


@pytest.mark.parametrize("code", LANGUAGES)
def test_somebody_who_takes_as_long_as_they_may_for_every_line_is_heard_in_every_session(code: str) -> None:
    led = [programme(name, PACES_PER_MIN[1] if one.own_pace else None) for name, one in breathing().items()]
    slowest = longest_s({line.id: line.text for line in lines(code)}, led)
    composed = 0
    for aim in EVERY_AIM:
        for place in sorted(aim.placements):
            for one in led:
                if one.whole or (one.never_standing and place is Placement.FEET_STANDING):
                    continue
                timeline(
                    a_rung(2, place),
                    a_permission(),
                    arm="mat",
                    words=words(code),
                    speech_s=slowest,
                    breathing=one,
                    now=NOW,
                    wishes=Wishes(aim=aim, bells=Bells(ring=composed % 2 == 0)),
                )
                composed += 1
    assert composed > 150


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_words_of_a_breath_are_said_in_every_language(code: str) -> None:
    for name, one in breathing().items():
        if one.programme.path:
            led = programme(name)
            plan_ = Plan(a_rung(14), led, Wishes(), holds_allowed=True)
            said = [cue.line for cue in heard(code, plan_).cues]

            assert said.count("breathe_in") == said.count("breathe_out") == 4, name
            assert said.count("breathe_in_again") == (4 if led.path[0].breathing.second_inhale_s else 0)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_title_is_told_in_the_language(code: str) -> None:
    rung = replace(a_rung(5), id="neck_pillow", title="Neck with the pillow")
    title = heard(code, Plan(rung, programme(), Wishes(), holds_allowed=True), "rest").title

    assert title == words(code)["title_rest"].format(
        rung=words(code).get("rung_neck_pillow", "Neck with the pillow"), minutes=5
    )
    assert "{" not in title


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_voice_is_within_a_decibel_as_loud_as_the_others_with_its_pauses(code: str) -> None:
    ours = voice(code)
    power = [step_power(ours.clip(line), ours.rate_hz).mean() for line in list(ours.speech_s())[::5]]

    assert 10 * np.log10(np.mean(power) / power_at(WITH_PAUSES_LUFS)) == pytest.approx(0.0, abs=1.0)
