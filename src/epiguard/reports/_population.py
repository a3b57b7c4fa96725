"""Who lives here, by household registration. The figures add up."""

from __future__ import annotations

import attrs

from epiguard.identifiers import RegionCode
from epiguard.situation import State

__all__ = ["Population", "population_figures"]

#: The key region of February 2020: Hubei.
HUBEI = RegionCode("420000")


@attrs.frozen(kw_only=True)
class Population:
    """Residents: residents = local + non_local + region_unknown; those of Hubei are among them."""

    residents: int
    local: int
    non_local: int
    region_unknown: int
    hubei: int


def population_figures(state: State) -> Population:
    """Count the residents on record who have not left.

    Household registration selects whom to call; alone it restricts nobody.
    """
    home = RegionCode(state.site.region).province if state.site.region is not None else None
    regions = [
        person.registered_region
        for person in state.people.values()
        if person.resident and person.id not in state.gone
    ]
    known = [region for region in regions if region is not None and home is not None]
    local = sum(region.province == home for region in known)
    return Population(
        residents=len(regions),
        local=local,
        non_local=len(known) - local,
        region_unknown=len(regions) - len(known),
        hubei=sum(region is not None and region.within(HUBEI) for region in regions),
    )
