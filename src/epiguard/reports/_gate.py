"""What was decided at the gates: by effect, checkpoint and direction, and why not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from epiguard.decisions import Decision, Effect
from epiguard.fields import FrozenMapping
from epiguard.places import Direction, Site
from epiguard.reports._counts import NO_COUNTS, frozen

__all__ = ["Crossings", "CrossingsAt", "crossing_figures"]


@attrs.frozen(kw_only=True)
class CrossingsAt:
    """Crossings decided at one checkpoint: decided = allow + hold + deny."""

    decided: int = 0
    allow: int = 0
    hold: int = 0
    deny: int = 0


@attrs.frozen(kw_only=True)
class Crossings:
    """Figures about decided crossings; what each means stands in ``DailyReport.definitions``."""

    decided: int
    travellers: int
    overridden: int
    asked_again: int
    other_days: int
    by_effect: Mapping[str, int] = attrs.field(default=NO_COUNTS, converter=frozen)
    by_direction: Mapping[str, int] = attrs.field(default=NO_COUNTS, converter=frozen)
    by_checkpoint: Mapping[str, CrossingsAt] = attrs.field(factory=FrozenMapping)
    reasons: Mapping[str, int] = attrs.field(default=NO_COUNTS, converter=frozen)


def crossing_figures(site: Site, decisions: Iterable[Decision], day: date) -> Crossings:
    """Count the decisions of a day.

    Args:
        site: Its checkpoints are all listed, also those where nobody crossed.
        decisions: Of any days.
        day: The site's day.
    """
    every = tuple(decisions)
    on_day = [each for each in every if each.day == day]
    superseded = {each.follows for each in every if each.follows is not None}
    last = [each for each in on_day if not each.id or each.id not in superseded]
    effects = Counter(each.effect for each in last)
    directions = Counter(each.crossing.direction for each in last)
    places: defaultdict[str, list[Decision]] = defaultdict(list)
    for each in site.checkpoints:
        places[each.id] = []
    for decision in last:
        places[decision.crossing.checkpoint].append(decision)
    return Crossings(
        decided=len(last),
        travellers=sum(len(each.crossing.travellers) for each in last),
        overridden=sum(each.override is not None for each in last),
        asked_again=len(on_day) - len(last),
        other_days=len(every) - len(on_day),
        by_effect={effect.value: effects[effect] for effect in Effect},
        by_direction={direction.value: directions[direction] for direction in Direction},
        by_checkpoint=FrozenMapping({checkpoint: _at(places[checkpoint]) for checkpoint in places}),
        reasons=dict(sorted(_reasons(last).items(), key=lambda item: (-item[1], item[0]))),
    )


def _at(decisions: Iterable[Decision]) -> CrossingsAt:
    effects = Counter(each.effect for each in decisions)
    return CrossingsAt(
        decided=effects.total(),
        allow=effects[Effect.ALLOW],
        hold=effects[Effect.HOLD],
        deny=effects[Effect.DENY],
    )


def _reasons(decisions: Iterable[Decision]) -> Counter[str]:
    reasons: Counter[str] = Counter()
    for each in decisions:
        if each.effect is not Effect.ALLOW:
            reasons.update({verdict.code for verdict in each.reasons})
    return reasons
