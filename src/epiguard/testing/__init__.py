"""What those who write a part of their own test it with; needs the extra ``epiguard[testing]``."""

from __future__ import annotations

from epiguard.testing._store_contract import StoreContract
from epiguard.testing._store_entries import stored_entry

__all__ = ["StoreContract", "stored_entry"]
