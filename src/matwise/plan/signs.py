"""What a session says by itself: calm, a warning, or neither."""

from __future__ import annotations

from matwise.plan.rung import Effort, SkinNextDay

PAIN_CALM = 4  # of 10. Our own choice: it may prick, it must not be something to get through
PAIN_STRONG = 7  # of 10. Above this people stop: 8 of 91 did in the one study that counted (content/claims.yaml: harms)


def is_warning(effort: Effort) -> bool:
    """Strong pain, dizziness, bruised or broken skin, or a session ended early, unless somebody was at the door."""
    strong = effort.worst_pain_0_10 is not None and effort.worst_pain_0_10 >= PAIN_STRONG
    hurt = effort.skin_next_day is SkinNextDay.BRUISED_OR_BROKEN
    return strong or hurt or effort.dizzy is True or not (effort.completed or effort.interrupted)


def is_calm(effort: Effort) -> bool:
    """Finished at full length, little pain, no dizziness, skin fine the next day; all of it said, none assumed."""
    return (
        effort.completed
        and not effort.shortened
        and effort.worst_pain_0_10 is not None
        and effort.worst_pain_0_10 <= PAIN_CALM
        and effort.dizzy is False
        and effort.skin_next_day is SkinNextDay.FINE
    )
