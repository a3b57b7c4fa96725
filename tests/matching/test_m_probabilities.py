"""A site's own m probabilities: counted in confirmed pairs, estimated from forms, and what they change."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import InvalidValueError, UnknownIdError
from epiguard.matching import MProbabilities, Query, ResidentIndex
from epiguard.matching._engine import build_image
from epiguard.matching._kinds import KINDS
from epiguard.matching._levels import Kind
from epiguard.matching._m_probabilities import by_em
from epiguard.matching._people import records_of
from epiguard.people import Person

SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", "安博春德福光海建静丽明宁平强琴荣书婷文霞"
#: How often a telephone is a digit off here: the library expects 6 in 100.
WRONG = 0.4


def register(count: int = 400) -> list[Person]:
    """People with names that some share, telephones of their own and doors of four."""
    chance = random.Random(7)
    return [
        Person(
            id=f"p-{place:03d}",
            name=chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN),
            phones=[f"138{chance.randrange(10**8):08d}"],
            residence=f"{place // 40 + 1}号楼{place // 4 % 10 + 1}01室",
        )
        for place in range(count)
    ]


def forms(people: list[Person], count: int = 600) -> list[tuple[Query, str]]:
    """Forms of theirs: names as they are, and telephones of which many are a digit off."""
    chance = random.Random(11)
    made = []
    for person in chance.choices(people, k=count):
        phone = person.phones[0].national
        if chance.random() < WRONG:
            place = chance.randrange(3, 11)
            phone = (
                phone[:place] + str((int(phone[place]) + chance.randrange(1, 10)) % 10) + phone[place + 1 :]
            )
        assert person.name is not None
        assert person.residence is not None
        query = Query(name=person.name.value, phone=phone, residence=person.residence.value)
        made.append((query, person.id))
    return made


def test_confirmed_pairs_are_counted() -> None:
    """Shares are those of the pairs, with the library's figures as a hundred forms more."""
    people = register()
    index, pairs = ResidentIndex.build(people), forms(people)
    off = sum(
        next(each.detail for each in index.compare(*pair) or () if each.field == "phone") == "one digit"
        for pair in pairs
    )
    shares = index.estimate_m_from_pairs(pairs).shares
    usual = {
        kind.name: kind.usual for kind in KINDS if kind.field == "phone" and kind.name in shares["phone"]
    }
    assert shares["phone"]["one digit"] == pytest.approx(
        (off + 100 * usual["one digit"] / sum(usual.values())) / 700
    )
    assert shares["phone"]["one digit"] == pytest.approx(WRONG, abs=0.07)
    assert set(shares) == {"name", "phone", "residence"}
    for kinds in shares.values():
        assert sum(kinds.values()) == pytest.approx(1)


def test_without_knowing_whose_the_forms_are_the_shares_are_nearly_the_same() -> None:
    """Expectation-maximisation comes within two points of what the confirmed pairs say, for every kind."""
    people = register()
    index, pairs = ResidentIndex.build(people), forms(people)
    counted = index.estimate_m_from_pairs(pairs).shares
    estimated = index.estimate_m_by_em(query for query, _ in pairs).shares
    for field, kinds in counted.items():
        assert estimated[field] == pytest.approx(dict(kinds), abs=0.02)
    # As a control: the figures that the library starts from are far away.
    assert abs(counted["phone"]["one digit"] - 0.06) > 0.2


def test_an_index_weighs_by_them(tmp_path: Path) -> None:
    """A telephone that is a digit off says more where many are; the file keeps it, and so does a change."""
    people = register()
    pairs = forms(people)
    index = ResidentIndex.build(people)
    m = index.estimate_m_from_pairs(pairs)
    own = ResidentIndex.build(people, m_probabilities=m)
    query, person = next(
        pair for pair in pairs if any(e.detail == "one digit" for e in index.compare(*pair) or ())
    )

    def weight(of: ResidentIndex) -> int:
        return next(each.weight for each in of.compare(query, person) or () if each.field == "phone")

    assert weight(own) - weight(index) > 2000
    own.save(tmp_path / "own.index")
    kept = ResidentIndex.open(tmp_path / "own.index")
    newcomer = Person(id="q-1", name="陈静", phones=["13900000007"])
    kept.update([newcomer])
    anew = ResidentIndex.build([*people, newcomer], m_probabilities=m)
    assert weight(kept) == weight(anew)
    assert kept.find(query).candidates == anew.find(query).candidates
    kept.compact()
    assert weight(kept) == weight(anew)


def test_a_table_is_weighed_by_them_too() -> None:
    """What it changes is the same as for people."""
    m = MProbabilities({"name": {"same name": 0.5}})
    table = {"person_id": ["p-1", "p-2"], "name": ["王小明", "李静"]}
    people = [Person(id="p-1", name="王小明"), Person(id="p-2", name="李静")]
    one, other = (
        ResidentIndex.from_table(table, m_probabilities=m),
        ResidentIndex.build(people, m_probabilities=m),
    )
    asked = Query(name="李静")
    assert one.compare(asked, "p-2") == other.compare(asked, "p-2")
    assert one.compare(asked, "p-2") != ResidentIndex.build(people).compare(asked, "p-2")


def test_both_twins_build_the_same_with_them() -> None:
    """To the byte."""
    usual = MProbabilities({"phone": {"one digit": 0.3, "same number": 0.5}}).usual
    meta = {"expected_in_register": 0.9, "custom": []}
    in_c, in_python = (
        build_image(records_of(register(20)), meta=meta, usual=usual, **functions)
        for functions in ({}, {"functions": None})
    )
    assert bytes(in_c) == bytes(in_python)


@given(st.sampled_from(KINDS[:-1]), st.floats(0.0001, 1))
def test_what_is_said_is_taken_and_the_rest_is_the_librarys(kind: Kind, share: float) -> None:
    """One share changes one figure."""
    usual = MProbabilities({kind.field: {kind.name: share}}).usual
    assert [one != other.usual for one, other in zip(usual, KINDS, strict=True)].count(True) <= 1
    assert usual[KINDS.index(kind)] == round(10_000 * share)


def test_nothing_to_learn_from_changes_nothing() -> None:
    """No pairs, no forms: the library's figures."""
    index = ResidentIndex.build(register(20))
    assert index.estimate_m_from_pairs([]) == MProbabilities()
    assert index.estimate_m_by_em([]) == MProbabilities()
    assert by_em([(1.0, [])], [kind.usual for kind in KINDS]) == MProbabilities()


def test_what_is_refused() -> None:
    """A kind that is none, a share that is none, and somebody who is not here, by the number of the pair."""
    with pytest.raises(InvalidValueError, match=r"shares, name, sounds alike: expected a field and a kind"):
        MProbabilities({"name": {"sounds alike": 0.1}})
    for share in (0.0, 1.5, float("nan")):
        with pytest.raises(
            InvalidValueError, match=r"shares, name, same name: expected a share from 0\.0001"
        ):
            MProbabilities({"name": {"same name": share}})
    index = ResidentIndex.build(register(20))
    with pytest.raises(UnknownIdError, match=r"pair 2: expected the id of somebody") as caught:
        index.estimate_m_from_pairs((Query(name="王小明"), each) for each in ("p-000", "q-9"))
    assert "q-9" not in str(caught.value)
