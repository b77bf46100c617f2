from __future__ import annotations

import numpy as np
import pytest

from matwise.session.bed import BED_LUFS, BedSound, bed_sound
from matwise.session.cue import Bed
from matwise.session.loudness import loudness_lufs
from matwise.session.sound import RATE_HZ, Samples
from tests.session.sessions import seeded

BEDS = {bed: bed_sound(bed, seeded(5)) for bed in Bed}
LONG_S = 90


def heard(sound: BedSound, seconds: float, block_s: float = 2.0, from_s: float = 0.0) -> Samples:
    start, end, block = (round(one * RATE_HZ) for one in (from_s, from_s + seconds, block_s))
    return np.concatenate([sound.block(at, min(block, end - at)) for at in range(start, end, block)])


@pytest.fixture(scope="module")
def minutes() -> dict[Bed, Samples]:
    return {bed: heard(sound, LONG_S) for bed, sound in BEDS.items()}


@pytest.mark.parametrize("bed", Bed)
def test_the_blocks_in_which_it_is_asked_for_never_show(bed: Bed, minutes: dict[Bed, Samples]) -> None:
    whole = minutes[bed][: 45 * RATE_HZ]

    assert np.array_equal(heard(BEDS[bed], 45, block_s=0.3791), whole)
    assert np.array_equal(heard(BEDS[bed], 45, block_s=45), whole)


@pytest.mark.parametrize("bed", Bed)
def test_the_same_seed_gives_the_same_bed_and_another_seed_another(bed: Bed) -> None:
    first, again, other = (heard(bed_sound(bed, seeded(seed)), 2) for seed in (7, 7, 8))

    assert first.tobytes() == again.tobytes()
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("bed", Bed)
def test_it_is_about_as_loud_as_it_should_be_for_as_long_as_it_lasts(bed: Bed, minutes: dict[Bed, Samples]) -> None:
    assert loudness_lufs(minutes[bed], RATE_HZ) == pytest.approx(BED_LUFS, abs=1.0)
    assert loudness_lufs(heard(BEDS[bed], 60, from_s=3 * 3600), RATE_HZ) == pytest.approx(BED_LUFS, abs=1.5)


@pytest.mark.parametrize("bed", Bed)
def test_where_a_loop_meets_its_start_it_moves_as_anywhere_else(bed: Bed, minutes: dict[Bed, Samples]) -> None:
    for layer in BEDS[bed].layers:
        bend = np.abs(np.diff(np.concatenate((layer.loop[-500:], layer.loop[:500])), n=2))
        anywhere = np.abs(np.diff(layer.loop[: 20 * RATE_HZ], n=2))

        assert bend.max() <= anywhere.max()
    assert np.abs(minutes[bed]).max() < 0.6


@pytest.mark.parametrize("bed", Bed)
def test_its_loops_never_repeat_together_within_a_session(bed: Bed) -> None:
    lengths_s = {layer.loop.size // RATE_HZ for layer in BEDS[bed].layers}
    swells = {layer.swell(np.arange(0.0, 3600.0, 7.0)).tobytes() for layer in BEDS[bed].layers}
    together_s = np.lcm.reduce(list(lengths_s))

    # The chord is one note: its loops are one length, but each swells at a pace of its own.
    assert together_s > 600 or len(swells) == len(BEDS[bed].layers)
    hour = heard(BEDS[bed], 10, from_s=float(together_s))
    assert not np.array_equal(hour, heard(BEDS[bed], 10))


def band(samples: Samples, low_hz: float, high_hz: float) -> float:
    spectrum = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(samples.size, 1 / RATE_HZ)
    return float(spectrum[(hertz >= low_hz) & (hertz < high_hz)].sum() / spectrum.sum())


def test_rain_hisses_brown_noise_rumbles_and_the_chord_has_its_notes(minutes: dict[Bed, Samples]) -> None:
    assert band(minutes[Bed.RAIN], 1000, 12_000) > 0.5
    assert band(minutes[Bed.BROWN], 30, 500) > 0.8
    assert band(minutes[Bed.DRONE], 109, 111) > 0.1
    assert band(minutes[Bed.DRONE], 700, 22_000) < 0.001


def test_waves_come_and_go_every_eleven_seconds_or_so(minutes: dict[Bed, Samples]) -> None:
    level = np.sqrt(np.mean(minutes[Bed.WAVES].reshape(-1, RATE_HZ) ** 2, axis=1))
    high = [n for n in range(2, level.size - 2) if level[n] == level[n - 2 : n + 3].max() and level[n] > level.mean()]

    assert 8 < np.median(np.diff(high)) < 15
    assert level.max() > 3 * level.min()
