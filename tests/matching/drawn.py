"""Registers and readings that are drawn: small, and much in them is the same, near, or under another key."""

from __future__ import annotations

from hypothesis import strategies as st

from epiguard.matching._reading import Reading
from epiguard.matching._records import Record
from epiguard.matching._sound import sound_codes
from epiguard.matching._texts import card_folded

__all__ = ["META", "READINGS", "RECORDS", "REGISTERS"]

META = {"expected_in_register": 0.9, "custom": [["work", "code"], ["passport", "exact"]]}

SOUNDS = sorted({chr(code) for character in "王玉伟李" for code in sound_codes(character)})
# Few characters, so that what is drawn is often the same, near, or the same under another key.
NAMES = st.text("王玉伟玮李", min_size=1, max_size=4) | st.sampled_from(
    ["jose garcia", "wang wei", "阿卜杜·热合曼", "王", "garcia jose maria", "𠀀王", "o"]
)
DIGITS = st.text("01", min_size=1, max_size=12) | st.sampled_from(
    ["13812345678", "13812345687", "1381234567"]
)
IDS = st.sampled_from(
    [
        "310112198503120011",
        "310112198503120038",
        "31011219850312004X",
        "340121199001010018",
        "310112198503210011",
    ]
)
BIRTHS = st.sampled_from(["19850312", "19851203", "19850321", "19900101", "20100229"])
ROOMS = st.sampled_from(["", "1", "2", "12", "21", "101", "102", "110", "502"])
COMPOUNDS = st.sampled_from(["", "榆树里", "榆树裡", "299弄", "金都路1299弄", "1299弄", "𠀀𠀀里", "榆树"])
PLATES = st.sampled_from(["沪A12345", "沪A1234S", "浙A12345", "A12345", "沪B00001", "沪BO0001", "沪AD12345"])
CARDS = st.sampled_from(["0071", "71", "00-71", "01234567", "1234567", "0123456", "A1B2C3", "卡1", "㈱71"])
CUSTOM = st.tuples(st.integers(0, 1), st.sampled_from(["E1234", "E1243", "1234", "", "X", "EE12345"]))


def some(values: st.SearchStrategy[str], most: int = 2) -> st.SearchStrategy[tuple[str, ...]]:
    """None, one or a few, each once."""
    return st.lists(values, max_size=most, unique=True).map(tuple)


RECORDS = st.builds(
    Record,
    person_id=st.text("abé王", min_size=1, max_size=6),
    names=some(NAMES),
    sex=st.sampled_from(["", "M", "F"]),
    birth=BIRTHS | st.just(""),
    resident_id=IDS | st.just(""),
    phones=some(DIGITS, 3),
    compound=COMPOUNDS,
    building=ROOMS,
    unit=ROOMS,
    room=ROOMS,
    plates=some(PLATES),
    cards=some(CARDS.filter(card_folded)),
    documents=some(st.sampled_from(["E12345678", "E12345687"])),
    groups=some(st.sampled_from(["h-1", "h-2"])),
    custom=st.lists(CUSTOM, max_size=2).map(tuple),
)
REGISTERS = st.lists(RECORDS, max_size=25, unique_by=lambda record: record.person_id)
MASKED = st.sampled_from(
    ["138????5678", "1381234567?", "138*".replace("*", "?"), "5678", "1381234", "138123?567", "????5678", "?"]
)
PARTS_OF_IDS = IDS.flatmap(
    lambda number: st.tuples(st.integers(0, 14), st.integers(4, 20)).map(
        lambda cut: number[cut[0] :][: cut[1]]
    )
) | st.sampled_from(
    [
        "3101121985031200??",
        "310112????????0011",
        "31011219850312001",
        "3101121985031200111",
        "31011219850321001X",
        "310112??????",
        "??0312001?",
        "310112198503120?1?",
        "19850312",
        "310112198530120011",
        "31011219?503120011",
    ]
)
READINGS = st.builds(
    Reading,
    name=NAMES | st.sampled_from(["", "王?", "伟王", "王玉"]),
    sounds=st.lists(st.text(SOUNDS, min_size=2, max_size=3), max_size=2).map(tuple),
    sex=st.sampled_from(["", "M", "F"]),
    birth=BIRTHS | st.sampled_from(["", "1985????", "????0312", "198503??"]),
    identity=IDS | PARTS_OF_IDS | st.just(""),
    identity_valid=st.booleans(),
    document=st.sampled_from(["", "", "E12345678"]),
    phone=DIGITS | MASKED | st.just(""),
    compound=COMPOUNDS,
    building=ROOMS,
    unit=ROOMS,
    room=ROOMS,
    home_cards=some(CARDS.map(card_folded).filter(bool)),
    plate=PLATES | st.sampled_from(["", "2345", "A1234"]),
    card=CARDS | st.just(""),
    custom=st.lists(CUSTOM, max_size=2, unique_by=lambda each: each[0]).map(tuple),
).map(lambda reading: reading._replace(card_folded=card_folded(reading.card) if reading.card else ""))
