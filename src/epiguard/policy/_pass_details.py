"""What a developer asks of a decision at the desk, as plain data, without any personal value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from epiguard.decisions import PassDecision
from epiguard.policy._details import decided, known, measured, silent, verdicts
from epiguard.policy._dispatch import LoadedRule
from epiguard.situation import Situation, Standing

__all__ = ["pass_details_of"]


def pass_details_of(
    decision: PassDecision, rules: Sequence[LoadedRule], version: str, situation: Situation | None
) -> Mapping[str, Any]:
    """Everything about a decision.

    Args:
        decision: What is explained.
        rules: Of the policy that explains.
        version: Of that policy; where another one decided, its silent rules are not known.
        situation: What the rules were shown, where it is at hand.
    """
    asked = decision.application
    standing = situation.standings[0] if situation is not None else None
    return {
        "decision": decided(decision, version),
        "application": {
            "number": asked.number,
            "colour": asked.colour.value,
            "first_day": asked.valid.start.isoformat(),
            "last_day": asked.valid.last.isoformat(),
            "at": asked.at.isoformat(),
            "asked": asked.asked,
            "form_seen": asked.registered,
            "temperature": measured(asked.temperature, asked.not_measured),
        },
        "verdicts": verdicts(decision),
        "silent": silent(
            decision, version, (each for each in rules if each.passes is not None), lambda _: None
        ),
        "applicant": {"person": asked.person, **(_applicant(standing) if standing is not None else {})},
    }


def _applicant(standing: Standing) -> dict[str, Any]:
    return {
        **known(standing),
        "number_is": standing.shown_pass.value if standing.shown_pass is not None else None,
        "passes": [
            {"number": each.number, "colour": each.colour.value, "last_day": each.valid.last.isoformat()}
            for each in standing.passes
        ],
        "lost_pass": standing.lost_pass,
    }
