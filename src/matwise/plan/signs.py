"""What a session says by itself: calm, a warning, or neither."""

from __future__ import annotations

from collections.abc import Sequence

from matwise.plan.rung import Effort, SkinNextDay

PAIN_CALM = 4  # of 10. Our own choice: it may prick, it must not be something to get through
PAIN_STRONG = 7  # of 10. Above this people stop: 8 of 91 did in the one study that counted (content/claims.yaml: harms)

NAP_MINUTES = 5.0  # shorter ones are dozing. Our own choice, like all of the rule: nobody has studied naps on a mat


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


def naps_grow(done: Sequence[Effort]) -> bool:
    """Whether naps grow: the latest is a real one and longer than the one before, or both fill half of the session."""
    told = [(0.0, 0.0), *((one.nap_minutes, one.minutes) for one in done if one.nap_minutes is not None)]
    last, of_last = told[-1]
    if last < NAP_MINUTES:
        return False
    before, of_before = told[-2]
    both_half = before >= NAP_MINUTES and 2 * before >= of_before and 2 * last >= of_last
    return last > before or both_half
