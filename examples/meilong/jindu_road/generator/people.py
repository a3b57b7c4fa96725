"""What a resident and a room are in this invented world."""

from __future__ import annotations

from datetime import date

import attrs
from examples.meilong.jindu_road.generator.tables import City

__all__ = ["COMPOUNDS", "Resident", "Room"]

#: The three compounds with their numbers of buildings.
COMPOUNDS = {"金都新村": 20, "金都花园": 12, "金都雅苑": 8}


@attrs.frozen
class Room:
    """A room of a building of one of the compounds."""

    compound: str
    building: int
    unit: int
    number: str

    @property
    def text(self) -> str:
        """The address in its usual spelling."""
        return f"{self.compound}{self.building}号楼{self.unit}单元{self.number}室"

    @property
    def gate(self) -> str:
        """The name of the compound's gate."""
        return f"{self.compound}大门"

    @property
    def door(self) -> str:
        """The name of the building's door."""
        return f"{self.compound}{self.building}号楼"


@attrs.define(eq=False)
class Resident:
    """A person of this world, with everything true about them; ``gaps`` is what the register lacks.

    ``number`` is blank for somebody who is not in the register.
    """

    number: str
    name: str
    sex: str
    born: date
    room: Room
    household: str
    kind: str
    city: City | None
    document_kind: str = "居民身份证"
    document: str = ""
    phone: str = ""
    landlord: str = ""
    landlord_phone: str = ""
    region: str = ""
    card: str = ""
    plate: str = ""
    country: str = ""
    gaps: frozenset[str] = frozenset()

    def registered(self, field: str) -> str:
        """Return what the register has of a field (name, document, phone, residence, plate or card)."""
        if not self.number or field in self.gaps:
            return ""
        return self.room.text if field == "residence" else str(getattr(self, field))

    def age_on(self, day: date) -> int:
        """The age in whole years."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))
