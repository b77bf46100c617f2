"""Health Connect: the database that Android hands out, plain or zipped.

Its tables are described nowhere but in Android's own source (packages/modules/HealthFitness): moments in ms since 1970,
the offset of the zone in s beside them, a series in a table of its own with the number of its record. A hostile
database can hold views, virtual tables and expressions that run for ever, so that nothing is asked of it but the plain
columns of plain tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from urllib.request import pathname2url

from matwise.errors import Problem
from matwise.exchange.wearables.json_file import number, shown
from matwise.exchange.wearables.maker import Found, ImportRejectedError, Told
from matwise.exchange.wearables.opened import Member, Opened
from matwise.measures.reading import Gathered, Rejected
from matwise.sentence import Sentence

ID = "health_connect"
NAME = "Health Connect"

LARGEST_ZIPPED_BYTES = 512 << 20
_MARK = b"SQLite format 3\x00"
_AT_ONCE = 100_000  # readings that are gathered before they are told
# Steps of SQLite's machine for the whole file. A row takes about fifteen, and at least ten bytes; a file whose pages
# all point to the same one tells more rows than there are atoms.
_STEPS, _FREE_STEPS, _STEPS_PER_BYTE = 100_000, 500_000, 4
_ASLEEP = frozenset({2, 4, 5, 6})  # sleeping, light, deep, REM
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
# One value at one moment: the table, its column, the measure.
_INSTANTS = (
    ("resting_heart_rate_record_table", "beats_per_minute", "resting_heart_rate"),
    ("heart_rate_variability_rmssd_record_table", "heart_rate_variability_millis", "rmssd"),
    ("respiratory_rate_record_table", "rate", "respiratory_rate"),
    ("blood_pressure_record_table", "systolic", "systolic"),
    ("blood_pressure_record_table", "diastolic", "diastolic"),
)
# Values of a record, in a table of their own: both tables, the column, the measure.
_SERIES = (
    ("heart_rate_record_table", "heart_rate_record_series_table", "beats_per_minute", "heart_rate"),
    ("skin_temperature_record_table", "skin_temperature_delta_table", "delta", "skin_temperature_change"),
)
_SESSIONS, _STAGES, _APPS = "sleep_session_record_table", "sleep_stages_table", "application_info_table"

ROW = Sentence("{table}, row {number}")
NO_ROW = Sentence("It has no moment or no number.")


def recognises(opened: Opened) -> bool:
    """Whether it is, or holds, a database with at least one of the tables that are read."""
    try:
        with _database(opened) as db:
            return any(_columns(db, name) for name, *_ in (*_INSTANTS, *_SERIES, (_SESSIONS,)))
    except ImportRejectedError:
        return False


def read(opened: Opened, told: Told) -> Iterator[Found]:
    """Heart rate, variability, breaths, blood pressure, skin temperature and sleep; each app is a source of its own.

    Raises:
        ImportRejectedError: the database is damaged.
    """
    with _database(opened) as db:
        apps = _apps(db)
        for table, column, measure in _INSTANTS:
            yield from _instants(db, apps, table, column, measure, told)
        for parents, series, column, measure in _SERIES:
            yield from _series(db, apps, parents, series, column, measure, told)
        yield from _sleep(db, apps, told)


@contextmanager
def _database(opened: Opened) -> Iterator[sqlite3.Connection]:
    member = next((one for one in opened.members if opened.head(one, len(_MARK)) == _MARK), None)
    if member is None:
        raise ImportRejectedError(
            Problem(opened.name, Sentence("no database"), Sentence("an export of Health Connect"))
        )
    try:
        db = _opened(opened, member)
        try:
            yield db
        finally:
            db.close()
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        got = Sentence("a database that is damaged: {why}", why=ascii(str(error))[1:-1][:60])
        raise ImportRejectedError(Problem(member.name, got, Sentence("a whole database"))) from None


def _opened(opened: Opened, member: Member) -> sqlite3.Connection:
    if not opened.zipped:
        db = sqlite3.connect(f"file:{pathname2url(str(opened.path.absolute()))}?mode=ro&immutable=1", uri=True)
    else:
        with opened.stream(member) as stream:
            data = stream.read(LARGEST_ZIPPED_BYTES + 1)
        if len(data) > LARGEST_ZIPPED_BYTES:
            got = Sentence("a database of more than {most} MiB", most=LARGEST_ZIPPED_BYTES >> 20)
            raise ImportRejectedError(Problem(member.name, got, Sentence("the database itself, unzipped")))
        db = sqlite3.connect(":memory:")
        db.deserialize(data)
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA query_only = ON")
    db.set_authorizer(_is_allowed)
    calls = iter(range((_FREE_STEPS + _STEPS_PER_BYTE * member.size) // _STEPS))
    db.set_progress_handler(lambda: int(next(calls, None) is None), _STEPS)
    return db


def _is_allowed(action: int, first: str | None, *_: object) -> int:
    told = action in _ALLOWED or (action == sqlite3.SQLITE_PRAGMA and first == "table_info")
    return sqlite3.SQLITE_OK if told else sqlite3.SQLITE_DENY


def _columns(db: sqlite3.Connection, table: str) -> frozenset[str]:
    """The names of the columns of a plain table; none where there is no such table, or it is a view or worse."""
    kinds = db.execute("SELECT type, sql FROM sqlite_master WHERE name = ?", (table,)).fetchall()
    if [kind for kind, _ in kinds] != ["table"] or not str(kinds[0][1]).upper().startswith("CREATE TABLE"):
        return frozenset()
    return frozenset(str(row[1]) for row in db.execute(f"PRAGMA table_info({table})"))


def _apps(db: sqlite3.Connection) -> dict[object, str]:
    if not {"row_id", "package_name"} <= _columns(db, _APPS):
        return {}
    named = db.execute(f"SELECT row_id, package_name FROM {_APPS}")  # noqa: S608 – our own names
    return {number: shown(name) for number, name in named if isinstance(name, str) and name}


def _instants(
    db: sqlite3.Connection, apps: dict[object, str], table: str, column: str, measure: str, told: Told
) -> Iterator[Found]:
    if not {"time", "zone_offset", "app_info_id", column} <= _columns(db, table):
        return
    query = f"SELECT time, zone_offset, app_info_id, {column} FROM {table}"  # noqa: S608 – our own names
    rows = ((at, offset, apps.get(app, NAME), value) for at, offset, app, value in db.execute(query))
    yield from _gathered(table, measure, rows, told.zone)


def _series(
    db: sqlite3.Connection, apps: dict[object, str], parents: str, series: str, column: str, measure: str, told: Told
) -> Iterator[Found]:
    if not {"row_id", "start_zone_offset", "app_info_id"} <= _columns(db, parents):
        return
    if not {"parent_key", "epoch_millis", column} <= _columns(db, series):
        return
    known: dict[tuple[object, str], tuple[object, str]] = {}  # most records have the same few
    of: dict[object, tuple[object, str]] = {}
    for key, offset, app in db.execute(f"SELECT row_id, start_zone_offset, app_info_id FROM {parents}"):  # noqa: S608 – our own names
        one = (offset, apps.get(app, NAME))
        of[key] = known.setdefault(one, one)
    query = f"SELECT parent_key, epoch_millis, {column} FROM {series}"  # noqa: S608 – our own names
    rows = ((at, *of.get(key, (None, NAME)), value) for key, at, value in db.execute(query))
    yield from _gathered(series, measure, rows, told.zone)


def _sleep(db: sqlite3.Connection, apps: dict[object, str], told: Told) -> Iterator[Found]:
    needed = {"row_id", "start_time", "end_time", "end_zone_offset", "app_info_id"}
    if not needed <= _columns(db, _SESSIONS):
        return
    asleep_ms: dict[object, float] = {}
    names = _columns(db, _STAGES)
    parent = next((one for one in ("parent_key", "parent_id") if one in names), None)
    if parent is not None and {"stage_start_time", "stage_end_time", "stage_type"} <= names:
        query = f"SELECT {parent}, stage_start_time, stage_end_time, stage_type FROM {_STAGES}"  # noqa: S608 – our own names
        for key, *span, kind in db.execute(query):
            start_ms, end_ms = map(number, span)
            if start_ms is not None and end_ms is not None:
                asleep_ms[key] = asleep_ms.get(key, 0.0) + (end_ms - start_ms if kind in _ASLEEP else 0.0)
    query = f"SELECT row_id, start_time, end_time, end_zone_offset, app_info_id FROM {_SESSIONS}"  # noqa: S608 – our own names

    def rows() -> Iterator[tuple[object, object, str, object]]:
        for key, start, end, offset, app in db.execute(query):
            start_ms, end_ms = number(start), number(end)
            whole_ms = None if start_ms is None or end_ms is None else end_ms - start_ms
            lasts_ms = asleep_ms.get(key, whole_ms)
            yield end, offset, apps.get(app, NAME), None if lasts_ms is None else lasts_ms / 60_000

    yield from _gathered(_SESSIONS, "sleep_duration", rows(), told.zone)


def _gathered(
    table: str, measure: str, rows: Iterator[tuple[object, object, str, object]], zone: tzinfo
) -> Iterator[Found]:
    gathered, zones = Gathered(), {}
    for count, (at_ms, offset_s, source, value) in enumerate(rows, 1):
        if offset_s not in zones:
            zones[offset_s] = _zone(offset_s) or zone
        at, figure = _moment(at_ms, zones[offset_s]), number(value)
        if at is None or figure is None:
            yield Rejected(ROW.format(table=table, number=count), shown((at_ms, value)), NO_ROW)
        else:
            gathered.add(measure, source, at, figure)
        if count % _AT_ONCE == 0:
            yield from gathered.columns()
    yield from gathered.columns()


def _zone(offset_s: object) -> tzinfo | None:
    if not isinstance(offset_s, int) or abs(offset_s) >= 86_400:
        return None
    return timezone(timedelta(seconds=offset_s))


def _moment(at_ms: object, zone: tzinfo) -> datetime | None:
    if not isinstance(at_ms, int):
        return None
    try:
        return (datetime.fromtimestamp(at_ms // 1000, UTC) + timedelta(milliseconds=at_ms % 1000)).astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return None
