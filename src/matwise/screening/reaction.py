"""What counts as a bad reaction to a session."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Hazards H3, H5 and H18: the reasons to stop that content/words marks as warnings, by their ids.
WARNING_STOPS: Mapping[str, str] = MappingProxyType(
    {
        "dizzy": "dizziness",
        "skin": "trouble with your skin",
        "numb": "numbness",
        "chest": "tightness in the chest or a racing heart",
    }
)
PAIN_TOO_STRONG = 9  # of 10: nobody should bear that on a mat, whatever they chose to do about it


def reaction_to_stop(reason: str) -> str | None:
    """The bad reaction behind a reason to stop; None for a harmless one."""
    return WARNING_STOPS.get(reason)


def reaction_to_pain(worst_pain_0_10: int) -> str | None:
    """The bad reaction behind the strongest pain; None below 9 of 10."""
    return f"pain of {worst_pain_0_10} out of 10" if worst_pain_0_10 >= PAIN_TOO_STRONG else None


def reaction_to_dizziness(*, dizzy: bool) -> str | None:
    """The bad reaction behind dizziness."""
    return WARNING_STOPS["dizzy"] if dizzy else None


def reaction_to_skin(*, broken: bool) -> str | None:
    """The bad reaction behind bruised or broken skin."""
    return "bruised or broken skin" if broken else None
