"""Groups of cells that several lists share, with their columns: a form, a person, a journey, evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

import attrs

from epiguard.fields import FrozenMapping
from epiguard.people import Person
from epiguard.registrations import Registration
from epiguard.reports._evidence import evidence_words
from epiguard.reports._names import as_written, home_of, iso, local_time, name_of, phones_of
from epiguard.reports._sheet import Cell, Column, Sheet
from epiguard.reports._words import region_words, words
from epiguard.situation import State

if TYPE_CHECKING:  # see _returnees
    from epiguard.identifiers import RegionCode
    from epiguard.matching import Candidate
    from epiguard.reconciliation import Reconciliation

__all__ = ["EVIDENCE", "FORM", "JOURNEY", "REGISTER", "WRITTEN", "Record", "Row", "both"]

Row = list[Cell]

FORM = (
    Column("form", "登记表编号", "form", 18),
    Column("source", "来源", "source", 20),
    Column("submitted", "提交时间", "handed in", 16),
)
WRITTEN = (
    Column("written_name", "所写姓名", "name as written", 12),
    Column("written_phone", "所写电话", "phone as written", 16),
    Column("written_residence", "所写住址", "residence as written", 24),
)
REGISTER = (
    Column("person", "人员编号", "person", 12),
    Column("name", "库中姓名", "name in the register", 12),
    Column("phone", "库中电话", "phone in the register", 16),
    Column("residence", "库中住址", "residence in the register", 24),
)
JOURNEY = (
    Column("returning_from", "来源地", "returning from", 14),
    Column("left_on", "离开日期", "left on", 12),
    Column("arrived_on", "到达日期", "arrived on", 12),
)
EVIDENCE = (
    Column("probability", "概率", "probability", 10),
    Column("evidence_zh", "依据", "evidence (Chinese)", 36),
    Column("evidence_en", "依据(英文)", "evidence", 36),
)


def both(group: str, code: str) -> str:
    """A code in both languages, in one cell."""
    zh, en = words(group, code)
    return zh if zh == en else f"{zh} {en}"


@attrs.frozen(kw_only=True)
class Record:
    """What the lists are made from.

    Attributes:
        state: The sum of the facts.
        day: The site's day.
        now: As of when.
        reconciliation: Forms against register and gate log, if it was made.
    """

    state: State = attrs.field(repr=False)
    day: date
    now: datetime
    reconciliation: Reconciliation | None = attrs.field(default=None, repr=False)

    def sheet(  # noqa: PLR0913 - the parts of a sheet
        self,
        key: str,
        zh: str,
        en: str,
        columns: Iterable[Column],
        rows: Iterable[Row],
        *,
        personal: bool = True,
    ) -> Sheet:
        """A list as of now."""
        return Sheet(
            key=key, title_zh=zh, title_en=en, columns=columns, rows=rows, personal=personal, made_at=self.now
        )

    def time(self, at: datetime | None) -> str:
        """An instant by the site's clocks."""
        return local_time(at, self.state.site)

    def form(self, form: Registration) -> Row:
        """The cells under ``FORM``."""
        return [form.id, both("source", form.source.value), self.time(form.submitted_at)]

    def written(self, form: Registration) -> Row:
        """The cells under ``WRITTEN``."""
        return [as_written(form, field) for field in ("name", "phone", "residence")]

    def register(self, person_id: str | None) -> Row:
        """The cells under ``REGISTER``."""
        person = self.state.people.get(person_id) if person_id is not None else None
        return [person_id or "", name_of(person), self.phones(person), self.home(person)]

    def phones(self, person: Person | None) -> str:
        """A person's numbers; none of somebody who died or moved away, for who would answer?"""
        return "" if person is None or person.id in self.state.gone else phones_of(person)

    def home(self, person: Person | None) -> str:
        """A person's address; blank where none is known."""
        home = home_of(person, self.state, self.day)
        return home.value if home is not None else ""

    def journey(self, form: Registration) -> Row:
        """The cells under ``JOURNEY``."""
        return [self.region(form.returning_from), iso(form.left_on), iso(form.arrived_on)]

    def region(self, region: RegionCode | None) -> str:
        """A region by the name of its prefecture or province."""
        if region is None:
            return ""
        return region.name_zh or region_words(region)[0]

    def evidence(self, candidate: Candidate) -> Row:
        """The cells under ``EVIDENCE``."""
        return [round(candidate.probability, 4), *evidence_words(candidate.evidence)]

    def checkpoint(self, checkpoint_id: str) -> str:
        """A checkpoint's name."""
        named = FrozenMapping({each.id: each.name for each in self.state.site.checkpoints})
        return named.get(checkpoint_id) or checkpoint_id
