"""Reading of a decision only what the situation needs; most entries of a ledger are decisions."""

from __future__ import annotations

import json

from epiguard.facts import CrossingDecided
from epiguard.ledger._payload import SHARE
from epiguard.ledger._store import Stored
from epiguard.plain import PLAIN_VERSION
from epiguard.situation import Passage, passage_in

__all__ = ["passage_of"]

#: As an envelope has none of them.
_NO_CLAIMS = "[]"
_TRAVELLERS, _VERDICTS = "decision.crossing.travellers", "decision.verdicts"


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
        main, *shares = json.loads(f"[{','.join(map(str, texts))}]")
        decision = main["decision"]
        travellers = list(decision["crossing"]["travellers"])
        verdicts = list(decision["verdicts"]) if stored.claims != _NO_CLAIMS else []
        for share in shares:
            for place, traveller in share.get(_TRAVELLERS, ()):
                travellers[place] = traveller
            for place, verdict in share.get(_VERDICTS, ()) if verdicts else ():
                verdicts[place] = verdict
        return passage_in(decision, travellers, verdicts)
    except Exception:  # noqa: BLE001 - whatever it is, unpack says where
        return None
