"""Where things are kept and how the app is reached; read once in a door, then passed down."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matwise.errors import InvalidInputError, Problem

USUAL_PORT = 8765


@dataclass(frozen=True, slots=True)
class Settings:
    """What a door needs to know about the machine."""

    data_dir: Path
    port: int
    language: str = "en"

    @property
    def database_path(self) -> Path:
        """The one file that holds what the person said and did."""
        return self.data_dir / "matwise.db"

    @property
    def backups_dir(self) -> Path:
        """Dated copies of the database."""
        return self.data_dir / "backups"

    @property
    def audio_dir(self) -> Path:
        """Rendered sessions, by content; may be deleted at any time."""
        return self.data_dir / "audio"


def _user_data_dir(environ: Mapping[str, str], platform: str) -> Path:
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Matwise"
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Matwise"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "matwise"


def read_settings(environ: Mapping[str, str] | None = None, platform: str = sys.platform) -> Settings:
    """Settings from the environment: MATWISE_DATA (folder) and MATWISE_PORT (0 = any free port).

    Raises:
        InvalidInputError: MATWISE_PORT is no port.
    """
    environ = os.environ if environ is None else environ
    folder, port = environ.get("MATWISE_DATA"), environ.get("MATWISE_PORT", str(USUAL_PORT))
    if not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise InvalidInputError(Problem("MATWISE_PORT", repr(port), "a port from 0 to 65535"))
    return Settings(
        data_dir=Path(folder).expanduser() if folder else _user_data_dir(environ, platform),
        port=int(port),
    )
