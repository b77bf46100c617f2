"""Names and short sentences, one reading for page and terminal."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import msgspec


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What things are called, by the ids the rooms use."""

    reply: Mapping[str, str]
    outcome: Mapping[str, str]
    group: Mapping[str, str]
    area: Mapping[str, str]
    placement: Mapping[str, str]
    layer: Mapping[str, str]
    base: Mapping[str, str]
    arm: Mapping[str, str]
    arm_today: Mapping[str, str]
    move: Mapping[str, str]
    felt: Mapping[str, str]
    skin: Mapping[str, str]
    skin_question: str
    changed_question: str
    one_session: str
    simulated: str
    not_reviewed: str
    rung: str
    limits: Mapping[str, str]
    voice: Mapping[str, str]


@functools.cache
def phrases(language: str = "en") -> Phrases:
    """The phrases of one language.

    Raises:
        msgspec.ValidationError: the file lacks a phrase or holds one nobody uses.
    """
    file = Path(__file__).parent / "words" / language / "phrases.yaml"
    return msgspec.yaml.decode(file.read_bytes(), type=Phrases)
