"""What those who write a part of their own test it with; needs the extra ``epiguard[testing]``."""

from __future__ import annotations

from epiguard.testing._deciding import decide
from epiguard.testing._drawing import DAYS, PERSONS, SITE, crossings, situations
from epiguard.testing._rule_contract import BrokenContractError, check_rule
from epiguard.testing._store_contract import StoreContract
from epiguard.testing._store_entries import stored_entry

__all__ = [
    "DAYS",
    "PERSONS",
    "SITE",
    "BrokenContractError",
    "StoreContract",
    "check_rule",
    "crossings",
    "decide",
    "situations",
    "stored_entry",
]
