"""Whose card it was: one person's, a household's, or nobody's that anybody could tell."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import Role
from epiguard.doors import CardHolders
from epiguard.identifiers import CardNumber
from epiguard.people import Household, Membership, Person

CARD, OTHER = CardNumber.of("0071"), CardNumber.of("0072")
HOME = Household(id="h-1", members=[Membership(person="p-1"), Membership(person="p-2")])


def person(name: str, *cards: str) -> Person:
    """Somebody with their cards."""
    return Person(id=name, cards=list(cards))


def test_a_card_of_one_person_tells_the_person() -> None:
    """They are taken for a resident, whoever carried it."""
    found = CardHolders.of([person("p-1", "0071"), person("p-2", "0072")], [HOME]).traveller(CARD)
    assert (found.person, found.household, found.role) == ("p-1", None, Role.RESIDENT)


def test_a_card_that_a_household_shares_tells_the_household() -> None:
    """Which of them passed is not known."""
    found = CardHolders.of([person("p-1", "0071"), person("p-2", "0071")], [HOME]).traveller(CARD)
    assert (found.person, found.household, found.role) == (None, "h-1", Role.RESIDENT)


def test_a_card_of_two_households_and_one_that_nobody_has_tell_nobody() -> None:
    """The first is counted, so that somebody asks for a better list."""
    holders = CardHolders.of([person("p-1", "0071"), person("p-9", "0071")], [HOME])
    assert holders.nobodys == 1
    for card in (CARD, OTHER, None):
        found = holders.traveller(card)
        assert (found.person, found.household, found.role) == (None, None, Role.VISITOR)


def test_a_card_of_the_watch_list_tells_whose_it_is() -> None:
    """Though the register does not know it."""
    assert CardHolders.of([person("p-1")], also=[(CARD, "p-1")]).traveller(CARD).person == "p-1"


def test_a_face_comes_before_the_card() -> None:
    """A door that knows faces says who it was."""
    holders = CardHolders.of([person("p-1", "0071")], [HOME])
    assert holders.traveller(CARD, person="p-2").person == "p-2"


def test_numbers_and_names_are_not_shown() -> None:
    """Not by the holders themselves either."""
    shown = repr(CardHolders.of([person("p-1", "0071")], [HOME]))
    assert "0071" not in shown


people = st.lists(
    st.tuples(st.sampled_from(["p-1", "p-2", "p-3"]), st.sets(st.sampled_from(["0071", "0072"]))),
    unique_by=lambda each: each[0],
)
homes = st.lists(st.sets(st.sampled_from(["p-1", "p-2", "p-3"]), min_size=1), max_size=3)


@given(people, homes)
def test_laws(those: list[tuple[str, set[str]]], sets: list[set[str]]) -> None:
    """A card tells a person where they alone have it, and a household where all who have it belong to it."""
    households = [
        Household(id=f"h-{number}", members=[Membership(person=each) for each in sorted(members)])
        for number, members in enumerate(sets)
    ]
    holders = CardHolders.of([person(name, *cards) for name, cards in those], households)
    for number, (name, cards) in product(("0071", "0072"), those):
        having = {each for each, theirs in those if number in theirs}
        found = holders.traveller(CardNumber.of(number))
        if number in cards:
            assert (found.person == name) is (having == {name})
        if found.household is not None:
            assert len(having) > 1
            assert having <= sets[int(found.household.removeprefix("h-"))]
