"""What several decisions claim that can be had once, and what is told of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from epiguard.days import to_utc
from epiguard.decisions import Claim
from epiguard.duties import Alert
from epiguard.passes import ExitPass

__all__ = ["MERGED", "contradiction", "double_claim", "double_pass", "standing"]

#: Marks the alerts about what gates let through that did not know of each other.
MERGED = "epiguard: merge"


def standing(held: Mapping[str, datetime | None], cancelled: Collection[str]) -> tuple[str, ...]:
    """Those that stand, the earliest crossing first.

    Args:
        held: Decision to when its crossing was.
        cancelled: Decisions that did not come about.
    """
    # By id where they are of one instant, so that it does not depend on which was found first.
    return tuple(
        sorted((each for each in held if each not in cancelled), key=lambda each: (_utc(held[each]), each))
    )


def _utc(moment: datetime | None) -> datetime:
    return to_utc(moment) if moment is not None else datetime.min.replace(tzinfo=UTC)


def double_claim(claim: str, rivals: tuple[str, ...], at: datetime | None, *, site: str) -> Alert:
    """The alert about all that stand: one that was looked at does not hide another that turns up later.

    Args:
        claim: What they claim.
        rivals: Their ids.
        at: When the last crossing was.
        site: Whom it is about where the claim names nobody.
    """
    return Alert(
        kind="double-claim",
        subject=Claim.subject_of(claim) or site,
        at=at,
        basis=",".join(rivals),
        source=MERGED,
        texts={
            "zh": f"离线卡口的台账合并后发现,只能用一次的用了多次:{'、'.join(rivals)},请核实",
            "en": "gates that did not know of each other let through what can be had once:"
            f" {', '.join(rivals)}; find out",
        },
    )


def contradiction(subject: str, at: datetime | None, basis: str) -> Alert:
    """The alert about an entry that does not fit those before it."""
    return Alert(
        kind="contradicting-facts",
        subject=subject,
        at=at,
        basis=basis,
        texts={
            "zh": f"台账 {basis} 与先前记录矛盾,未计入,请核实",
            "en": f"entry {basis} contradicts what was recorded before and does not count; find out",
        },
    )


def double_pass(held: ExitPass | None, given: ExitPass, at: datetime | None) -> Alert | None:
    """The alert about a number that somebody else holds for some of the same days.

    The pass that was handed out last holds; both facts stay, and the alert names both people.

    Args:
        held: The pass of that number so far, if there is one.
        given: The one that was handed out.
        at: When.
    """
    if held is None or held.person == given.person:
        return None
    if held.valid.end <= given.valid.start or given.valid.end <= held.valid.start:
        return None
    return Alert(
        kind="double-pass",
        subject=given.person,
        at=at,
        basis=f"{given.number}:{held.person}",
        texts={
            "zh": f"出入证 {given.number} 发给了两人({held.person}、{given.person}),请核实并换发其中一张",
            "en": f"pass {given.number} was given to both {held.person} and {given.person};"
            " find out, and replace one of them",
        },
    )
