"""What is kept of a person, in and out of their hands."""

from __future__ import annotations

from pathlib import Path

from matwise.cli.terminal import DATA, VERBS, app, ask, database, now, out
from matwise.sentence import Sentence
from matwise.settings import read_settings

LEAVES = Sentence("Everything you entered can leave this machine as plain tables, and only when you say so:")
EXPORT = Sentence("every table as CSV, and all of it as one JSON file")
NOT_YET = Sentence("Sharing with a practitioner inside Matwise is not there yet.")
RESTORED = Sentence("Restored.")
KEPT_AS = Sentence("Restored. What was there before is kept as {file}")
RECORDINGS = Sentence("Your own recordings are files of yours and are still there: {folder}")


@app.command(group=VERBS, sort_key=7)
def connect() -> None:
    """Take what is yours to somebody who looks after you: what can be taken along, and how."""
    out.print(LEAVES)
    out.print("  matwise export FOLDER   ", EXPORT)
    out.print(NOT_YET)


@app.command(group=DATA)
def export(folder: Path) -> None:
    """Write everything that is kept of you as CSV tables and one JSON file.

    Args:
        folder: Where to write them; made if it is not there.
    """
    from matwise.practice import connect as practice

    with database() as db:
        for file in practice.export(db, folder, now()):
            out.print(str(file), soft_wrap=True)


@app.command(group=DATA)
def backup(folder: Path | None = None) -> None:
    """Write a checked copy of your database.

    Args:
        folder: Where to put it. Default: the backups folder of your data.
    """
    from matwise.practice import connect as practice

    settings = read_settings()
    out.print(str(practice.backup(settings, folder, now())), soft_wrap=True)


@app.command(group=DATA)
def restore(file: Path) -> None:
    """Put a backup in place of the present database, which is kept beside it.

    Args:
        file: A file that `matwise backup` wrote.
    """
    from matwise.practice import connect as practice

    kept = practice.restore(read_settings(), file, now())
    out.print(RESTORED if kept is None else KEPT_AS.format(file=kept), soft_wrap=True)


@app.command(group=DATA)
def erase(*, yes: bool = False) -> None:
    """Erase everything that is kept of you on this machine, backups and audio files too.

    Args:
        yes: Don't ask again.
    """
    from matwise.practice import connect as practice

    if not yes and ask(Sentence("Type ERASE to erase everything"), default="") != "ERASE":
        out.print(Sentence("Nothing was erased."))
        return
    settings = read_settings()
    with database(settings) as db:
        erased = practice.erase(db, settings, now())
    out.print(Sentence("Everything is erased."))
    if erased.left:
        out.print(RECORDINGS.format(folder=settings.voices_dir), soft_wrap=True)
