"""A checkout in miniature: the real scripts, and stand-ins for uv and the app that write down how they are called."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

# What the real uv leaves behind, as far as our scripts look at it.
_UV = """#!/bin/sh
if [ "$1" = --version ]; then echo "uv 0.13.9"; exit 0; fi
echo "uv $*" >> "{log}"
[ -z "${{UV_FAILS:-}}" ] || exit 2
mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"
: > "$UV_PROJECT_ENVIRONMENT/pyvenv.cfg"
cp "{python}" "$UV_PROJECT_ENVIRONMENT/bin/python"
[ -z "${{UV_IS_INTERRUPTED:-}}" ] || kill -INT "$PPID"
"""

# A Python that runs everything but the app.
_PYTHON = """#!/bin/sh
case $* in
    "-P -m matwise"*) printf '%s\\n' "$@" ;;
    *) exec "{real}" "$@" ;;
esac
"""


def _heed_ctrl_c() -> None:
    """A run in the background inherits a deaf ear for Ctrl-C, and a test about Ctrl-C would then prove nothing."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True)
class Checkout:
    """A copy of the scripts in a folder of the test's own."""

    root: Path
    programs: Path

    @property
    def calls_of_uv(self) -> list[str]:
        log = self.programs / "calls"
        return log.read_text().splitlines() if log.exists() else []

    def run(self, command: str | Path, *args: str, cwd: Path | None = None, **environ: str) -> Run:
        """Runs ./matwise as a person does; `environ` comes on top of a bare environment."""
        bare = {"PATH": f"{self.programs}:/usr/bin:/bin", "HOME": str(self.programs)}
        done = subprocess.run(
            [str(command), *args],
            cwd=cwd or self.root,
            env={**bare, **environ},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            preexec_fn=_heed_ctrl_c,
        )
        return Run(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Run:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


def a_checkout(folder: Path, python: str) -> Checkout:
    """The scripts under a path with a space; `python` is the interpreter that sets up."""
    root, programs = folder / "a mat" / "matwise", folder / "programs"
    programs.mkdir(parents=True)
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("matwise", "test", "uv.lock", "pyproject.toml"):
        shutil.copy2(ROOT / name, root / name)
    real = os.path.realpath(python)
    (programs / "python3").symlink_to(real)
    inner = programs / "inner-python"
    write_program(inner, _PYTHON.format(real=real))
    write_program(programs / "uv", _UV.format(log=programs / "calls", python=inner))
    return Checkout(root, programs)


def write_program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)
