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
#: As canonical JSON writes them, keys sorted and without blanks.
_VERDICTS_FOLLOW, _CLAIMED = f',"{_VERDICTS}":[', '"claims":[{'
_RESTRICTS, _MOVEMENT = '"restricts":', '"restricts":"movement"'
_NO_SOURCE = '"source":null'


def passage_of(stored: Stored) -> Passage | None:
    """What a decision leaves for the situation, much faster than by ``unpack``.

    Returns:
        Nothing where the entry is of another kind, of another version, or not whole: then unpack it.
    """
    if stored.kind != CrossingDecided.kind or stored.version != PLAIN_VERSION:
        return None
    texts = [part.text for part in stored.parts if part.text is not None]
    if len(texts) < len(stored.parts) or any(part.path != SHARE for part in stored.parts[1:]):
        return None
    try:
        only = _only_claim(stored.claims, texts)
        reading = stored.claims != _NO_CLAIMS and only is None
        if not reading:
            texts[1:] = map(_without_verdicts, texts[1:])
        main, *shares = json.loads(f"[{','.join(texts)}]")
        decision = main["decision"]
        travellers = list(decision["crossing"]["travellers"])
        verdicts = list(decision["verdicts"]) if reading else []
        for share in shares:
            for place, traveller in share.get(_TRAVELLERS, ()):
                travellers[place] = traveller
            for place, verdict in share.get(_VERDICTS, ()) if reading else ():
                verdicts[place] = verdict
        return passage_in(decision, travellers, verdicts, only)
    except Exception:  # noqa: BLE001 - whatever it is, unpack says where
        return None


def _without_verdicts(text: str) -> str:
    # They are the longest by far, and stand last. Inside a text of the data every quotation mark has a
    # backslash before it, so this is a key; where it is another one's, what is left is no JSON.
    place = text.find(_VERDICTS_FOLLOW)
    return f"{text[:place]}}}" if place >= 0 else text


def _only_claim(claims: str, texts: list[str]) -> str | None:
    """The key that was claimed, where one of one traveller is all that was claimed, by a rule of movement.

    Most decisions are so, and then the verdicts need not be read: the envelope has the key.
    """
    if claims == _NO_CLAIMS or len(texts) != 2:
        return None
    before, claimed, after = texts[1].partition(_CLAIMED)
    if not claimed or _CLAIMED in after or _CLAIMED in texts[0] or _VERDICTS_FOLLOW not in before:
        return None
    place = after.find(_RESTRICTS)
    if place < 0 or not after.startswith(_MOVEMENT, place) or _NO_SOURCE in after:
        return None
    keys = json.loads(claims)
    return keys[0] if len(keys) == 1 else None
