"""Finds the package tool uv, or fetches it from the package index, with the standard library alone.

A plain Debian has neither pip nor ensurepip nor curl; Python can read the index, check the file's hash and unpack it.
By hand: `python3 tools/get_uv.py FOLDER` prints the path of uv.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

# The one that wrote uv.lock is taken where the index has it, else the newest of the range that can read it.
PREFERRED = (0, 13, 9)
OLDEST, BELOW = (0, 9, 0), (1, 0, 0)

INDEX_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
PYPI = "https://pypi.org/simple"
_ACCEPTED = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
_TIMEOUT_S = 60
_BLOCK_BYTES = 1 << 18


class NotHadError(Exception):
    """A program could not be had; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """One file of the index page."""

    name: str
    url: str
    sha256: str | None
    yanked: bool = False

    @property
    def version(self) -> tuple[int, ...]:
        """(0, 13, 9); empty where it is not a plain release."""
        found = re.match(r"uv-(\d+(?:\.\d+)*)-", self.name)
        return tuple(int(part) for part in found[1].split(".")) if found else ()

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platform tags, such as `manylinux_2_17_x86_64`."""
        return tuple(self.name.removesuffix(".whl").split("-")[-1].split("."))


@dataclass(frozen=True, slots=True)
class Machine:
    """What decides which wheel runs here."""

    system: str
    processor: str
    glibc: tuple[int, int] | None = None
    macos: tuple[int, int] | None = None

    def runs(self, tag: str) -> bool:
        """Whether a wheel with this platform tag runs here."""
        found = re.fullmatch(r"(manylinux|musllinux|macosx)_(\d+)_(\d+)_(\w+)", tag)
        if not found or found[4] not in (self.processor, "universal2"):
            return False
        kind, wanted = found[1], (int(found[2]), int(found[3]))
        if kind == "macosx":
            return self.macos is not None and wanted <= self.macos
        if kind == "manylinux":
            return self.glibc is not None and wanted <= self.glibc
        # uv's musl builds are linked statically, so they also run where glibc is older than the other wheel wants.
        return self.system == "Linux"


def this_machine() -> Machine:
    """The machine this runs on."""
    processor = platform.machine().lower()
    processor = {"amd64": "x86_64", "i386": "i686"}.get(processor, processor)
    if platform.system() == "Darwin":
        major, minor = (int(part) for part in (platform.mac_ver()[0] + ".0").split(".")[:2])
        return Machine("Darwin", processor, macos=(major, minor))
    processor = processor.replace("arm64", "aarch64")
    if sys.maxsize < 2**32:  # A 32-bit system on a 64-bit kernel has no loader for 64-bit programs.
        processor = {"x86_64": "i686", "aarch64": "armv7l"}.get(processor, processor)
    library, version = platform.libc_ver()
    found = re.match(r"(\d+)\.(\d+)", version) if library == "glibc" else None
    return Machine(platform.system(), processor, glibc=(int(found[1]), int(found[2])) if found else None)


class _Links(HTMLParser):
    """The files of an index page in its older form, HTML."""

    def __init__(self, page_url: str) -> None:
        super().__init__()
        self.page_url = page_url
        self.wheels: list[Wheel] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes up each link."""
        attributes = dict(attrs)
        link = attributes.get("href")
        if tag != "a" or not link:
            return
        url, fragment = urllib.parse.urldefrag(urllib.parse.urljoin(self.page_url, link))
        sha256 = fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else None
        name = urllib.parse.unquote(urllib.parse.urlsplit(url).path.rsplit("/", 1)[-1])
        self.wheels.append(Wheel(name, url, sha256, "data-yanked" in attributes))


def wheels_on(page: str, page_url: str, content_type: str) -> tuple[Wheel, ...]:
    """The files an index page lists, whether it is written in JSON or in HTML."""
    if "json" not in content_type:
        links = _Links(page_url)
        links.feed(page)
        return tuple(links.wheels)
    return tuple(
        Wheel(
            file["filename"],
            urllib.parse.urljoin(page_url, file["url"]),
            file.get("hashes", {}).get("sha256"),
            bool(file.get("yanked")),
        )
        for file in json.loads(page)["files"]
    )


def choose(wheels: Iterable[Wheel], machine: Machine) -> Wheel:
    """The wheel to take: the preferred version before the newest one, the native C library before the static build.

    Raises:
        NotHadError: the index holds none for this machine.
    """
    fitting = [
        wheel
        for wheel in wheels
        if wheel.name.endswith(".whl")
        and not wheel.yanked
        and OLDEST <= wheel.version < BELOW
        and any(machine.runs(tag) for tag in wheel.platforms)
    ]
    if not fitting:
        raise NotHadError(f"the index has no uv for {machine.system} on {machine.processor}")
    return max(
        fitting,
        key=lambda wheel: (
            wheel.version == PREFERRED,
            wheel.version,
            any(machine.runs(tag) and not tag.startswith("musl") for tag in wheel.platforms),
        ),
    )


def index_url(environ: Mapping[str, str]) -> str:
    """The package index: the person's own, or PyPI."""
    return next((environ[name] for name in INDEX_VARIABLES if environ.get(name)), PYPI).rstrip("/")


def request(url: str, home: str) -> urllib.request.Request:
    """A request for the URL; a name and password in the index address go to that host and no other."""
    asked = urllib.request.Request(_without_login(url), headers={"Accept": _ACCEPTED, "User-Agent": "matwise-set-up"})  # noqa: S310 – the index address is the person's own
    login = urllib.parse.urlsplit(home)
    if login.username and urllib.parse.urlsplit(url).hostname == login.hostname:
        pair = f"{urllib.parse.unquote(login.username)}:{urllib.parse.unquote(login.password or '')}"
        asked.add_unredirected_header("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())
    return asked


def _without_login(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def find_wheel(index: str, machine: Machine) -> Wheel:
    """The wheel for this machine, as the index lists it."""
    page_url = f"{index}/uv/"
    with urllib.request.urlopen(request(page_url, index), timeout=_TIMEOUT_S) as answer:  # noqa: S310 – as above
        page = answer.read().decode("utf-8", "replace")
        return choose(wheels_on(page, _without_login(answer.url), answer.headers.get("Content-Type", "")), machine)


def fetch(wheel: Wheel, index: str, target: Path) -> None:
    """Writes the wheel to `target`, and refuses one whose hash is not the one that the index gives.

    Raises:
        NotHadError: no hash, or a wrong one.
    """
    if not wheel.sha256:
        raise NotHadError(f"the index gives no sha256 for {wheel.name}, so it cannot be checked")
    digest = hashlib.sha256()
    with urllib.request.urlopen(request(wheel.url, index), timeout=_TIMEOUT_S) as answer, target.open("wb") as file:  # noqa: S310 – as above
        total = int(answer.headers.get("Content-Length") or 0)
        while block := answer.read(_BLOCK_BYTES):
            digest.update(block)
            file.write(block)
            _show_progress(file.tell(), total)
    if digest.hexdigest() != wheel.sha256:
        raise NotHadError(f"{wheel.name} has another sha256 than the index says: damaged on the way, or tampered with")


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty() and total:
        end = "\n" if done >= total else ""
        print(f"\r  {done / 1e6:.0f} of {total / 1e6:.0f} MB{end}", end="", file=sys.stderr, flush=True)


def unpack(wheel: Path, target: Path) -> None:
    """Takes the program out of the wheel; it appears under its name only when it is whole.

    Raises:
        NotHadError: the wheel holds no uv.
    """
    with zipfile.ZipFile(wheel) as archive:
        name = next((name for name in archive.namelist() if name.endswith(".data/scripts/uv")), None)
        if name is None:
            raise NotHadError(f"{wheel.name} holds no uv")
        fresh = wheel.with_name("uv.new")
        with archive.open(name) as packed, fresh.open("wb") as file:
            shutil.copyfileobj(packed, file)
    fresh.chmod(0o755)
    if version_of(str(fresh)) is None:
        raise NotHadError(f"uv from {wheel.name} does not run on this machine")
    fresh.replace(target)


def version_of(program: str) -> tuple[int, ...] | None:
    """The version a program of this name says it is; None where it is not there or is only a shim that fails."""
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"uv (\d+)\.(\d+)\.(\d+)", told.stdout) if told.returncode == 0 else None
    return tuple(int(part) for part in found.groups()) if found else None


def find(folder: Path) -> Path | None:
    """A uv that can read our lock file: on PATH, or fetched before into the folder."""
    for program in (shutil.which("uv"), str(folder / "uv")):
        version = version_of(program) if program else None
        if program and version and OLDEST <= version < BELOW:
            return Path(program)
    return None


def get(folder: Path, environ: Mapping[str, str]) -> Path:
    """Fetches uv into the folder.

    Raises:
        NotHadError: it could not be had.
    """
    index = index_url(environ)
    shown = _without_login(index)
    print(f"Fetching uv, which installs Python packages, from {shown} (about 25 MB) …", file=sys.stderr, flush=True)
    try:
        wheel = find_wheel(index, this_machine())
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            packed = Path(scratch) / wheel.name
            fetch(wheel, index, packed)
            unpack(packed, folder / "uv")
    except (NotHadError, OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise NotHadError(_what_to_do(shown, error)) from error
    return folder / "uv"


def _what_to_do(index: str, error: Exception) -> str:
    advice = [f"uv could not be fetched from {index}: {error}."]
    if "CERTIFICATE" in str(error):
        advice.append("  The certificate is not trusted here: set SSL_CERT_FILE to the bundle of your network,")
        advice.append("  or install the package ca-certificates (macOS: run “Install Certificates.command”).")
    else:
        advice.append("  No connection, or a proxy: set HTTPS_PROXY. An index of your own: set PIP_INDEX_URL.")
    advice.append("  Or install uv yourself (https://docs.astral.sh/uv), then start again.")
    return "\n".join(advice)


def find_or_get(folder: Path) -> Path:
    """uv, found or fetched.

    Raises:
        NotHadError: neither worked.
    """
    return find(folder) or get(folder, os.environ)


if __name__ == "__main__":
    chosen_folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".uv")
    chosen_folder.mkdir(parents=True, exist_ok=True)
    try:
        print(find_or_get(chosen_folder))
    except NotHadError as problem:
        sys.exit(str(problem))
