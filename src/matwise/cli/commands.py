"""Every command, gathered."""

from __future__ import annotations

# Each registers its command with the app as it is imported.
from matwise.cli import (
    answer,
    bring_in,
    connect,
    explain,
    guide,
    measure,
    open,  # noqa: A004 – named as it is typed
    plan,
    questionnaire,
    record,
    screen,
    trial,
    voice,
)
from matwise.cli.terminal import app

__all__ = [
    "answer",
    "app",
    "bring_in",
    "connect",
    "explain",
    "guide",
    "measure",
    "open",
    "plan",
    "questionnaire",
    "record",
    "screen",
    "trial",
    "voice",
]
