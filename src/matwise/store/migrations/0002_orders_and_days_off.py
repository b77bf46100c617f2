"""Trials get their order and their days off, and may compare the mat with both others. Frozen."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

# SQLite can't change a CHECK: the tables are made anew and take the place of the old ones.
STATEMENTS = (
    "DROP INDEX trials_one_running",
    "ALTER TABLE trials RENAME TO trials_before",
    "ALTER TABLE trial_days RENAME TO trial_days_before",
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
        CONSTRAINT versus CHECK (versus IN ('mat', 'rest', 'nothing', 'both')),
        CONSTRAINT days CHECK (days BETWEEN 1 AND 3660),
        CONSTRAINT block_days CHECK (block_days BETWEEN 1 AND 3660),
        CONSTRAINT washin_days CHECK (washin_days BETWEEN 0 AND 3660),
        CONSTRAINT starts_on CHECK (starts_on IS date(starts_on)),
        CONSTRAINT arm_order CHECK (arm_order IN ('random', 'abba', 'latin')),
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
    """
    INSERT INTO trials
    SELECT seq, id, person, scale, versus, days, block_days, washin_days, starts_on, seed, 'random', '',
        begun_utc, begun_offset_min, ended_utc, ended_offset_min, why_ended
    FROM trials_before
    """,
    "CREATE UNIQUE INDEX trials_one_running ON trials (person) WHERE ended_utc IS NULL",
    """
    CREATE TABLE trial_days (
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
        CONSTRAINT arm CHECK (arm IN ('mat', 'rest', 'nothing')),
        CONSTRAINT washin CHECK (washin IN (0, 1)),
        CONSTRAINT off CHECK (off IN (0, 1)),
        UNIQUE (trial_id, on_date),
        FOREIGN KEY(trial_id) REFERENCES trials (id)
    ) STRICT
    """,
    "INSERT INTO trial_days SELECT trial_id, person, day, on_date, arm, washin, 0 FROM trial_days_before",
    "DROP TABLE trial_days_before",
    "DROP TABLE trials_before",
)


def upgrade() -> None:
    """Make the two tables anew around what they hold."""
    for statement in STATEMENTS:
        op.execute(statement)
