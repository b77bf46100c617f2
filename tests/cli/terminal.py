"""The command as somebody types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from matwise.practice import screen


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


def matwise(data: Path, *words: str, typed: str = "", locale: str = "C.UTF-8") -> Said:
    """Run `matwise WORDS` on the data folder `data` in the language of `locale`, typing `typed` where it asks."""
    environ = {
        **os.environ,
        "MATWISE_DATA": str(data),
        "TERM": "dumb",
        "COLUMNS": "200",
        "NO_COLOR": "1",
        "LC_ALL": locale,
    }
    command = [sys.executable, "-P", "-m", "matwise", *words]
    done = subprocess.run(
        command, input=typed, capture_output=True, text=True, env=environ, check=False, timeout=120, cwd=data
    )
    return Said(done.returncode, done.stdout, done.stderr)


def answers_file(folder: Path, **but: object) -> Path:
    """Somebody's answers as a file: "no" to everything `but` what is named."""
    file = folder / "answers.json"
    file.write_text(json.dumps({rule.id: "no" for rule in screen.questions()} | but), "utf-8")
    return file
