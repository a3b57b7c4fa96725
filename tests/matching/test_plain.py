"""What the compiled reader reads of a form is what the reader in Python reads of it, and no field else."""

from __future__ import annotations

import random
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.identifiers import ResidentId
from epiguard.matching import _select
from epiguard.matching._plain import packed_form, plain_forms
from epiguard.matching._reading import packed_reading, read
from epiguard.registrations import FORM_FIELDS
from matching.damage import DAMAGE, written
from matching.sanitizers import sanitized
from matching.synthetic import register

pytestmark = pytest.mark.skipif(_select.compiled is None, reason="the extension is not built")

Texts = tuple[str | None, ...]


def contents(packed: bytes) -> dict[int, list[bytes]]:
    """The texts of a packed reading by their numbers, those of one number in their order."""
    found: dict[int, list[bytes]] = {}
    at = 0
    while at < len(packed):
        number, length = struct.unpack_from("<BH", packed, at)
        found.setdefault(number, []).append(packed[at + 3 : at + 3 + length])
        at += 3 + length
    return found


def assert_read_alike(texts: Texts) -> int:
    """Both readers read the same; returns how many fields were plain."""
    assert _select.compiled is not None
    _, left = _select.compiled.read_plain(texts, plain_forms())
    assert contents(packed_form(_select.compiled, texts)) == contents(packed_reading(read(texts)))
    return sum(bool(text) and not left >> field & 1 for field, text in enumerate(texts))


def only(field: str, text: str) -> Texts:
    """A form with one field."""
    return tuple(text if each == field else None for each in FORM_FIELDS)


def joined(*pieces: str, most: int = 9) -> st.SearchStrategy[str | None]:
    """Texts of pieces, of which some are wide; or nothing."""
    piece = st.sampled_from(pieces)
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    texts = st.lists(piece, min_size=1, max_size=most).map("".join)
    return st.none() | texts | texts.map(lambda text: text.translate(wide))


DIGIT = tuple("0123456789")
NAMES = joined(
    *(
        "王",
        "小",
        "明",
        "欧阳",
        "張",
        "國",
        "乾",
        "·",
        " ",
        "\u3000",
        "某",
        "?",
        "*",
        "先生",
        "女士",
        "师傅",
        "姓名",
        "本人",
    ),
    *("名字", ":", "：", "Li", "é", "(", ")", "\u200b", "\U00020000", "ﾊ", "豈", "①"),
)
SEXES = joined("男", "女", "M", "F", "m", "f", " ", "性", "ｍ", "male", "\u3000", most=2)
BIRTHS = joined(
    *(
        "1985",
        "85",
        "20",
        "2020",
        "19850312",
        "198503",
        "850312",
        "03",
        "3",
        "12",
        "0",
        "00",
        "13",
        "年",
        "月",
        "日",
    ),
    *("-", "/", ".", " ", "生", "約", "①", "18", "21"),
)
IDS = joined(
    *DIGIT,
    *DIGIT,
    "x",
    "X",
    "?",
    "*",
    "_",
    " ",
    "-",
    "310112",
    "19850312",
    "20150312",
    "A",
    "号",
    "×",
    most=20,
)
WHOLE_ID = "11010519491231002X"
NEAR_IDS = st.tuples(
    st.integers(0, 18), st.integers(0, 18), st.sampled_from([*DIGIT, "", "x", "?", " ", "-", "X"])
).map(lambda slip: WHOLE_ID[: slip[0]] + slip[2] + WHOLE_ID[slip[1] :])
PHONES = joined(
    *DIGIT,
    "+",
    "86",
    "0086",
    "13",
    "1381234",
    "13812345678",
    " ",
    "-",
    "x",
    "?",
    "*",
    "_",
    "转",
    "(",
    "+86",
    "021",
)
HOMES = joined(
    *(
        "阳光",
        "花园",
        "家",
        "中",
        "路",
        "弄",
        "三里",
        "号楼",
        "号",
        "栋",
        "幢",
        "座",
        "楼",
        "单元",
        "门",
        "室",
        "房",
        "层",
    ),
    *(
        "-",
        "－",
        "~",
        "3",
        "12",
        "502",
        "0502",
        "0",
        "12345",
        "1202",
        "十二",
        "五零二",
        "二",
        "十",
        "二十",
        "百",
        "一",
    ),
    *("甲", "东", "A", "O", " ", "住", "地址", "在", "(", ")", "，", "。", "１２", "幺", "廿", "〇", "#"),
)
PLATES = joined(
    "沪", "A", "b", "1", "0", "O", "Q", "D", "23", "45", "·", "•", " ", "-", "?", "警", "学", "Ａ", "é", "使"
)
CARDS = joined("0", "00", "7", "12", "a", "Z", "-", "_", " ", "卡", "·", "é", "！", "\u3000", "#")
PLAUSIBLE = st.tuples(NAMES, SEXES, BIRTHS, IDS | NEAR_IDS, PHONES, HOMES, PLATES, CARDS)


@given(PLAUSIBLE)
def test_fields_of_pieces_are_read_alike(texts: Texts) -> None:
    """Whatever is put together of what people write, and of what has traps."""
    assert_read_alike(texts)


@given(
    st.sampled_from(FORM_FIELDS), st.text(max_size=30) | st.text("0123456789A-号楼单元室十二", max_size=12)
)
def test_any_text_is_read_alike(field: str, text: str) -> None:
    """In any field."""
    assert_read_alike(only(field, text))


BUILDING = st.sampled_from(["3", "12", "１２", "003", "0", "三", "十二", "廿", "1299", "12345", "百"])
ROOM = st.sampled_from(
    ["502", "0502", "五零二", "五百零二", "12345", "1", "０", "二十", "1202-3", "502A", ""]
)


COMPOUND = st.sampled_from(["", "阳光花园", "金都路", "远柳海府", "三里", "乙区", "住宅", "12弄"])
COUNTER = st.sampled_from(["号楼", "号", "栋", "幢", "座", "楼", "-", "－", "号 ", "", "栋楼"])
UNIT = st.sampled_from(["", "2单元", "二单元", "2-", "2门", "0单元", "12345单元", "203-", "中单元"])
END = st.sampled_from(["", "室", "房", "号", " 室"])


@given(st.tuples(COMPOUND, BUILDING, COUNTER, UNIT, ROOM, END).map("".join))
def test_doors_are_read_alike(door: str) -> None:
    """With counters, hyphens and numerals, right and nearly right."""
    assert_read_alike(only("residence", door))


@given(st.integers(0, 10**15 - 1), st.sampled_from(["19", "20", "18"]))
def test_valid_numbers_are_read_alike(seed: int, century: str) -> None:
    """A check digit that is right, whatever the date."""
    digits = f"{seed:015d}"
    first = f"{digits[:6]}{century}{digits[6:]}"
    assert_read_alike(only("resident_id", first + ResidentId.check_digit_of(first)))


def test_every_damage_is_read_alike_and_most_of_it_is_plain() -> None:
    """Of thousands of forms with each kind of damage; what is plain is most."""
    chance = random.Random(2020)
    plain = fields = 0
    for person in register(3)[:400]:
        form = written(person)
        for field, ways in DAMAGE.items():
            for way in ways.values():
                if form.get(field):
                    damaged = {**form, field: way(chance, form[field])}
                    texts = tuple(damaged.get(each) or None for each in FORM_FIELDS)
                    plain += assert_read_alike(texts)
                    fields += sum(map(bool, texts))
    assert plain > 0.7 * fields > 10_000


def test_what_is_no_text_is_refused() -> None:
    """With a clear error, and not read."""
    assert _select.compiled is not None
    with pytest.raises(TypeError, match="a text or None"):
        _select.compiled.read_plain((1, *[None] * 7), plain_forms())
    with pytest.raises(ValueError, match="for each field"):
        _select.compiled.read_plain((None,), plain_forms())


# Fields of chance characters in each width; every block has exactly its size: a unit too far is found.
DRIVER = """
#include <stdio.h>
#include <stdlib.h>
#include "plain.h"

static void *block(size_t size)
{
    void *made = malloc(size ? size : 1);
    if (made == NULL || fread(made, 1, size, stdin) != size) exit(2);
    return made;
}

int main(void)
{
    uint32_t head[3];
    uint8_t *forms = block(2 * (LAST_FORM - FIRST_FORM + 1));
    while (fread(head, sizeof head, 1, stdin) == 1) {
        void *units = block((size_t)head[1] * head[2]);
        epiguard_text fields[PLAIN_FIELDS] = {{NULL, 0, 1}};
        fields[head[0]] = (epiguard_text){units, head[1], (int)head[2]};
        epiguard_plain *read = malloc(sizeof *read);
        const epg_span known = {forms, head[1] % 7 ? 2 * (LAST_FORM - FIRST_FORM + 1) : 0};
        if (read == NULL || epiguard_read_plain(fields, known, read) >> PLAIN_FIELDS) return 3;
        if (read->size > PLAIN_ROOM) return 4;
        free(read);
        free(units);
    }
    free(forms);
    return 0;
}
"""


@pytest.mark.usefixtures("sanitizers")
def test_kernel_under_sanitizers(tmp_path: Path) -> None:
    """Without Python, under two sanitizers, no text makes it read or write where it must not."""
    driver = sanitized(
        tmp_path,
        DRIVER,
        ["kernel.c", "plain.c", "plain_home.c", "index.c", "memory.c", "overlay.c", "text.c"],
    )
    chance = random.Random(5)
    given_bytes = plain_forms()
    pieces = [
        "0",
        "1",
        "3",
        "13812345678",
        "86",
        "+",
        "-",
        "?",
        "X",
        " ",
        "号",
        "楼",
        "单元",
        "室",
        "十",
        "五",
        "王",
        "A",
        "\u3000",
    ]
    for _ in range(20_000):
        text = "".join(chance.choices(pieces, k=chance.randrange(1, 40)))
        codes = [ord(each) if chance.random() < 0.99 else chance.randrange(0x110000) for each in text]
        width = 1 if max(codes) < 256 else 2 if max(codes) < 65536 else 4
        units = struct.pack(f"={len(codes)}{' BH I'[width]}", *codes)
        given_bytes += struct.pack("=3I", chance.randrange(8), len(codes), width) + units
    done = subprocess.run([driver], input=given_bytes, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")
