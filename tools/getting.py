"""Two ways to get a program onto this machine: Debian's packages, and npm's registry with every file's hash checked."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.get_uv import NotHadError

_REGISTRY = "https://registry.npmjs.org"
_REGISTRY_VARIABLES = ("npm_config_registry", "NPM_CONFIG_REGISTRY")
_TIMEOUT_S = 60
_BLOCK_BYTES = 1 << 18
# Another installation may be under way: a fresh Debian often updates itself when it starts.
_WAIT = ("-o", "DPkg::Lock::Timeout=300")


@dataclass(frozen=True, slots=True)
class Package:
    """One file of the npm registry, known by its hash."""

    name: str
    version: str
    sha512: str

    def url(self, environ: Mapping[str, str]) -> str:
        """Where the person's registry, or npm's own, keeps it."""
        registry = next((environ[name] for name in _REGISTRY_VARIABLES if environ.get(name)), _REGISTRY).rstrip("/")
        return f"{registry}/{self.name}/-/{self.name.rpartition('/')[2]}-{self.version}.tgz"


def say(line: str) -> None:
    """Tells the person what happens; standard output carries results alone."""
    print(line, file=sys.stderr, flush=True)


def run(*command: str, **environ: str) -> bool:
    """Runs a command in sight of the person; says whether it worked."""
    say("  " + " ".join(command))
    done = subprocess.run(
        command, env={**os.environ, **environ}, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
    )
    return done.returncode == 0


def install_on_debian(*packages: str) -> bool:
    """Installs packages of Debian or Ubuntu, where that is what runs here and we are root."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    install = ("apt-get", "install", "-y", "-q", "--no-install-recommends", *_WAIT, *packages)
    quietly = {"DEBIAN_FRONTEND": "noninteractive"}
    return run(*install, **quietly) or (run("apt-get", "update", "-q") and run(*install, **quietly))


def fetch(package: Package, environ: Mapping[str, str], target: Path) -> None:
    """Writes the package's archive to `target`.

    Raises:
        NotHadError: no connection, or a file that is not the one we know.
    """
    url = package.url(environ)
    say(f"Fetching {url} …")
    digest = hashlib.sha512()
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer, target.open("wb") as file:  # noqa: S310 – the registry's address; what comes is checked below
            while block := answer.read(_BLOCK_BYTES):
                digest.update(block)
                file.write(block)
    except OSError as error:
        raise NotHadError(f"{url}: {error}.") from error
    if base64.b64encode(digest.digest()).decode() != package.sha512:
        raise NotHadError(f"{url} is not the file we know: its sha512 differs.")
