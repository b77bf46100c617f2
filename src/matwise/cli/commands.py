"""Every command, gathered."""

from __future__ import annotations

# Each registers its command with the app as it is imported.
from matwise.cli import answer, connect, explain, guide, measure, open, plan, screen, trial, voice  # noqa: A004 – named as it is typed
from matwise.cli.terminal import app

__all__ = ["answer", "app", "connect", "explain", "guide", "measure", "open", "plan", "screen", "trial", "voice"]
