"""Addresses that work without a cookie, revocable at any time, and the calendar behind them. Frozen."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    """
    CREATE TABLE private_addresses (
        seq INTEGER NOT NULL,
        person TEXT NOT NULL,
        secret_sha256 TEXT NOT NULL,
        made_utc TEXT NOT NULL,
        made_offset_min INTEGER NOT NULL,
        revoked_utc TEXT,
        revoked_offset_min INTEGER,
        PRIMARY KEY (seq),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT secret_sha256 CHECK (length(secret_sha256) = 64),
        CONSTRAINT made_utc CHECK (length(made_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', made_utc) IS substr(made_utc, 1, 19)),
        CONSTRAINT made_offset_min CHECK (made_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT revoked_utc CHECK ((revoked_utc IS NULL) = (revoked_offset_min IS NULL)
            AND (revoked_utc IS NULL OR (length(revoked_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', revoked_utc) IS substr(revoked_utc, 1, 19)))),
        CONSTRAINT revoked_offset_min CHECK (revoked_offset_min BETWEEN -1439 AND 1439),
        UNIQUE (secret_sha256)
    ) STRICT
    """,
    "CREATE UNIQUE INDEX private_addresses_one_open ON private_addresses (person) WHERE revoked_utc IS NULL",
    """
    CREATE TABLE calendars (
        person TEXT NOT NULL,
        id TEXT NOT NULL,
        zone TEXT NOT NULL,
        session_at TEXT NOT NULL,
        evening_at TEXT NOT NULL,
        made_utc TEXT NOT NULL,
        made_offset_min INTEGER NOT NULL,
        PRIMARY KEY (person),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT id CHECK (length(id) BETWEEN 1 AND 64),
        CONSTRAINT zone CHECK (length(zone) BETWEEN 1 AND 64),
        CONSTRAINT session_at CHECK (session_at IS strftime('%H:%M', session_at)),
        CONSTRAINT evening_at CHECK (evening_at IS strftime('%H:%M', evening_at)),
        CONSTRAINT made_utc CHECK (length(made_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', made_utc) IS substr(made_utc, 1, 19)),
        CONSTRAINT made_offset_min CHECK (made_offset_min BETWEEN -1439 AND 1439)
    ) STRICT
    """,
    """
    CREATE TABLE calendar_entries (
        person TEXT NOT NULL,
        uid TEXT NOT NULL,
        day TEXT NOT NULL,
        time TEXT,
        zone TEXT,
        minutes INTEGER,
        title TEXT NOT NULL,
        description TEXT NOT NULL,
        remind_after_s INTEGER,
        changed_utc TEXT NOT NULL,
        changed_offset_min INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        cancelled INTEGER NOT NULL,
        PRIMARY KEY (person, uid),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT uid CHECK (length(uid) BETWEEN 1 AND 200),
        CONSTRAINT day CHECK (day IS date(day)),
        CONSTRAINT time CHECK (time IS strftime('%H:%M', time)),
        CONSTRAINT zone CHECK (length(zone) BETWEEN 1 AND 64),
        CONSTRAINT minutes CHECK (minutes BETWEEN 1 AND 1440),
        CONSTRAINT title CHECK (length(title) BETWEEN 1 AND 1000),
        CONSTRAINT description CHECK (length(description) <= 10000),
        CONSTRAINT remind_after_s CHECK (remind_after_s BETWEEN -604800 AND 604800),
        CONSTRAINT changed_utc CHECK (length(changed_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', changed_utc) IS substr(changed_utc, 1, 19)),
        CONSTRAINT changed_offset_min CHECK (changed_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT sequence CHECK (sequence BETWEEN 0 AND 1000000000),
        CONSTRAINT cancelled CHECK (cancelled IN (0, 1))
    ) STRICT
    """,
)


def upgrade() -> None:
    """Make the three tables; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
