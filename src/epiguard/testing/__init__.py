"""What those who write a part of their own test it with; needs the extra ``epiguard[testing]``."""

from __future__ import annotations

from epiguard.testing._deciding import decide
from epiguard.testing._drawing import DAYS, PERSONS, SITE, applications, crossings, situations
from epiguard.testing._fact_values import FACTS, facts
from epiguard.testing._forms import damaged_registrations, written
from epiguard.testing._rule_contract import BrokenContractError, check_rule
from epiguard.testing._site_contract import BrokenSiteError, check_site
from epiguard.testing._site_machine import SiteMachine
from epiguard.testing._store_contract import StoreContract
from epiguard.testing._store_entries import stored_entry
from epiguard.testing._values import DOMAIN, values
from epiguard.testing._worlds import World, worlds

__all__ = [
    "DAYS",
    "DOMAIN",
    "FACTS",
    "PERSONS",
    "SITE",
    "BrokenContractError",
    "BrokenSiteError",
    "SiteMachine",
    "StoreContract",
    "World",
    "applications",
    "check_rule",
    "check_site",
    "crossings",
    "damaged_registrations",
    "decide",
    "facts",
    "situations",
    "stored_entry",
    "values",
    "worlds",
    "written",
]
