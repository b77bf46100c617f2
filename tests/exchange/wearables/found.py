"""What a reader finds in a file, in a form that is easy to compare."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from matwise.exchange.wearables.maker import Maker, Told
from matwise.exchange.wearables.makers import recognise
from matwise.exchange.wearables.opened import open_file
from matwise.measures.reading import Readings, Recording, Rejected

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class FoundIn:
    """By measure and source the moments in UTC with their values; recordings; what was rejected; the offsets told."""

    maker: Maker
    readings: dict[tuple[str, str], list[tuple[datetime, float]]] = field(default_factory=dict)
    recordings: list[Recording] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    offsets_min: set[int] = field(default_factory=set)


def found_in(path: Path, zone: tzinfo = BERLIN, at: datetime | None = None) -> FoundIn:
    """Everything in a file, by whichever maker recognises it."""
    opened = open_file(path)
    told = FoundIn(recognise(opened))
    for one in told.maker.read(opened, Told(zone=zone, at=at)):
        if isinstance(one, Readings):
            rows = zip(one.at_ms.tolist(), one.values.tolist(), strict=True)
            series = told.readings.setdefault((one.measure, one.source), [])
            series.extend((datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms), value) for ms, value in rows)
            told.offsets_min |= set(one.offset_min.tolist())
        elif isinstance(one, Recording):
            told.recordings.append(one)
        elif isinstance(one, Rejected):
            told.rejected.append(one)
    return told


def utc(written: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def zipped(path: Path, files: Mapping[str, str | bytes | object]) -> Path:
    """An archive of texts, bytes, and of anything else as JSON."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, str | bytes) else json.dumps(content))
    return path
