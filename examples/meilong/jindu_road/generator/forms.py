"""Forms as they would be without a single slip, one for each source a returnee used."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import attrs
from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.people import Resident
from examples.meilong.jindu_road.generator.returnees import LAST_DAY, Party, Returnee
from examples.meilong.jindu_road.generator.spellings import (
    written_address,
    written_name,
    written_number,
    written_origin,
)

__all__ = ["Form", "filled_in", "forms_of", "paper_file"]

#: The first day of each paper file.
_PAPER_FILES = {
    "paper-1": date(2020, 1, 24),
    "paper-2": date(2020, 2, 3),
    "paper-3": date(2020, 2, 8),
    "paper-4": date(2020, 2, 11),
}
_REMARKS = ("夜间登记", "灯光暗,字迹不清", "带行李", "已测温", "自驾", "告知居家观察14天")


@attrs.define(eq=False)
class Form:
    """One form: its fields as written, and what is true about it.

    ``damage`` lists classes of damage; ``agreeing`` the fields that agree with the register all the same.
    """

    source: str
    at: datetime
    person: Resident
    party: Party
    text: dict[str, str]
    left: date
    arrived: date
    id: str = ""
    #: Whether the spreadsheet took the document's number for a quantity.
    document_is_number: bool = False
    damage: list[str] = attrs.field(factory=list)
    agreeing: list[str] = attrs.field(factory=list)

    @property
    def file(self) -> str:
        """The stem of the file it goes to."""
        return paper_file(self.at.date()) if self.source == "paper" else "questionnaire"

    @property
    def by_night(self) -> bool:
        """Whether it was filled in by poor light."""
        return self.at.hour >= 21 or self.at.hour < 6


def paper_file(day: date) -> str:
    """Tell which file the paper forms of a day were typed into."""
    return max((since, name) for name, since in _PAPER_FILES.items() if since <= day)[1]


def filled_in(chance: Chance, source: str, person: Resident, party: Party) -> Form:
    """Fill in a form without mistakes, in one of the usual spellings."""
    origin = party.origin
    text = {
        "name": written_name(chance, person.name),
        "sex": person.sex,
        "document": written_number(chance, person.document, phone=False),
        "phone": written_number(chance, person.phone, phone=True),
        "residence": written_address(chance, person.room),
        "plate": _plate(chance, party.plate or (person.plate if chance.maybe(0.3) else "")),
        "origin": written_origin(chance, origin.full, origin.brief, origin.short),
        "way": f"{party.way}┋地铁"
        if party.way in {"高铁", "火车", "飞机"} and chance.maybe(0.3)
        else party.way,
        "remark": chance.pick(_REMARKS) if chance.maybe(0.12) else "",
    }
    return Form(source, _filed_at(chance, source, party.at), person, party, text, party.left, party.at.date())


def forms_of(chance: Chance, each: Returnee) -> list[Form]:
    """Fill in all the forms of a returnee."""
    return [filled_in(chance, source, each.person, each.party) for source in each.sources]


def _plate(chance: Chance, plate: str) -> str:
    if plate and chance.maybe(0.25):
        return f"{plate[:2]}·{plate[2:]}" if chance.maybe(0.6) else plate.lower()
    return plate


def _filed_at(chance: Chance, source: str, arrived: datetime) -> datetime:
    if source == "paper":
        return arrived + timedelta(seconds=chance.between(40, 420))
    # The questionnaire is filled in on the way, at the gate, or at home in the evening.
    filed = arrived + timedelta(
        minutes=chance.weighted((-240, -30, 2, 90), (15, 15, 50, 20)) + chance.between(0, 40)
    )
    last = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 23, 40)  # noqa: DTZ001 - files hold local times
    return min(filed, last + timedelta(seconds=chance.between(0, 1100)))
