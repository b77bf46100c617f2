"""Does any file at all bring a reader of wearables down, hold it up, or make it lose count?

python validation/wearables/fuzz.py [--inputs 50000] [--workers 2] [--pin]

Files of every maker, damaged by chance: bytes turned, cut, doubled, put in from other files, numbers made huge, texts
broken off, in archives too. Each is opened and previewed as if somebody brought it in. Then files made to do harm, one
by one. Fails when anything but the declared error comes out, something read is not kept, doubted or rejected, a file
takes longer than two seconds, one made to do harm is not refused, or a pinned count differs.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.exchange.wearables import (
    test_blood_pressure_csv,
    test_fitbit,
    test_health_connect,
    test_kubios,
    test_opened,
    test_oura,
    test_polar,
    test_withings,
)
from tests.exchange.wearables.apple import BEGAN, export, record
from tests.exchange.wearables.test_garmin_fit import a_fit
from tests.session.sessions import seeded

from matwise.exchange.wearables.maker import ImportRejectedError
from matwise.practice import bring_in
from matwise.store.database import Database, open_database

PINNED = Path(__file__).parent / "pinned" / "fuzz.json"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SAID = bring_in.Said("Europe/Berlin", "2026-03-01T10:00")
MOST_S = 2.0
MOST_RSS_MIB = 400
MOST_TURNS = 8
NUMBERS = (b"0", b"-1", b"1e999", b"NaN", b"999999999999999999999", b"0.0000001", b"2026-02-30", b"", b"true", b"null")
WORDS = (b'"', b"\x00", b"\xff\xfe", b"<", b">", b"&#x0;", b"<![CDATA[", b"<!--", b"{", b"[", b"]" * 50, b",", b"\r\n")
BOMB = 30_000_000
GOOD = ("read", "refused")  # with nothing kept of what was made to do harm


def seeds() -> dict[str, bytes]:
    """A sound file of every kind."""
    with tempfile.TemporaryDirectory() as folder:
        database = test_health_connect.database(Path(folder) / "a.db").read_bytes()
    kinds = (("HeartRate", "count/min"), ("HeartRateVariabilitySDNN", "ms"), ("BloodPressureSystolic", "mmHg"))
    rr = [700 + 37 * n % 300 for n in range(60)]
    logged = "".join(f"2026-03-01 10:00:{n % 60:02d} +0000,{one},{n}\n" for n, one in enumerate(rr))
    since = np.cumsum(rr).tolist()
    stamped = "".join(f"2026-03-01T10:00:00.{n:03d};{one}\n" for n, one in enumerate(rr))
    offset = "".join(f"{at / 1000:.6f},{one / 1000:.6f}\n" for at, one in zip(since, rr, strict=True))
    return {
        "apple": export(*(record(kind, unit, BEGAN, 60 + n) for n in range(5) for kind, unit in kinds)).encode(),
        "fit": a_fit([60, 61, 62] * 5, [one / 1000 for one in rr]),
        "rr": "\n".join(map(str, rr)).encode(),
        "rr in s": "\n".join(f"{one / 1000:.3f}" for one in rr).encode(),
        "hrv_logger": f"date,rr,since start\n{logged}".encode(),
        "polar sensor logger": f"Phone timestamp;RR-interval [ms]\n{stamped}".encode(),
        "polar flow": "".join(f"{at / 1000:.3f}\t{one}\n" for at, one in zip(since, rr, strict=True)).encode(),
        "empatica": f"1772359200.0, IBI\n{offset}".encode(),
        "kubios": (test_kubios.HEAD.format(date="2026-03-01 10:00:00") + test_kubios.SECTION).encode(),
        "polar account": json.dumps(test_polar.TRAINING).encode(),
        "polar pulses": json.dumps(test_polar.PULSES).encode(),
        "polar days": json.dumps(test_polar.DAYS).encode(),
        "fitbit rates": json.dumps(test_fitbit.RATES).encode(),
        "fitbit sleep": json.dumps(test_fitbit.SLEEP).encode(),
        "fitbit table": test_fitbit.DETAILS.encode(),
        "google table": test_fitbit.GOOGLE_HRV.encode(),
        "oura": json.dumps({"data": [test_oura.NIGHT]}).encode(),
        "oura of old": json.dumps({"sleep": [test_oura.FIRST_VERSION]}).encode(),
        "withings": test_withings.NIGHTS.encode(),
        "withings rates": test_withings.RATES.encode(),
        "pressures": (test_blood_pressure_csv.OMRON + "22.03.2026;07:30;128;81;62\n" * 9).encode(),
        "health connect": database,
    }  # fmt: skip


def mutated(seeds: dict[str, bytes], names: list[str], rng: np.random.Generator) -> tuple[str, bytes]:
    """One of them, damaged, sometimes in an archive, sometimes with the archive damaged too."""
    name = names[rng.integers(len(names))]
    content = bytearray(seeds[name])
    for _ in range(rng.integers(1, MOST_TURNS + 1)):
        TURNS[rng.integers(len(TURNS))](content, seeds, rng)
    if rng.random() < 0.1:
        with io.BytesIO() as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(f"folder/raw_hr_hr.{'csv' if rng.random() < 0.5 else 'xml'}", bytes(content))
                archive.writestr("more.json", seeds[names[rng.integers(len(names))]])
            content = bytearray(out.getvalue())
        for _ in range(rng.integers(0, 3)):
            _turn_bits(content, seeds, rng)
    return name, bytes(content)


def _turn_bits(content: bytearray, _: dict[str, bytes], rng: np.random.Generator) -> None:
    if content:
        content[rng.integers(len(content))] ^= int(rng.integers(1, 256))


def _cut(content: bytearray, _: dict[str, bytes], rng: np.random.Generator) -> None:
    begin, end = _span(content, rng)
    del content[begin:end]


def _break_off(content: bytearray, _: dict[str, bytes], rng: np.random.Generator) -> None:
    del content[rng.integers(len(content) + 1) :]


def _double(content: bytearray, _: dict[str, bytes], rng: np.random.Generator) -> None:
    begin, end = _span(content, rng)
    content[end:end] = content[begin:end] * int(rng.integers(1, 20))


def _put_word(content: bytearray, _: dict[str, bytes], rng: np.random.Generator) -> None:
    at = rng.integers(len(content) + 1)
    content[at:at] = WORDS[rng.integers(len(WORDS))]


def _put_number(content: bytearray, _: dict[str, bytes], rng: np.random.Generator) -> None:
    at = int(rng.integers(len(content) + 1))
    begin = next((n for n in range(at, len(content)) if chr(content[n]).isdigit()), len(content))
    end = next((n for n in range(begin, len(content)) if not chr(content[n]).isdigit()), len(content))
    content[begin:end] = NUMBERS[rng.integers(len(NUMBERS))]


def _put_other(content: bytearray, seeds: dict[str, bytes], rng: np.random.Generator) -> None:
    other = bytearray(seeds[list(seeds)[rng.integers(len(seeds))]])
    begin, end = _span(other, rng)
    at = rng.integers(len(content) + 1)
    content[at:at] = other[begin:end]


def _span(content: bytearray, rng: np.random.Generator) -> tuple[int, int]:
    begin = int(rng.integers(len(content) + 1))
    return begin, min(len(content), begin + int(rng.integers(1, 200)))


TURNS = (_turn_bits, _turn_bits, _cut, _break_off, _double, _put_word, _put_number, _put_other)


def looked_at(db: Database, path: Path) -> tuple[str, int]:
    """What became of a file, and how much was read of it."""
    try:
        look = bring_in.open_for_import(path)
        seen = bring_in.preview(db, look, SAID, NOW)
    except ImportRejectedError:
        return "refused", 0
    assert seen is not None
    tally = seen.tally
    if tally.read != tally.kept + tally.doubtful + tally.rejected:
        return "lost count", tally.read
    return "read", tally.read


def tried(seed: int, inputs: int) -> dict[str, object]:
    """So many damaged files, one after the other."""
    rng, sound = seeded(seed), seeds()
    names, ends, wrong, longest_s, read = list(sound), Counter[str](), [], 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "matwise.db", NOW)
        try:
            for number in range(inputs):
                name, content = mutated(sound, names, rng)
                path = Path(folder) / "file"
                path.write_bytes(content)
                began = time.perf_counter()
                try:
                    end, rows = looked_at(db, path)
                except Exception as error:
                    end, rows = f"{type(error).__name__}: {error}"[:200], 0
                took_s = time.perf_counter() - began
                longest_s, read = max(longest_s, took_s), read + rows
                ends[end if end in GOOD else "wrong"] += 1
                if end not in GOOD or took_s > MOST_S:
                    wrong.append(f"seed {seed} number {number}, {name}: {end}, {took_s:.1f} s")
        finally:
            db.close()
    rss_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"ends": dict(ends), "wrong": wrong, "longest_s": longest_s, "read": read, "rss_mib": rss_mib}


def laughs(depth: int = 30) -> bytes:
    """A billion laughs: each word of the file is ten of the one before."""
    words = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, depth))
    body = record("HeartRate", "count/min", BEGAN, f"&l{depth - 1};")
    return f'<!DOCTYPE HealthData [<!ENTITY l0 "lol">{words}]><HealthData>{body}</HealthData>'.encode()


def foreign(secret: Path) -> bytes:
    """An entity that is another file."""
    body = record("HeartRate", "count/min", BEGAN, 60, source="&secret;")
    head = f'<!DOCTYPE HealthData [<!ENTITY secret SYSTEM "{secret.as_uri()}">]>'
    return f"{head}<HealthData>{body}</HealthData>".encode()


def nested() -> bytes:
    """An archive in an archive in an archive, each of zeros."""
    content = b"\0" * BOMB
    for _ in range(3):
        content = test_opened.packed(("export.xml", content))
    return content


def attacks(secret: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Files made to do harm, by name."""
    yield "billion laughs", laughs
    yield "external entity", lambda: foreign(secret)
    yield "nested archives", nested
    yield "JSON nested without end", lambda: b'[{"dateTime": 1, "bpm": 1, "confidence": ' + b"[" * BOMB
    yield (
        "JSON of nothing but lists",
        lambda: b'[{"dateTime": 1, "bpm": 1, "confidence": 1},' + b"[]," * (BOMB // 3) + b"1]",
    )
    yield "a line without end", lambda: b"8" * BOMB
    yield "a tag without end", lambda: export(" <Record " + "a " * (BOMB // 2)).encode()
    for name, sql in test_health_connect.HOSTILE.items():
        yield f"database: {name}", lambda sql=sql: made_database(sql)
    yield "database: pages that point to the same one", test_health_connect.endless
    for name, (make, _) in test_opened.HARMFUL.items():
        yield f"archive: {name}", make
    yield "archive: understated", test_opened.understated


def made_database(sql: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return test_health_connect.database(Path(folder) / "a.db", sql).read_bytes()


def attacked() -> Iterator[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        secret, path = Path(folder) / "secret", Path(folder) / "file"
        secret.write_text("0123456789 secret")
        db = open_database(Path(folder) / "matwise.db", NOW)
        for name, make in attacks(secret):
            path.write_bytes(make())
            began = time.perf_counter()
            try:
                end, rows = looked_at(db, path)
            except Exception as error:
                end, rows = f"{type(error).__name__}: {error}"[:200], 0
            yield {"name": name, "end": end, "rows": rows, "took_s": time.perf_counter() - began}
        db.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=50_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pin", action="store_true")
    asked = parser.parse_args()
    harmful = list(attacked())
    for one in harmful:
        print(f"{one['name']:40s} {one['end']:10s} {one['rows']:6d} read  {one['took_s']:5.2f} s")
    parts = 10 * asked.workers
    with ProcessPoolExecutor(asked.workers) as pool:
        told = list(pool.map(tried, range(parts), [asked.inputs // parts] * parts))
    ends = sum((Counter(one["ends"]) for one in told), Counter[str]())
    wrong = [line for one in told for line in one["wrong"]]
    harm = [one["name"] for one in harmful if one["took_s"] > MOST_S or one["end"] not in GOOD or one["rows"] > 1]
    rss_mib = max(one["rss_mib"] for one in told)
    print(*harm, *wrong, sep="\n")
    found = {
        "inputs": sum(ends.values()),
        "ends": dict(sorted(ends.items())),
        "rows": sum(one["read"] for one in told),
        "attacks": {one["name"]: one["end"] for one in harmful},
    }
    print(json.dumps(found, indent=1))
    print(f"longest {max(one['longest_s'] for one in told):.2f} s, at most {rss_mib:.0f} MiB")
    if asked.pin:
        PINNED.write_text(json.dumps(found, indent=1) + "\n")
    differs = asked.inputs == json.loads(PINNED.read_text())["inputs"] and found != json.loads(PINNED.read_text())
    if differs:
        print("differs from what is pinned")
    return int(bool(wrong or harm or differs or rss_mib > MOST_RSS_MIB))


if __name__ == "__main__":
    sys.exit(main())
