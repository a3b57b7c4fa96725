"""The morning's comparison: forms against the register and the gate's log (不错登、漏登)."""

from __future__ import annotations

from epiguard.reconciliation._lists import (
    CANDIDATES,
    FORM_NOT_FOUND,
    NO_FORM,
    UNLIKELY_BELOW,
    Contradiction,
    FormMatch,
    FormNotInRegister,
    FormToConfirm,
    Reconciliation,
    Unregistered,
)
from epiguard.reconciliation._reconcile import reconcile

__all__ = [
    "CANDIDATES",
    "FORM_NOT_FOUND",
    "NO_FORM",
    "UNLIKELY_BELOW",
    "Contradiction",
    "FormMatch",
    "FormNotInRegister",
    "FormToConfirm",
    "Reconciliation",
    "Unregistered",
    "reconcile",
]
