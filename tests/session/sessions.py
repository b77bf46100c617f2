"""Sessions to test with: the real words, the real lengths of the clips, a permission that allows everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from matwise.content.voices import voice
from matwise.content.words import words
from matwise.plan.rung import Rung
from matwise.screening.gate import Permission
from matwise.screening.limits import NO_LIMITS, Base, Layer, Limits, Placement
from matwise.screening.rule import Outcome
from matwise.screening.verdict import Verdict
from matwise.session.balance import Forecast
from matwise.session.bed import bed_sound
from matwise.session.breathing import Breathing
from matwise.session.cue import Cue, Kind, Timeline
from matwise.session.mix import mix, turned_db
from matwise.session.programme import Programme
from matwise.session.script import ARMS
from matwise.session.sound import Samples, quiet
from matwise.session.timeline import timeline
from matwise.session.wishes import Wishes

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def a_rung(minutes: int = 2, placement: Placement = Placement.WHOLE_BACK, layer: Layer = Layer.THIN_SHIRT) -> Rung:
    return Rung(4, "back", placement, layer, Base.BED, minutes, 3, "Whole back", "Roll down slowly.")


def a_permission(limits: Limits = NO_LIMITS) -> Permission:
    verdict = Verdict(Outcome.GO, (), limits, NOW.date(), NOW.date() + timedelta(days=27), "1")
    return Permission(verdict, NOW)


def a_timeline(
    rung: Rung | None = None,
    arm: str = "mat",
    breathing: Breathing | Programme | None = None,
    permission: Permission | None = None,
    wishes: Wishes | None = None,
    *,
    holds_allowed: bool = False,
    planned: Rung | None = None,
    language: str = "en",
) -> Timeline:
    return timeline(
        rung or a_rung(),
        permission or a_permission(Limits(no_breath_holds=not holds_allowed)),
        arm=arm,
        words=words(language),
        speech_s=voice(language).speech_s(),
        breathing=breathing or Breathing(),
        now=NOW,
        wishes=wishes,
        planned=planned,
    )


def a_snippet(heard: Timeline, from_s: float, length_s: float) -> Timeline:
    """Some seconds out of a session, as a session of their own."""
    inside = (cue for cue in heard.cues if from_s <= cue.at_s < from_s + length_s)
    return replace(heard, cues=tuple(replace(cue, at_s=cue.at_s - from_s) for cue in inside), duration_s=length_s)


def seeded(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def rendered(heard: Timeline, seed: int = 1, block_s: float = 2.0) -> Samples:
    return np.concatenate(list(mix(heard, voice("en"), seeded(seed), block_s)))


def turned(heard: Timeline, seed: int = 1, language: str = "en") -> float:
    """How far this session is turned up or down, in dB."""
    return turned_db(heard, voice(language), seeded(seed))


def forecast(heard: Timeline, session_db: float = 0.0, seed: int = 1, language: str = "en") -> float:
    """How loud it would be if it were turned up or down by so much, in LUFS."""
    rng = seeded(seed)
    quiet(rng)
    bed = bed_sound(heard.under.bed, rng) if heard.under is not None else None
    return Forecast(heard, voice(language), bed).lufs(session_db)


def end_s(cue: Cue) -> float:
    return cue.at_s + cue.duration_s


def said(heard: Timeline, line: str) -> Cue:
    return next(cue for cue in heard.cues if cue.line == line)


def lines_of(heard: Timeline) -> list[str]:
    """Ids of what is said, in order, without the endings of the arms."""
    ids = (cue.line for cue in heard.cues if cue.line is not None)
    return [line.rpartition("_")[0] if line.rpartition("_")[2] in ARMS else line for line in ids]


def of_kind(heard: Timeline, *kinds: Kind) -> list[Cue]:
    return [cue for cue in heard.cues if cue.kind in kinds]
