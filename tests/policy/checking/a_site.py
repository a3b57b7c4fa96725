"""A site in which a check finds nothing, to plant faults in."""

from __future__ import annotations

SOUND = """
[site]
id = "plum-court"
zone = "Asia/Shanghai"
region = "310112"

[[site.checkpoints]]
id = "west"
lanes = [
    { direction = "in", traffic = "pedestrian" },
    { direction = "out", traffic = "pedestrian" },
    { direction = "in", traffic = "vehicle" },
]

[[site.checkpoints]]
id = "east"
lanes = [{ direction = "out", traffic = "vehicle" }]

[[quarantine]]
days = 14
setting = "home-observation"

[[rules]]
use = "admit-kinds"
kinds = ["resident", "staff"]

[[rules]]
use = "lanes"

[[rules]]
use = "registration-required"

[[rules]]
use = "temperature"
limit = 37.3

[[rules]]
use = "curfew"
closes = 22:30:00

[[rules]]
use = "one-exit-per-day"

[[rules]]
use = "quarantine-stays-in"

[[rules]]
use = "visitors"

[[rules]]
id = "couriers-early"
use = "couriers"
until = 2020-01-28

[[rules]]
id = "couriers-late"
use = "couriers"
since = 2020-01-28
answer = "deny"
"""


def planted(*changes: tuple[str, str]) -> str:
    """The site with parts of its text exchanged, each of which must be there."""
    text = SOUND
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text
