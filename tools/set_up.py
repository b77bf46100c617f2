"""Makes the environment Matwise runs in, or brings it up to date.

Run by ./matwise and ./test through tools/environment.sh, by any Python from 3.11, with the standard library alone.
Whatever stops it half-way, the next run mends: the stamp that says "ready" is written last, and a set-up that left its
mark without finishing is begun afresh.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools import get_uv

# uv settings of the caller that would change what is installed or where; all others (caches, proxies) are theirs.
_NOT_PASSED_ON = (
    "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP",
    "UV_FROZEN", "UV_LOCKED", "UV_NO_SYNC", "UV_NO_DEV", "UV_DEV", "UV_ONLY_DEV", "UV_NO_BINARY", "UV_NO_EDITABLE",
    "UV_PROJECT", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY", "UV_SYSTEM_PYTHON", "UV_NO_BUILD", "UV_ISOLATED",
)  # fmt: skip


# What the builds of soundfile, lameenc and sqlcipher3 in uv.lock ask for; none of them is built for musl.
OLDEST_GLIBC = (2, 28)


class SetUpError(Exception):
    """What went wrong, and what the person can do about it."""


@dataclass(frozen=True, slots=True)
class Job:
    """One environment to make: from which checkout, where, with which packages, and the stamp that says it is ready."""

    root: Path
    place: Path
    group: str
    key: str

    @property
    def environment(self) -> Path:
        """The folder of the environment."""
        return self.place / ".venv"

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.environment / "bin" / "python"

    @property
    def keep(self) -> Path:
        """Where uv, the lock and the mark of an unfinished set-up lie."""
        return self.place / ".uv"

    @property
    def unfinished(self) -> Path:
        """There from the first change until the last."""
        return self.keep / "unfinished"

    def stamp(self, group: str) -> Path:
        """The file that says the packages of a group are ready; it holds the key they were installed for."""
        return self.environment / f".ready-{group}"

    def is_ready(self) -> bool:
        """Whether somebody has made it meanwhile."""
        stamp = self.stamp(self.group)
        return self.python.exists() and stamp.exists() and stamp.read_text().rstrip("\n") == self.key


def say(line: str) -> None:
    """Tells the person what happens; standard output stays with the command that follows."""
    print(line, file=sys.stderr, flush=True)


@contextlib.contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One set-up at a time; the system frees the lock of a process that died."""
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is under way here; waiting for it …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def check_machine(machine: get_uv.Machine) -> None:
    """Lets machines pass for which the locked packages are built.

    Raises:
        SetUpError: an old Linux, or one without the GNU C library.
    """
    if machine.system != "Linux" or (machine.glibc is not None and machine.glibc >= OLDEST_GLIBC):
        return
    found = "another one" if machine.glibc is None else ".".join(map(str, machine.glibc))
    wanted = ".".join(map(str, OLDEST_GLIBC))
    raise SetUpError(
        f"Matwise needs a Linux with the GNU C library {wanted} or newer; here is {found}.\n"
        "The libraries that keep your data and write the sound are not built for it. Debian, Ubuntu, Fedora and\n"
        "openSUSE of this decade have it, Alpine has not."
    )


def clear_broken(job: Job) -> None:
    """Takes away an environment that cannot be trusted: begun and not finished, or whose Python is gone."""
    if not job.environment.exists() and not job.environment.is_symlink():
        return
    if job.unfinished.exists():
        say("The last set-up was interrupted; beginning afresh.")
    elif job.python.exists() and (job.environment / "pyvenv.cfg").exists():
        return
    else:
        say("The environment has lost its Python; making it again.")
    if job.environment.is_symlink():
        job.environment.unlink()
    else:
        shutil.rmtree(job.environment)


def base_python() -> str:
    """The interpreter itself, past shims, links and environments: `python3` may be another version tomorrow."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def index_of(environ: Mapping[str, str]) -> str | None:
    """The package index the person chose instead of PyPI, if any."""
    return next((environ[name] for name in get_uv.INDEX_VARIABLES if environ.get(name)), None)


def uv_environment(job: Job, environ: Mapping[str, str]) -> dict[str, str]:
    """What uv is told: our folder, our Python, and the certificates of this machine."""
    passed_on = {name: value for name, value in environ.items() if name not in _NOT_PASSED_ON}
    passed_on |= {
        "UV_PROJECT_ENVIRONMENT": str(job.environment),
        "UV_PYTHON": base_python(),
        "UV_PYTHON_DOWNLOADS": "never",
    }
    if not may_write(Path(environ.get("UV_CACHE_DIR") or cache_home(environ) / "uv")):
        passed_on["UV_CACHE_DIR"] = str(job.keep / "cache")
    # uv brings its own list of certificate authorities; behind a proxy with one of its own that list is not enough.
    bundle = next(
        (environ[name] for name in ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE") if environ.get(name)), None
    )
    if bundle:
        passed_on["SSL_CERT_FILE"] = bundle
    elif ssl.create_default_context().cert_store_stats()["x509_ca"]:
        passed_on.setdefault("UV_SYSTEM_CERTS", "1")
    return passed_on


def cache_home(environ: Mapping[str, str]) -> Path:
    """Where programs of this person keep what can be fetched again."""
    return Path(environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME") or "/nonexistent") / ".cache")


def may_write(folder: Path) -> bool:
    """Whether the folder can be written to, or made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK)


def install(job: Job, uv: Path) -> None:
    """The locked packages, each checked against its hash in uv.lock."""
    environ = uv_environment(job, os.environ)
    groups = [] if job.group == "runtime" else ["--group", job.group]
    chosen = [str(uv), "--project", str(job.root)]
    index = index_of(os.environ)
    if index is None:
        sync = ["sync", "--frozen", "--no-default-groups", "--inexact", "--compile-bytecode"]
        run([*chosen, *sync, *groups], environ, job)
    else:
        install_from(index, [*chosen, "export", "--frozen", "--no-default-groups", *groups], environ, job, uv)


def install_from(index: str, export: list[str], environ: dict[str, str], job: Job, uv: Path) -> None:
    """The same packages with the same hashes, from another index: uv.lock itself names PyPI's addresses."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        run([*export, "--quiet", "--no-emit-project", "--output-file", str(listed)], environ, job)
        if not job.environment.exists():
            run([str(uv), "venv", "--quiet", str(job.environment)], environ, job)
        into = [str(uv), "pip", "install", "--python", str(job.python), "--default-index", index]
        run([*into, "--compile-bytecode", "--require-hashes", "--requirements", str(listed)], environ, job)
        run([*into, "--no-deps", "--editable", str(job.root)], environ, job)


def run(command: list[str], environ: dict[str, str], job: Job) -> None:
    """One command of uv, its progress in sight."""
    if subprocess.run(command, env=environ, cwd=job.place, check=False).returncode != 0:
        raise SetUpError(
            "Setting up did not work; the lines above say where it stopped.\n"
            "  No connection, or a proxy: set HTTPS_PROXY, and SSL_CERT_FILE to its certificate.\n"
            "  An index of your own: set UV_DEFAULT_INDEX or PIP_INDEX_URL.\n"
            "  A full disk: about 500 MB are needed.\n"
            "Then start again; what was fetched is kept."
        )


def compile_own(job: Job) -> None:
    """Compiles our own files too, so that even the first start is a quick one."""
    if os.access(job.root / "src", os.W_OK):
        command = [str(job.python), "-m", "compileall", "-q", str(job.root / "src")]
        subprocess.run(command, env=uv_environment(job, os.environ), check=False)


def write_stamp(path: Path, key: str) -> None:
    """Written whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(key + "\n")
    fresh.replace(path)


def set_up(job: Job) -> None:
    """Makes the environment, unless somebody else just did.

    Raises:
        SetUpError: uv or the packages could not be had; the message says what to do.
    """
    job.keep.mkdir(parents=True, exist_ok=True)
    with alone(job.keep / "lock"):
        if job.is_ready():
            return
        check_machine(get_uv.this_machine())
        began_at = time.monotonic()
        clear_broken(job)
        what = "Matwise" if job.group == "runtime" else "Matwise and what its tests need"
        say(f"Setting up {what} in {job.environment} (once; up to a few minutes) …")
        if job.place != job.root:
            say(f"  There, because this user may not write to {job.root}.")
        try:
            uv = get_uv.find_or_get(job.keep)
        except get_uv.NotHadError as error:
            raise SetUpError(str(error)) from error
        job.unfinished.touch()
        for old in job.environment.glob(".ready-*"):
            old.unlink()
        install(job, uv)
        compile_own(job)
        for group in {"runtime", job.group}:
            write_stamp(job.stamp(group), job.key)
        job.unfinished.unlink()
        say(f"Ready after {time.monotonic() - began_at:.0f} s.\n")


def main() -> int:
    """Reads what environment.sh passes on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--place", type=Path, required=True)
    parser.add_argument("--group", required=True)
    parser.add_argument("--key", required=True)
    job = Job(**vars(parser.parse_args()))
    # Asked to end by anybody, uv is ended too; left alone it would go on changing what the next set-up begins afresh.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.default_int_handler)
    try:
        set_up(job)
    except SetUpError as error:
        say(f"\n{error}")
        return 1
    except OSError as error:
        say(f"\nSetting up did not work: {error}.\nMake room or give leave to write there, then start again.")
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Start again whenever you like; what was fetched is kept.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
