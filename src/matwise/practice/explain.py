"""Read what is known about mats, who says so, and when it was reviewed."""

from __future__ import annotations

from matwise.content import claims as known
from matwise.content import rules
from matwise.content.claims import Claim
from matwise.errors import MatwiseError


class NoSuchClaimError(MatwiseError):
    """There is no entry of this name."""

    def __init__(self, claim_id: str) -> None:
        super().__init__(f"Nothing is written about {claim_id!r}; `matwise explain` lists what there is.")


def claims() -> tuple[Claim, ...]:
    """Everything that is claimed of mats, and everything Matwise itself claims, with what is known."""
    return known.claims()


def claim(claim_id: str) -> Claim:
    """One entry.

    Raises:
        NoSuchClaimError: there is none of this id.
    """
    for one in claims():
        if one.id == claim_id:
            return one
    raise NoSuchClaimError(claim_id)


def clinically_reviewed() -> bool:
    """Whether a named clinician has signed the safety rules."""
    return rules.clinically_reviewed()


def known_limits() -> tuple[str, ...]:
    """What was not read or could not be found."""
    return known.known_limits()
