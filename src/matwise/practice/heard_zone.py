"""A time zone that can tell whether it mattered."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo


class Heard(tzinfo):
    """A zone that knows whether anybody asked it."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.heard = False

    def utcoffset(self, at: datetime | None, /) -> timedelta | None:
        """As of the zone."""
        self.heard = True
        return self.zone.utcoffset(at)

    def dst(self, at: datetime | None, /) -> timedelta | None:
        """As of the zone."""
        return self.zone.dst(at)

    def tzname(self, at: datetime | None, /) -> str | None:
        """As of the zone."""
        return self.zone.tzname(at)

    def fromutc(self, at: datetime, /) -> datetime:
        """As of the zone."""
        self.heard = True
        return self.zone.fromutc(at.replace(tzinfo=self.zone)).replace(tzinfo=self)
