"""What was measured, file by file, and questionnaires. Frozen."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    """
    CREATE TABLE imports (
        seq INTEGER NOT NULL,
        id TEXT NOT NULL,
        person TEXT NOT NULL,
        kind TEXT NOT NULL,
        maker TEXT NOT NULL,
        file_name TEXT,
        sha256 TEXT,
        state TEXT NOT NULL,
        position INTEGER NOT NULL,
        begun_utc TEXT NOT NULL,
        begun_offset_min INTEGER NOT NULL,
        ended_utc TEXT,
        ended_offset_min INTEGER,
        report TEXT NOT NULL,
        PRIMARY KEY (seq),
        CONSTRAINT id CHECK (length(id) BETWEEN 1 AND 64),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT kind CHECK (kind IN ('file', 'strap', 'hand')),
        CONSTRAINT maker CHECK (length(maker) BETWEEN 1 AND 64),
        CONSTRAINT file_name CHECK (length(file_name) BETWEEN 1 AND 255),
        CONSTRAINT sha256 CHECK (length(sha256) = 64),
        CONSTRAINT state CHECK (state IN ('running', 'paused', 'done', 'undone')),
        CONSTRAINT position CHECK (position BETWEEN 0 AND 1125899906842624),
        CONSTRAINT begun_utc CHECK (length(begun_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', begun_utc) IS substr(begun_utc, 1, 19)),
        CONSTRAINT begun_offset_min CHECK (begun_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT ended_utc CHECK ((ended_utc IS NULL) = (ended_offset_min IS NULL)
            AND (ended_utc IS NULL OR (length(ended_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', ended_utc) IS substr(ended_utc, 1, 19)))),
        CONSTRAINT ended_offset_min CHECK (ended_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT report CHECK (json_valid(report)),
        UNIQUE (id)
    ) STRICT
    """,
    "CREATE INDEX imports_of_person ON imports (person, seq)",
    """
    CREATE TABLE readings (
        seq INTEGER NOT NULL,
        person TEXT NOT NULL,
        import_id TEXT NOT NULL,
        measure TEXT NOT NULL,
        source TEXT NOT NULL,
        utc_day TEXT NOT NULL,
        count INTEGER NOT NULL,
        packed BLOB NOT NULL,
        PRIMARY KEY (seq),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT measure CHECK (length(measure) BETWEEN 1 AND 64),
        CONSTRAINT source CHECK (length(source) BETWEEN 1 AND 200),
        CONSTRAINT utc_day CHECK (utc_day IS date(utc_day)),
        CONSTRAINT count CHECK (count BETWEEN 1 AND 1073741824),
        UNIQUE (person, measure, source, utc_day, import_id),
        FOREIGN KEY(import_id) REFERENCES imports (id)
    ) STRICT
    """,
    "CREATE INDEX readings_of_import ON readings (import_id)",
    """
    CREATE TABLE recordings (
        seq INTEGER NOT NULL,
        id TEXT NOT NULL,
        person TEXT NOT NULL,
        import_id TEXT NOT NULL,
        source TEXT NOT NULL,
        at_utc TEXT NOT NULL,
        at_offset_min INTEGER NOT NULL,
        day TEXT NOT NULL,
        duration_s REAL NOT NULL,
        beats INTEGER NOT NULL,
        packed BLOB NOT NULL,
        sha256 TEXT NOT NULL,
        session_id TEXT,
        moment TEXT,
        PRIMARY KEY (seq),
        CONSTRAINT id CHECK (length(id) BETWEEN 1 AND 64),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT source CHECK (length(source) BETWEEN 1 AND 200),
        CONSTRAINT at_utc CHECK (length(at_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', at_utc) IS substr(at_utc, 1, 19)),
        CONSTRAINT at_offset_min CHECK (at_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT day CHECK (day IS date(day)),
        CONSTRAINT duration_s CHECK (duration_s BETWEEN 0 AND 1000000),
        CONSTRAINT beats CHECK (beats BETWEEN 1 AND 16777216),
        CONSTRAINT sha256 CHECK (length(sha256) = 64),
        CONSTRAINT moment CHECK (moment IN ('before', 'during', 'after')),
        UNIQUE (person, sha256),
        UNIQUE (id),
        FOREIGN KEY(import_id) REFERENCES imports (id),
        FOREIGN KEY(session_id) REFERENCES sessions (id)
    ) STRICT
    """,
    "CREATE INDEX recordings_of_import ON recordings (import_id)",
    """
    CREATE TABLE chosen_sources (
        person TEXT NOT NULL,
        measure TEXT NOT NULL,
        source TEXT NOT NULL,
        at_utc TEXT NOT NULL,
        at_offset_min INTEGER NOT NULL,
        PRIMARY KEY (person, measure),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT measure CHECK (length(measure) BETWEEN 1 AND 64),
        CONSTRAINT source CHECK (length(source) BETWEEN 1 AND 200),
        CONSTRAINT at_utc CHECK (length(at_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', at_utc) IS substr(at_utc, 1, 19)),
        CONSTRAINT at_offset_min CHECK (at_offset_min BETWEEN -1439 AND 1439)
    ) STRICT
    """,
    """
    CREATE TABLE questionnaires (
        seq INTEGER NOT NULL,
        id TEXT NOT NULL,
        person TEXT NOT NULL,
        instrument TEXT NOT NULL,
        answers TEXT NOT NULL,
        told_score REAL,
        at_utc TEXT NOT NULL,
        at_offset_min INTEGER NOT NULL,
        day TEXT NOT NULL,
        PRIMARY KEY (seq),
        CONSTRAINT id CHECK (length(id) BETWEEN 1 AND 64),
        CONSTRAINT person CHECK (length(person) BETWEEN 1 AND 64),
        CONSTRAINT instrument CHECK (length(instrument) BETWEEN 1 AND 64),
        CONSTRAINT answers CHECK (json_valid(answers) AND length(answers) <= 10000),
        CONSTRAINT at_utc CHECK (length(at_utc) = 27
            AND strftime('%Y-%m-%dT%H:%M:%S', at_utc) IS substr(at_utc, 1, 19)),
        CONSTRAINT at_offset_min CHECK (at_offset_min BETWEEN -1439 AND 1439),
        CONSTRAINT day CHECK (day IS date(day)),
        UNIQUE (id)
    ) STRICT
    """,
    "CREATE INDEX questionnaires_of_person ON questionnaires (person, instrument, seq)",
)


def upgrade() -> None:
    """Make the five tables; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
