from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from matwise.errors import InvalidInputError
from matwise.store import addresses
from matwise.store.database import Database

from .kept import EVENING, LATER, ME, content, read

SECRET, NEWER = "a" * 22, "b" * 43


def renew(db: Database, secret: str = SECRET, person: str = ME) -> None:
    db.write(partial(addresses.renew, person=person, secret=secret, at=EVENING))


def whose(db: Database, secret: str) -> str | None:
    return read(db, lambda c: addresses.whose(c, secret))


def test_a_secret_opens_the_address_of_its_person_and_no_other_secret_does(db: Database) -> None:
    renew(db)
    renew(db, NEWER, "ben")

    assert (whose(db, SECRET), whose(db, NEWER)) == (ME, "ben")
    assert [whose(db, wrong) for wrong in ("", "a" * 21, "a" * 23, SECRET.upper(), "\ud800", "ä" * 22)] == [None] * 6


def test_the_secret_itself_is_nowhere_in_the_file(db: Database, path: Path) -> None:
    renew(db)
    db.close()

    assert all(SECRET.encode() not in file.read_bytes() for file in path.parent.rglob("*") if file.is_file())
    assert len(content(path)["private_addresses"]) == 1


def test_a_revoked_address_opens_nothing_at_once(db: Database) -> None:
    renew(db)
    closed = [db.write(partial(addresses.revoke, person=ME, at=LATER)) for _ in range(2)]

    assert closed == [True, False]
    assert whose(db, SECRET) is None
    assert read(db, lambda c: addresses.current(c, ME)) is None


def test_a_new_address_revokes_the_one_before_and_nobody_elses(db: Database) -> None:
    renew(db)
    renew(db, "c" * 22, "ben")
    renew(db, NEWER)

    assert [whose(db, secret) for secret in (SECRET, NEWER, "c" * 22)] == [None, ME, "ben"]
    kept = read(db, lambda c: addresses.current(c, ME))
    assert kept is not None
    assert kept.made_at == EVENING


@pytest.mark.parametrize("secret", ["", "a" * 21, "a" * 87, "a" * 21 + "/", "ä" * 30])
def test_a_secret_of_less_than_128_bits_or_none_for_an_address_is_refused(db: Database, secret: str) -> None:
    with pytest.raises(InvalidInputError, match="at least 22") as refused:
        renew(db, secret)

    assert not secret or secret not in str(refused.value)
