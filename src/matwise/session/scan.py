"""Through the body, part by part."""

from __future__ import annotations

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.session.cue import Chapter
from matwise.session.sheet import AFTER_LINE_S, Sheet

GAP_S = (6.0, 45.0)  # between two parts: room to feel one, never so long that the thread is lost
FEWEST_PARTS = 3
QUIET = Sentence("{seconds:.0f} s of quiet")
LONGER = Sentence("a longer session")


def say_scan(sheet: Sheet, lines: tuple[str, ...], from_s: float, until_s: float) -> None:
    """Say the first line, as many parts as there is room for, evenly chosen, and the last line.

    Raises:
        InvalidInputError: not even three parts have room.
    """
    first, *parts, last = lines
    for count in range(len(parts), FEWEST_PARTS - 1, -1):
        chosen = [parts[number * (len(parts) - 1) // (count - 1)] for number in range(count)]
        places = _places(sheet, (first, *chosen, last), from_s, until_s)
        if places is not None:
            for line, at_s in places:
                sheet.say(line, at_s, Chapter.QUIET)
            return
    raise InvalidInputError(Problem("scan", QUIET.format(seconds=max(0.0, until_s - from_s)), LONGER))


def _places(sheet: Sheet, lines: tuple[str, ...], from_s: float, until_s: float) -> list[tuple[str, float]] | None:
    """When each line can be said, the gaps as equal as others who speak allow; None where the room is too short."""
    words_s = sum(sheet.lines[line].duration_s for line in lines)
    shortest_s, longest_s = GAP_S
    gap_s = min(longest_s, (until_s - from_s - sheet.spoken_s(from_s, until_s) - words_s) / (len(lines) + 1))
    while gap_s >= shortest_s:
        places, at_s = [], from_s + AFTER_LINE_S
        for line in lines:
            start_s = sheet.free_from(at_s, sheet.lines[line].duration_s)
            places.append((line, start_s))
            at_s = start_s + sheet.lines[line].duration_s + gap_s
        if at_s - gap_s + shortest_s <= until_s:
            return places
        gap_s -= 1.0
    return None
