from __future__ import annotations

import contextlib
import xml.parsers.expat
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matwise.exchange.wearables import apple_health
from matwise.exchange.wearables.apple_times import instants
from matwise.exchange.wearables.maker import ImportRejectedError, Position, Told
from matwise.exchange.wearables.makers import recognise
from matwise.exchange.wearables.opened import open_file
from matwise.measures.reading import Readings, Rejected

from .apple import BEGAN, KIND, PROLOG, export, record, zipped

CALM = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
Told4 = tuple[str, str, int, int, float]


def told(path: Path, from_position: int = 0) -> tuple[list[Told4], list[Rejected], list[int]]:
    """Every reading, everything rejected, every position."""
    readings: list[Told4] = []
    rejected, positions = [], []
    for found in apple_health.read(open_file(path), Told(from_position=from_position)):
        if isinstance(found, Readings):
            columns = zip(found.at_ms.tolist(), found.offset_min.tolist(), found.values.tolist(), strict=True)
            readings += [(found.measure, found.source, *one) for one in columns]
        elif isinstance(found, Rejected):
            rejected.append(found)
        else:
            assert isinstance(found, Position)
            positions.append(found.done)
    return sorted(readings), rejected, positions


def by_expat(path: Path) -> list[Told4]:
    """The same by a parser that knows all of XML."""
    found: list[Told4] = []

    def start(name: str, told: dict[str, str]) -> None:
        kind = told.get("type", "").removeprefix(KIND).encode()
        if name == "Record" and kind in apple_health.TYPES:
            measure, units = apple_health.TYPES[kind]
            add, times = units[told["unit"].encode()]
            at = datetime.strptime(told["startDate"], "%Y-%m-%d %H:%M:%S %z")
            offset = (at.utcoffset() or timedelta(0)) // timedelta(minutes=1)
            source = told["sourceName"].replace("\xa0", " ").strip() or "Apple Health"
            found.append((measure, source, round(at.timestamp() * 1000), offset, (float(told["value"]) + add) * times))

    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(path.read_bytes(), True)  # noqa: FBT003 – as the parser wants it
    return sorted(found)


names = st.text(st.sampled_from("Anna’s =\xa0ü'&<>\"x"), max_size=12)
moments = st.datetimes(*(datetime(year, 1, 1) for year in (1995, 2040))).map(lambda at: at.replace(microsecond=0))  # noqa: DTZ001 – their zone comes with them
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
kinds = st.sampled_from([("HeartRate", "count/min"), ("HeartRate", "count/s"), ("BloodPressureSystolic", "kPa"),
                         ("HeartRateVariabilitySDNN", "ms"), ("AppleSleepingWristTemperature", "degF"),
                         ("StepCount", "count"), ("BodyMass", "kg")])  # fmt: skip


def escaped(name: str, quote: str) -> str:
    for letter, entity in (("&", "&amp;"), ("<", "&lt;"), (quote, "&#34;" if quote == '"' else "&apos;")):
        name = name.replace(letter, entity)
    return name


@st.composite
def tags(draw: st.DrawFn) -> str:
    """A record as any program may write it: order, quotes and blanks are free."""
    kind, unit = draw(kinds)
    at = draw(moments).replace(tzinfo=draw(offsets)).strftime("%Y-%m-%d %H:%M:%S %z")
    quote = draw(st.sampled_from("\"'"))
    value = f"{draw(st.floats(0, 300)):.{draw(st.integers(0, 9))}f}"
    said = {"type": KIND + kind, "sourceName": escaped(draw(names), quote), "unit": unit, "startDate": at,
            "endDate": at, "value": value, "device": escaped(draw(names), quote)}  # fmt: skip
    order = draw(st.permutations(sorted(said)))
    gap = draw(st.sampled_from([" ", "\n ", "  "]))
    written = gap.join(f"{name}={quote}{said[name]}{quote}" for name in order)
    inner = draw(st.sampled_from(["/>", "></Record>", '><MetadataEntry key="a" value="b"/></Record>']))
    around = draw(
        st.sampled_from(["{}", "<Correlation>{}</Correlation>", "<!-- {} -->", "<![CDATA[{}]]>", "<?x {} ?>"])
    )
    return around.format(f"<Record {written}{inner}").replace("-- -->", "-->")


@CALM
@given(st.lists(tags(), max_size=8), st.integers(200, 3000))
def test_however_it_is_written_it_is_read_as_a_parser_of_all_xml_reads_it(
    tmp_path: Path, written: list[str], block: int
) -> None:
    path = tmp_path / "export.xml"
    path.write_text(export(*written), encoding="utf-8")
    with pytest.MonkeyPatch.context() as small:
        small.setattr(apple_health, "BLOCK_BYTES", block)
        found, rejected, _ = told(path)

    assert rejected == []
    wanted = by_expat(path)
    assert [one[:4] for one in found] == [one[:4] for one in wanted]
    assert [one[4] for one in found] == pytest.approx([one[4] for one in wanted])


def usual(number: int, every_s: int = 60) -> str:
    moments_ = (BEGAN + timedelta(seconds=n * every_s) for n in range(number))
    return export(*(record("HeartRate", "count/min", at, 60 + n % 40) for n, at in enumerate(moments_)))


@CALM
@given(st.integers(0, 40), st.integers(300, 5000))
def test_from_any_position_it_goes_on_with_what_was_not_told(tmp_path: Path, number: int, block: int) -> None:
    path = tmp_path / "export.xml"
    path.write_text(usual(number), encoding="utf-8")
    with pytest.MonkeyPatch.context() as small:
        small.setattr(apple_health, "BLOCK_BYTES", block)
        whole, _, positions = told(path)
        rests = [len(told(path, position)[0]) for position in positions]

    assert len(whole) == number
    assert rests == sorted(rests, reverse=True)
    assert rests[-1] == 0


def test_zipped_it_says_the_same_and_the_clinical_document_beside_it_is_left_alone(tmp_path: Path) -> None:
    plain = tmp_path / "export.xml"
    plain.write_text(usual(30), encoding="utf-8")
    packed = zipped(tmp_path / "any name.zip", usual(30))

    assert recognise(open_file(packed)) is apple_health
    assert told(packed)[:2] == told(plain)[:2]
    assert told(packed)[0][0][1] == "Anna’s Apple Watch"
    positions = told(packed)[2]
    assert told(packed, positions[-1])[0] == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({'unit="count/min"': 'unit="mg/dL"'}, "unit is missing"),
        ({'unit="count/min" ': ""}, "unit is missing"),
        ({'startDate="2020-01-01': 'startDate="2020-02-30'}, "no start"),
        ({'startDate="2020-01-01 06:00:00 +0100"': 'startDate="yesterday"'}, "no start"),
        ({'value="60"': 'value="quick"'}, "no value"),
        ({'value="60"': 'value="NaN"'}, "no value"),
        ({' value="60"/>': ' value="60" value/>'}, "not written as XML"),
    ],
)
def test_a_record_that_can_not_be_meant_is_rejected_with_its_reason_and_its_place(
    tmp_path: Path, changes: dict[str, str], why: str
) -> None:
    path = tmp_path / "export.xml"
    wrong = usual(1).split("\n")[-3] + "\n"
    for old, new in changes.items():
        assert old in wrong
        wrong = wrong.replace(old, new)
    good = record("HeartRate", "count/min", BEGAN + timedelta(hours=1), 61)
    path.write_text(export(wrong, good), encoding="utf-8")
    found, rejected, _ = told(path)

    assert len(found) == 1
    assert [why in one.why for one in rejected] == [True]
    assert rejected[0].where == f"byte {len(PROLOG.encode()) + 1}"


def test_a_file_that_breaks_off_says_so_and_keeps_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(usual(5)[:-200], encoding="utf-8")
    found, rejected, _ = told(path)

    assert len(found) == 4
    assert any("breaks off" in one.why for one in rejected)


REFERENCES = [f"&{letter};" for letter in "abcdefghi"]
WORDS = "".join(f'<!ENTITY {"bcdefghij"[n]} "{("&" + "abcdefghi"[n] + ";") * 10}">' for n in range(9))
BOMB = f'<!DOCTYPE HealthData [<!ENTITY a "ha">{WORDS}]><HealthData>&j;</HealthData>'
OUTSIDE = '<!DOCTYPE HealthData [<!ENTITY x SYSTEM "file:///etc/passwd">]><HealthData>&x;</HealthData>'


@pytest.mark.parametrize("harmful", [BOMB, OUTSIDE])
def test_an_export_that_defines_words_of_its_own_is_refused(tmp_path: Path, harmful: str) -> None:
    path = tmp_path / "export.xml"
    path.write_text(harmful, encoding="utf-8")

    assert apple_health.recognises(open_file(path))
    with pytest.raises(ImportRejectedError, match="defines itself"):
        told(path)


def test_a_document_type_as_apple_malformed_it_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(
        usual(3).replace("<!ATTLIST HealthData", "<!ATTLIST HealthData <!ELEMENT >> (", 1), encoding="utf-8"
    )

    assert len(told(path)[0]) == 3


def test_a_tag_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apple_health, "LARGEST_TAG_BYTES", 100_000)
    monkeypatch.setattr(apple_health, "BLOCK_BYTES", 10_000)
    path = tmp_path / "export.xml"
    path.write_text(export('<Record type="' + "x" * 300_000), encoding="utf-8")
    with pytest.raises(ImportRejectedError, match="a tag of"):
        told(path)


@pytest.mark.parametrize("begins", ["<!--", "<![CDATA[", "<?"])
def test_what_begins_a_million_times_and_never_ends_hides_what_follows_and_takes_no_time(
    tmp_path: Path, begins: str
) -> None:
    path = tmp_path / "export.xml"
    seen, hidden = (record("HeartRate", "count/min", BEGAN + timedelta(hours=n), 60 + n) for n in range(2))
    # Searched for its end from each beginning anew, this takes minutes.
    path.write_text(PROLOG + seen + begins * 500_000 + hidden + "</HealthData>", encoding="utf-8")
    found, rejected, _ = told(path)

    assert [one[4] for one in found] == [60]
    assert any("breaks off" in one.why for one in rejected)


@pytest.mark.parametrize("around", ["<a>", "<Record>", "<Record ", "\0", "<", ">"])
def test_nothing_that_stands_around_a_record_in_numbers_hides_it(tmp_path: Path, around: str) -> None:
    path = tmp_path / "export.xml"
    path.write_text(export(around * 100_000, record("HeartRate", "count/min", BEGAN, 60)), encoding="utf-8")

    assert [one[4] for one in told(path)[0]] == [60]


def test_the_name_of_a_source_is_no_longer_than_anybody_would_make_it(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(export(record("HeartRate", "count/min", BEGAN, 60, "&amp;" * 100_000)), encoding="utf-8")

    assert told(path)[0][0][1] == "&" * apple_health.LONGEST_SOURCE


@CALM
@given(st.binary(max_size=300), st.integers(0, 3000))
def test_whatever_bytes_stand_in_it_nothing_but_the_declared_error_comes_out(
    tmp_path: Path, noise: bytes, at: int
) -> None:
    path = tmp_path / "export.xml"
    plain = usual(6).encode()
    path.write_bytes(plain[:at] + noise + plain[at + len(noise) // 2 :])
    with contextlib.suppress(ImportRejectedError):
        told(path)


@given(moments, offsets)
def test_a_moment_is_the_instant_whatever_clock_wrote_it(at: datetime, zone: timezone) -> None:
    there = at.replace(tzinfo=zone)
    at_ms, offset_min, good = instants(
        [there.strftime("%Y-%m-%d %H:%M:%S %z").encode(), b"", b"2023-02-29 00:00:00 +0000"]
    )

    assert good.tolist() == [True, False, False]
    assert at_ms[0] == round(there.timestamp() * 1000)
    assert np.array_equal(offset_min[:1], [(there.utcoffset() or timedelta(0)) // timedelta(minutes=1)])
