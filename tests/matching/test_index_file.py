"""An index in a file: what is opened is what was saved, and what is damaged is refused by name."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import IndexFileError
from epiguard.matching import MatchDecision, Query, ResidentIndex
from epiguard.matching._image import sections_of
from epiguard.people import Household, Membership
from matching.residents import REGISTER

INDEX = ResidentIndex.build(REGISTER, expected_in_register=0.8)
FORMS = [
    Query(name="王建国"),
    Query(phone="13900000001"),
    Query(name="李伟", residence="榆树里5号楼1单元101室"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that holds an index."""
    INDEX.save(tmp_path / "residents.index")
    return tmp_path / "residents.index"


def test_what_is_opened_is_what_was_saved(path: Path) -> None:
    """The same answers, the same share of strangers, nothing left beside the file."""
    opened = ResidentIndex.open(path)
    opened.verify()
    assert len(opened) == len(INDEX)
    assert [opened.find(form) for form in FORMS] == [INDEX.find(form) for form in FORMS]
    assert list(path.parent.iterdir()) == [path]


def test_pairs_that_were_rejected_are_given_again(path: Path) -> None:
    """The file does not hold them."""
    form = Query(name="王建国", key="r-1")
    first = ResidentIndex.open(path).find(form).candidates[0].person_id
    found = ResidentIndex.open(path, rejected=[("r-1", first)]).find(form)
    assert first not in [each.person_id for each in found.candidates]
    assert isinstance(found.decision, MatchDecision)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_the_owner_may_read_it(path: Path) -> None:
    """It holds personal data."""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_open_index_outlives_the_next_one(path: Path) -> None:
    """Saving puts a new file in the place of the old one, which whoever has it open goes on reading."""
    opened = ResidentIndex.open(path)
    ResidentIndex.build(REGISTER[:2]).save(path)
    assert opened.find(FORMS[0]) == INDEX.find(FORMS[0])
    assert len(ResidentIndex.open(path)) == 2


@given(gone=st.sets(st.sampled_from([each.id for each in REGISTER]), max_size=8))
def test_without_some_it_is_the_index_of_the_others(gone: set[str]) -> None:
    """Byte for byte: nothing of them is in it, not even in what is counted. Households stay as they were."""
    homes = [Household(id="h-1", members=[Membership(person="w-2"), Membership(person="n-001")])]
    whole = ResidentIndex.build(REGISTER, households=homes, expected_in_register=0.8)
    others = [each for each in REGISTER if each.id not in gone]
    wanted = ResidentIndex.build(others, households=homes, expected_in_register=0.8)
    assert whole.without({*gone, "somebody"})._opened.image == wanted._opened.image


def test_without_some_it_remembers_what_was_rejected(path: Path) -> None:
    """And without everybody it finds nobody."""
    form = Query(name="王建国", key="r-1")
    opened = ResidentIndex.open(path, rejected=[("r-1", "w-4")]).without(["w-6"])
    assert "w-4" not in [each.person_id for each in opened.find(form).candidates]
    nobody = opened.without([each.id for each in REGISTER])
    assert (len(nobody), nobody.find(form).decision) == (0, MatchDecision.NO_MATCH)


def test_where_nothing_can_be_written_the_old_file_stays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no half of a new one."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        ResidentIndex.build(REGISTER[:2]).save(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "got"),
    [(b"", "an empty file"), (b"name,phone\n", "something else"), (b"EPGMATCH" + bytes(60), "version 0")],
)
def test_another_file_is_refused(tmp_path: Path, content: bytes, got: str) -> None:
    """By name, with what it is instead."""
    path = tmp_path / "other.bin"
    path.write_bytes(content)
    with pytest.raises(IndexFileError, match=rf"^other\.bin: .*got {got}"):
        ResidentIndex.open(path)


@pytest.mark.parametrize("cut", [1, 100, 5000])
def test_a_file_cut_short_is_refused(path: Path, cut: int) -> None:
    """Its header says how long it must be."""
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(IndexFileError, match="as many bytes as its header says"):
        ResidentIndex.open(path)


def test_damage_is_found_by_opening_or_by_verifying(path: Path) -> None:
    """A byte of any section: small ones are checked at once, the others by ``verify``."""
    whole = path.read_bytes()
    _, sections = sections_of(memoryview(whole))
    for number, section in sections.items():
        if not len(section):
            continue
        at = whole.index(bytes(section), 64)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        with pytest.raises(IndexFileError, match=r"residents\.index"):
            ResidentIndex.open(path).verify()
        assert number
