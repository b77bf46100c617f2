"""Lay out the tables of a new file, or bring those of an older one up to date.

A new file gets today's tables at once. An older one goes through `migrations/`, one file per step, all in a single
transaction; a step is numbered, has `upgrade()` alone and is never changed again. A step that rebuilds a table by
`op.batch_alter_table` passes `copy_from` and `table_kwargs={"sqlite_strict": True}`, as SQLite tells neither CHECKs nor
STRICT when it is asked what a table looks like.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from sqlalchemy import Connection

from matwise.store import tables
from matwise.store.connection import Raw, writing_engine
from matwise.store.durable import sync_file, sync_folder
from matwise.store.failure import DamagedFileError
from matwise.store.file_check import OURS

MIGRATIONS = Path(__file__).parent / "migrations"


def newest(migrations: Path = MIGRATIONS) -> int:
    """The number of the newest migration."""
    return max(int(file.name[:4]) for file in migrations.glob("[0-9][0-9][0-9][0-9]_*.py"))


def create(path: Path) -> None:
    """Make a new file with today's tables; a file that somebody else made meanwhile stays as it is.

    It is made aside and then moved into place, so a file under its own name is always complete.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    os.close(handle)
    aside = Path(name)
    try:
        _lay_out(aside)
        _move_unless_there(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def upgrade(path: Path, migrations: Path = MIGRATIONS) -> None:
    """Bring the tables of a file up to date, all steps or none.

    Raises:
        DamagedFileError: rows of the file point to rows that are not there.
    """
    with writing_engine(path).connect() as c:
        # Rebuilding a table drops the old one, which would take the rows that point to it along. Outside a transaction,
        # where alone it has an effect; all of it is checked before COMMIT.
        _driver(c).execute("PRAGMA foreign_keys = OFF")
        with c.begin():
            # Read again under the lock: another program may have been quicker.
            run_steps(c, int(c.exec_driver_sql("PRAGMA user_version").scalar_one()), migrations)
            orphans = c.exec_driver_sql("PRAGMA foreign_key_check").all()
            if orphans:
                raise DamagedFileError(f"{path}: {len(orphans)} rows belong to something that is not there.")


def run_steps(c: Connection, version: int, migrations: Path = MIGRATIONS) -> None:
    """Run every step after `version` in the transaction of `c`."""
    # Imported here alone: a second on a slow machine, and needed once a year.
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("version_locations", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")  # a folder's name may hold any other separator
    script = ScriptDirectory.from_config(config)
    steps = [step for step in script.walk_revisions() if int(step.revision) > version]
    with Operations.context(MigrationContext.configure(c, opts={"render_as_batch": True})):
        for step in reversed(steps):
            step.module.upgrade()
            c.exec_driver_sql(f"PRAGMA user_version = {int(step.revision)}")


def _lay_out(empty: Path) -> None:
    with writing_engine(empty).begin() as c:
        tables.metadata.create_all(c)
        c.exec_driver_sql(f"PRAGMA application_id = {OURS}")
        c.exec_driver_sql(f"PRAGMA user_version = {tables.VERSION}")


def _move_unless_there(aside: Path, path: Path) -> None:
    sync_file(aside)
    if path.exists() and path.stat().st_size == 0:
        aside.replace(path)
        return
    try:
        os.link(aside, path)  # unlike a rename it never takes the place of a file
    except FileExistsError:
        return
    except OSError:  # a file system without links, as on memory sticks
        if not path.exists():
            aside.replace(path)


def _driver(c: Connection) -> Raw:
    return c.connection.dbapi_connection
