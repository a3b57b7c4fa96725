"""Who stands under the keys of slips: the specification in Python, its compiled twin, and damaged tables."""

from __future__ import annotations

import random
import struct
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.matching import _reference_slips, _select
from epiguard.matching._keys import Family, key_of
from epiguard.matching._reference._build import _table
from matching.sanitizers import sanitized

NATIVE = "epiguard.matching._native"
native_built = find_spec(NATIVE) is not None
needs_native = pytest.mark.skipif(not native_built, reason="the extension is not built")
ALPHABET = "01王𠀀"
FEW, FIRST = 3, 2

Twin = Callable[..., list[int]]
Tables = tuple[memoryview, memoryview, memoryview]


def twin(name: str) -> Twin:
    """One of the two."""
    module: Any = __import__(NATIVE, fromlist=["x"]) if name == "c" else _reference_slips
    function: Twin = module.slip_rows
    return function


@pytest.fixture(scope="session", params=["python", pytest.param("c", marks=needs_native)])
def slip_rows(request: pytest.FixtureRequest) -> Twin:
    """Each twin in turn."""
    return twin(request.param)


def tables_of(texts: list[str], most: int = 1 << 10) -> Tables:
    """A family's table of texts: row 0 is the first."""
    made = _table([(key_of(Family.CARD, text), row) for row, text in enumerate(texts)], most)
    starts, marks, rows = made
    return memoryview(starts).cast("I"), memoryview(marks).cast("H"), memoryview(rows)


def ask(function: Twin, text: str, tables: Tables, residents: int) -> list[int]:
    """Ask for the whole text's slips."""
    return function(text, ALPHABET, 0, len(text), int(Family.CARD), *tables, residents, FEW, FIRST)


def test_everybody_one_slip_away_is_found(slip_rows: Twin) -> None:
    """A character wrong, missing, too many, two swapped; the text itself is no slip; of many the first."""
    texts = ["0110", "0111", "010", "01101", "1010", "1111", *["0010"] * 5, "王110", "0110"]
    found = ask(slip_rows, "0110", tables_of(texts), len(texts))
    assert found == [1, 2, 3, 4, 6, 7, 11]


TEXTS = st.lists(st.text(ALPHABET, max_size=7), max_size=60)


@needs_native
@given(TEXTS, st.text(ALPHABET, max_size=6), st.data())
def test_twins_agree(texts: list[str], text: str, data: st.DataObject) -> None:
    """The same rows, in the same order, wherever slips are made, and of a key of many the first."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    few, first, residents, wide = data.draw(
        st.tuples(
            st.integers(0, 4),
            st.integers(0, 4),
            st.integers(0, 70),
            st.sampled_from([1 << 10, 1 << 30]),
        )
    )
    arguments = (text, ALPHABET, start, end, int(Family.CARD), *tables_of(texts, wide), residents)
    assert twin("c")(*arguments, few, first) == twin("python")(*arguments, few, first)


@needs_native
def test_twins_agree_on_telephones() -> None:
    """Thousands of them, as a register has them."""
    chance = random.Random(2020)
    phones = [f"13{chance.randrange(10**5):05d}" for _ in range(20_000)]
    tables = tables_of(phones, len(phones))
    for phone in chance.sample(phones, 40):
        arguments = (phone, "0123456789", 0, 7, int(Family.CARD), *tables, len(phones), 64, 16)
        found = twin("c")(*arguments)
        assert found == twin("python")(*arguments)
        assert found


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 1), (0, 9)])
def test_places_outside_the_text_are_refused(slip_rows: Twin, start: int, end: int) -> None:
    """One clear error from either twin."""
    with pytest.raises(ValueError, match="inside the text"):
        slip_rows("0110", ALPHABET, start, end, 4, *tables_of(["0"]), 1, FEW, FIRST)


@given(st.binary(max_size=80), st.binary(max_size=60), st.binary(max_size=90))
def test_damaged_tables_give_no_row_beyond_the_register(starts: bytes, marks: bytes, rows: bytes) -> None:
    """Whatever a file says: no crash, and nobody who is not there."""
    tables = (
        memoryview(starts[: len(starts) // 4 * 4]).cast("I"),
        memoryview(marks[: len(marks) // 2 * 2]).cast("H"),
        memoryview(rows),
    )
    assert all(row < 5 for row in ask(_select.slip_rows, "0110", tables, 5))


# Reads tables of chance bytes and texts; every block has exactly its size, so that a byte too far is found.
DRIVER = """
#include <stdio.h>
#include <stdlib.h>
#include "slips.h"

static void *block(size_t size)
{
    void *made = malloc(size ? size : 1);
    if (made == NULL || fread(made, 1, size, stdin) != size) exit(2);
    return made;
}

int main(void)
{
    uint32_t head[4];
    while (fread(head, sizeof head, 1, stdin) == 1) {
        uint8_t *starts = block(4 * (size_t)head[0]), *marks = block(2 * (size_t)head[1]);
        uint8_t *rows = block((size_t)head[1] * head[2]);
        uint32_t *text = block(4 * (size_t)head[3]), letters[] = {'0', '1', 0x738B};
        const epiguard_table table = {starts, head[0], marks, rows, head[1], head[2], 50, 4, NULL};
        const epiguard_slips what = {text, head[3], 0, head[3], letters, 3};
        epiguard_rows found;
        if (epiguard_slip_rows(&what, &table, (epiguard_follow){3, 2}, &found) != EPIGUARD_OK) return 3;
        for (size_t i = 0; i < found.count; i++)
            if (found.rows[i] >= 50 || (i > 0 && found.rows[i] <= found.rows[i - 1])) return 4;
        free(found.rows);
        free(text);
        free(rows);
        free(marks);
        free(starts);
    }
    return 0;
}
"""


@pytest.mark.usefixtures("sanitizers")
def test_kernel_under_sanitizers(tmp_path: Path) -> None:
    """Without Python, under two sanitizers, tables of any bytes are read within their bounds."""
    driver = sanitized(tmp_path, DRIVER, ["slips.c"])
    chance = random.Random(2020)
    given_bytes = b""
    for _ in range(300):
        starts, entries, width = chance.randrange(12), chance.randrange(40), chance.randrange(10)
        length = chance.randrange(6)
        given_bytes += struct.pack("=4I", starts, entries, width, length)
        small = struct.pack(f"={starts}I", *(chance.randrange(45) for _ in range(starts)))
        given_bytes += small if chance.random() < 0.7 else chance.randbytes(4 * starts)
        marks = sorted(chance.randrange(1 << 16) for _ in range(entries))
        given_bytes += struct.pack(f"={entries}H", *marks) + chance.randbytes(entries * width)
        given_bytes += struct.pack(f"={length}I", *(chance.choice((48, 49, 0x738B)) for _ in range(length)))
    done = subprocess.run([driver], input=given_bytes, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")
