"""The tables as they are today; `migrations/` says how they came about.

Every row carries its person, and content ids only: what we know about mats is never kept here. `seq` numbers rows in
the order they were told, because clocks are set back. Every table is STRICT and every value has a CHECK, as SQLite
turns NaN into NULL and NULL passes a CHECK: what must be there is NOT NULL.
"""

from __future__ import annotations

from sqlalchemy import (
    REAL,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.schema import SchemaItem

VERSION = 5  # of these tables; the number of the newest file in migrations/

metadata = MetaData()


def _check(name: str, rule: str) -> CheckConstraint:
    return CheckConstraint(rule, name=name)


def _person() -> tuple[SchemaItem, ...]:
    return Column("person", Text, nullable=False), _check("person", "length(person) BETWEEN 1 AND 64")


def _id() -> tuple[SchemaItem, ...]:
    return (
        Column("seq", Integer, primary_key=True),
        Column("id", Text, nullable=False, unique=True),
        _check("id", "length(id) BETWEEN 1 AND 64"),
    )


def _instant(name: str, *, nullable: bool = False) -> tuple[SchemaItem, ...]:
    utc, offset = f"{name}_utc", f"{name}_offset_min"
    return (
        Column(utc, Text, nullable=nullable),
        Column(offset, Integer, nullable=nullable),
        # To the microsecond and of one length, so that text order is the order of time.
        _check(utc, f"length({utc}) = 27 AND strftime('%Y-%m-%dT%H:%M:%S', {utc}) IS substr({utc}, 1, 19)")
        if not nullable
        else _check(
            utc,
            f"({utc} IS NULL) = ({offset} IS NULL) AND ({utc} IS NULL OR (length({utc}) = 27 AND "
            f"strftime('%Y-%m-%dT%H:%M:%S', {utc}) IS substr({utc}, 1, 19)))",
        ),
        _check(offset, f"{offset} BETWEEN -1439 AND 1439"),
    )


def _day(name: str, *, nullable: bool = False) -> tuple[SchemaItem, ...]:
    return Column(name, Text, nullable=nullable), _check(name, f"{name} IS date({name})")


def _time_of_day(name: str, *, nullable: bool = False) -> tuple[SchemaItem, ...]:
    return Column(name, Text, nullable=nullable), _check(name, f"{name} IS strftime('%H:%M', {name})")


def _yes_no(name: str, *, nullable: bool = True) -> tuple[SchemaItem, ...]:
    return Column(name, Integer, nullable=nullable), _check(name, f"{name} IN (0, 1)")


def _whole(name: str, lowest: int, highest: int, *, nullable: bool = False) -> tuple[SchemaItem, ...]:
    return Column(name, Integer, nullable=nullable), _check(name, f"{name} BETWEEN {lowest} AND {highest}")


def _word(name: str, *known: str, nullable: bool = False, longest: int = 64) -> tuple[SchemaItem, ...]:
    listed = ", ".join(f"'{one}'" for one in known)
    rule = f"{name} IN ({listed})" if known else f"length({name}) BETWEEN 1 AND {longest}"
    return Column(name, Text, nullable=nullable), _check(name, rule)


screenings = Table(
    "screenings",
    metadata,
    *_id(),
    *_person(),
    *_instant("begun"),
    *_instant("finished", nullable=True),
    *_yes_no("doubted", nullable=False),
    # One at a time: answers split over two open checks could hide a "yes".
    Index("screenings_one_open", "person", unique=True, sqlite_where=text("finished_utc IS NULL")),
    sqlite_strict=True,
)

screening_answers = Table(
    "screening_answers",
    metadata,
    Column("screening_id", Text, ForeignKey("screenings.id"), nullable=False),
    *_person(),
    *_word("rule_id"),
    *_word("reply", "no", "yes", "unknown"),
    Column("areas", Text, nullable=False),  # ids of areas of skin, in order, with a space between
    *_instant("at"),
    PrimaryKeyConstraint("screening_id", "rule_id"),
    sqlite_strict=True,
)

rechecks = Table(
    "rechecks",
    metadata,
    *_id(),
    *_person(),
    *_word("reply", "no", "yes", "unknown"),
    *_instant("at"),
    sqlite_strict=True,
)

sessions = Table(
    "sessions",
    metadata,
    *_id(),
    *_person(),
    *_word("arm", "mat", "rest", "breath"),
    *_whole("rung", 0, 999),
    *_word("routine", nullable=True),
    *_word("placement"),
    *_whole("layer", 0, 3),
    *_whole("base", 0, 3),
    *_whole("planned_minutes", 1, 600),
    *_instant("started"),
    *_day("day"),
    *_instant("ended", nullable=True),
    Column("minutes", REAL),
    _check("minutes", "minutes BETWEEN 0 AND 1440 AND (minutes IS NULL) = (ended_utc IS NULL)"),
    Column("completed", Integer),
    _check("completed", "completed IN (0, 1) AND (completed IS NULL) = (ended_utc IS NULL)"),
    *_word("stop_reason", nullable=True),
    *_whole("worst_pain_0_10", 0, 10, nullable=True),
    *_yes_no("dizzy"),
    *_yes_no("dozed"),
    *_yes_no("warmth"),
    *_yes_no("tingling"),
    *_yes_no("itch"),
    *_whole("skin_next_day", 0, 2, nullable=True),
    *_whole("skin_later", 0, 2, nullable=True),
    *_day("skin_day", nullable=True),
    Column("nap_minutes", REAL),
    _check("nap_minutes", "nap_minutes BETWEEN 0 AND 1440"),
    Column("awake_at_s", REAL),
    _check("awake_at_s", "awake_at_s BETWEEN 0 AND 86400"),
    Column("content", Text, nullable=False),  # what was chosen to be heard, as JSON: the same session can be made again
    _check("content", "json_valid(content) AND length(content) <= 4000"),
    Index("sessions_of_person", "person", "seq"),
    sqlite_strict=True,
)

# Everything ever said of a session, in the order it was said; `sessions` holds what counts now.
session_reports = Table(
    "session_reports",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("session_id", Text, ForeignKey("sessions.id"), nullable=False),
    *_person(),
    *_word("field"),
    *_word("told"),
    *_instant("at"),
    *_day("day"),
    Index("session_reports_of_person", "person", "field"),
    sqlite_strict=True,
)

# Append-only: a newer rating of the same scale, moment, day and session supersedes, nothing is deleted.
ratings = Table(
    "ratings",
    metadata,
    Column("seq", Integer, primary_key=True),
    *_person(),
    *_word("client_id"),
    *_word("scale"),
    *_word("moment", "before", "after", "evening"),
    *_whole("value_0_10", 0, 10),
    *_instant("at"),
    *_day("day"),
    Column("session_id", Text, ForeignKey("sessions.id")),
    Column("superseded_by", Text),
    _check("superseded_by", "superseded_by <> client_id"),
    UniqueConstraint("person", "client_id"),
    ForeignKeyConstraint(["person", "superseded_by"], ["ratings.person", "ratings.client_id"]),
    Index("ratings_that_count", "person", "scale", "moment", "day", sqlite_where=text("superseded_by IS NULL")),
    sqlite_strict=True,
)

complaints = Table(
    "complaints",
    metadata,
    Column("seq", Integer, primary_key=True),
    *_person(),
    *_whole("slot", 1, 2),
    *_word("words", longest=200),
    *_instant("at"),
    sqlite_strict=True,
)

drafts = Table(
    "drafts",
    metadata,
    *_person(),
    *_word("form"),
    *_word("field"),
    Column("value", Text, nullable=False),
    _check("value", "length(value) <= 10000"),
    *_instant("at"),
    PrimaryKeyConstraint("person", "form", "field"),
    sqlite_strict=True,
)

trials = Table(
    "trials",
    metadata,
    *_id(),
    *_person(),
    *_word("scale"),
    *_word("versus", "mat", "rest", "breath", "nothing", "both"),
    *_whole("days", 1, 3660),
    *_whole("block_days", 1, 3660),
    *_whole("washin_days", 0, 3660),
    *_day("starts_on"),
    Column("seed", Integer, nullable=False),
    *_word("arm_order", "random", "abba", "latin"),
    Column("cannot", Text, nullable=False),  # dates on which no session can be, in order, with a space between
    *_instant("begun"),
    *_instant("ended", nullable=True),
    Column("why_ended", Text),
    _check("why_ended", "length(why_ended) <= 1000 AND (why_ended IS NULL) = (ended_utc IS NULL)"),
    Index("trials_one_running", "person", unique=True, sqlite_where=text("ended_utc IS NULL")),
    sqlite_strict=True,
)

trial_days = Table(
    "trial_days",
    metadata,
    Column("trial_id", Text, ForeignKey("trials.id"), nullable=False),
    *_person(),
    *_whole("day", 1, 3660),
    *_day("on_date"),
    *_word("arm", "mat", "rest", "breath", "nothing"),
    *_yes_no("washin", nullable=False),
    *_yes_no("off", nullable=False),
    PrimaryKeyConstraint("trial_id", "day"),
    UniqueConstraint("trial_id", "on_date"),
    sqlite_strict=True,
)

# Who knows the secret may fetch today's sessions and the calendar without a cookie. Only its hash is here.
private_addresses = Table(
    "private_addresses",
    metadata,
    Column("seq", Integer, primary_key=True),
    *_person(),
    Column("secret_sha256", Text, nullable=False, unique=True),
    _check("secret_sha256", "length(secret_sha256) = 64"),
    *_instant("made"),
    *_instant("revoked", nullable=True),
    Index("private_addresses_one_open", "person", unique=True, sqlite_where=text("revoked_utc IS NULL")),
    sqlite_strict=True,
)

calendars = Table(
    "calendars",
    metadata,
    *_person(),
    *_word("id"),
    *_word("zone"),
    *_time_of_day("session_at"),
    *_time_of_day("evening_at"),
    *_instant("made"),
    PrimaryKeyConstraint("person"),
    sqlite_strict=True,
)

# What calendars that subscribed know already, so that a change is told as one.
calendar_entries = Table(
    "calendar_entries",
    metadata,
    *_person(),
    *_word("uid", longest=200),
    *_day("day"),
    *_time_of_day("time", nullable=True),  # of the clock in `zone`; a whole day without it
    *_word("zone", nullable=True),
    *_whole("minutes", 1, 1440, nullable=True),
    Column("title", Text, nullable=False),
    _check("title", "length(title) BETWEEN 1 AND 1000"),
    Column("description", Text, nullable=False),
    _check("description", "length(description) <= 10000"),
    *_whole("remind_after_s", -604800, 604800, nullable=True),
    *_instant("changed"),
    *_whole("sequence", 0, 1000000000),
    *_yes_no("cancelled", nullable=False),
    PrimaryKeyConstraint("person", "uid"),
    sqlite_strict=True,
)

# One file, one strap or one entry by hand: what came in together can be undone together.
imports = Table(
    "imports",
    metadata,
    *_id(),
    *_person(),
    *_word("kind", "file", "strap", "hand"),
    *_word("maker"),
    *_word("file_name", nullable=True, longest=255),
    Column("sha256", Text),
    _check("sha256", "length(sha256) = 64"),
    *_word("state", "running", "paused", "done", "undone"),
    *_whole("position", 0, 1 << 50),  # how many bytes of it are in, so that it can go on from there
    *_instant("begun"),
    *_instant("ended", nullable=True),
    Column("report", Text, nullable=False),  # counts and the first rejected rows, as JSON
    _check("report", "json_valid(report)"),
    Index("imports_of_person", "person", "seq"),
    sqlite_strict=True,
)

# A day (UTC) of one measure from one source as packed columns: a watch measures a million times in ten years.
readings = Table(
    "readings",
    metadata,
    Column("seq", Integer, primary_key=True),
    *_person(),
    Column("import_id", Text, ForeignKey("imports.id"), nullable=False),
    *_word("measure"),
    *_word("source", longest=200),
    *_day("utc_day"),
    *_whole("count", 1, 1 << 30),
    Column("packed", LargeBinary, nullable=False),
    UniqueConstraint("person", "measure", "source", "utc_day", "import_id"),
    Index("readings_of_import", "import_id"),
    sqlite_strict=True,
)

recordings = Table(
    "recordings",
    metadata,
    *_id(),
    *_person(),
    Column("import_id", Text, ForeignKey("imports.id"), nullable=False),
    *_word("source", longest=200),
    *_instant("at"),
    *_day("day"),
    Column("duration_s", REAL, nullable=False),
    _check("duration_s", "duration_s BETWEEN 0 AND 1000000"),
    *_whole("beats", 1, 1 << 24),
    Column("packed", LargeBinary, nullable=False),  # intervals in ms
    Column("sha256", Text, nullable=False),  # of moment and intervals: the same beats are kept once
    _check("sha256", "length(sha256) = 64"),
    Column("session_id", Text, ForeignKey("sessions.id")),
    *_word("moment", "before", "during", "after", nullable=True),
    UniqueConstraint("person", "sha256"),
    Index("recordings_of_import", "import_id"),
    sqlite_strict=True,
)

# Of several sources of a measure one is looked at; they are never summed.
chosen_sources = Table(
    "chosen_sources",
    metadata,
    *_person(),
    *_word("measure"),
    *_word("source", longest=200),
    *_instant("at"),
    PrimaryKeyConstraint("person", "measure"),
    sqlite_strict=True,
)

# Append-only. `answers` is what was answered, item by item; empty where only a score was told.
questionnaires = Table(
    "questionnaires",
    metadata,
    *_id(),
    *_person(),
    *_word("instrument"),
    Column("answers", Text, nullable=False),
    _check("answers", "json_valid(answers) AND length(answers) <= 10000"),
    Column("told_score", REAL),  # only where no items were answered here
    *_instant("at"),
    *_day("day"),
    Index("questionnaires_of_person", "person", "instrument", "seq"),
    sqlite_strict=True,
)
