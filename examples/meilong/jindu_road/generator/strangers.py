"""Forms that belong to nobody here: people of other estates who filed with the wrong committee."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.forms import Form, filled_in
from examples.meilong.jindu_road.generator.naming import invented_name
from examples.meilong.jindu_road.generator.numbers import Numbers
from examples.meilong.jindu_road.generator.origins import home_city
from examples.meilong.jindu_road.generator.people import Resident, Room
from examples.meilong.jindu_road.generator.returnees import FIRST_DAY, Party

__all__ = ["STRANGERS", "strangers"]

STRANGERS = 25
_WITH_AN_ADDRESS_HERE = 8
_OTHER_ESTATES = ("莲溪苑", "春晓花园", "梅林一村", "银杏公寓", "望春新苑")
_COMMON_NAMES = (("王伟", "男"), ("李娜", "女"), ("张静", "女"), ("刘强", "男"))


def strangers(seed: int, everybody: list[Resident], numbers: Numbers) -> list[Form]:
    """Make the forms; some bear a common name and the address of a room here where nobody is called that."""
    chance = Chance(seed, "strangers")
    names_at: dict[Room, set[str]] = {}
    for person in everybody:
        names_at.setdefault(person.room, set()).add(person.name)
    found = []
    for place in range(STRANGERS):
        sex = "男" if chance.maybe(0.55) else "女"
        born = date(chance.between(1960, 2001), chance.between(1, 12), chance.between(1, 28))
        name = invented_name(chance, sex, born)
        room = Room(
            chance.pick(_OTHER_ESTATES),
            chance.between(1, 30),
            chance.between(1, 3),
            f"{chance.between(1, 6)}0{chance.between(1, 4)}",
        )
        if place < _WITH_AN_ADDRESS_HERE:
            name, sex = _COMMON_NAMES[place % len(_COMMON_NAMES)]
            room = chance.pick([each for each, names in names_at.items() if name not in names])
        city = home_city(chance)
        person = Resident("", name, sex, born, room, "", "", city)
        person.document = numbers.identity(f"{city.code}{chance.pick(('02', '21', '22'))}", born, sex)
        person.phone = numbers.phone()
        day = FIRST_DAY + timedelta(days=chance.between(6, 20))
        at = datetime.combine(day, time(chance.between(8, 22), chance.between(0, 49), chance.between(0, 59)))
        source = "paper" if place % 2 else "online"
        form = filled_in(chance, source, person, Party(at, city, day, "高铁", ""))
        if chance.maybe(0.4):
            form.text["document"] = ""
            form.damage.append("id-blank")
        found.append(form)
    return found
