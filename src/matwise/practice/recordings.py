"""See what recordings of beats say: each on its own, with how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matwise.practice.person import ME
from matwise.store import recordings

if TYPE_CHECKING:
    from matwise.measures.heart_rate_variability import Variability
    from matwise.store.database import Database
    from matwise.store.recordings import KeptRecording

MOST = 50  # of the latest: each is worked out anew from its beats


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording and what its beats say."""

    recording: KeptRecording
    variability: Variability


def latest(db: Database) -> tuple[Heard, ...]:
    """The latest recordings, newest first."""
    from matwise.measures.heart_rate_variability import variability

    with db.read() as c:
        kept = recordings.all_of(c, ME)[-MOST:]
    return tuple(Heard(one, variability(one.rr_ms, led=one.moment == recordings.DURING)) for one in reversed(kept))
