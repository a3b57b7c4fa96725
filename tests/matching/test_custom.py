"""Fields that an application adds: found by, compared as chosen, kept in the file, asked about."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from epiguard.errors import InvalidValueError, MatchingError
from epiguard.matching import Comparator, CustomField, Level, MatchDecision, Query, ResidentIndex
from epiguard.people import Person
from epiguard.registrations import Registration
from matching.residents import REGISTER

FIELDS = [
    CustomField("employee_number"),
    CustomField("passport", Comparator.EXACT),
    CustomField("latin_name", Comparator.WORDS),
]
VALUES: dict[str, dict[str, str | list[str]]] = {
    "w-1": {"employee_number": "MH-104 27", "latin_name": "Ouyang Jingwen"},
    "w-6": {"passport": ["E12345678", "E87654321"], "latin_name": "García López, Ana María"},
    "n-000": {"employee_number": "MH-20001"},
    "nobody": {"employee_number": "MH-99999"},
}
INDEX = ResidentIndex.build(REGISTER, fields=FIELDS, values=VALUES)


def best(index: ResidentIndex, **custom: str) -> tuple[str, str, Level]:
    """Who comes first, and what their first custom field that is not absent says."""
    candidate = index.find(Query(custom=custom)).candidates[0]
    shown = {each.field: each for each in candidate.evidence}
    evidence = shown[next(iter(custom))]
    return candidate.person_id, evidence.detail, evidence.level


@pytest.mark.parametrize(
    ("field", "written", "wanted"),
    [
        ("employee_number", "mh10427", ("w-1", "same", Level.AGREES)),
        ("employee_number", "ＭＨ－10427", ("w-1", "same", Level.AGREES)),
        ("employee_number", "MH-10472", ("w-1", "one character", Level.NEAR)),
        ("employee_number", "MH-1O427", ("w-1", "one character", Level.NEAR)),
        ("employee_number", "MH1042", ("w-1", "one character", Level.NEAR)),
        ("employee_number", "0427", ("w-1", "its last characters", Level.NEAR)),
        ("passport", " e87654321", ("w-6", "same", Level.AGREES)),
        ("latin_name", "ana maria garcia lopez", ("w-6", "same", Level.AGREES)),
        ("latin_name", "JINGWEN OUYANG", ("w-1", "same", Level.AGREES)),
        ("latin_name", "Jingwen Ouyamg", ("w-1", "one character", Level.NEAR)),
    ],
)
def test_each_is_compared_as_was_chosen(field: str, written: str, wanted: tuple[str, str, Level]) -> None:
    """Codes by letters and digits with a slip, words in any order, the exact ones as they are."""
    assert best(INDEX, **{field: written}) == wanted


@pytest.mark.parametrize("written", ["E1234567", "E12345679", "2345678"])
def test_where_only_the_same_counts_nothing_is_near(written: str) -> None:
    """A passport with another digit is another passport."""
    assert INDEX.find(Query(custom={"passport": written})).candidates == ()


def test_a_custom_field_is_evidence_like_any_other() -> None:
    """It raises the probability of who has it and lowers that of who has another; blank is neither."""
    names = Query(name="欧阳静雯")
    alone = INDEX.find(names).candidates[0].weight
    same = INDEX.find(Query(name="欧阳静雯", custom={"employee_number": "MH-10427"})).candidates[0]
    other = INDEX.find(Query(name="欧阳静雯", custom={"employee_number": "ZZ-00000"})).candidates[0]
    blank = INDEX.find(Query(name="欧阳静雯", custom={"employee_number": " "})).candidates[0]
    assert other.weight < alone == blank.weight < same.weight
    assert [each.field for each in same.evidence][-3:] == ["employee_number", "passport", "latin_name"]
    assert INDEX.contradictions(Query(custom={"employee_number": "ZZ-00000"}), "w-1") == ("employee_number",)


def test_it_is_asked_about_where_it_tells_candidates_apart() -> None:
    """Two of one name, of whom the register has nothing else."""
    twins = [Person(id="t-1", name="司马长风"), Person(id="t-2", name="司马长风")]
    values = {"t-1": {"employee_number": "1001"}, "t-2": {"employee_number": "1002"}}
    answer = ResidentIndex.build(twins, fields=FIELDS, values=values).find(Query(name="司马长风"))
    assert (answer.decision, answer.question) == (MatchDecision.ASK, "employee_number")


def test_it_is_in_the_file_and_in_what_changes(tmp_path: Path) -> None:
    """With the comparator; whoever changes keeps what nothing is said of."""
    path = tmp_path / "residents.index"
    INDEX.save(path)
    index = ResidentIndex.open(path)
    index.update([Person(id="w-1", name="欧阳静雯"), Person(id="m-1", name="司马长风")])
    assert best(index, employee_number="MH-10472") == ("w-1", "one character", Level.NEAR)
    index.update([Person(id="m-1", name="司马长风")], values={"m-1": {"passport": "E1"}})
    assert best(index, passport="E1") == ("m-1", "same", Level.AGREES)
    index.update([Person(id="w-1", name="欧阳静雯")], values={"w-1": {}})
    index.save(path)
    assert ResidentIndex.open(path).find(Query(custom={"employee_number": "MH-10427"})).candidates == ()


def test_a_table_has_it_as_a_column() -> None:
    """Under its name or under another, several in one cell."""
    table = {"person_id": ["p-1", "p-2"], "工号": ["1001;1002", None], "passport": ["", "E12345678"]}
    index = ResidentIndex.from_table(table, columns={"工号": "employee_number"}, fields=FIELDS)
    assert best(index, employee_number="1002")[0] == "p-1"
    assert best(index, passport="E12345678")[0] == "p-2"
    with pytest.raises(MatchingError, match=r"^register, row 2, employee_number: expected text") as caught:
        ResidentIndex.from_table(
            {**table, "工号": ["1001", 1002]}, columns={"工号": "employee_number"}, fields=FIELDS
        )
    assert "1002" not in str(caught.value)


def test_a_form_gives_it_by_its_heading() -> None:
    """What a heading is called is the application's to say."""
    form = Registration(id="r-1", source="paper", written={"工号": "MH-10427", "备注": "带行李"})
    query = Query.of(form, custom={"工号": "employee_number"})
    assert INDEX.find(query).candidates[0].person_id == "w-1"
    assert (query.key, Query.of(form).custom) == ("r-1", {})


def test_a_query_shows_nothing_of_it_and_is_a_value() -> None:
    """Its repr, and it hashes, compares and pickles."""
    query = Query(custom={"employee_number": "MH-10427"})
    assert repr(query) == "Query(custom={'employee_number': …})"
    assert pickle.loads(pickle.dumps(query)) == query  # noqa: S301 - its own
    assert len({query, Query(custom={"employee_number": "MH-10427"})}) == 1


@pytest.mark.parametrize("index", [INDEX, ResidentIndex.build(REGISTER)])
def test_a_field_that_the_index_lacks_is_named_with_those_it_has(index: ResidentIndex) -> None:
    """Also in a batch; the value is not shown."""
    query = Query(custom={"staff": "MH-10427"})
    with pytest.raises(InvalidValueError, match="'staff'") as caught:
        index.find(query)
    known = "employee_number, passport, latin_name" if index is INDEX else "none"
    assert f"built with ({known})" in str(caught.value)
    assert "10427" not in str(caught.value)
    with pytest.raises(InvalidValueError, match=r"^find_many, query 2, Query\.custom, 'staff': "):
        list(index.find_many([Query(name="李伟"), query]))


@pytest.mark.parametrize(
    ("made", "where"),
    [
        (lambda: CustomField("Employee number"), "CustomField.name"),
        (lambda: CustomField("phone"), "CustomField.name"),
        (lambda: CustomField("staff", "near"), "CustomField.comparator"),
        (lambda: ResidentIndex.build([], fields=[FIELDS[0], FIELDS[0]]), "fields"),
        (lambda: ResidentIndex.build([], fields=["staff"]), "fields"),  # type: ignore[list-item]  # on purpose
        (lambda: ResidentIndex.build([], fields=[CustomField(f"f{n}") for n in range(17)]), "fields"),
        (
            lambda: ResidentIndex.build([], fields=FIELDS, values={"p": {"staff": "1"}}),
            "values, 'p', 'staff'",
        ),
        (
            lambda: ResidentIndex.build([], fields=FIELDS, values={"p": {"passport": [7]}}),  # type: ignore[list-item]  # on purpose
            "values, 'p', 'passport'",
        ),
        (lambda: Query(custom={"passport": 7}), "Query"),
        (lambda: Query(custom="E12345678"), "Query.custom"),
    ],
)
def test_what_is_not_valid_is_refused_with_its_place(made: Any, where: str) -> None:
    """Names, comparators, fields twice or too many, values that are no text."""
    with pytest.raises(InvalidValueError) as caught:
        made()
    assert caught.value.where == where
