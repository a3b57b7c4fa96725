"""Reading of a decision only what the situation needs; most entries of a ledger are decisions."""

from __future__ import annotations

import json

from epiguard.facts import CrossingDecided
from epiguard.ledger._payload import SHARE
from epiguard.ledger._store import Stored
from epiguard.plain import PLAIN_VERSION
from epiguard.situation import Passage, passage_in

__all__ = ["passage_of"]

_TRAVELLERS = "decision.crossing.travellers"


def passage_of(stored: Stored) -> Passage | None:
    """What a decision leaves for the situation, much faster than by ``unpack``.

    Returns:
        Nothing where the entry is of another kind, of another version, or not whole: then unpack it.
    """
    if stored.kind != CrossingDecided.kind or stored.version != PLAIN_VERSION:
        return None
    texts = [part.text for part in stored.parts]
    if None in texts or any(part.path != SHARE for part in stored.parts[1:]):
        return None
    try:
        main, *shares, claims = json.loads(f"[{','.join(map(str, texts))},{stored.claims}]")
        decision = main["decision"]
        travellers = list(decision["crossing"]["travellers"])
        for share in shares:
            for place, traveller in share.get(_TRAVELLERS, ()):
                travellers[place] = traveller
        return passage_in(decision, travellers, tuple(claims))
    except Exception:  # noqa: BLE001 - whatever it is, unpack says where
        return None
