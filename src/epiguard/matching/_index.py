"""The register, ready to be searched."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Self

from epiguard.errors import InvalidValueError, kind_of
from epiguard.matching._answer import Answer, Candidate, Evidence, MatchDecision
from epiguard.matching._candidates import bring_up
from epiguard.matching._decision import Scored, decide
from epiguard.matching._fields import RULES, compare, read
from epiguard.matching._people import records_of
from epiguard.matching._probability import Prior, posterior
from epiguard.matching._query import Query
from epiguard.matching._question import question
from epiguard.matching._register import Register
from epiguard.matching._table import people_of_table
from epiguard.people import Household, Person

__all__ = ["ResidentIndex"]

#: The share of forms expected to belong to somebody in the register. It cannot be learnt from the register.
#: Ours, on the careful side: of the forms of a committee with a full register, a few in a hundred are
#: subtenants' or of other estates.
EXPECTED_IN_REGISTER = 0.9


class ResidentIndex:
    """All residents, ready to be found from a partial or damaged record.

    Build it with :meth:`build` or :meth:`from_table`. It does not change afterwards; threads can share it.
    """

    __slots__ = ("_prior", "_register", "_rejected")

    def __init__(self, register: Register, prior: Prior, rejected: Mapping[str, frozenset[str]]) -> None:
        self._register = register
        self._prior = prior
        self._rejected = rejected

    @classmethod
    def build(
        cls,
        people: Iterable[Person],
        *,
        households: Iterable[Household] = (),
        expected_in_register: float = EXPECTED_IN_REGISTER,
        rejected: Iterable[tuple[str, str]] = (),
    ) -> Self:
        """Build an index of people.

        Args:
            people: The register. Its order makes no difference.
            households: Who lives together. People at one door are taken to do so in any case.
            expected_in_register: The share of forms that belong to somebody in the register, between 0 and 1.
            rejected: Pairs that a human rejected: the form's id (``Query.key``) and the person's.

        Raises:
            MatchingError: If a row is no Person or an id comes twice.
            InvalidValueError: If the share is not one.
        """
        register = Register(records_of(people, households), RULES)
        refused: dict[str, frozenset[str]] = {}
        for key, person_id in rejected:
            refused[key] = refused.get(key, frozenset()) | {person_id}
        return cls(register, Prior(expected_in_register, len(register.records)), refused)

    @classmethod
    def from_table(
        cls,
        table: Any,  # noqa: ANN401 - any of the kinds of table that are named below
        *,
        columns: Mapping[str, str] | None = None,
        expected_in_register: float = EXPECTED_IN_REGISTER,
        rejected: Iterable[tuple[str, str]] = (),
    ) -> Self:
        """Build an index of a table with one row per resident.

        Args:
            table: A mapping of column names to lists, or a pandas, Polars or Arrow table.
            columns: The table's own column names to the fields' (``{"id_number": "resident_id"}``). Fields
                are ``person_id`` and those of a query; columns that are neither are passed over.
            expected_in_register: As in :meth:`build`.
            rejected: As in :meth:`build`.

        Raises:
            MatchingError: If ``person_id`` is missing, columns differ in length, or a value is not valid; the
                message names row and field, and never the value.
        """
        people = people_of_table(table, columns or {})
        return cls.build(people, expected_in_register=expected_in_register, rejected=rejected)

    def __len__(self) -> int:
        return len(self._register.records)

    def __repr__(self) -> str:
        return f"ResidentIndex({len(self)} residents)"

    def find(self, query: Query, *, limit: int = 5, rejected: Collection[str] = ()) -> Answer:
        """Find who a partial record may belong to.

        Args:
            query: What is known.
            limit: How many candidates to return at most.
            rejected: Ids of people whom a human ruled out for this query.

        Returns:
            The candidates, best first, with a decision; it does not depend on ``limit``.

        Raises:
            InvalidValueError: If something else than a query is given, or the limit is not 1 or more.
        """
        if not isinstance(query, Query):
            raise InvalidValueError(
                "find", expected="a Query", got=kind_of(query), do="use Query.of for a form"
            )
        if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
            raise InvalidValueError("find, limit", expected="a whole number, 1 or more", got=kind_of(limit))
        reading = read(query)
        out = {*rejected, *(self._rejected.get(query.key, ()) if query.key is not None else ())}
        scored = [
            self._score(row, reading)
            for row in bring_up(reading, self._register)
            if self._register.records[row].person_id not in out
        ]
        scored.sort(key=lambda each: (-each.weight, each.record.person_id))
        rest = sum(rule.worst for rule in RULES if rule.name in reading)
        after = posterior([each.weight for each in scored], self._prior, rest=rest)
        decision = decide(scored, after.candidates)
        asked = question(scored, after.candidates, after.stranger) if decision is MatchDecision.ASK else None
        best = zip(scored[:limit], after.candidates, strict=False)
        return Answer(
            decision=decision,
            candidates=tuple(self._candidate(each, probability) for each, probability in best),
            question=asked,
            probability_not_in_register=after.stranger,
        )

    def find_many(self, queries: Iterable[Query], *, limit: int = 5) -> tuple[Answer, ...]:
        """Find many at once.

        Args:
            queries: What is known of each.
            limit: How many candidates to return at most for each.

        Returns:
            One answer per query, in their order.
        """
        return tuple(self.find(query, limit=limit) for query in queries)

    def compare(self, query: Query, person_id: str) -> tuple[Evidence, ...] | None:
        """Compare a query with one person, whoever else it may belong to.

        Args:
            query: What is known.
            person_id: Who.

        Returns:
            What each field says, in the order of ``FORM_FIELDS``; ``None`` where there is no such person.
        """
        row = self._row(person_id)
        return _evidence(self._score(row, read(query))) if row is not None else None

    def contradictions(self, query: Query, person_id: str) -> tuple[str, ...]:
        """The fields that were written completely and validly, and say something else than the register.

        Args:
            query: What was written.
            person_id: Whose it is taken to be.

        Returns:
            Fields of a form, in the order of ``FORM_FIELDS``; none where the register has no such person.
        """
        row = self._row(person_id)
        if row is None:
            return ()
        reading = read(query)
        return tuple(
            rule.name
            for rule, grade in zip(RULES, self._score(row, reading).grades, strict=True)
            if grade.kind.contradicts and rule.complete(reading[rule.name])
        )

    def __contains__(self, person_id: object) -> bool:
        return isinstance(person_id, str) and self._row(person_id) is not None

    def _row(self, person_id: str) -> int | None:
        records = self._register.records  # sorted by person id
        row = bisect_left(records, person_id, key=lambda record: record.person_id)
        return row if row < len(records) and records[row].person_id == person_id else None

    def _score(self, row: int, reading: Mapping[str, Any]) -> Scored:
        record = self._register.records[row]
        grades = compare(reading, record, self._register)
        return Scored(record, grades, self._prior.each + sum(grade.weight for grade in grades))

    def _candidate(self, scored: Scored, probability: float) -> Candidate:
        record = scored.record
        return Candidate(record.person_id, probability, self._prior.each, _evidence(scored), record.household)


def _evidence(scored: Scored) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(rule.name, grade.kind.level, grade.weight, grade.kind.name)
        for rule, grade in zip(RULES, scored.grades, strict=True)
    )
