"""The session from a terminal: as a file, as words, or played at once; and the plan as a calendar."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.console import Console

from matwise.cli.terminal import DATA, VERBS, ReplyWord, app, ask, bold, database, in_words, now, out
from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.settings import read_settings

if TYPE_CHECKING:
    from matwise.cli.playing import Played, Player
    from matwise.practice.guide import Started
    from matwise.settings import Settings
    from matwise.store.database import Database

WORDS = (".txt", ".vtt", ".json")
AFTERWARDS = Sentence("Set your phone's own alarm as well. Afterwards: matwise measure --session")
CALENDAR = Sentence("{file}: open it with your calendar. One that follows your plan is on the guide page.")
WORDS_OF = Sentence("{file}: the words of {title}")
STOP_AT_ANY_MOMENT = Sentence("Ctrl-C stops at any moment. Set your phone's own alarm as well.")


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Sounds:
    """What the session shall sound like, as somebody typed it. With any of these the others are as usual.

    Args:
        aim: What it is for, such as morning, evening, pain or work.
        minutes: A shorter session: from 2 up to what the plan has for today.
        breathing: How the breath is led, such as longer_exhale, resonance, sighing or no_guidance.
        pace: Breaths a minute with resonance, from 4.5 to 6.5.
        bed: What lies under the voice: rain, waves, brown, drone or none.
        bells: usual, none or own.
        bell_every: With own bells, one every so many minutes.
        bell_at: With own bells, the minutes at which they ring, such as "5 10".
        voice_db: How much louder (or, with a minus, softer) the voice is, in dB.
        bell_db: The same for the bells.
        bed_db: The same for what lies under the voice.
        settle_in: Seconds of quiet before the first word.
        scan: Go through the body, part by part.
        familiar: Leave out the introduction.
    """

    aim: str | None = None
    minutes: str | None = None
    breathing: str | None = None
    pace: str | None = None
    bed: str | None = None
    bells: str | None = None
    bell_every: str | None = None
    bell_at: str | None = None
    voice_db: str | None = None
    bell_db: str | None = None
    bed_db: str | None = None
    settle_in: str | None = None
    scan: Annotated[bool, Parameter(negative="")] = False
    familiar: Annotated[bool, Parameter(negative="")] = False


# What is called otherwise where it is kept.
_KEPT_AS = {
    "pace": "pace_per_min",
    "bell_every": "bell_every_min",
    "bell_at": "bell_at_min",
    "settle_in": "settle_in_s",
}
_TYPED_AS = {_KEPT_AS.get(one.name, one.name): f"--{one.name.replace('_', '-')}" for one in fields(Sounds)}


@app.command(group=VERBS, sort_key=3)
def guide(
    *,
    sounds: Sounds | None = None,
    out_file: Annotated[Path | None, Parameter(name="--out")] = None,
    ending: Annotated[str | None, Parameter(name="--format")] = None,
    words: Path | None = None,
    play: bool = False,
    choice: str = "rung",
    changed: ReplyWord | None = None,
) -> None:
    """Today's session as one audio file that plays anywhere, with bells, voice, breathing and the wake-up alarm.

    Args:
        sounds: What it shall sound like.
        out_file: Where to put the file. Default: session.mp3, or with another ending by --format.
        ending: mp3, opus, flac or wav. Default: as the name of the file ends, else mp3.
        words: Write what is said as well: to a name that ends in .txt to print, .vtt for captions, .json for every cue.
        play: Play it here and now, and show the words as they are spoken; without --out no file is left behind.
        choice: "rung" for today's step of the ladder, or the id of a routine that `matwise plan` shows.
        changed: The answer to "has anything changed since your last safety check?"; asked when left out.
    """
    target = _target(out_file, ending, words, play=play)
    settings = read_settings()
    player = _player() if play else None
    with database(settings) as db:
        to_take = _start(db, choice, changed, sounds, settings)
        if words is not None:
            _write_words(to_take, words, settings)
        if target is not None:
            _write(db, to_take, target, settings)
        if player is not None:
            _play(db, to_take, player, settings)
            return
    out.print(AFTERWARDS)


def _start(db: Database, choice: str, changed: str | None, sounds: Sounds | None, settings: Settings) -> Started:
    """Ask what has to be asked and begin; gives the session as its files have it, which end with the alarm."""
    from matwise.practice import guide as practice
    from matwise.practice import say

    reply = changed or ask(say.words().changed_question, choices=["no", "yes", "unknown"])
    try:
        started = practice.start(db, str(uuid.uuid4()), choice, reply, now(), told(sounds), settings)
    except InvalidInputError as error:
        raise _as_typed(error) from None
    return practice.playable(db, started.session.id, now(), settings, whole=False)


@app.command(group=DATA)
def calendar(out_file: Path = Path("matwise.ics")) -> None:
    """Write the plan's sessions and the days of your trial as a calendar, as they stand now.

    Args:
        out_file: Where to put it.
    """
    from matwise.practice import calendar as practice

    _check_folder("OUT-FILE", out_file)
    settings = read_settings()
    with database(settings) as db:
        out_file.write_bytes(practice.file(db, now(), settings))
    out.print(CALENDAR.format(file=out_file), soft_wrap=True)


def told(sounds: Sounds | None) -> dict[str, str] | None:
    """What was typed, by the names it is kept by; None where nothing was."""
    typed: Mapping[str, object] = {one.name: getattr(sounds, one.name) for one in fields(Sounds)} if sounds else {}
    given = {
        _KEPT_AS.get(name, name): "yes" if value is True else str(value)
        for name, value in typed.items()
        if value is not None and value is not False
    }
    return given or None


def _as_typed(error: InvalidInputError) -> InvalidInputError:
    """The same, with each field called as it is typed here."""
    return InvalidInputError(
        *(Problem(_TYPED_AS.get(one.where, one.where), one.got, one.want) for one in error.problems)
    )


def _target(out_file: Path | None, ending: str | None, words: Path | None, *, play: bool) -> Path | None:
    """Where the file goes, its ending the kind it is of; None for nowhere."""
    named = out_file.suffix if out_file is not None else ""
    told = [(where, one) for where, one in (("--format", ending), ("--out", named)) if one]
    problems = [problem for where, one in told if (problem := _strange(where, one)) is not None]
    suffix = f".{(ending or named or 'mp3').lower().removeprefix('.')}"
    if not problems and named and suffix != named.lower():
        want = Sentence("{ending}, as the name of the file ends, or another name").format(ending=named[1:])
        problems.append(Problem("--format", str(ending), want))
    if words is not None and words.suffix.lower() not in WORDS:
        problems.append(
            Problem("--words", str(words), Sentence("a name that ends in {known}").format(known=", ".join(WORDS)))
        )
    problems += [
        Problem(where, str(path), Sentence("a file in a folder that is there"))
        for where, path in (("--out", out_file), ("--words", words))
        if path is not None and not path.absolute().parent.is_dir()
    ]
    if problems:
        raise InvalidInputError(*problems)
    if out_file is None:
        return None if play else Path(f"session{suffix}")
    return out_file if named else out_file.with_suffix(suffix)


def _strange(where: str, ending: str) -> Problem | None:
    from matwise.practice import sound

    try:
        sound.format_named(ending)
    except InvalidInputError as error:
        return Problem(where, error.problems[0].got, error.problems[0].want)
    return None


def _check_folder(where: str, path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise InvalidInputError(Problem(where, str(path), Sentence("a file in a folder that is there")))


def _write(db: Database, started: Started, target: Path, settings: Settings) -> None:
    from matwise.practice import voice

    shutil.copyfile(_made(db, started, settings, target.suffix), target)
    minutes, seconds = divmod(round(started.timeline.duration_s), 60)
    out.print(f"{target}: {started.timeline.title}, {minutes}:{seconds:02}", soft_wrap=True)
    out.print(voice.voice_report(settings).sentence)


def _made(db: Database, started: Started, settings: Settings, ending: str) -> Path:
    from rich.progress import Progress

    from matwise.practice import guide as practice

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(in_words(Sentence("Making the audio file")), total=1.0)

        def show(share: float) -> None:
            bar.update(task, completed=share)

        return practice.audio(db, started.session.id, settings, now(), show, ending=ending, whole=False).path


def _write_words(started: Started, target: Path, settings: Settings) -> None:
    from matwise.practice import sound

    language = sound.language_of(started.session.content, settings)
    kind = target.suffix.lower()
    if kind == ".json":
        target.write_bytes(sound.sheet(started.timeline))
    else:
        said = sound.captions(started.timeline) if kind == ".vtt" else sound.script_text(started.timeline, language)
        target.write_text(said, encoding="utf-8", newline="\n")
    out.print(WORDS_OF.format(file=target, title=started.timeline.title), soft_wrap=True)


def _player() -> Player:
    from matwise.cli.playing import find_player

    return find_player()


def _play(db: Database, started: Started, player: Player, settings: Settings) -> None:
    from matwise.cli.playing import play

    path = _made(db, started, settings, player.ending)
    out.print(bold(started.timeline.title))
    out.print(STOP_AT_ANY_MOMENT)
    played = play(player, path, started.timeline, lambda line: out.print(line, markup=False))
    _keep_end(db, started, played)


def _keep_end(db: Database, started: Started, played: Played) -> None:
    """Keep how it ended; where it was stopped, ask why and say what to do."""
    from matwise.cli.playing import Ended, on_mat_minutes
    from matwise.practice import guide as practice

    minutes = on_mat_minutes(started.timeline, played.after_s)
    if played.how is not Ended.STOPPED:
        practice.finish(db, started.session.id, minutes, now())
        out.print(Sentence("Kept. What was it like? matwise measure --session"))
        return
    reasons = {reason.id: reason for reason in practice.stop_reasons()}
    for reason in reasons.values():
        out.print(f"  {reason.id}:", reason.text)
    why = ask(Sentence("Stopped. Why?"), choices=list(reasons))
    practice.stop(db, started.session.id, why, minutes, now())
    out.print(reasons[why].advice)
