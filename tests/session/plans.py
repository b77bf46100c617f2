"""Sessions as people choose them: any aim, any programme, any bed, bells and levels of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from matwise.content.aims import aims
from matwise.content.breathing import breathing, programme
from matwise.plan.rung import Rung
from matwise.screening.limits import Layer, Placement
from matwise.session.aim import NO_AIM, Aim
from matwise.session.cue import Bed, Timeline
from matwise.session.programme import PACES_PER_MIN, Programme
from matwise.session.wishes import BED_DB, BELL_DB, TONE_DB, VOICE_DB, Bells, Levels, Wishes
from tests.session.sessions import a_rung, a_timeline

SHORTEST_FOR_ALL = 13  # minutes: five paces of two minutes, and a scan
EVERY_AIM = (NO_AIM, *aims().values())


@dataclass(frozen=True)
class Plan:
    rung: Rung
    programme: Programme
    wishes: Wishes
    holds_allowed: bool

    def heard(self, arm: str = "mat", language: str = "en") -> Timeline:
        return a_timeline(
            self.rung,
            arm,
            self.programme,
            wishes=self.wishes,
            holds_allowed=self.holds_allowed,
            planned=replace(self.rung, minutes=30),
            language=language,
        )


def fits(programme: Programme, placement: Placement, minutes: int) -> bool:
    standing = placement is Placement.FEET_STANDING and programme.never_standing
    return not standing and not (programme.whole and minutes < SHORTEST_FOR_ALL)


@st.composite
def plans(draw: st.DrawFn, longest: int = 30) -> Plan:
    aim: Aim = draw(st.sampled_from(EVERY_AIM))
    placement = draw(st.sampled_from(sorted(aim.placements)))
    minutes = draw(st.integers(2, longest))
    offered = [name for name, one in breathing().items() if fits(one.programme, placement, minutes)]
    name = draw(st.sampled_from(offered))
    pace = draw(st.floats(*PACES_PER_MIN)) if breathing()[name].own_pace else None
    led = programme(name, pace)
    scan = minutes >= 8 and not led.whole and placement is not Placement.FEET_STANDING and draw(st.booleans())
    wishes = Wishes(
        aim=aim,
        bed=draw(st.none() | st.sampled_from(Bed)),
        bells=draw(st.builds(Bells, st.booleans(), st.none() | st.floats(30, 600), st.just(()), st.floats(*BELL_DB))),
        levels=draw(st.builds(Levels, *(st.floats(*one) for one in (VOICE_DB, BELL_DB, TONE_DB, BED_DB)))),
        settle_in_s=draw(st.floats(0, 120)),
        scan=scan,
        familiar=draw(st.booleans()),
        five_more=draw(st.booleans()),
        open_end=draw(st.booleans()),
    )
    return Plan(a_rung(minutes, placement, draw(st.sampled_from(Layer))), led, wishes, draw(st.booleans()))


def random_plan(rng: np.random.Generator, bed: Bed | None, longest: int = 30) -> Plan:
    """A plan by chance; the same generator gives the same plan."""
    aim = EVERY_AIM[rng.integers(len(EVERY_AIM))]
    placement = sorted(aim.placements)[rng.integers(len(aim.placements))]
    minutes = int(rng.integers(2, longest + 1))
    offered = [name for name, one in breathing().items() if fits(one.programme, placement, minutes)]
    name = offered[rng.integers(len(offered))]
    led = programme(name, float(rng.uniform(*PACES_PER_MIN)) if breathing()[name].own_pace else None)
    calm = placement is not Placement.FEET_STANDING and not led.whole and minutes >= 8
    wishes = Wishes(
        aim=aim,
        bed=bed,
        bells=Bells(bool(rng.random() < 0.8), float(rng.uniform(30, 300)) if rng.random() < 0.5 else None),
        levels=Levels(*(float(rng.uniform(*one)) for one in (VOICE_DB, BELL_DB, TONE_DB, BED_DB))),
        scan=bool(calm and rng.random() < 0.5),
        five_more=bool(rng.random() < 0.3),
        open_end=bool(rng.random() < 0.3),
    )
    layer = Layer(int(rng.integers(len(Layer))))
    return Plan(a_rung(minutes, placement, layer), led, wishes, holds_allowed=bool(rng.random() < 0.5))
