from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import pytest

from matwise.content.voices import voice
from matwise.errors import InvalidInputError
from matwise.session.cue import Bed, Chapter, Cue, Kind, Timeline
from matwise.session.mix import mix, mix_without_end, n_samples
from matwise.session.sound import RATE_HZ, Samples
from matwise.session.wishes import Bells, Wishes
from tests.session.sessions import a_timeline, seeded


@dataclass(frozen=True)
class LoudVoice:
    """Somebody who shouts at full scale."""

    fingerprint: str = "loud"
    rate_hz: int = 24_000

    def speech_s(self) -> Mapping[str, float]:
        return {"shout": 1.0}

    def clip(self, line: str) -> Samples:
        assert line == "shout"
        return np.sin(np.arange(24_000, dtype=np.float32) / 9).astype(np.float32)


def a_shout(duration_s: float = 1.0, line: str = "shout") -> Timeline:
    cues = (
        Cue(1.0, duration_s, Kind.VOICE, Chapter.ALARM, "Hey!", line, 12.0, wakes=True),
        Cue(1.0, 3.0, Kind.ALARM, Chapter.ALARM, "(bell)", level_db=6.0, wakes=True),
    )
    return Timeline("A shout", cues, 5.0, 0.0, 5.0)


def test_the_length_of_a_block_changes_nothing_so_there_are_no_seams() -> None:
    short = replace(a_timeline(), duration_s=130.0)
    whole, parts = (np.concatenate(list(mix(short, voice("en"), seeded(), block_s))) for block_s in (30.0, 0.37))

    assert whole.size == n_samples(short)
    assert np.array_equal(whole, parts)


def test_nothing_however_loud_ever_comes_near_full_scale() -> None:
    heard = np.concatenate(list(mix(a_shout(), LoudVoice(), seeded())))

    assert 0.6 < np.abs(heard).max() < 0.76


def test_a_session_begins_and_ends_in_silence() -> None:
    heard = np.concatenate(list(mix(a_shout(), LoudVoice(), seeded())))

    assert abs(heard[0]) < 1e-6
    assert abs(heard[-1]) < 1e-6
    assert np.sqrt(np.mean(heard[-RATE_HZ // 2 : -RATE_HZ // 4] ** 2)) < 1e-3


def test_a_line_that_nobody_spoke_is_refused_before_the_first_sound() -> None:
    with pytest.raises(InvalidInputError, match="line whisper: got no clip"):
        mix(a_shout(line="whisper"), LoudVoice(), seeded())


def test_a_clip_longer_than_its_time_is_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"at most 0\.50 s"):
        mix(a_shout(duration_s=0.5), LoudVoice(), seeded())


def test_a_session_with_an_open_end_goes_on_block_by_block_for_as_long_as_somebody_asks() -> None:
    whole = a_timeline(wishes=Wishes(bed=Bed.WAVES, open_end=True, bells=Bells(every_s=30.0)))
    assert whole.open_end is not None
    short = replace(whole, cues=whole.cues[-1:], open_end=replace(whole.open_end, from_s=whole.duration_s - 60))
    first = islice(mix_without_end(short, voice("en"), seeded(), 20.0), 60)
    late = [block for number, block in enumerate(first) if number * 20 > whole.duration_s]

    assert len(late) > 10
    assert all(block.size == 20 * RATE_HZ for block in late)
    assert min(float(np.sqrt(np.mean(block**2))) for block in late) > 0.01


def test_a_session_that_ends_is_not_played_without_end() -> None:
    with pytest.raises(InvalidInputError, match="one with an open end"):
        mix_without_end(a_shout(), LoudVoice(), seeded())


def test_as_a_file_an_open_end_sounds_as_it_does_without_one() -> None:
    whole = a_timeline(wishes=Wishes(bed=Bed.DRONE, open_end=True))
    short = replace(whole, cues=whole.cues[:1], duration_s=20.0)
    file = np.concatenate(list(mix(short, voice("en"), seeded())))
    endless = np.concatenate(list(islice(mix_without_end(short, voice("en"), seeded()), 10)))

    assert np.array_equal(file[: 13 * RATE_HZ], endless[: 13 * RATE_HZ])
