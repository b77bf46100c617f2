"""Tables in memory, to try out what would become of readings before any of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine
from sqlcipher3 import dbapi2

from matwise.store.tables import metadata


@contextmanager
def aside() -> Iterator[Connection]:
    """An empty database that is gone when the block ends; it has the same tables, and references are not checked."""
    engine = create_engine("sqlite://", module=dbapi2)
    try:
        with engine.connect() as c:
            metadata.create_all(c)
            yield c
    finally:
        engine.dispose()
