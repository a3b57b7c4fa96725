"""The benchmark's own invented register and queries, made from a seed."""

from __future__ import annotations

from register.people import FIELDS, Register, make_register
from register.queries import CLASSES, QueryRow, make_queries

__all__ = ["CLASSES", "FIELDS", "QueryRow", "Register", "make_queries", "make_register"]
