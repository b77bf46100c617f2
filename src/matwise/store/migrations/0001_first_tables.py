"""The first tables. Frozen: what changes later is a new file."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE complaints (
        seq INTEGER NOT NULL,
        person TEXT NOT NULL,
        slot INTEGER NOT NULL,
        words TEXT NOT NULL,
        at_utc TEXT NOT NULL,
        at_offset_min INTEGER NOT NULL,
        PRIMARY KEY (seq),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT slot CHECK (slot BETWEEN 1 AND 2),
        CONSTRAINT words CHECK (length(words) BETWEEN 1 AND 200),
        CONSTRAINT at_utc CHECK (
            length(at_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', at_utc) IS substr(at_utc, 1, 19)),
        CONSTRAINT at_offset_min CHECK (at_offset_min BETWEEN -1439 AND 1439)
    ) STRICT
    """,
    """
    CREATE TABLE drafts (
        person TEXT NOT NULL,
        form TEXT NOT NULL,
        field TEXT NOT NULL,
        value TEXT NOT NULL,
        at_utc TEXT NOT NULL,
        at_offset_min INTEGER NOT NULL,
        PRIMARY KEY (person, form, field),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT form CHECK (length(form) BETWEEN 1 AND 64),
        CONSTRAINT field CHECK (length(field) BETWEEN 1 AND 64),
        CONSTRAINT value CHECK (length(value) <= 10000),
        CONSTRAINT at_utc CHECK (
            length(at_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', at_utc) IS substr(at_utc, 1, 19)),
        CONSTRAINT at_offset_min CHECK (at_offset_min BETWEEN -1439 AND 1439)
    ) STRICT
    """,
    """
    CREATE TABLE rechecks (
        seq INTEGER NOT NULL,
        id TEXT NOT NULL,
        person TEXT NOT NULL,
        reply TEXT NOT NULL,
        at_utc TEXT NOT NULL,
        at_offset_min INTEGER NOT NULL,
        PRIMARY KEY (seq),
        CONSTRAINT id CHECK (length(id) BETWEEN 1 AND 64),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT reply CHECK (reply IN ('no', 'yes', 'unknown')),
        CONSTRAINT at_utc CHECK (
            length(at_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', at_utc) IS substr(at_utc, 1, 19)),
        CONSTRAINT at_offset_min CHECK (at_offset_min BETWEEN -1439 AND 1439),
        UNIQUE (id)
    ) STRICT
    """,
    """
    CREATE TABLE screenings (
        seq INTEGER NOT NULL,
        id TEXT NOT NULL,
        person TEXT NOT NULL,
        begun_utc TEXT NOT NULL,
        begun_offset_min INTEGER NOT NULL,
        finished_utc TEXT,
        finished_offset_min INTEGER,
        doubted INTEGER NOT NULL,
        PRIMARY KEY (seq),
        CONSTRAINT id CHECK (length(id) BETWEEN 1 AND 64),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT begun_utc CHECK (
            length(begun_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', begun_utc) IS substr(begun_utc, 1, 19)),
        CONSTRAINT begun_offset_min CHECK (begun_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT finished_utc CHECK (
            (finished_utc IS NULL) = (finished_offset_min IS NULL)
            AND (finished_utc IS NULL OR (length(finished_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', finished_utc) IS substr(finished_utc, 1, 19)))),
        CONSTRAINT finished_offset_min CHECK (finished_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT doubted CHECK (doubted IN (0, 1)),
        UNIQUE (id)
    ) STRICT
    """,
    "CREATE UNIQUE INDEX screenings_one_open ON screenings (person) WHERE finished_utc IS NULL",
    """
    CREATE TABLE sessions (
        seq INTEGER NOT NULL,
        id TEXT NOT NULL,
        person TEXT NOT NULL,
        arm TEXT NOT NULL,
        rung INTEGER NOT NULL,
        routine TEXT,
        placement TEXT NOT NULL,
        layer INTEGER NOT NULL,
        base INTEGER NOT NULL,
        planned_minutes INTEGER NOT NULL,
        started_utc TEXT NOT NULL,
        started_offset_min INTEGER NOT NULL,
        day TEXT NOT NULL,
        ended_utc TEXT,
        ended_offset_min INTEGER,
        minutes REAL,
        completed INTEGER,
        stop_reason TEXT,
        worst_pain_0_10 INTEGER,
        dizzy INTEGER,
        dozed INTEGER,
        warmth INTEGER,
        tingling INTEGER,
        itch INTEGER,
        skin_next_day INTEGER,
        skin_later INTEGER,
        skin_day TEXT,
        PRIMARY KEY (seq),
        CONSTRAINT id CHECK (length(id) BETWEEN 1 AND 64),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT arm CHECK (arm IN ('mat', 'rest')),
        CONSTRAINT rung CHECK (rung BETWEEN 0 AND 999),
        CONSTRAINT routine CHECK (length(routine) BETWEEN 1 AND 64),
        CONSTRAINT placement CHECK (length(placement) BETWEEN 1 AND 64),
        CONSTRAINT layer CHECK (layer BETWEEN 0 AND 3),
        CONSTRAINT base CHECK (base BETWEEN 0 AND 3),
        CONSTRAINT planned_minutes CHECK (planned_minutes BETWEEN 1 AND 600),
        CONSTRAINT started_utc CHECK (
            length(started_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', started_utc) IS substr(started_utc, 1, 19)),
        CONSTRAINT started_offset_min CHECK (started_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT day CHECK (day IS date(day)),
        CONSTRAINT ended_utc CHECK (
            (ended_utc IS NULL) = (ended_offset_min IS NULL)
            AND (ended_utc IS NULL OR (length(ended_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', ended_utc) IS substr(ended_utc, 1, 19)))),
        CONSTRAINT ended_offset_min CHECK (ended_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT minutes CHECK (minutes BETWEEN 0 AND 1440 AND (minutes IS NULL) = (ended_utc IS NULL)),
        CONSTRAINT completed CHECK (completed IN (0, 1) AND (completed IS NULL) = (ended_utc IS NULL)),
        CONSTRAINT stop_reason CHECK (length(stop_reason) BETWEEN 1 AND 64),
        CONSTRAINT worst_pain_0_10 CHECK (worst_pain_0_10 BETWEEN 0 AND 10),
        CONSTRAINT dizzy CHECK (dizzy IN (0, 1)),
        CONSTRAINT dozed CHECK (dozed IN (0, 1)),
        CONSTRAINT warmth CHECK (warmth IN (0, 1)),
        CONSTRAINT tingling CHECK (tingling IN (0, 1)),
        CONSTRAINT itch CHECK (itch IN (0, 1)),
        CONSTRAINT skin_next_day CHECK (skin_next_day BETWEEN 0 AND 2),
        CONSTRAINT skin_later CHECK (skin_later BETWEEN 0 AND 2),
        CONSTRAINT skin_day CHECK (skin_day IS date(skin_day)),
        UNIQUE (id)
    ) STRICT
    """,
    "CREATE INDEX sessions_of_person ON sessions (person, seq)",
    """
    CREATE TABLE trials (
        seq INTEGER NOT NULL,
        id TEXT NOT NULL,
        person TEXT NOT NULL,
        scale TEXT NOT NULL,
        versus TEXT NOT NULL,
        days INTEGER NOT NULL,
        block_days INTEGER NOT NULL,
        washin_days INTEGER NOT NULL,
        starts_on TEXT NOT NULL,
        seed INTEGER NOT NULL,
        begun_utc TEXT NOT NULL,
        begun_offset_min INTEGER NOT NULL,
        ended_utc TEXT,
        ended_offset_min INTEGER,
        why_ended TEXT,
        PRIMARY KEY (seq),
        CONSTRAINT id CHECK (length(id) BETWEEN 1 AND 64),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT scale CHECK (length(scale) BETWEEN 1 AND 64),
        CONSTRAINT versus CHECK (versus IN ('mat', 'rest', 'nothing')),
        CONSTRAINT days CHECK (days BETWEEN 1 AND 3660),
        CONSTRAINT block_days CHECK (block_days BETWEEN 1 AND 3660),
        CONSTRAINT washin_days CHECK (washin_days BETWEEN 0 AND 3660),
        CONSTRAINT starts_on CHECK (starts_on IS date(starts_on)),
        CONSTRAINT begun_utc CHECK (
            length(begun_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', begun_utc) IS substr(begun_utc, 1, 19)),
        CONSTRAINT begun_offset_min CHECK (begun_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT ended_utc CHECK (
            (ended_utc IS NULL) = (ended_offset_min IS NULL)
            AND (ended_utc IS NULL OR (length(ended_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', ended_utc) IS substr(ended_utc, 1, 19)))),
        CONSTRAINT ended_offset_min CHECK (ended_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT why_ended CHECK (length(why_ended) <= 1000 AND (why_ended IS NULL) = (ended_utc IS NULL)),
        UNIQUE (id)
    ) STRICT
    """,
    "CREATE UNIQUE INDEX trials_one_running ON trials (person) WHERE ended_utc IS NULL",
    """
    CREATE TABLE ratings (
        seq INTEGER NOT NULL,
        person TEXT NOT NULL,
        client_id TEXT NOT NULL,
        scale TEXT NOT NULL,
        moment TEXT NOT NULL,
        value_0_10 INTEGER NOT NULL,
        at_utc TEXT NOT NULL,
        at_offset_min INTEGER NOT NULL,
        day TEXT NOT NULL,
        session_id TEXT,
        superseded_by TEXT,
        PRIMARY KEY (seq),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT client_id CHECK (length(client_id) BETWEEN 1 AND 64),
        CONSTRAINT scale CHECK (length(scale) BETWEEN 1 AND 64),
        CONSTRAINT moment CHECK (moment IN ('before', 'after', 'evening')),
        CONSTRAINT value_0_10 CHECK (value_0_10 BETWEEN 0 AND 10),
        CONSTRAINT at_utc CHECK (
            length(at_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', at_utc) IS substr(at_utc, 1, 19)),
        CONSTRAINT at_offset_min CHECK (at_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT day CHECK (day IS date(day)),
        CONSTRAINT superseded_by CHECK (superseded_by <> client_id),
        UNIQUE (person, client_id),
        FOREIGN KEY(person, superseded_by) REFERENCES ratings (person, client_id),
        FOREIGN KEY(session_id) REFERENCES sessions (id)
    ) STRICT
    """,
    "CREATE INDEX ratings_that_count ON ratings (person, scale, moment, day) WHERE superseded_by IS NULL",
    """
    CREATE TABLE screening_answers (
        screening_id TEXT NOT NULL,
        person TEXT NOT NULL,
        rule_id TEXT NOT NULL,
        reply TEXT NOT NULL,
        areas TEXT NOT NULL,
        at_utc TEXT NOT NULL,
        at_offset_min INTEGER NOT NULL,
        PRIMARY KEY (screening_id, rule_id),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT rule_id CHECK (length(rule_id) BETWEEN 1 AND 64),
        CONSTRAINT reply CHECK (reply IN ('no', 'yes', 'unknown')),
        CONSTRAINT at_utc CHECK (
            length(at_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', at_utc) IS substr(at_utc, 1, 19)),
        CONSTRAINT at_offset_min CHECK (at_offset_min BETWEEN -1439 AND 1439),
        FOREIGN KEY(screening_id) REFERENCES screenings (id)
    ) STRICT
    """,
    """
    CREATE TABLE session_reports (
        seq INTEGER NOT NULL,
        session_id TEXT NOT NULL,
        person TEXT NOT NULL,
        field TEXT NOT NULL,
        told TEXT NOT NULL,
        at_utc TEXT NOT NULL,
        at_offset_min INTEGER NOT NULL,
        day TEXT NOT NULL,
        PRIMARY KEY (seq),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT field CHECK (length(field) BETWEEN 1 AND 64),
        CONSTRAINT told CHECK (length(told) BETWEEN 1 AND 64),
        CONSTRAINT at_utc CHECK (
            length(at_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', at_utc) IS substr(at_utc, 1, 19)),
        CONSTRAINT at_offset_min CHECK (at_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT day CHECK (day IS date(day)),
        FOREIGN KEY(session_id) REFERENCES sessions (id)
    ) STRICT
    """,
    "CREATE INDEX session_reports_of_person ON session_reports (person, field)",
    """
    CREATE TABLE trial_days (
        trial_id TEXT NOT NULL,
        person TEXT NOT NULL,
        day INTEGER NOT NULL,
        on_date TEXT NOT NULL,
        arm TEXT NOT NULL,
        washin INTEGER NOT NULL,
        PRIMARY KEY (trial_id, day),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT day CHECK (day BETWEEN 1 AND 3660),
        CONSTRAINT on_date CHECK (on_date IS date(on_date)),
        CONSTRAINT arm CHECK (arm IN ('mat', 'rest', 'nothing')),
        CONSTRAINT washin CHECK (washin IN (0, 1)),
        UNIQUE (trial_id, on_date),
        FOREIGN KEY(trial_id) REFERENCES trials (id)
    ) STRICT
    """,
)


def upgrade() -> None:
    """Lay out the first tables."""
    for statement in STATEMENTS:
        op.execute(statement)
