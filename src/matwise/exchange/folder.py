"""A folder of files that is there in full or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path


def write_folder(folder: Path, name: str, files: Mapping[str, bytes | Iterable[bytes]]) -> tuple[Path, ...]:
    """Write files into a new folder `name` inside `folder`; gives their paths, in order.

    What comes in blocks is never held in memory as a whole. Where the name is taken a number is added. Only the person
    who runs this can read them.

    Raises:
        OSError: the system refused; nothing is left of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path, number = folder / name, 2
    while path.exists():
        path, number = folder / f"{name}-{number}", number + 1
    aside = folder / f".{path.name}.new"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        aside.mkdir(mode=0o700)
        for file_name, content in files.items():
            _write(aside / file_name, content)
        aside.rename(path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return tuple(path / file_name for file_name in files)


def _write(path: Path, content: bytes | Iterable[bytes]) -> None:
    with path.open("xb") as file:
        path.chmod(0o600)
        for block in (content,) if isinstance(content, bytes) else content:
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
