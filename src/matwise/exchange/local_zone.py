"""The time zone of this machine by its name, so that a calendar keeps the time on the wall when clocks change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCALTIME = Path("/etc/localtime")
UTC_NAME = "UTC"


def local_zone(environ: Mapping[str, str], localtime: Path = LOCALTIME) -> str:
    """The name in the IANA database, as the machine says it; UTC where it says none.

    Args:
        environ: the variable TZ counts first.
        localtime: the link to the zone's file, as Linux and macOS have it.
    """
    told = (environ.get("TZ", "").removeprefix(":"), _linked(localtime))
    return next((name for name in told if name and known_zone(name) is not None), UTC_NAME)


def known_zone(name: str) -> ZoneInfo | None:
    """The zone of this name, or None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _linked(localtime: Path) -> str:
    try:
        parts = localtime.resolve(strict=True).parts
    except OSError:
        return ""
    return "/".join(parts[parts.index("zoneinfo") + 1 :]) if "zoneinfo" in parts else ""
