"""Short sessions, labels and tags to test with."""

from __future__ import annotations

from dataclasses import replace

from matwise.exchange.audio_tags import Labels, Mark, Tags
from matwise.exchange.cover import cover
from matwise.session.cue import Chapter, Cue, Kind, Timeline
from tests.session.sessions import a_timeline

NAMES = {chapter.value: f"{chapter.value.replace('_', ' ').capitalize()}, bitte: ÄÖ…" for chapter in Chapter}


def a_snippet(seconds: float = 12.0, title: str = "Füße & more") -> Timeline:
    """The first seconds of a session: enough for what does not depend on its length."""
    whole = a_timeline()
    return replace(whole, title=title, duration_s=seconds, cues=tuple(cue for cue in whole.cues if cue.at_s < seconds))


def some_labels(artist: str = "Matwise", language: str = "eng", names: dict[str, str] | None = None) -> Labels:
    return Labels(artist, "Guided sessions", language, NAMES if names is None else names, cover(64))


def some_tags(title: str = "Füße 🦶 & more", n_marks: int = 3) -> Tags:
    marks = tuple(Mark(f"Teil {n} – ruhig", 20.0 * n, 20.0 * n + 20) for n in range(n_marks))
    return Tags(title, 20.0 * n_marks, "Matwise", "Guided sessions", "deu", marks, cover(64))


def a_small_timeline(title: str = "Füße & more") -> Timeline:
    """A minute of everything: three chapters, sentences, bells, and breath tones under and after them."""
    start, breathing, alarm = Chapter.SETTLING_IN, Chapter.BREATHING, Chapter.ALARM
    cues = (
        Cue(1.0, 4.5, Kind.VOICE, start, "Hello. This is your time on the mat.", "welcome_mat"),
        Cue(6.0, 9.0, Kind.BELL, start, "(a bell rings)", level_db=-3.0),
        Cue(15.5, 9.0, Kind.BELL, breathing, "(a bell rings)"),
        Cue(20.25, 6.0, Kind.VOICE, breathing, "Breathe low, into your belly, in as the sound rises, out.", "belly"),
        Cue(24.0, 4.0, Kind.INHALE, breathing, "In", level_db=-9.0),
        *(Cue(28.0 + 10 * n, 6.0, Kind.EXHALE, breathing, "Out") for n in range(2)),
        Cue(44.0, 1.234, Kind.VOICE, breathing, "Nothing more to do.", "own_breath"),
        *(Cue(48.0 + 5 * n, 3.0, Kind.ALARM, alarm, "(the waking bell rings)") for n in range(3)),
    )
    return Timeline(title, cues, 61.5, 15.5, 46.0)
