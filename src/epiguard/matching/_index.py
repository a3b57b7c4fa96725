"""The register, ready to be searched."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, Self

from epiguard.errors import InvalidValueError, UnknownIdError, kind_of
from epiguard.matching import _raw
from epiguard.matching._answer import Answer, Evidence
from epiguard.matching._current import Current
from epiguard.matching._custom import CustomField, Values, checked_fields, folded_values
from epiguard.matching._engine import Opened, build_image, image_of, packed_weights
from epiguard.matching._file import mapped, write
from epiguard.matching._image import verify
from epiguard.matching._kinds import KINDS
from epiguard.matching._m_probabilities import MProbabilities, Pairing, by_em, from_pairs
from epiguard.matching._many import Asked, find_many, processors
from epiguard.matching._people import records_of
from epiguard.matching._probability import Prior
from epiguard.matching._query import Query
from epiguard.matching._reading import CustomTexts, Reading, Texts, complete, read
from epiguard.matching._register import packed_register
from epiguard.matching._select import compiled
from epiguard.people import Household, Person
from epiguard.registrations import FORM_FIELDS

__all__ = ["ResidentIndex"]

#: The share of forms expected to belong to somebody in the register. It cannot be learnt from the register.
#: Ours, on the careful side: of the forms of a committee with a full register, a few in a hundred are
#: subtenants' or of other estates.
EXPECTED_IN_REGISTER = 0.9
#: How many candidates of a form are looked at to estimate m; whoever comes after them has next to no odds.
EM_CANDIDATES = 30


class ResidentIndex:
    """All residents, ready to be found from a partial or damaged record.

    Build it with :meth:`build` or :meth:`from_table`, or :meth:`open` the file that :meth:`save` wrote.
    :meth:`update` and :meth:`remove` change it; :meth:`compact` and :meth:`save` build what changed into it.
    Threads can share it: a search sees all of a change or nothing of it.
    """

    __slots__ = ("_current", "_rejected")

    def __init__(self, opened: Opened, rejected: Iterable[tuple[str, str]] = ()) -> None:
        self._current = Current(opened)
        refused: dict[str, frozenset[str]] = {}
        for key, person_id in rejected:
            refused[key] = refused.get(key, frozenset()) | {person_id}
        self._rejected = refused

    @classmethod
    def build(  # noqa: PLR0913 - what a register is, each by name
        cls,
        people: Iterable[Person],
        *,
        households: Iterable[Household] = (),
        fields: Iterable[CustomField] = (),
        values: Values | None = None,
        expected_in_register: float = EXPECTED_IN_REGISTER,
        m_probabilities: MProbabilities | None = None,
        rejected: Iterable[tuple[str, str]] = (),
    ) -> Self:
        """Build an index of people.

        Args:
            people: The register. Its order makes no difference.
            households: Who lives together. People at one door are taken to do so in any case.
            fields: Fields that the application adds to those of a form.
            values: What people have in these, by id and name of the field: one text or several. Ids that are
                not in the register are passed over.
            expected_in_register: The share of forms that belong to somebody in the register, between 0 and 1.
            m_probabilities: How often the right person's form shows what, where it is known better than the
                library does; see :meth:`estimate_m_from_pairs` and :meth:`estimate_m_by_em`.
            rejected: Pairs that a human rejected: the form's id (``Query.key``) and the person's.

        Raises:
            MatchingError: If a row is no Person or an id comes twice.
            InvalidValueError: If the share is not one, or a field or a value of one is not valid.
        """
        custom = checked_fields(fields)
        meta = _meta(expected_in_register, custom)
        records, m = records_of(people, households, _folded(custom, values)), m_probabilities
        image = build_image(records, meta=meta, usual=m.usual if m is not None else None)
        return cls(Opened(memoryview(image)), rejected)

    @classmethod
    def from_table(  # noqa: PLR0913 - as above
        cls,
        table: Any,  # noqa: ANN401 - any of the kinds of table that are named below
        *,
        columns: Mapping[str, str] | None = None,
        fields: Iterable[CustomField] = (),
        expected_in_register: float = EXPECTED_IN_REGISTER,
        m_probabilities: MProbabilities | None = None,
        rejected: Iterable[tuple[str, str]] = (),
    ) -> Self:
        """Build an index of a table with one row per resident.

        Args:
            table: A mapping of column names to lists, or a pandas, Polars or Arrow table.
            columns: The table's own column names to the fields' (``{"id_number": "resident_id"}``). Fields
                are ``person_id``, those of a query and custom ones; columns that are none are passed over.
            fields: Fields that the application adds to those of a form.
            expected_in_register: As in :meth:`build`.
            m_probabilities: As in :meth:`build`.
            rejected: As in :meth:`build`.

        Raises:
            MatchingError: If ``person_id`` is missing, columns differ in length, or a value is not valid; the
                message names row and field, and never the value.
        """
        custom = checked_fields(fields)
        meta = _meta(expected_in_register, custom)
        packed, m = packed_register(compiled, table, columns or {}, custom), m_probabilities
        image = image_of(packed, meta=meta, weights=packed_weights(m.usual if m is not None else None))
        return cls(Opened(memoryview(image)), rejected)

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, rejected: Iterable[tuple[str, str]] = ()) -> Self:
        """Open the file of an index, mapped into memory: at once whatever its size, and shared by processes.

        The header, the weights and the tables of characters are checked; :meth:`verify` reads everything. A
        file must not be cut short or written to while it is open: :meth:`save` never does that.

        Args:
            path: Where it lies.
            rejected: As in :meth:`build`; the file does not hold them.

        Raises:
            IndexFileError: If it is no index, of another version, or damaged.
            OSError: If it cannot be read.
        """
        where = Path(path)
        return cls(Opened(mapped(where), where.name), rejected)

    @property
    def _opened(self) -> Opened:
        return self._current.opened

    def update(
        self,
        people: Iterable[Person],
        *,
        households: Iterable[Household] | None = None,
        values: Values | None = None,
    ) -> None:
        """Take people in; whoever has the id of one of them is replaced.

        They are found at once, with the answers that an index built anew would give. They are kept beside the
        index: each search looks into both, and the first one after a change puts together all that changed
        since, so that this is for hundreds or thousands, and then for :meth:`compact`.

        Args:
            people: The newcomers, and those of whom something changed, whole.
            households: Who of these lives together. Where nothing is said, people stay in the households that
                the index has them in.
            values: What they have in custom fields. Of whom nothing is said, they keep what they had.

        Raises:
            MatchingError: If a row is no Person or an id comes twice; then nothing is changed.
            InvalidValueError: If a value of a custom field is not valid; the same.
        """
        custom = _folded(self._opened.custom, values)
        made = []
        for record in records_of(people, households or (), custom):
            known = self._current.record_of(record.person_id)
            if known is not None and households is None:
                record = record._replace(groups=known.groups)  # noqa: PLW2901 - the same person, whole
            if known is not None and record.person_id not in custom:
                record = record._replace(custom=known.custom)  # noqa: PLW2901 - the same
            made.append(record)
        self._current.update(made)

    def remove(self, person_ids: Iterable[str]) -> None:
        """Take people out: they are never an answer again, and no longer counted.

        What was built holds their data until :meth:`compact`, and a file until :meth:`save`.

        Args:
            person_ids: Who.

        Raises:
            UnknownIdError: If one of them is not in the index; then nobody is taken out.
            InvalidValueError: If a single text is given in place of several.
        """
        if isinstance(person_ids, str):
            raise InvalidValueError("remove", expected="several ids", got="text", do="put it in a list")
        self._current.remove(person_ids)

    def compact(self) -> None:
        """Build what changed into the index; nothing of whoever was removed is left in it.

        It takes as long as building, and the same memory again meanwhile. Searches of other threads go on.
        Where nothing changed, nothing is done.
        """
        self._current.compact()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the index to a file, which then stands in the place of an older one.

        It is compacted before, so that nothing of whoever was removed is in the file.
        It holds personal data: only its owner may read it.

        Args:
            path: Where to.

        Raises:
            OSError: If it cannot be written; an older file is still there.
        """
        self.compact()
        write(Path(path), self._opened.image)

    def verify(self) -> None:
        """Read the whole index and compare it with its checksums.

        Raises:
            IndexFileError: If anything is damaged; the message says which section.
        """
        verify(self._opened.image, self._opened.name)

    def __len__(self) -> int:
        return len(self._opened)

    def __repr__(self) -> str:
        return f"ResidentIndex({len(self)} residents)"

    def find(self, query: Query, *, limit: int = 5, rejected: Collection[str] = ()) -> Answer:
        """Find who a partial record may belong to.

        Args:
            query: What is known.
            limit: How many candidates to return at most.
            rejected: Ids of people whom a human ruled out for this query.

        Returns:
            The candidates, best first, with a decision; it does not depend on ``limit``. Evidence, households
            and the question are worked out when they are read.

        Raises:
            InvalidValueError: If something else than a query is given, or the limit is not 1 or more.
        """
        _check_limit("find", limit)
        reading, out = self._asked(query)
        return self._opened.answer(reading, limit, {*out, *rejected} if rejected else out)

    def find_many(
        self, queries: Iterable[Query], *, limit: int = 5, threads: int | None = None
    ) -> Iterator[Answer]:
        """Find many: the answers that :meth:`find` gives, in the order of the queries, on all processors.

        Queries are taken as answers are asked for, some hundreds ahead, so a generator may give millions.
        Reading what was written is done by one thread at a time; searching, which takes longer, by all.

        Args:
            queries: What is known of each.
            limit: How many candidates to return at most for each.
            threads: How many search at once; as many as the process may use processors where nothing is said.

        Yields:
            One answer per query, in their order.

        Raises:
            InvalidValueError: If the limit or the threads are not 1 or more: at once. If something else than
                a query is given: once all before it are answered, with its number, from 1.
        """
        _check_limit("find_many", limit)
        if threads is not None:
            _check_limit("find_many", threads, "threads")
        return find_many(self._opened, queries, self._asked, limit, threads or processors())

    def _asked(self, query: Query) -> Asked:
        if not isinstance(query, Query):
            raise InvalidValueError(
                "find", expected="a Query", got=kind_of(query), do="use Query.of for a form"
            )
        rejected = self._rejected.get(query.key, ()) if query.key is not None else ()
        opened = self._opened
        return opened.engine.read(_texts(query), _custom(query, opened.custom)), rejected

    def compare(self, query: Query, person_id: str) -> tuple[Evidence, ...] | None:
        """Compare a query with one person, whoever else it may belong to.

        Args:
            query: What is known.
            person_id: Who.

        Returns:
            What each field says, in the order of ``FORM_FIELDS``, custom fields last; ``None`` where there is
            no such person.
        """
        opened = self._opened
        row = opened.engine.row_of(person_id)
        if row is None:
            return None
        found = _raw.unpacked(opened.engine.grades(_reading(query, opened.custom), row)).found[0]
        return opened.evidence(found.kinds, found.weights)

    def contradictions(self, query: Query, person_id: str) -> tuple[str, ...]:
        """The fields that were written completely and validly, and say something else than the register.

        Args:
            query: What was written.
            person_id: Whose it is taken to be.

        Returns:
            Fields of a form, in the order of ``FORM_FIELDS``; none where the register has no such person.
        """
        opened = self._opened
        row = opened.engine.row_of(person_id)
        if row is None:
            return ()
        reading = _reading(query, opened.custom)
        found = _raw.unpacked(opened.engine.grades(reading, row)).found[0]
        return tuple(
            field
            for field, kind in zip(opened.fields, found.kinds, strict=True)
            if KINDS[kind].contradicts and complete(reading, field)
        )

    def estimate_m_from_pairs(self, pairs: Iterable[tuple[Query, str]]) -> MProbabilities:
        """Count how often the right person's form shows what, in pairs that somebody confirmed.

        The library's own figures count as a hundred forms more, so that few pairs change little.

        Args:
            pairs: A form, and the id of the person whose it turned out to be.

        Returns:
            The shares, for :meth:`build`; fields that no pair has keep the library's.

        Raises:
            UnknownIdError: If one of the people is not in the index; the message names the pair's number.
        """
        return from_pairs(self._kinds_of(pairs))

    def _kinds_of(self, pairs: Iterable[tuple[Query, str]]) -> Iterator[Sequence[int]]:
        opened = self._opened
        for number, (query, person_id) in enumerate(pairs, start=1):
            row = opened.engine.row_of(person_id)
            if row is None:
                raise UnknownIdError(
                    f"pair {number}",
                    expected="the id of somebody in the index",
                    got="another id",
                    do="leave the pair out, or build the index of a register that has them",
                )
            yield _raw.unpacked(opened.engine.grades(self._asked(query)[0], row)).found[0].kinds

    def estimate_m_by_em(self, forms: Iterable[Query]) -> MProbabilities:
        """Estimate how often the right person's form shows what, from forms that nobody confirmed.

        By expectation-maximisation over the candidates that :meth:`find` gives. Some hundreds of forms are
        needed before it says more than the library's figures, which count as a hundred.

        Args:
            forms: As they came in, each once; kept in memory with their candidates.

        Returns:
            The shares, for :meth:`build`; fields that no form has keep the library's.
        """
        opened = self._opened
        return by_em((self._pairings(opened, each) for each in forms), opened.usual)

    def _pairings(self, opened: Opened, query: Query) -> tuple[float, list[Pairing]]:
        reading, out = self._asked(query)
        raw = _raw.unpacked(opened.engine.find(reading, EM_CANDIDATES, out))
        found = [Pairing(each.odds, each.kinds, each.weights) for each in raw.found]
        return raw.total - sum(each.odds for each in found), found

    def __contains__(self, person_id: object) -> bool:
        return isinstance(person_id, str) and self._opened.engine.row_of(person_id) is not None


def _reading(query: Query, fields: Sequence[CustomField] = ()) -> Reading:
    return read(_texts(query), _custom(query, fields))


_FIELDS_OF = attrgetter(*FORM_FIELDS)


def _texts(query: Query) -> Texts:
    return tuple([None if text is None else text.value for text in _FIELDS_OF(query)])


def _custom(query: Query, fields: Sequence[CustomField]) -> CustomTexts:
    custom = {name: text.value for name, text in query.custom.items()} if query.custom else {}
    return tuple(folded_values(fields, custom, "Query.custom")) if custom else ()


def _meta(expected_in_register: float, fields: Iterable[CustomField]) -> dict[str, Any]:
    """What an index says of itself."""
    share = Prior(expected_in_register, 1).expected_in_register
    return {
        "expected_in_register": share,
        "custom": [[field.name, field.comparator.value] for field in fields],
    }


def _folded(fields: Sequence[CustomField], values: Values | None) -> Mapping[str, Sequence[tuple[int, str]]]:
    return {
        person_id: folded_values(fields, each, f"values, {person_id!r}")
        for person_id, each in (values or {}).items()
    }


def _check_limit(where: str, value: int, name: str = "limit") -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidValueError(f"{where}, {name}", expected="a whole number, 1 or more", got=kind_of(value))
