"""What counts as a bad reaction to a session."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from matwise.sentence import Sentence

# Hazards H3, H5 and H18: the reasons to stop that content/words marks as warnings, by their ids.
WARNING_STOPS: Mapping[str, str] = MappingProxyType(
    {
        "dizzy": Sentence("dizziness"),
        "skin": Sentence("trouble with your skin"),
        "numb": Sentence("numbness"),
        "chest": Sentence("tightness in the chest or a racing heart"),
    }
)
TOO_MUCH_PAIN = Sentence("pain of {pain} out of 10")
BROKEN_SKIN = Sentence("bruised or broken skin")
PAIN_TOO_STRONG = 9  # of 10: nobody should bear that on a mat, whatever they chose to do about it


def reaction_to_stop(reason: str) -> str | None:
    """The bad reaction behind a reason to stop; None for a harmless one."""
    return WARNING_STOPS.get(reason)


def reaction_to_pain(worst_pain_0_10: int) -> str | None:
    """The bad reaction behind the strongest pain; None below 9 of 10."""
    return TOO_MUCH_PAIN.format(pain=worst_pain_0_10) if worst_pain_0_10 >= PAIN_TOO_STRONG else None


def reaction_to_dizziness(*, dizzy: bool) -> str | None:
    """The bad reaction behind dizziness."""
    return WARNING_STOPS["dizzy"] if dizzy else None


def reaction_to_skin(*, broken: bool) -> str | None:
    """The bad reaction behind bruised or broken skin."""
    return BROKEN_SKIN if broken else None
