"""Sessions keep what was chosen to be heard, and naps; breathing alone becomes an arm. Frozen."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

# SQLite can't change a CHECK: the tables are made anew and take the names of the old ones.
STATEMENTS = (
    """
    CREATE TABLE sessions_anew (
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
        nap_minutes REAL,
        awake_at_s REAL,
        content TEXT NOT NULL,
        PRIMARY KEY (seq),
        CONSTRAINT id CHECK (length(id) BETWEEN 1 AND 64),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT arm CHECK (arm IN ('mat', 'rest', 'breath')),
        CONSTRAINT rung CHECK (rung BETWEEN 0 AND 999),
        CONSTRAINT routine CHECK (length(routine) BETWEEN 1 AND 64),
        CONSTRAINT placement CHECK (length(placement) BETWEEN 1 AND 64),
        CONSTRAINT layer CHECK (layer BETWEEN 0 AND 3),
        CONSTRAINT base CHECK (base BETWEEN 0 AND 3),
        CONSTRAINT planned_minutes CHECK (planned_minutes BETWEEN 1 AND 600),
        CONSTRAINT started_utc CHECK (length(started_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', started_utc) IS substr(started_utc, 1, 19)),
        CONSTRAINT started_offset_min CHECK (started_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT day CHECK (day IS date(day)),
        CONSTRAINT ended_utc CHECK ((ended_utc IS NULL) = (ended_offset_min IS NULL)
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
        CONSTRAINT nap_minutes CHECK (nap_minutes BETWEEN 0 AND 1440),
        CONSTRAINT awake_at_s CHECK (awake_at_s BETWEEN 0 AND 86400),
        CONSTRAINT content CHECK (json_valid(content) AND length(content) <= 4000),
        UNIQUE (id)
    ) STRICT
    """,
    "INSERT INTO sessions_anew SELECT *, NULL, NULL, '{}' FROM sessions",
    "DROP TABLE sessions",
    "ALTER TABLE sessions_anew RENAME TO sessions",
    "CREATE INDEX sessions_of_person ON sessions (person, seq)",
    """
    CREATE TABLE trials_anew (
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
        arm_order TEXT NOT NULL,
        cannot TEXT NOT NULL,
        begun_utc TEXT NOT NULL,
        begun_offset_min INTEGER NOT NULL,
        ended_utc TEXT,
        ended_offset_min INTEGER,
        why_ended TEXT,
        PRIMARY KEY (seq),
        CONSTRAINT id CHECK (length(id) BETWEEN 1 AND 64),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT scale CHECK (length(scale) BETWEEN 1 AND 64),
        CONSTRAINT versus CHECK (versus IN ('mat', 'rest', 'breath', 'nothing', 'both')),
        CONSTRAINT days CHECK (days BETWEEN 1 AND 3660),
        CONSTRAINT block_days CHECK (block_days BETWEEN 1 AND 3660),
        CONSTRAINT washin_days CHECK (washin_days BETWEEN 0 AND 3660),
        CONSTRAINT starts_on CHECK (starts_on IS date(starts_on)),
        CONSTRAINT arm_order CHECK (arm_order IN ('random', 'abba', 'latin')),
        CONSTRAINT begun_utc CHECK (length(begun_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', begun_utc) IS substr(begun_utc, 1, 19)),
        CONSTRAINT begun_offset_min CHECK (begun_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT ended_utc CHECK ((ended_utc IS NULL) = (ended_offset_min IS NULL)
            AND (ended_utc IS NULL OR (length(ended_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', ended_utc) IS substr(ended_utc, 1, 19)))),
        CONSTRAINT ended_offset_min CHECK (ended_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT why_ended CHECK (length(why_ended) <= 1000 AND (why_ended IS NULL) = (ended_utc IS NULL)),
        UNIQUE (id)
    ) STRICT
    """,
    "INSERT INTO trials_anew SELECT * FROM trials",
    "DROP TABLE trials",
    "ALTER TABLE trials_anew RENAME TO trials",
    "CREATE UNIQUE INDEX trials_one_running ON trials (person) WHERE ended_utc IS NULL",
    """
    CREATE TABLE trial_days_anew (
        trial_id TEXT NOT NULL,
        person TEXT NOT NULL,
        day INTEGER NOT NULL,
        on_date TEXT NOT NULL,
        arm TEXT NOT NULL,
        washin INTEGER NOT NULL,
        off INTEGER NOT NULL,
        PRIMARY KEY (trial_id, day),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT day CHECK (day BETWEEN 1 AND 3660),
        CONSTRAINT on_date CHECK (on_date IS date(on_date)),
        CONSTRAINT arm CHECK (arm IN ('mat', 'rest', 'breath', 'nothing')),
        CONSTRAINT washin CHECK (washin IN (0, 1)),
        CONSTRAINT off CHECK (off IN (0, 1)),
        UNIQUE (trial_id, on_date),
        FOREIGN KEY(trial_id) REFERENCES trials (id)
    ) STRICT
    """,
    "INSERT INTO trial_days_anew SELECT * FROM trial_days",
    "DROP TABLE trial_days",
    "ALTER TABLE trial_days_anew RENAME TO trial_days",
)


def upgrade() -> None:
    """Make the three tables anew around what they hold."""
    for statement in STATEMENTS:
        op.execute(statement)
