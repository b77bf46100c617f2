"""Names and short sentences, one reading for page and terminal."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import msgspec

from matwise.content.reader import HERE, read
from matwise.sentence import Sentence


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What things are called, by the ids the rooms use."""

    reply: Mapping[str, Sentence]
    outcome: Mapping[str, Sentence]
    group: Mapping[str, Sentence]
    area: Mapping[str, Sentence]
    placement: Mapping[str, Sentence]
    layer: Mapping[str, Sentence]
    base: Mapping[str, Sentence]
    arm: Mapping[str, Sentence]
    arm_today: Mapping[str, Sentence]
    move: Mapping[str, Sentence]
    felt: Mapping[str, Sentence]
    nap: Mapping[str, Sentence]
    skin: Mapping[str, Sentence]
    skin_question: Sentence
    changed: Sentence
    changed_examples: Sentence
    one_session: Sentence
    simulated: Sentence
    not_reviewed: Sentence
    rung: Sentence
    limits: Mapping[str, Sentence]
    voice: Mapping[str, Sentence]
    take_along: Mapping[str, Sentence]

    @property
    def changed_question(self) -> Sentence:
        """What is asked before every session, with what may have changed."""
        return Sentence.joined((self.changed, self.changed_examples))


@functools.cache
def phrases() -> Phrases:
    """The phrases.

    Raises:
        ContentError: the file lacks a phrase or holds one nobody uses; names the line.
    """
    return read(HERE / "words" / "en" / "phrases.yaml", Phrases).value
