"""Who is this? A register of residents, searched with partial and damaged records.

:class:`ResidentIndex` finds, for a :class:`Query`, the residents it may belong to: each with the probability
that it is they, and with the evidence, field by field. Nobody in the register is as good an answer as a hit.
"""

from __future__ import annotations

from epiguard.matching._answer import Answer, Candidate, Evidence, MatchDecision
from epiguard.matching._custom import Comparator, CustomField
from epiguard.matching._index import ResidentIndex
from epiguard.matching._index_file import ResidentIndexFile
from epiguard.matching._levels import Level
from epiguard.matching._m_probabilities import MProbabilities
from epiguard.matching._query import Query
from epiguard.matching._select import implementation

__all__ = [
    "Answer",
    "Candidate",
    "Comparator",
    "CustomField",
    "Evidence",
    "Level",
    "MProbabilities",
    "MatchDecision",
    "Query",
    "ResidentIndex",
    "ResidentIndexFile",
    "implementation",
]
