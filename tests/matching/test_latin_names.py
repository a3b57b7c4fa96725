"""Latin names: passports and machines leave out the marks on letters, people write them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.matching import Level, MatchDecision, Query, ResidentIndex
from epiguard.matching._script_forms import simplified
from epiguard.matching._texts import name_folded
from epiguard.people import Person

SAME = [
    ("José García", "Jose Garcia"),
    ("Müller", "MULLER"),
    ("Nguyễn Văn Đức", "Nguyen Van Duc"),
    ("Łukasz Żółć", "Lukasz Zolc"),
    ("Søren Ægir", "Soren Aegir"),
    ("Weiß", "WEISS"),
    ("İpek Yıldız", "Ipek Yildiz"),
]


def level_of_name(written: str, registered: str) -> Level:
    """How a name on a form compares with the register's."""
    index = ResidentIndex.build([Person(id="p-1", latin_name=registered)])
    evidence = index.compare(Query(name=written), "p-1")
    assert evidence is not None
    return next(each.level for each in evidence if each.field == "name")


@pytest.mark.parametrize(("marked", "plain"), SAME)
def test_marks_on_letters_make_no_difference(marked: str, plain: str) -> None:
    """Whichever of the two has them, the form or the register, and however they are encoded."""
    apart = unicodedata.normalize("NFD", marked)
    for written, registered in ((marked, plain), (plain, marked), (apart, plain), (plain, apart)):
        assert level_of_name(written, registered) is Level.AGREES


@pytest.mark.parametrize(("marked", "plain"), SAME)
def test_a_name_with_marks_is_brought_up_and_matched(marked: str, plain: str) -> None:
    """Candidates are looked up by the same folded name."""
    home = "榆树里7号楼1单元301室"
    people = [Person(id="p-1", latin_name=marked, residence=home), Person(id="p-2", latin_name="Ana Silva")]
    answer = ResidentIndex.build(people).find(Query(name=plain, residence=home))
    assert (answer.decision, answer.candidates[0].person_id) == (MatchDecision.MATCH, "p-1")


def test_an_umlaut_written_out_is_near() -> None:
    """Mueller for Müller is one letter more."""
    assert level_of_name("Mueller", "Müller") is Level.NEAR


@pytest.mark.parametrize(("one", "other"), [("Jose", "Josef Maria"), ("Müller", "Möllers"), ("김", "기")])
def test_other_letters_are_others(one: str, other: str) -> None:
    """Only marks go: another letter, and a part of a Korean syllable, count."""
    assert level_of_name(one, other) is not Level.AGREES


@given(st.text(st.characters(min_codepoint=0x3040, max_codepoint=0x9FFF, categories=["Lo"]), min_size=1))
def test_what_is_not_latin_stays(name: str) -> None:
    """Kana are compared as they are: が is not か. Of Chinese characters the script alone goes."""
    assert name_folded(name) == "".join(map(simplified, unicodedata.normalize("NFC", name.casefold())))
