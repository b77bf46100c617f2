"""Exports as Apple Health writes them, made up, of any size."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np

PROLOG = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 13 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
<!ATTLIST Record
  type          CDATA #REQUIRED
  value         CDATA #IMPLIED
>
]>
<HealthData locale="en_DE">
 <ExportDate value="2026-11-01 09:00:00 +0100"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1980-01-01"/>
"""
END = "</HealthData>\n"
DEVICE = (
    "&lt;&lt;HKDevice: 0x2812345&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,2&gt;"
)
KIND = "HKQuantityTypeIdentifier"
BERLIN = timezone(timedelta(hours=1))
BEGAN = datetime(2020, 1, 1, 6, tzinfo=BERLIN)
# Of a hundred records, as in the export of somebody who wears a watch.
# Type, unit, share, mean and spread of the values, digits behind the point.
MIX = (
    ("HeartRate", "count/min", 60, 72, 12, 0),
    ("ActiveEnergyBurned", "kcal", 22, 3, 1, 3),
    ("StepCount", "count", 9, 80, 20, 0),
    ("HeartRateVariabilitySDNN", "ms", 1, 45, 12, 4),
    ("RespiratoryRate", "count/min", 1, 15, 1.5, 1),
    ("BasalEnergyBurned", "kcal", 7, 12, 3, 3),
)


def written(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S %z")


def record(kind: str, unit: str, at: datetime, value: object, source: str = "Anna’s Apple\xa0Watch") -> str:
    return (
        f' <Record type="{KIND}{kind}" sourceName="{source}" sourceVersion="9.1" device="{DEVICE}" unit="{unit}" '
        f'creationDate="{written(at)}" startDate="{written(at)}" endDate="{written(at)}" value="{value}"/>\n'
    )


def export(*records: str) -> str:
    return PROLOG + "".join(records) + END


def zipped(path: Path, xml: str | Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if isinstance(xml, Path):
            archive.write(xml, "apple_health_export/export.xml")
        else:
            archive.writestr("apple_health_export/export.xml", xml)
        archive.writestr("apple_health_export/export_cda.xml", "<ClinicalDocument/>")
    return path


def records(number: int, rng: np.random.Generator) -> Iterator[str]:
    """Records by type as Apple orders them, in the course of time."""
    for kind, unit, share, mean, spread, digits in MIX:
        of_kind = number * share // 100
        steps = np.cumsum(rng.integers(20, 600, of_kind))
        values = np.round(rng.normal(mean, spread, of_kind).clip(mean / 2, 3 * mean), digits)
        for step, value in zip(steps.tolist(), values.tolist(), strict=True):
            yield record(kind, unit, BEGAN + timedelta(seconds=step), f"{value:g}")


def write(path: Path, megabytes: int, seed: int = 1) -> int:
    """Write an export of about so many MB; gives how many of its records are wanted."""
    rng = np.random.default_rng(seed)  # noqa: TID251 – the same export every time
    one = len(record("HeartRate", "count/min", datetime(2026, 1, 1, tzinfo=UTC), 72).encode())
    wanted = 0
    with path.open("w", encoding="utf-8") as out:
        out.write(PROLOG)
        for line in records(megabytes * 1_000_000 // one, rng):
            out.write(line)
            wanted += any(
                f'{KIND}{kind}"' in line for kind in ("HeartRate", "HeartRateVariabilitySDNN", "RespiratoryRate")
            )
        out.write(END)
    return wanted
