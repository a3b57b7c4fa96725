"""The seeded generator of the files in this example: a register, forms, logs, and what is true about them.

It is deliberately independent of epiguard: the library is tested against these files, so that they must not
be made with its own ideas of how people write.
"""

from __future__ import annotations

from examples.meilong.jindu_road.generator.world import World, make_world
from examples.meilong.jindu_road.generator.write import write_world

__all__ = ["World", "make_world", "write_world"]
