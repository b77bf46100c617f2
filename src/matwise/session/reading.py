"""How long a line may take, so that a session has room for it whoever reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matwise.session.programme import Programme

LONGEST_S = 20.0  # longer than that nobody follows with closed eyes
# Two thirds of the pace of a calm reader, 15 characters a second; shorter sentences need their pauses all the same.
SLOWEST_PER_S, SHORTEST_S = 10.0, 2.0
BEFORE_OUT_S = 1.0  # between "breathe in" and the out-breath


def longest_s(texts: Mapping[str, str], programmes: Iterable[Programme]) -> Mapping[str, float]:
    """The longest each line may take, in s, rounded down to tenths.

    Args:
        texts: what is said, by the id of the line.
        programmes: every breathing programme it may be said in; the words that lead a breath must fit into all.
    """
    windows_s = _windows_s(programmes)
    longest = {line: min(LONGEST_S, max(SHORTEST_S, len(text) / SLOWEST_PER_S)) for line, text in texts.items()}
    longest |= {line: window_s for line, window_s in windows_s.items() if line in texts}
    return {line: int(10 * seconds + 1e-6) / 10 for line, seconds in longest.items()}


def _windows_s(programmes: Iterable[Programme]) -> Mapping[str, float]:
    """The shortest part of any breath that each word has to fit into, in s."""
    windows: dict[str, float] = {}
    for programme in programmes:
        # Between two waypoints the breath only glides from one to the other.
        for breath in (waypoint.breathing for waypoint in programme.path):
            sips = breath.second_inhale_s > 0
            parts = {
                "breathe_in": breath.inhale_s - (0.0 if sips else BEFORE_OUT_S),
                "breathe_out": breath.exhale_s + breath.rest_s - BEFORE_OUT_S,
                **({"breathe_in_again": breath.second_inhale_s + breath.hold_s} if sips else {}),
            }
            windows |= {word: min(part_s, windows.get(word, part_s)) for word, part_s in parts.items()}
    return windows
