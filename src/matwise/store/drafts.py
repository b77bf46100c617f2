"""What is being typed, valid or not, so that nothing typed is ever lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from matwise.store.entry import check_ids, check_text
from matwise.store.instant import instant_columns
from matwise.store.tables import drafts


def keep(c: Connection, person: str, form: str, field: str, value: str, at: datetime) -> None:
    """Keep what a field of a form holds now.

    Raises:
        InvalidInputError: names everything that can't be kept.
    """
    check_ids(person=person, form=form, field=field)
    check_text(field, value)
    typed = {"value": value, **instant_columns("at", at)}
    new = insert(drafts).values(person=person, form=form, field=field, **typed)
    c.execute(new.on_conflict_do_update(index_elements=["person", "form", "field"], set_=typed))


def of(c: Connection, person: str, form: str) -> dict[str, str]:
    """What was typed into a form, by field."""
    wanted = select(drafts.c.field, drafts.c.value).where(drafts.c.person == person, drafts.c.form == form)
    return {row.field: row.value for row in c.execute(wanted.order_by(drafts.c.field))}


def clear(c: Connection, person: str, form: str) -> None:
    """Forget what was typed into a form, once it is kept for good."""
    c.execute(delete(drafts).where(drafts.c.person == person, drafts.c.form == form))
