from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

import matwise
from matwise.store import migrate, ratings, sessions, tables, trials
from matwise.store.backup import BACKUPS, copies
from matwise.store.connection import OLDEST_SQLITE, check_sqlite, raw, reading, writing, writing_engine
from matwise.store.database import open_database
from matwise.store.failure import DamagedFileError, NotOurFileError, SchemaTooNewError, SqliteTooOldError, StorageError
from matwise.store.file_check import beside
from matwise.trial.design import Arm, Design, Question, TrialDay

from .kept import EVENING, ME, a_rating, content, fingerprint, read

NEXT_STEP = f"""
from alembic import op

revision = "{tables.VERSION + 1:04}"
down_revision = "{tables.VERSION:04}"


def upgrade() -> None:
    op.execute("ALTER TABLE drafts ADD COLUMN note TEXT")
    op.execute("CREATE TABLE notes (seq INTEGER PRIMARY KEY, person TEXT NOT NULL) STRICT")
"""


def _filled(path: Path) -> None:
    with open_database(path, EVENING) as db:
        db.write(lambda c: ratings.keep(c, ME, a_rating()))


def _left_by_kill(path: Path, statement: str = "PRAGMA user_version = 1") -> None:
    """A database beside the log of a program that never got to close it."""
    _filled(path)
    aside = path.with_name("running.db")
    shutil.copy(path, aside)
    with closing(writing(aside)) as connection:
        connection.execute(statement)
        shutil.copy(aside, path)
        shutil.copy(beside(aside, "-wal"), beside(path, "-wal"))
    aside.unlink()


def _with_next_step(folder: Path, step: str = NEXT_STEP) -> Path:
    migrations = folder / "migrations"
    shutil.copytree(migrate.MIGRATIONS, migrations)
    (migrations / f"{tables.VERSION + 1:04}_notes.py").write_text(step)
    return migrations


def _schema(c: Connection) -> dict[str, str]:
    rows = c.exec_driver_sql("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").all()
    return {name: "".join(sql.replace('"', "").split()) for name, sql in rows}


def test_a_new_database_is_made_with_its_folder_for_the_persons_own_eyes(path: Path) -> None:
    open_database(path, EVENING).close()

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_what_was_kept_is_there_when_it_is_opened_again(path: Path) -> None:
    _filled(path)

    with open_database(path, EVENING) as db:
        assert read(db, lambda c: ratings.all_of(c, ME)) == (a_rating(),)


def test_everything_written_is_durable_and_the_file_can_not_run_code(path: Path) -> None:
    open_database(path, EVENING).close()
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "secure_delete": 1,
        "fullfsync": 1,
        "checkpoint_fullfsync": 1,
    }
    with closing(writing(path)) as connection, closing(reading(path)) as reader:
        found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}

        assert found == wanted
        assert reader.execute("PRAGMA query_only").fetchone()[0] == 1


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2)])
def test_a_sqlite_that_can_corrupt_databases_is_refused(version: tuple[int, ...]) -> None:
    with pytest.raises(SqliteTooOldError, match=r"want 3\.51\.3"):
        check_sqlite(version)
    check_sqlite(OLDEST_SQLITE)


@pytest.mark.parametrize(
    "what",
    [b"not a database at all", b"SQLite format 3\0", b"\xff" * 5000, b"day,arm,pain\n1,mat,4\n"],
    ids=["text", "half a header", "noise", "a table"],
)
def test_a_file_that_is_something_else_is_refused_untouched(path: Path, what: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(what)

    with pytest.raises(NotOurFileError, match="not a Matwise database"):
        open_database(path, EVENING)
    assert path.read_bytes() == what
    assert list(path.parent.iterdir()) == [path]


def test_a_database_of_another_program_is_refused_untouched(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with closing(raw(path)) as connection:
        connection.execute("CREATE TABLE ratings (anything)")
    before = fingerprint(path)

    with pytest.raises(NotOurFileError):
        open_database(path, EVENING)
    assert fingerprint(path) == before


def test_a_file_from_a_newer_matwise_is_refused_untouched(path: Path) -> None:
    _filled(path)
    with closing(raw(path)) as connection:
        connection.execute("PRAGMA user_version = 9")
    before = fingerprint(path)

    with pytest.raises(SchemaTooNewError, match=f"version 9, this program knows {tables.VERSION}"):
        open_database(path, EVENING)
    assert fingerprint(path) == before
    assert set(before) == {path.name}


def test_a_newer_file_whose_version_is_only_in_its_log_is_refused_untouched(path: Path) -> None:
    _left_by_kill(path, "PRAGMA user_version = 9")
    before = fingerprint(path)

    with pytest.raises(SchemaTooNewError):
        open_database(path, EVENING)
    assert fingerprint(path) == before
    assert set(before) == {path.name, path.name + "-wal"}


def test_what_a_killed_program_left_in_the_log_is_not_lost(path: Path) -> None:
    _left_by_kill(path, "UPDATE ratings SET value_0_10 = 9")

    with open_database(path, EVENING) as db:
        assert read(db, lambda c: ratings.all_of(c, ME)) == (a_rating(value=9),)


@pytest.mark.parametrize("damage", ["truncated", "noise inside", "orphan log", "emptied beside its log"])
def test_a_damaged_database_is_refused_and_never_replaced(path: Path, damage: str) -> None:
    _left_by_kill(path) if "log" in damage else _filled(path)
    whole = path.read_bytes()
    if damage == "truncated":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "noise inside":
        path.write_bytes(whole[:4096] + b"\x5a" * (len(whole) - 4096))
    elif damage == "orphan log":
        path.unlink()
    else:
        path.write_bytes(b"")
    before = fingerprint(path)

    with pytest.raises(DamagedFileError):
        open_database(path, EVENING)
    assert fingerprint(path) == before


def test_an_empty_file_is_a_place_for_a_new_database(path: Path) -> None:
    path.parent.mkdir()
    path.touch()

    with open_database(path, EVENING) as db:
        db.write(lambda c: ratings.keep(c, ME, a_rating()))


def test_a_folder_that_can_not_be_written_is_told_plainly(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")

    with pytest.raises(StorageError, match="could not be done"):
        open_database(in_the_way / "matwise.db", EVENING)


def test_many_may_make_the_database_at_once(path: Path) -> None:
    ready = threading.Barrier(8)
    told: list[object] = []

    def job(number: int) -> None:
        ready.wait(10)
        try:
            with open_database(path, EVENING) as db:
                db.write(lambda c: ratings.keep(c, ME, a_rating(f"r-{number}")))
        except Exception as problem:
            told.append(problem)

    threads = [threading.Thread(target=job, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told == []
    assert {row[2] for row in content(path)["ratings"]} == {f"r-{number}" for number in range(8)}
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_migrations_end_in_the_tables_that_a_new_file_gets(tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()
    migrate.create(tmp_path / "new.db")
    with writing_engine(empty).connect() as migrated, writing_engine(tmp_path / "new.db").connect() as laid_out:
        migrate.run_steps(migrated, 0)

        assert _schema(migrated) == _schema(laid_out)
        assert migrated.exec_driver_sql("PRAGMA user_version").scalar() == tables.VERSION == migrate.newest()
        assert compare_metadata(MigrationContext.configure(migrated), tables.metadata) == []


def test_what_the_first_tables_hold_comes_along(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch()
    first = tmp_path / "migrations"
    first.mkdir()
    shutil.copy(migrate.MIGRATIONS / "0001_first_tables.py", first)
    with writing_engine(path).begin() as c:
        migrate.run_steps(c, 0, first)
        c.exec_driver_sql(
            "INSERT INTO trials VALUES (3, 't-1', 'me', 'pain', 'rest', 14, 4, 1, '2026-03-01', 7, "
            "'2026-03-01T20:00:00.000000Z', 60, NULL, NULL, NULL)"
        )
        c.exec_driver_sql("INSERT INTO trial_days VALUES ('t-1', 'me', 1, '2026-03-01', 'mat', 0)")
        c.exec_driver_sql(
            "INSERT INTO sessions (seq, id, person, arm, rung, placement, layer, base, planned_minutes, started_utc, "
            "started_offset_min, day) VALUES (5, 's-1', 'me', 'rest', 2, 'hands', 2, 1, 5, "
            "'2026-03-01T20:00:00.000000Z', 60, '2026-03-01')"
        )
        c.exec_driver_sql(
            "INSERT INTO session_reports VALUES (9, 's-1', 'me', 'dizzy', '0', '2026-03-01T21:00:00.000000Z', 60, "
            "'2026-03-01')"
        )
    migrate.upgrade(path)
    with writing_engine(path).connect() as c:
        (kept,) = trials.all_of(c, "me")
        (session,) = sessions.all_of(c, "me")
        reports = c.exec_driver_sql("SELECT session_id FROM session_reports").scalars().all()

    assert kept.schedule.design == Design(Question("pain", Arm.REST), 14, 4, 1, date(2026, 3, 1), 7)
    assert kept.schedule.days == (TrialDay(1, date(2026, 3, 1), Arm.MAT, washin=False),)
    assert (session.id, session.arm, session.content, reports) == ("s-1", Arm.REST, "{}", ["s-1"])


def test_every_table_is_strict_and_says_whose_each_row_is(path: Path) -> None:
    with open_database(path, EVENING) as db, db.read() as c:
        listed = c.exec_driver_sql("SELECT name, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%'").all()
        with_person = c.exec_driver_sql(
            "SELECT t.name FROM pragma_table_list t, pragma_table_info(t.name) i "
            "WHERE i.name = 'person' AND i.\"notnull\""
        )

        assert {row.name: row.strict for row in listed} == dict.fromkeys(tables.metadata.tables, 1)
        assert set(with_person.scalars()) == set(tables.metadata.tables)


def test_an_older_database_is_backed_up_and_brought_up_to_date(path: Path, tmp_path: Path) -> None:
    _filled(path)
    before = content(path)
    with open_database(path, EVENING, migrations=_with_next_step(tmp_path)) as db:
        kept = read(db, lambda c: ratings.all_of(c, ME))
    (copy,) = copies(path.parent / BACKUPS)
    after = content(path)

    assert kept == (a_rating(),)
    assert {name: rows for name, rows in after.items() if name != "notes"} == before
    assert copy.why == f"before-migration-{tables.VERSION:04}"
    assert content(copy.path) == before
    with pytest.raises(SchemaTooNewError):
        open_database(path, EVENING)


@pytest.mark.parametrize(
    "failing",
    [
        "raise ValueError('half-way')",
        "op.execute('NOT SQL')",
        """op.execute("UPDATE ratings SET session_id = 'gone'")""",
    ],
    ids=["raises", "is refused", "leaves orphans"],
)
def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path, tmp_path: Path, failing: str) -> None:
    _filled(path)
    before = fingerprint(path)

    with pytest.raises(Exception, match=r"half-way|syntax|not there"):
        open_database(path, EVENING, migrations=_with_next_step(tmp_path, NEXT_STEP + f"    {failing}\n"))
    assert fingerprint(path) == before
    assert len(copies(path.parent / BACKUPS)) == 1
    with open_database(path, EVENING) as db:
        assert len(read(db, lambda c: ratings.all_of(c, ME))) == 1


def test_opening_what_is_up_to_date_never_loads_the_migration_tool(path: Path) -> None:
    program = (
        "import sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
        "from matwise.store.database import open_database\n"
        f"for _ in range(2):\n    open_database(Path({str(path)!r}), datetime(2026, 3, 2, tzinfo=UTC)).close()\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in {'alembic', 'numpy', 'mako'}))\n"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"


def test_no_room_but_the_store_speaks_to_the_database_and_one_file_to_those_of_others() -> None:
    house = Path(matwise.__file__).parent
    speakers = {
        file.relative_to(house).as_posix()
        for file in house.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
        if name.split(".")[0] in {"sqlalchemy", "sqlcipher3", "sqlite3", "alembic"}
    }

    # Android hands a person's measurements out as a database.
    assert {one for one in speakers if not one.startswith("store/")} == {"exchange/wearables/health_connect.py"}
