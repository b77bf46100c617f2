"""The private address of a person: a secret that opens their feed and their calendar; only its hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from matwise.errors import InvalidInputError, Problem
from matwise.store.entry import check_ids
from matwise.store.instant import instant, instant_columns
from matwise.store.tables import private_addresses

SECRET = re.compile(r"[A-Za-z0-9_-]{22,86}")  # 128 bits and more, as text for an address


@dataclass(frozen=True, slots=True)
class KeptAddress:
    """When the address that holds now was made."""

    person: str
    made_at: datetime


def renew(c: Connection, person: str, secret: str, at: datetime) -> KeptAddress:
    """Open the address of this secret; an earlier one is revoked with it.

    Raises:
        InvalidInputError: the secret is too short, or holds what can't stand in an address.
    """
    check_ids(person=person)
    if not SECRET.fullmatch(secret):
        raise InvalidInputError(Problem("secret", f"{len(secret)} characters", "at least 22 letters, digits, - or _"))
    revoke(c, person, at)
    # A plain hash is enough: nobody can try 2^128 secrets, as they could try words that people think up.
    c.execute(
        insert(private_addresses).values(person=person, secret_sha256=_hash(secret), **instant_columns("made", at))
    )
    return KeptAddress(person, at)


def revoke(c: Connection, person: str, at: datetime) -> bool:
    """Close the address of a person, from now on; gives whether there was one."""
    is_open = (private_addresses.c.person == person, private_addresses.c.revoked_utc.is_(None))
    closed = c.execute(update(private_addresses).where(*is_open).values(**instant_columns("revoked", at)))
    return closed.rowcount > 0


def current(c: Connection, person: str) -> KeptAddress | None:
    """The address of a person that holds now, or None."""
    wanted = select(private_addresses).where(
        private_addresses.c.person == person, private_addresses.c.revoked_utc.is_(None)
    )
    row = c.execute(wanted).mappings().first()
    return None if row is None else KeptAddress(row["person"], instant(row, "made"))


def whose(c: Connection, secret: str) -> str | None:
    """Whose address this secret opens now, or None; how long it takes tells nothing of how near a wrong one is."""
    given = _hash(secret)
    wanted = select(private_addresses.c.person, private_addresses.c.secret_sha256).where(
        private_addresses.c.revoked_utc.is_(None)
    )
    found = None
    for person, known in c.execute(wanted):
        if hmac.compare_digest(known, given):
            found = person
    return found


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
