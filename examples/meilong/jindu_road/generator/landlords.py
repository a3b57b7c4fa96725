"""Whom tenants rent from: mostly people elsewhere, some of whom let several flats, some of whom live here."""

from __future__ import annotations

from datetime import date

from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.naming import invented_name
from examples.meilong.jindu_road.generator.numbers import Numbers
from examples.meilong.jindu_road.generator.people import Resident

__all__ = ["Landlords"]


class Landlords:
    """Gives each let flat a landlord, with or without a telephone; a few flats have none on record."""

    def __init__(self, chance: Chance, numbers: Numbers) -> None:
        self._chance = chance
        self._numbers = numbers
        self._owners: list[Resident] = []
        self._elsewhere: list[tuple[str, str]] = []

    def know(self, owner: Resident) -> None:
        """Remember an owner who lives here and may let another flat."""
        self._owners.append(owner)

    def lets(self, tenants: list[Resident]) -> None:
        """Write the landlord of a flat into its tenants' records."""
        name, phone = self._draw()
        for tenant in tenants:
            tenant.landlord, tenant.landlord_phone = name, phone

    def _draw(self) -> tuple[str, str]:
        chance = self._chance
        if chance.maybe(0.02):
            return "", ""
        if chance.maybe(0.08) and self._owners:
            owner = chance.pick(self._owners)
            return owner.name, owner.phone
        if chance.maybe(0.12) and self._elsewhere:
            return chance.pick(self._elsewhere)
        sex = "男" if chance.maybe(0.6) else "女"
        name = invented_name(chance, sex, date(chance.between(1950, 1985), 1, 1))
        landlord = name, self._numbers.phone() if chance.maybe(0.93) else ""
        self._elsewhere.append(landlord)
        return landlord
