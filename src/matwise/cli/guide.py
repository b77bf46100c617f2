"""The session as a file, from a terminal."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from matwise.cli.terminal import VERBS, ReplyWord, app, ask, database, now, out
from matwise.errors import InvalidInputError, Problem
from matwise.settings import read_settings


@app.command(group=VERBS, sort_key=3)
def guide(
    *,
    out_file: Annotated[Path, Parameter(name="--out")] = Path("session.mp3"),
    choice: str = "rung",
    changed: ReplyWord | None = None,
) -> None:
    """Today's session as one audio file that plays anywhere, with bells, voice, breathing and the wake-up alarm.

    Args:
        out_file: Where to put the file.
        choice: "rung" for today's step of the ladder, or the id of a routine that `matwise plan` shows.
        changed: The answer to "has anything changed since your last safety check?"; asked when left out.
    """
    from rich.progress import Progress

    from matwise.practice import guide as practice
    from matwise.practice import say, voice

    if not out_file.absolute().parent.is_dir():
        raise InvalidInputError(Problem("--out", str(out_file), "a file in a folder that is there"))
    settings = read_settings()
    with database(settings) as db:
        reply = changed or ask(say.words().changed_question, choices=["no", "yes", "unknown"])
        started = practice.start(db, str(uuid.uuid4()), choice, reply, now(), settings=settings)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Making the audio file", total=1.0)
            made = practice.audio(
                db, started.session.id, settings, now(), lambda part: bar.update(task, completed=part)
            )
    shutil.copyfile(made.path, out_file)
    minutes, seconds = divmod(round(made.duration_s), 60)
    out.print(f"{out_file}: {started.timeline.title}, {minutes}:{seconds:02}")
    out.print(voice.voice_report(settings).sentence)
    out.print("Set your phone's own alarm as well. Afterwards: matwise measure --session")
