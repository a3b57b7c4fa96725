"""The rules of nine places in Meilong town, Shanghai, February 2020: one file each, for site files to name.

A site file names a rule by its entry point, and nothing is imported before. What programs need beside the
rules is imported from the module it stands in, such as ``epiguard_meilong.gatherings.CountObserved``.
"""

from __future__ import annotations

__all__: list[str] = []
