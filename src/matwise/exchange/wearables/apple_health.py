"""Apple Health: `export.zip`, or the `export.xml` in it, up to many GB.

An export is one long list of `<Record …/>`, of which a small part is wanted here. To parse all of it would take most of
the time, so start tags are found by their first letters and taken apart where they are wanted. In XML a `<` stands at
the beginning of a tag, a comment, a CDATA section or an instruction and nowhere else, so none is ever mistaken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np

from matwise.errors import Problem
from matwise.exchange.wearables.apple_times import instants
from matwise.exchange.wearables.maker import Found, ImportRejectedError, Position, Told
from matwise.exchange.wearables.opened import Member, Opened
from matwise.measures.reading import Readings, Rejected
from matwise.sentence import Sentence

ID = "apple_health"
NAME = "Apple Health"

ROOT = b"<HealthData"
# By the last part of a type: the measure, and by unit what a value is multiplied with after something was added.
PER_MINUTE = {b"count/min": (0.0, 1.0), b"count/s": (0.0, 60.0)}
MS = {b"ms": (0.0, 1.0), b"s": (0.0, 1000.0)}
MMHG = {b"mmHg": (0.0, 1.0), b"kPa": (0.0, 7.500616827)}
CELSIUS = {b"degC": (0.0, 1.0), b"degF": (-32.0, 5 / 9)}
TYPES = {
    b"HeartRate": ("heart_rate", PER_MINUTE),
    b"RestingHeartRate": ("resting_heart_rate", PER_MINUTE),
    b"HeartRateVariabilitySDNN": ("sdnn", MS),
    b"HeartRateVariabilityRMSSD": ("rmssd", MS),
    b"BloodPressureSystolic": ("systolic", MMHG),
    b"BloodPressureDiastolic": ("diastolic", MMHG),
    b"RespiratoryRate": ("respiratory_rate", PER_MINUTE),
    b"AppleSleepingWristTemperature": ("skin_temperature", CELSIUS),
}
BLOCK_BYTES = 8 << 20
LARGEST_TAG_BYTES = 32 << 20
LONGEST_PROLOG_BYTES = 1 << 20
LONGEST_SOURCE = 200  # letters; whoever names a watch needs fewer
_WANTED = b"|".join(TYPES)
_KIND = b"HKQuantityTypeIdentifier"
_MOMENT = rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}"
# As Apple writes it: this order, double quotes, one blank.
_USUAL = re.compile(
    rb'<Record type="' + _KIND + rb"(" + _WANTED + rb')" sourceName="([^"<>&]*)"(?: sourceVersion="[^"<>]*")?'
    rb'(?: device="[^"<>]*")? unit="([^"<>&]*)"(?: creationDate="[^"<>]*")? startDate="(' + _MOMENT + rb')"'
    rb' endDate="[^"<>]*" value="(\d{1,6}(?:\.\d{1,20})?)" ?/?>'
)
_MENTIONED = re.compile(rb"<Record\s[^<]*?[\"']" + _KIND + rb"(?:" + _WANTED + rb")[\"']")
# No record has a tenth of so many attributes; what has more was made to take its time.
_TAG = re.compile(rb"<Record((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')){0,100})\s*/?>")
_ATTRIBUTE = re.compile(rb"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ASIDES = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_ASIDE = re.compile(b"|".join(re.escape(begins) for begins in _ASIDES))
_ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

NOT_WHOLE = Sentence("The file breaks off here; what stands before it is fine.")
NO_TAG = Sentence("It is not written as XML asks for.")
NO_UNIT = Sentence("Its unit is missing or not one that is known for it.")
NO_MOMENT = Sentence("It has no start that can be a moment.")
NO_VALUE = Sentence("It has no value that is a number.")


def recognises(opened: Opened) -> bool:
    """Whether its root is that of a health export."""
    return _export(opened) is not None


def read(opened: Opened, told: Told) -> Iterator[Found]:
    """Everything wanted in it, block by block; goes on from a position it told before.

    Raises:
        ImportRejectedError: it is no export, not in UTF-8, or defines words of its own.
    """
    member = _export(opened)
    if member is None:
        raise _refused(opened, Sentence("no health export"), Sentence("export.zip, or the export.xml in it"))
    with opened.stream(member) as stream:
        begins = _prolog(opened, stream)
    with opened.stream(member) as stream:
        done = max(begins, told.from_position)
        _skip(stream, done)
        yield from _records(opened, stream, done, member.size)


def _export(opened: Opened) -> Member | None:
    xml = [one for one in opened.members if one.name.lower().endswith(".xml") or not opened.zipped]
    return next((one for one in xml[:50] if ROOT in opened.head(one)), None)


def _prolog(opened: Opened, stream: BinaryIO) -> int:
    """Where the root begins. What a document type says is passed over: Apple's own was malformed for years."""
    head = stream.read(LONGEST_PROLOG_BYTES)
    begins = _without_asides(head).find(ROOT)
    if begins < 0:
        raise _refused(opened, Sentence("no health export"), Sentence("a file in UTF-8 that begins with HealthData"))
    if re.search(rb"<!ENTITY", head[:begins]):
        raise _refused(opened, Sentence("words that the file defines itself"), Sentence("an export as Apple writes it"))
    return begins


def _skip(stream: BinaryIO, size: int) -> None:
    if stream.seekable():
        stream.seek(size)
        return
    while size > 0:
        got = stream.read(min(size, BLOCK_BYTES))
        if not got:
            return
        size -= len(got)


def _records(opened: Opened, stream: BinaryIO, done: int, total: int) -> Iterator[Found]:
    rest, ended = b"", False
    while True:
        got = stream.read(BLOCK_BYTES)
        block = rest + got
        plain = _without_asides(block)
        ended = ended or b"</HealthData" in plain
        # Everything before the last tag that began is whole, unless an aside is open.
        cut = len(block) if not got else _last_whole(plain)
        if cut:
            yield from _in_block(plain[:cut], done)
            done += cut
            rest = block[cut:]
            yield Position(done, max(total, done))
        else:
            rest = block
        if len(rest) > LARGEST_TAG_BYTES:
            raise _refused(opened, Sentence("a tag of {size} MiB", size=len(rest) >> 20), Sentence("an export"))
        if not got:
            if not ended:
                yield Rejected(Sentence("byte {number}").format(number=done), ascii(block[-60:])[2:-1][-80:], NOT_WHOLE)
            return


def _last_whole(block: bytes) -> int:
    """Where the last record begins; where the last tag does, if no record is near: what follows can be long.

    What stands before a `<` is whole, whatever stands behind it: no value has one in it.
    """
    last = block.rfind(b"<Record")
    near = last >= 0 and len(block) - last <= BLOCK_BYTES
    return max(0, last if near else block.rfind(b"<"))


def _without_asides(block: bytes) -> bytes:
    """The same with blanks for comments, CDATA and instructions, up to where one begins that does not end in it."""
    if b"<!" not in block and b"<?" not in block and b"<" not in block[-1:]:
        return block
    parts, at = [], 0
    while begins := _ASIDE.search(block, at):
        end = block.find(_ASIDES[begins[0]], begins.end())
        parts.append(block[at : begins.start()])
        # Not searched on from the next one: each search would go to the end of the block again.
        if end < 0:
            return b"".join(parts)
        end += len(_ASIDES[begins[0]])
        parts.append(b" " * (end - begins.start()))
        at = end
    parts.append(block[at:])
    return _without_half_an_aside(b"".join(parts))


def _without_half_an_aside(block: bytes) -> bytes:
    """The same up to the last `<`, if that may be the beginning of an aside that the next block goes on with."""
    last = block.rfind(b"<", max(0, len(block) - max(map(len, _ASIDES))))
    half = last >= 0 and any(begins.startswith(block[last:]) for begins in _ASIDES)
    return block[:last] if half else block


def _in_block(block: bytes, done: int) -> Iterator[Found]:
    usual = _USUAL.findall(block)
    columns = list(_columns(usual)) if usual else []
    yield from columns
    # What is not written in the usual way, or can't be meant, is looked at one by one.
    mentions = sum(block.count(b'"' + _KIND + one + b'"') for one in TYPES)
    if mentions != sum(one.at_ms.size for one in columns) or b"='" in block:
        yield from _one_by_one(block, done)


def _columns(usual: list[tuple[bytes, bytes, bytes, bytes, bytes]]) -> Iterator[Readings]:
    names: dict[tuple[bytes, bytes, bytes], int] = {}
    codes = np.array([names.setdefault(one[:3], len(names)) for one in usual])
    at_ms, offset_min, good = instants([one[3] for one in usual])
    values = np.array([one[4] for one in usual]).astype(np.float64)
    for (kind, source, unit), code in names.items():
        measure, units = TYPES[kind]
        if unit not in units:
            continue  # told one by one, with its reason
        add, times = units[unit]
        here = (codes == code) & good
        if here.any():
            yield Readings(measure, _text(source), at_ms[here], offset_min[here], (values[here] + add) * times)


def _one_by_one(block: bytes, done: int) -> Iterator[Found]:
    mentions = list(_MENTIONED.finditer(block))
    usual = [_USUAL.match(block, mention.start()) for mention in mentions]
    known = [one is not None and one[3] in TYPES[one[1]][1] for one in usual]
    told_before = instants([one[4] if one is not None else b"" for one in usual])[2] & np.array(known, dtype=np.bool_)
    odd = [_odd(block, done, mention.start()) for mention, told in zip(mentions, told_before, strict=True) if not told]
    at_ms, offset_min, good = instants([one.told.get(b"startDate", b"") for one in odd])
    columns: dict[tuple[str, bytes], tuple[list[int], list[float]]] = {}
    for place, one in enumerate(odd):
        value = _value(one) if good[place] or one.why is not None else NO_MOMENT
        if isinstance(value, Sentence):
            yield Rejected(one.where, one.what, value)
        else:
            places, values = columns.setdefault((one.measure, one.told.get(b"sourceName", b"")), ([], []))
            places.append(place)
            values.append(value)
    for (measure, source), (places, values) in columns.items():
        yield Readings(measure, _text(source), at_ms[places], offset_min[places], np.array(values))


@dataclass(frozen=True, slots=True)
class _Odd:
    """A record that is not written in the usual way: its attributes, and why it can't be kept if that is known yet."""

    where: str
    what: str
    told: dict[bytes, bytes]
    measure: str = ""
    units: Mapping[bytes, tuple[float, float]] = field(default_factory=dict)
    why: Sentence | None = None


def _odd(block: bytes, done: int, begins: int) -> _Odd:
    where = Sentence("byte {number}").format(number=done + begins)
    what = ascii(block[begins : begins + 80])[2:-1][:80]
    tag = _TAG.match(block, begins)
    if tag is None:
        return _Odd(where, what, {}, why=NO_TAG)
    told = {name: double or single for name, double, single in _ATTRIBUTE.findall(tag[1])}
    measure, units = TYPES.get(told.get(b"type", b"").removeprefix(_KIND), ("", {}))
    why = None if told.get(b"unit", b"") in units else NO_UNIT
    return _Odd(where, what, told, measure, units, why)


def _value(one: _Odd) -> float | Sentence:
    """The value in the unit of its measure, or why there is none."""
    if one.why is not None:
        return one.why
    try:
        value = float(one.told.get(b"value", b""))
    except ValueError:
        value = float("nan")
    add, times = one.units[one.told[b"unit"]]
    return (value + add) * times if np.isfinite(value) else NO_VALUE


def _text(source: bytes) -> str:
    """The name of a source, its entities resolved; Apple writes non-breaking blanks in "Apple Watch"."""
    written = source[: 10 * LONGEST_SOURCE].decode("utf-8", "replace")  # an entity has at most 10
    return _ENTITY.sub(_letter, written).replace("\xa0", " ").strip()[:LONGEST_SOURCE] or "Apple Health"


def _letter(entity: re.Match[str]) -> str:
    hexadecimal, decimal, name = entity.groups()
    if name:
        return _NAMED[name]
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(number) if 32 <= number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


def _refused(opened: Opened, got: str, want: str) -> ImportRejectedError:
    return ImportRejectedError(Problem(opened.name, got, want))
