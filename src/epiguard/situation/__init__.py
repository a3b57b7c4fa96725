"""What the facts add up to: a frozen slice for the rules, and the state it is cut from."""

from __future__ import annotations

from epiguard.situation._duty_status import DutyStatus
from epiguard.situation._passage import Passage, passage_in
from epiguard.situation._situation import Situation
from epiguard.situation._snapshot import SNAPSHOT_VERSION, freeze, thaw
from epiguard.situation._standing import PastCrossing, Standing
from epiguard.situation._state import State

__all__ = [
    "SNAPSHOT_VERSION",
    "DutyStatus",
    "Passage",
    "PastCrossing",
    "Situation",
    "Standing",
    "State",
    "freeze",
    "passage_in",
    "thaw",
]
