"""A table read by the compiled twin gives the records, and the refusals, that reading it in Python gives."""

from __future__ import annotations

import random
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import MatchingError
from epiguard.identifiers import ResidentId
from epiguard.matching import ResidentIndex, _select
from epiguard.matching._plain import plain_forms
from epiguard.matching._register import packed_register
from epiguard.registrations import FORM_FIELDS
from matching.damage import written
from matching.sanitizers import sanitized
from matching.synthetic import register

pytestmark = pytest.mark.skipif(_select.compiled is None, reason="the extension is not built")

COLUMNS = ("person_id", *FORM_FIELDS)
NUMBERS = st.tuples(st.sampled_from(["310112", "110105"]), st.sampled_from(["1985", "2019", "1849"])).flatmap(
    lambda start: st.integers(101, 1331).map(
        lambda day: (first := f"{start[0]}{start[1]}{day:04d}002") + ResidentId.check_digit_of(first)
    )
)
BLANK = st.sampled_from([None, "", " ", float("nan")])
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(
        ["王小明", "王 小明", "張國榮", "李女士", "买买提·艾力", "Li Wei", "姓名", "某", "·", "①"]
    ),
    "sex": st.sampled_from(["M", "f", "男", "女", " 男", "male", "Ｍ", "X"]),
    "birth_date": st.sampled_from(
        ["1985-03-12", "1985-02-29", "1985/3/12", "1985年3月12日", "１９85-03-12", "1700-01-01"]
    ),
    "resident_id": NUMBERS
    | NUMBERS.map(str.lower)
    | st.sampled_from(["310112850312001", "31011219850312002"]),
    "phone": st.sampled_from(
        [
            "13812345678",
            "138 1234 5678",
            "+8613812345678",
            "021-64130000",
            "13812345678;13912345678",
            "1381234",
        ]
    ),
    "residence": st.sampled_from(
        [
            "3号楼2单元502室",
            "阳光花园12-1202",
            "12号楼1202-3室",
            "三号楼五零二",
            "5楼",
            "地址3号楼",
            "金都路1299弄12号501",
        ]
    ),
    "plate": st.sampled_from(
        ["沪A12345", "沪A1234O", "沪AD12345", "沪·A12345", "沪a12345", "沪A12345/苏B12345", "使123456"]
    ),
    "card": st.sampled_from(["0071", "a071", "000", "7-1", "71、72", "卡1", "0" * 65]),
}
IDS = st.sampled_from(
    ["p-1", "p-2", "P.3_x", "1024", " p-4", "13812345678", "X" * 5, "1" * 11, "楼", "a b", "p" * 129, 7]
)


def table_of(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Columns of rows."""
    return {column: [row.get(column) for row in rows] for column in COLUMNS}


def told(functions: Any, table: dict[str, list[Any]]) -> object:
    """The records, or what is refused."""
    try:
        return list(packed_register(functions, table, {}))
    except MatchingError as error:
        return str(error)


ROWS = st.fixed_dictionaries(
    {"person_id": IDS}, optional={field: cells | BLANK for field, cells in CELLS.items()}
)


@given(st.lists(ROWS, max_size=4))
def test_tables_are_read_alike(rows: list[dict[str, Any]]) -> None:
    """Cells plain and not, blank, wrong, of no text; ids that come twice: the same records or message."""
    table = table_of(rows)
    assert told(_select.compiled, table) == told(None, table)


@given(
    st.sampled_from(FORM_FIELDS), st.text(max_size=20) | st.text("0123456789A-号楼单元室王·沪", max_size=12)
)
def test_any_cell_is_read_alike(field: str, text: str) -> None:
    """In any field, and as an id."""
    table = table_of([{"person_id": "p-1", field: text}])
    assert told(_select.compiled, table) == told(None, table)
    assert told(_select.compiled, {"person_id": [text]}) == told(None, {"person_id": [text]})


def test_a_register_of_thousands_is_read_alike() -> None:
    """Each person's fields as columns; nearly all rows are plain."""
    assert _select.compiled is not None
    rows = [{"person_id": each.id, **written(each)} for each in register(7)]
    table = table_of(rows)
    records = told(_select.compiled, table)
    assert records == told(None, table)
    columns = tuple(tuple(column) for column in table.values())
    plain = [each for each in _select.compiled.plain_rows(columns, plain_forms()) if each is not None]
    assert len(plain) > 0.8 * len(rows)


def test_an_id_twice_is_refused() -> None:
    """With the row, also where one of the two is not plain."""
    for other in ("p-1", " p-1 "):
        with pytest.raises(MatchingError, match="row 2, person_id"):
            ResidentIndex.from_table({"person_id": ["p-1", other]})


def test_what_is_no_column_is_refused() -> None:
    """With a clear error, and not read."""
    assert _select.compiled is not None
    with pytest.raises(TypeError, match="a tuple of ids"):
        _select.compiled.plain_rows(([],), plain_forms())


# Rows of chance characters; every block has exactly its size, so that a unit too far is found.
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
    uint32_t count;
    const size_t size = 2 * (LAST_FORM - FIRST_FORM + 1);
    uint8_t *forms = block(size);
    while (fread(&count, sizeof count, 1, stdin) == 1) {
        epiguard_text cells[PLAIN_CELLS];
        void *blocks[PLAIN_CELLS];
        for (size_t i = 0; i < PLAIN_CELLS; i++) {
            uint32_t head[2];
            if (fread(head, sizeof head, 1, stdin) != 1) return 2;
            blocks[i] = block((size_t)head[0] * head[1]);
            cells[i] = (epiguard_text){blocks[i], head[0], (int)head[1]};
        }
        epiguard_plain *row = malloc(sizeof *row);
        if (row == NULL) return 2;
        epiguard_read_row(cells, (epg_span){forms, count ? size : 0}, row);
        if (row->size > PLAIN_ROOM) return 4;
        free(row);
        for (size_t i = 0; i < PLAIN_CELLS; i++) free(blocks[i]);
    }
    free(forms);
    return 0;
}
"""
SAMPLES = [
    *(
        ["p-1", "p" * 64],
        ["王小明", "買·" * 60],
        ["M", "男"],
        ["1985-03-12", "2020-02-29"],
        ["11010519491231002X"],
    ),
    *(
        ["13812345678", "+8613812345678"],
        ["阳光花园3号楼2单元502室", "3-502"],
        ["沪A12345"],
        ["0071", "0" * 64],
    ),
]


def test_kernel_under_sanitizers(tmp_path: Path) -> None:
    """Without Python, under two sanitizers, no cell makes it read or write where it must not."""
    sources = ["kernel", "plain", "plain_home", "plain_row", "index", "memory", "overlay", "text"]
    driver = sanitized(tmp_path, DRIVER, [f"{each}.c" for each in sources])
    chance = random.Random(6)
    given_bytes = plain_forms()
    for _ in range(6000):
        given_bytes += struct.pack("=I", chance.randrange(9))
        for samples in SAMPLES:
            text = "" if chance.random() < 0.2 else chance.choice(samples)
            if text and chance.random() < 0.2:
                place = chance.randrange(len(text))
                text = text[:place] + chance.choice("0Xé王-😀") * chance.randrange(90) + text[place + 1 :]
            codes = [ord(each) for each in text]
            width = 1 if max(codes, default=0) < 256 else 2 if max(codes) < 65536 else 4
            given_bytes += struct.pack(f"=2I{len(codes)}{' BH I'[width]}", len(codes), width, *codes)
    done = subprocess.run([driver], input=given_bytes, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")
