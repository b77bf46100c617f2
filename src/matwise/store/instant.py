"""Moments as they are kept: the instant in UTC beside the offset of the place where it happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from sqlalchemy import RowMapping

from matwise.errors import InvalidInputError, Problem


def instant_columns(name: str, at: datetime | None) -> dict[str, str | int | None]:
    """The values of columns `<name>_utc` and `<name>_offset_min`.

    Raises:
        InvalidInputError: the moment has no time zone, or lies outside the years 1 to 9999.
    """
    if at is None:
        return {f"{name}_utc": None, f"{name}_offset_min": None}
    offset = at.utcoffset()
    if offset is None:
        raise InvalidInputError(Problem(name, f"{at.isoformat()} without a time zone", "a moment with its time zone"))
    try:
        utc = at.astimezone(UTC)
    except OverflowError:
        raise InvalidInputError(Problem(name, at.isoformat(), "a moment in the years 1 to 9999")) from None
    # Offsets of the 19th century have seconds; the instant stays exact, the offset is cut to its minute.
    return {
        f"{name}_utc": utc.strftime("%Y-%m-%dT%H:%M:%S.%f").rjust(26, "0") + "Z",
        f"{name}_offset_min": offset // timedelta(minutes=1),
    }


def instant(row: RowMapping, name: str) -> datetime:
    """The moment kept in columns `<name>_utc` and `<name>_offset_min`, in the offset it happened in."""
    utc = datetime.fromisoformat(row[f"{name}_utc"])
    return utc.astimezone(timezone(timedelta(minutes=row[f"{name}_offset_min"])))


def instant_or_none(row: RowMapping, name: str) -> datetime | None:
    """Like `instant`; None where it has not happened yet."""
    return None if row[f"{name}_utc"] is None else instant(row, name)
