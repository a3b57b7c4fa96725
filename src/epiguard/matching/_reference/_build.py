"""Builds an index out of packed records: sorts them, and writes down who stands under which key."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from epiguard.matching._char_table import Characters
from epiguard.matching._image import FAMILIES_FROM, Section, assemble
from epiguard.matching._keys import Family, key_of
from epiguard.matching._levels import packed_powers
from epiguard.matching._records import Record, Tag, fields_of, record_from, tagged
from epiguard.matching._texts import card_folded, deletions_of, door_text, name_parts_of, plate_body

__all__ = ["build", "count_keys", "keys_of"]

#: On average so many entries, and at most twice as many, stand in a bucket.
_PER_BUCKET: Final = 16
_FINGERPRINT: Final = 0xFFFF
_NARROW_ROWS: Final = 1 << 24
_NARROW_OFFSETS: Final = 1 << 32
_TAIL: Final = 4
#: At least so many bits tell a telephone's bucket: in few buckets marks alone would tell heads apart.
_PHONE_BITS: Final = 8
_PLATE_TAIL: Final = 4
_SHORTEST_SUFFIX: Final = 2


def keys_of(record: Record, characters: Characters) -> Iterator[tuple[Family, str]]:
    """All that a resident stands under."""
    for name in record.names:
        yield from _name_keys(name, characters)
    for phone in record.phones:
        yield Family.PHONE, phone
        yield Family.PHONE_TAIL, phone[-_TAIL:]
    number = record.resident_id
    if number:
        yield Family.ID_YEAR, number[6:10] + number[14:]
        yield Family.ID_DAY, number[10:]
    if record.birth:
        yield Family.BIRTH, record.birth
    if record.building:
        compound, building, _, room = record.home
        yield Family.DOOR, door_text(compound, building, room)
        yield Family.DOOR_OPEN, f"{building}|{room}"
        yield Family.BUILDING, f"{compound}|{building}"
    yield from _mark_keys(record)


def _name_keys(name: str, characters: Characters) -> Iterator[tuple[Family, str]]:
    yield Family.NAME, name
    yield from ((Family.SOUND, reading) for reading in characters.readings(name))
    yield from ((Family.NAME_SLIP, slip) for slip in deletions_of(name))
    parts = name_parts_of(name)
    if len(parts) > 1:
        yield from ((Family.NAME_PART, part) for part in parts)


def _mark_keys(record: Record) -> Iterator[tuple[Family, str]]:
    for plate in record.plates:
        yield Family.PLATE, plate_body(plate)
        yield Family.PLATE_TAIL, plate_body(plate)[-_PLATE_TAIL:]
    yield from ((Family.CARD, card_folded(card)) for card in record.cards)
    yield from ((Family.DOCUMENT, document) for document in record.documents)
    yield from ((Family.GROUP, group) for group in record.groups)
    for field, text in record.custom:
        yield Family.CUSTOM, f"{field}|{text}"
        yield Family.CUSTOM_TAIL, f"{field}|{text[-_TAIL:]}"


def count_keys(record: Record) -> Iterator[int]:
    """What else is counted: the sexes and the regions of resident IDs."""
    if record.sex:
        yield 1 if record.sex == "M" else 2
    if record.resident_id:
        yield 1_000_000 + int(record.resident_id[:6])


def build(packed: Iterable[bytes], *, meta: bytes, weights: bytes, characters: bytes) -> bytes:
    """Build an index.

    Args:
        packed: The residents' records in their portable form, in any order.
        meta: What the index says of itself.
        weights: The packed table of weights.
        characters: The packed table of characters.

    Returns:
        The index. The order of the records makes no difference.

    Raises:
        ValueError: If two records are of one person.
    """
    known = Characters(characters)
    ordered = sorted((record_from(each).person_id.encode(), each) for each in packed)
    compounds = sorted({record_from(each).compound for _, each in ordered} - {""}, key=str.encode)
    number_of = {name: place for place, name in enumerate(compounds)}
    entries: dict[Family, list[tuple[int, int]]] = {family: [] for family in Family}
    counts: Counter[int] = Counter()
    records: list[bytes] = []
    last = None
    for row, (person_id, each) in enumerate(ordered):
        if person_id == last:
            raise ValueError("two records of one person")
        last = person_id
        record = record_from(each)
        records.append(_with_number(each, number_of))
        for family, text in keys_of(record, known):
            entries[family].append((key_of(family, text), row))
        counts.update(count_keys(record))
    for place, name in enumerate(compounds):
        for start in range(len(name) - _SHORTEST_SUFFIX + 1 or 1):
            entries[Family.COMPOUND].append((key_of(Family.COMPOUND, name[start:]), place))
        for slip in (name, *deletions_of(name)):
            entries[Family.COMPOUND_SLIP].append((key_of(Family.COMPOUND_SLIP, slip), place))
    sections: dict[int, bytes] = {
        Section.META: meta,
        Section.POWERS: packed_powers(),
        Section.WEIGHTS: weights,
        Section.CHARACTERS: characters,
        Section.COUNTS: b"".join(struct.pack("<II", *each) for each in sorted(counts.items())),
    }
    sections[Section.COMPOUND_OFFSETS], sections[Section.COMPOUNDS] = _joined(
        [name.encode() for name in compounds]
    )
    sections[Section.RECORD_OFFSETS], sections[Section.RECORDS] = _joined(records)
    for family in Family:
        most = len(compounds) if family in (Family.COMPOUND, Family.COMPOUND_SLIP) else len(ordered)
        for which, content in enumerate(
            _table(entries[family], most, _PHONE_BITS * (family is Family.PHONE))
        ):
            sections[FAMILIES_FROM + 3 * family + which] = content
    return assemble(len(ordered), sections)


def _with_number(packed: bytes, number_of: dict[str, int]) -> bytes:
    made = []
    for tag, content in fields_of(packed):
        inside = content
        if tag == Tag.COMPOUND:
            inside = number_of[content.decode()].to_bytes(3, "little")
        made.append(tagged(Tag(tag), inside))
    return b"".join(made)


def _joined(texts: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Where each of the texts begins and the last one ends, and the texts."""
    offsets, at = [0], 0
    for text in texts:
        at += len(text)
        offsets.append(at)
    return struct.pack(f"<{len(offsets)}{'I' if at < _NARROW_OFFSETS else 'Q'}", *offsets), b"".join(texts)


def _table(entries: list[tuple[int, int]], most: int, least: int = 0) -> tuple[bytes, bytes, bytes]:
    """The table of a family: where each bucket begins, fingerprints, rows.

    A key's first bits tell its bucket and its last 16 are its fingerprint. Entries are sorted by bucket,
    fingerprint and row; an entry that is there already is left out.

    Args:
        entries: Key and row of each.
        most: No row is as much as this.
        least: At least so many bits tell the bucket.
    """
    bits = max(least, (len(entries) // _PER_BUCKET).bit_length())
    ordered = sorted({(key >> (64 - bits), key & _FINGERPRINT, row) for key, row in entries})
    starts = [0] * ((1 << bits) + 1)
    for bucket, _, _ in ordered:
        starts[bucket + 1] += 1
    for bucket in range(1 << bits):
        starts[bucket + 1] += starts[bucket]
    width = 3 if most < _NARROW_ROWS else 4
    return (
        struct.pack(f"<{len(starts)}I", *starts),
        struct.pack(f"<{len(ordered)}H", *(fingerprint for _, fingerprint, _ in ordered)),
        b"".join(row.to_bytes(width, "little") for _, _, row in ordered),
    )
