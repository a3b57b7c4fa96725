"""Policies drawn by Hypothesis: dated entries, for some kinds of traveller, whose rules follow a script."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import attrs
from hypothesis import strategies as st

from epiguard.crossings import Crossing, Role
from epiguard.decisions import Effect, Restricts, Verdict, once
from epiguard.places import Direction, Traffic
from epiguard.policy import Policy
from epiguard.rules import Rule, allow, deny, hold, hookimpl, no_objection
from epiguard.situation import Situation, Standing
from rules.gate import TODAY, site_file

SOUND = ("allow", "no-objection", "hold", "deny", "claim", "allow-and-claim", "allow-all", "nothing")
FAULTY = ("raise", "text", "zero", "table", "outside", "yes-and-no", "late")


@attrs.frozen
class Line:
    """What is said of a traveller whom the condition fits."""

    reply: str
    direction: Direction | None = None
    role: Role | None = None
    known: bool | None = None

    def fits(self, standing: Standing, crossing: Crossing) -> bool:
        """Whether it is about this traveller."""
        return (
            self.direction in (None, crossing.direction)
            and self.role in (None, standing.role)
            and self.known in (None, standing.person is not None)
        )


@attrs.frozen
class Script:
    """One entry: what its rule says, of whom, when it holds, and which crossings it is asked about."""

    lines: tuple[Line, ...]
    restricts: Restricts = Restricts.MOVEMENT
    applies_to: tuple[str, ...] = ()
    since: date | None = None
    days: int | None = None
    asked: tuple[Direction | None, Traffic | None, tuple[Role, ...] | None] = (None, None, None)

    def rule(self, name: str) -> type[Rule]:
        """The rule, under a name (one capital letter)."""
        direction, traffic, roles = self.asked
        lines = self.lines

        class Scripted(Rule):
            @hookimpl(direction=direction, traffic=traffic, roles=roles)
            def review_crossing(self, crossing: Crossing, situation: Situation) -> Any:
                said: list[Verdict] = []
                for standing in situation.standings:
                    for line in lines:
                        if line.fits(standing, crossing):
                            given = _reply(line.reply, standing)
                            if line.reply == "late":
                                return _late(said)
                            if line.reply in FAULTY:
                                return given
                            said += given
                return said

        Scripted.__name__ = name
        Scripted.restricts = self.restricts
        return attrs.frozen(Scripted)

    def entry(self, name: str, entry: str | None = None) -> str:
        """The entry of a site file."""
        lines = [f'use = "{name.lower()}"', f'id = "{entry or name.lower()}"']
        if self.applies_to:
            lines.append(f"applies_to = {list(self.applies_to)}")
        if self.since is not None:
            lines.append(f"since = {self.since.isoformat()}")
            if self.days is not None:
                lines.append(f"until = {(self.since + timedelta(self.days)).isoformat()}")
        return "\n".join(lines)


def _late(said: Sequence[Verdict]) -> Any:
    yield from said
    raise LookupError


def _reply(kind: str, standing: Standing) -> Any:
    home = standing.household.id if standing.household is not None else standing.subject or "nobody"
    claims = [once("exit", home)]
    if kind == "raise":
        raise LookupError
    replies: dict[str, Any] = {
        "allow": [allow("yes", zh="可", about=standing)],
        "allow-all": [allow("all", zh="可")],
        "no-objection": [no_objection("well", zh="好", about=standing)],
        "hold": [hold("wait", lifted_by="patience", zh="等", about=standing)],
        "deny": [deny("no", zh="否", about=standing)],
        "claim": [no_objection("claim", zh="次", about=standing, claims=claims)],
        "allow-and-claim": [allow("claim", zh="次", about=standing, claims=claims)],
        "nothing": [],
        "text": "allow",
        "zero": 0,
        "table": {"allow": True},
        "outside": [allow("yes", zh="可"), Verdict(effect=Effect.ALLOW, code="far", traveller=99)],
        "yes-and-no": Verdict(effect=Effect.DENY, code="both", grants=True),
        "late": [],
    }
    return replies[kind]


def scripts(replies: Sequence[str] = (*SOUND, *FAULTY)) -> st.SearchStrategy[Script]:
    """One entry, whose rule gives some of these replies."""
    lines = st.builds(
        Line,
        reply=st.sampled_from(replies),
        direction=st.none() | st.sampled_from(Direction),
        role=st.none() | st.sampled_from(Role),
        known=st.none() | st.booleans(),
    )
    return st.builds(
        Script,
        lines=st.lists(lines, max_size=3).map(tuple),
        restricts=st.sampled_from(Restricts),
        applies_to=st.just(())
        | st.lists(st.sampled_from(["resident", "visitor", "courier", "returnee"]), min_size=1).map(tuple),
        since=st.none() | st.integers(-2, 2).map(lambda days: TODAY + timedelta(days)),
        days=st.none() | st.integers(1, 3),
        asked=st.tuples(
            st.none() | st.sampled_from(Direction),
            st.none() | st.sampled_from(Traffic),
            st.none() | st.lists(st.sampled_from(Role), min_size=1, max_size=2).map(tuple),
        ),
    )


def policies(
    replies: Sequence[str] = (*SOUND, *FAULTY), *, least: int = 0
) -> st.SearchStrategy[list[tuple[str, Script]]]:
    """Some entries, each under a name of its own."""
    said = st.lists(scripts(replies), min_size=least, max_size=5)
    return said.map(lambda several: list(zip("ABCDE", several, strict=False)))


def policy_of(several: Sequence[tuple[str, Script]], *twice: tuple[str, Script]) -> Policy:
    """The policy of such entries, in the order given; some stand in it once more under another id."""
    entries = [script.entry(name) for name, script in several]
    entries += [script.entry(name, f"again-{name.lower()}") for name, script in twice]
    return Policy.loads(site_file(*entries), rules=[script.rule(name) for name, script in several])
