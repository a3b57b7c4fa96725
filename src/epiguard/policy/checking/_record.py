"""What a policy answered in its small world, as a text that people read, compare and keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from epiguard.decisions import Decision
from epiguard.errors import ExportError, PlainDataError, PolicyError, refusal_of
from epiguard.places import Site
from epiguard.policy.checking._answered import Answered, answered
from epiguard.policy.checking._factors import BLANK, IRRELEVANT, WELL, Assignment
from epiguard.policy.checking._spelling import read_value, read_word, value, word

if TYPE_CHECKING:
    from epiguard.policy.checking._world import World

__all__ = ["ALWAYS", "CheckRecord", "record_of", "refuse_unknown_gates"]

_FIRST = "epiguard check record 1"
_BASE = "unless said otherwise:"
_VERDICTS = "what verdicts say, unless written beside them:"
_AS_SAID = "as said above"
_INDENT = "    "
_DO = "write it anew with 'epiguard check SITE --record FILE'"

#: Whatever the rules read, every case says these.
ALWAYS = frozenset({"direction", "gate", "day", "vehicle", "who", "role"})
Case = tuple[tuple[str, Hashable], ...]


@attrs.frozen
class CheckRecord:
    """What a policy answered in the small world that its rules span: to be kept, and compared with later.

    It holds invented people only. Its text is the same for the same rules, whatever the Python.

    Attributes:
        site: The site's id.
        base: The value of every factor that some rule reads, where a case does not say otherwise; of the
            others nothing is said.
        answers: What came out, by what is otherwise.
        name: Where it was read, for messages.
    """

    site: str
    base: Mapping[str, Hashable]
    answers: Mapping[Case, Answered]
    name: str = attrs.field(default="the record", eq=False)

    @classmethod
    def load(cls, path: str | Path) -> CheckRecord:
        """Read a record.

        Raises:
            PolicyError: If the file cannot be read or is no record; the message names the line.
        """
        path = Path(path)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            got = refusal_of(error) if isinstance(error, OSError) else "text that is no UTF-8"
            raise PolicyError(path.name, expected="a readable record", got=got, do=_DO) from None
        return cls.loads(text, name=path.name)

    @classmethod
    def loads(cls, text: str, *, name: str = "the record") -> CheckRecord:
        """Read the text of a record; ``name`` stands in messages.

        Raises:
            PolicyError: If it is no record; the message names the line.
        """
        return _Reader(name).read(text)

    def text(self) -> str:
        """The record as text: of every answer the cases, those that differ in one thing on one line."""
        known = _usual(self.answers.values())
        lines = [f"{_FIRST} of {word(self.site)}", f"{_BASE} {_joined(self.base)}", "", _VERDICTS]
        lines += [f"{_INDENT}{name}: {says}" for name, says in sorted(known.items())]
        by_answer: dict[str, list[dict[str, str]]] = {}
        for case, answer in self.answers.items():
            said = {name: value(name, held) for name, held in case}
            by_answer.setdefault(answer.text(known), []).append(said)
        for text, cases in sorted(by_answer.items()):
            lines += ["", text, *sorted(_INDENT + each for each in _folded(cases, self.base))]
        return "\n".join(lines) + "\n"

    def save(self, path: str | Path) -> None:
        """Write the record to a file; a file of that name is replaced, as a whole.

        Raises:
            ExportError: If the file cannot be written.
        """
        path = Path(path)
        beside = path.with_name(f"{path.name}.partial")
        try:
            beside.write_bytes(self.text().encode())
            beside.replace(path)
        except OSError as error:
            raise ExportError(
                path.name or "the record",
                expected="a file that can be written",
                got=refusal_of(error),
                do="check that the folder exists, may be written to and has room",
            ) from None

    @staticmethod
    def begins(path: str | Path) -> bool:
        """Whether a file begins as a record does, and not as a site file."""
        try:
            with Path(path).open("rb") as file:
                return file.read(len(_FIRST)) == _FIRST.encode()
        except OSError:
            return False

    def asked(self) -> Iterator[tuple[Assignment, Answered]]:
        """Every case with all that it says, and its answer; those that say least come first."""
        for case in sorted(self.answers, key=lambda each: (len(each), _joined(dict(each)))):
            yield {**self.base, **dict(case)}, self.answers[case]


def refuse_unknown_gates(record: CheckRecord, site: Site) -> None:
    """Refuse a record of gates that are not there any more: nobody could be asked there.

    Raises:
        PolicyError: If there is one.
    """
    gates = {record.base["gate"], *(held for case in record.answers for name, held in case if name == "gate")}
    if not gates <= {each.id for each in site.checkpoints}:
        raise PolicyError(
            f"{record.name}: gate", expected="gates of the site file", got="another gate's id", do=_DO
        )


def record_of(world: World, decided: Iterable[tuple[Assignment, Decision]]) -> CheckRecord:
    """The record of what was decided in a world.

    Args:
        world: Of a policy.
        decided: What was so, and what came out.
    """
    spanned = {*(world.spanned or ()), *ALWAYS}
    base = {name: world.values[name][0] for name in WELL if name in spanned}
    answers = {_case(each, base): answered(decision) for each, decision in decided}
    return CheckRecord(world.policed.site.id, base, answers)


def _case(assignment: Assignment, base: Mapping[str, Hashable]) -> Case:
    """What is otherwise, in the factors' order; without what says nothing beside the rest."""
    a = {**base, **assignment}
    for name, (other, nothing) in IRRELEVANT.items():
        if name in a and a.get(other, BLANK[other]) in nothing:
            a[name] = base[name]
    return tuple((name, a[name]) for name in WELL if name in base and a[name] != base[name])


def _joined(case: Assignment) -> str:
    return " ".join(f"{name}={value(name, case[name])}" for name in WELL if name in case)


def _usual(answers: Iterable[Answered]) -> dict[str, str]:
    """What each verdict says most often, by its name."""
    counts: dict[str, Counter[str]] = {}
    for answer in answers:
        for each in answer.verdicts:
            counts.setdefault(each.name, Counter())[each.says] += 1
    return {name: min(several, key=lambda says: (-several[says], says)) for name, several in counts.items()}


_Row = tuple[tuple[str, ...], ...]


def _folded(cases: Iterable[Mapping[str, str]], base: Mapping[str, Hashable]) -> Iterator[str]:
    """Lines for cases: those that differ in one factor alone stand together, and so on factor by factor."""
    names = [name for name in WELL if name in base]
    well = {name: value(name, base[name]) for name in names}
    rows: set[_Row] = {tuple((each.get(name, well[name]),) for name in names) for each in cases}
    left = set(range(len(names)))
    while left:
        # What saves most lines first; of two that save the same, the first.
        place = min(left, key=lambda each: (len({_without(row, each) for row in rows}), each))
        left.discard(place)
        alike: dict[_Row, set[str]] = {}
        for row in rows:
            alike.setdefault(_without(row, place), set()).update(row[place])
        rows = {(*rest[:place], tuple(sorted(held)), *rest[place:]) for rest, held in alike.items()}
    for row in rows:
        said = [
            f"{name}={'|'.join(several)}"
            for name, several in zip(names, row, strict=True)
            if several != (well[name],)
        ]
        yield " ".join(said) or _AS_SAID


def _without(row: _Row, place: int) -> _Row:
    return (*row[:place], *row[place + 1 :])


class _Reader:
    """Reads a record line by line.

    Args:
        name: Where it was read.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._site = ""
        self._base: dict[str, Hashable] = {}
        self._known: dict[str, str] | None = None
        self._answer: Answered | None = None
        self._answers: dict[Case, Answered] = {}

    def read(self, text: str) -> CheckRecord:
        """The record of a text."""
        for number, line in enumerate(text.split("\n"), 1):
            try:
                if line.strip():
                    self._line(line.rstrip())
            except (ValueError, PlainDataError) as error:
                expected = str(error) if isinstance(error, _ExpectedError) else "lines as a check writes them"
                where = f"{self._name} line {number}"
                raise PolicyError(where, expected=expected, got="something else", do=_DO) from None
        if self._answer is None:
            raise PolicyError(self._name, expected=f"'{_FIRST}' and answers", got="an end", do=_DO)
        return CheckRecord(self._site, self._base, self._answers, self._name)

    def _line(self, line: str) -> None:
        if not self._site:
            _expect(line.startswith(f"{_FIRST} of "), f"a record that begins with '{_FIRST}'")
            self._site = read_word(line.removeprefix(f"{_FIRST} of "))
        elif not self._base:
            _expect(line.startswith(_BASE), f"'{_BASE}' and a value of each factor")
            self._base = {name: held for name, (held,) in _values(line.removeprefix(_BASE)).items()}
            _expect(self._base.keys() >= ALWAYS, "a value of each of " + ", ".join(sorted(ALWAYS)))
        elif self._known is None:
            _expect(line == _VERDICTS, f"'{_VERDICTS}'")
            self._known = {}
        elif not line.startswith(_INDENT):
            self._answer = Answered.read(line, self._known)
        elif self._answer is None:
            name, _, says = line.strip().partition(": ")
            _expect("/" in name and bool(says), "a verdict's name, a colon and what it says")
            self._known[name] = says
        else:
            for case in _cases(line, self._base):
                known = self._answers.setdefault(case, self._answer)
                _expect(known == self._answer, "one answer to each case")


class _ExpectedError(ValueError):
    """Says what was expected."""


def _expect(so: bool, expected: str) -> None:  # noqa: FBT001 - whether it is so
    if not so:
        raise _ExpectedError(expected)


def _cases(line: str, base: Mapping[str, Hashable]) -> Iterator[Case]:
    values = {} if line.strip() == _AS_SAID else _values(line)
    if not values.keys() <= base.keys():
        raise ValueError(line)
    for held in product(*values.values()):
        yield _case(dict(zip(values, held, strict=True)), base)


def _values(text: str) -> dict[str, tuple[Hashable, ...]]:
    found: dict[str, tuple[Hashable, ...]] = {}
    for token in text.split():
        name, equals, held = token.partition("=")
        if not equals or name not in WELL or name in found:
            raise ValueError(token)
        found[name] = tuple(read_value(name, each) for each in held.split("|"))
    return found
