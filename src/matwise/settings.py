"""Where things are kept and how the app is reached; read once in a door, then passed down."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import OR, Sentence, listed

USUAL_PORT = 8765
FILE = "settings.toml"
_KEYS = ("language", "voice")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_VOICE = re.compile(r"\w[\w -]{0,39}")  # the name of a folder: never a path


@dataclass(frozen=True, slots=True)
class Settings:
    """What a door needs to know about the machine.

    `language`: in which sessions are spoken; None where nobody chose. `voice`: whose own recordings are heard first;
    None for the clips that come with Matwise. `locale`: the language of the machine, None where it has none.
    """

    data_dir: Path
    port: int
    language: str | None = None
    voice: str | None = None
    locale: str | None = None

    @property
    def wished(self) -> tuple[str, ...]:
        """Languages that are wished for here, the most wanted first."""
        return tuple(one for one in (self.language, self.locale) if one)

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

    @property
    def imports_dir(self) -> Path:
        """Files that were handed in by a browser and wait to be brought in."""
        return self.data_dir / "imports"

    @property
    def voices_dir(self) -> Path:
        """Own recordings: a folder for each voice, in it one for each language."""
        return self.data_dir / "voices"


def _user_data_dir(environ: Mapping[str, str], platform: str) -> Path:
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Matwise"
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Matwise"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "matwise"


def read_settings(environ: Mapping[str, str] | None = None, platform: str = sys.platform) -> Settings:
    """Settings from the environment: MATWISE_DATA, _PORT (0 = any free port), _LANGUAGE and _VOICE.

    Language and voice may stand in settings.toml of the data folder as well; the environment counts first. LC_ALL,
    LC_MESSAGES and LANG say the language of the machine.

    Raises:
        InvalidInputError: one of them can't be used, or the file can't be read; names every problem.
    """
    environ = os.environ if environ is None else environ
    folder, port = environ.get("MATWISE_DATA"), environ.get("MATWISE_PORT", str(USUAL_PORT))
    data_dir = Path(folder).expanduser() if folder else _user_data_dir(environ, platform)
    kept = _kept(data_dir / FILE)
    language = environ.get("MATWISE_LANGUAGE") or kept.get("language") or None
    voice = environ.get("MATWISE_VOICE") or kept.get("voice") or None
    problems = list(_wrong(language, voice))
    if not port.isascii() or not port.isdigit() or int(port) > 65535:
        problems.insert(0, Problem("MATWISE_PORT", repr(port), Sentence("a port from 0 to 65535")))
    if problems:
        raise InvalidInputError(*problems)
    return Settings(data_dir, int(port), language, voice, machine_language(environ))


def keep_settings(settings: Settings, language: str, voice: str | None) -> Settings:
    """Keep language and voice in settings.toml; gives the settings as they are from now on.

    Raises:
        InvalidInputError: one of them is none.
    """
    problems = list(_wrong(language, voice))
    if problems:
        raise InvalidInputError(*problems)
    changed = replace(settings, language=language, voice=voice)
    told = {"language": language} | ({} if voice is None else {"voice": voice})
    # A basic string of TOML is written as one of JSON is.
    rows = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in told.items()]
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=settings.data_dir, delete=False, encoding="utf-8") as file:
        file.write("\n".join(rows) + "\n")
    Path(file.name).replace(settings.data_dir / FILE)
    return changed


def _kept(path: Path) -> Mapping[str, str]:
    try:
        kept = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInputError(
            Problem(str(path), str(error), Sentence("TOML with {keys}").format(keys=listed(tuple(_KEYS))))
        ) from None
    strange = [name for name, value in kept.items() if name not in _KEYS or not isinstance(value, str)]
    if strange:
        want = Sentence("{keys}, in quotes").format(keys=listed(tuple(_KEYS), OR))
        raise InvalidInputError(*(Problem(f"{path}, {name}", repr(kept[name]), want) for name in strange))
    return kept


def machine_language(environ: Mapping[str, str] | None = None) -> str | None:
    """The language of the machine, as its terminals are told: "de" for de_AT.UTF-8; None for C and where none is."""
    environ = os.environ if environ is None else environ
    told = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    code = re.split(r"[_.@]", told)[0].lower()
    return code if _LANGUAGE.fullmatch(code) else None


def _wrong(language: str | None, voice: str | None) -> Iterator[Problem]:
    if language is not None and not _LANGUAGE.fullmatch(language):
        yield Problem("language", repr(language), Sentence("a code such as en, de, sv or es"))
    if voice is not None and not _VOICE.fullmatch(voice):
        yield Problem("voice", repr(voice), Sentence("a name of letters, digits, spaces, - and _, at most 40"))
