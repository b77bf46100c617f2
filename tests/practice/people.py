"""The people of the stories, and what they answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from matwise.practice import screen
from matwise.screening.verdict import Verdict
from matwise.store.database import Database, open_database

BERLIN = timezone(timedelta(hours=1), "CET")
MONDAY_EVENING = datetime(2026, 11, 23, 19, 0, tzinfo=BERLIN)
UTC_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@contextmanager
def a_database(folder: Path, now: datetime = MONDAY_EVENING) -> Iterator[Database]:
    """A fresh database in `folder`."""
    db = open_database(folder / "matwise.db", now)
    try:
        yield db
    finally:
        db.close()


def answers_all(
    db: Database, now: datetime = MONDAY_EVENING, but: Mapping[str, tuple[str, tuple[str, ...]]] | None = None
) -> Verdict:
    """Somebody who answers "no" to every question, `but` those named."""
    check = screen.resume(db, now)
    for rule in check.unanswered:
        reply, areas = (but or {}).get(rule.id, ("no", ()))
        screen.keep_answer(db, check.id, rule.id, reply, areas, now)
    return screen.finish(db, check.id, now)
