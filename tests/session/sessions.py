"""Sessions to test with: the real words, the real lengths of the clips, a permission that allows everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from matwise.content.voices import voice
from matwise.content.words import words
from matwise.plan.rung import Rung
from matwise.screening.gate import Permission
from matwise.screening.limits import NO_LIMITS, Base, Layer, Limits, Placement
from matwise.screening.rule import Outcome
from matwise.screening.verdict import Verdict
from matwise.session.breathing import Breathing
from matwise.session.cue import Cue, Kind, Timeline
from matwise.session.timeline import timeline

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def a_rung(minutes: int = 2, placement: Placement = Placement.WHOLE_BACK, layer: Layer = Layer.THIN_SHIRT) -> Rung:
    return Rung(4, "back", placement, layer, Base.BED, minutes, 3, "Whole back", "Roll down slowly.")


def a_permission(limits: Limits = NO_LIMITS) -> Permission:
    verdict = Verdict(Outcome.GO, (), limits, NOW.date(), NOW.date() + timedelta(days=27), "1")
    return Permission(verdict, NOW)


def a_timeline(
    rung: Rung | None = None,
    arm: str = "mat",
    breathing: Breathing | None = None,
    permission: Permission | None = None,
) -> Timeline:
    return timeline(
        rung or a_rung(),
        permission or a_permission(),
        arm=arm,
        words=words("en"),
        speech_s=voice("en").speech_s(),
        breathing=breathing or Breathing(),
        now=NOW,
    )


def of_kind(heard: Timeline, *kinds: Kind) -> list[Cue]:
    return [cue for cue in heard.cues if cue.kind in kinds]
