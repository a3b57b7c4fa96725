"""What people, homes, vehicles and places are called: immutable values, parsed strictly, shown masked.

``Type.of(text)`` parses, ``.value`` is the plain canonical text; ``repr``, ``str`` and ``format`` show a
mask. What people write badly is read by :func:`read_phone`, :func:`read_resident_id`,
:func:`read_residence` and :func:`find_region`.
"""

from __future__ import annotations

from epiguard.identifiers.document import DOCUMENT_KINDS, Document, DocumentNumber, mrz_check_digit
from epiguard.identifiers.name import PersonName
from epiguard.identifiers.partial import PartialId, PartialNumber, PartialPhone
from epiguard.identifiers.phone import Phone
from epiguard.identifiers.plate import Plate
from epiguard.identifiers.reading import read_phone, read_resident_id, spreadsheet_number_id
from epiguard.identifiers.region import RegionCode, known_region, known_regions
from epiguard.identifiers.region_text import find_region
from epiguard.identifiers.residence import Residence, read_residence
from epiguard.identifiers.resident_id import ResidentId
from epiguard.identifiers.written import CardNumber, FreeText, PersonalText

__all__ = [
    "DOCUMENT_KINDS",
    "CardNumber",
    "Document",
    "DocumentNumber",
    "FreeText",
    "PartialId",
    "PartialNumber",
    "PartialPhone",
    "PersonName",
    "PersonalText",
    "Phone",
    "Plate",
    "RegionCode",
    "Residence",
    "ResidentId",
    "find_region",
    "known_region",
    "known_regions",
    "mrz_check_digit",
    "read_phone",
    "read_residence",
    "read_resident_id",
    "spreadsheet_number_id",
]
