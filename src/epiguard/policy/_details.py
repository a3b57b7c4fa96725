"""What a developer asks of a decision, as plain data and as text, without any personal value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from epiguard.crossings import Traveller
from epiguard.decisions import Decision, Verdict
from epiguard.policy._dispatch import LoadedRule
from epiguard.situation import Situation, Standing

__all__ = ["details_of", "report_of"]


def details_of(
    decision: Decision, rules: Sequence[LoadedRule], version: str, situation: Situation | None
) -> Mapping[str, Any]:
    """Everything about a decision.

    Args:
        decision: What is explained.
        rules: Of the policy that explains.
        version: Of that policy; where another one decided, its silent rules are not known.
        situation: What the rules were shown, where it is at hand.
    """
    crossing = decision.crossing
    standings = situation.standings if situation is not None else ()
    reasons = {id(each) for each in decision.reasons}
    return {
        "decision": {
            "id": decision.id or None,
            "follows": decision.follows,
            "effect": decision.effect.value,
            "day": decision.day.isoformat(),
            "policy_version": decision.policy_version,
            "same_policy": decision.policy_version == version,
            "overridden_by": decision.override.by if decision.override is not None else None,
            "claims": list(decision.claim_keys),
            "duties": [each.kind for each in decision.duties],
            "alerts": [each.kind for each in decision.alerts],
        },
        "crossing": {
            "checkpoint": crossing.checkpoint,
            "direction": crossing.direction.value,
            "at": crossing.at.isoformat(),
            "traffic": crossing.traffic.value,
            "purpose": "given" if crossing.purpose is not None else None,
            "trunk_opened": crossing.vehicle.trunk_opened if crossing.vehicle is not None else None,
            "luggage_found": crossing.vehicle.luggage_found if crossing.vehicle is not None else None,
        },
        "verdicts": [
            {"decides": id(each) in reasons, **_verdict(each, decision.day)} for each in decision.verdicts
        ],
        "silent": list(_silent(decision, rules)) if decision.policy_version == version else None,
        "travellers": [
            {"number": index + 1, **_traveller(each), **(_known(standings[index]) if standings else {})}
            for index, each in enumerate(crossing.travellers)
        ],
    }


def _verdict(verdict: Verdict, day: date) -> dict[str, Any]:
    source = verdict.source
    return {
        "effect": verdict.effect.value,
        "code": verdict.code,
        "text": verdict.text("en"),
        "traveller": verdict.traveller + 1 if verdict.traveller is not None else None,
        "grants": verdict.grants,
        "lifted_by": verdict.lifted_by,
        "waived": verdict.waived,
        "fault": verdict.fault,
        "entry": source.entry if source is not None else None,
        "rule": source.rule if source is not None else None,
        "distribution": source.distribution if source is not None else None,
        "notice": source.notice if source is not None else None,
        "restricts": source.restricts.value if source is not None else None,
        "since": source.since.isoformat() if source is not None and source.since is not None else None,
        "until": source.until.isoformat() if source is not None and source.until is not None else None,
        "claims": [key for each in verdict.claims for key in each.keys(day)],
        "duties": [each.kind for each in verdict.duties],
        "alerts": [each.kind for each in verdict.alerts],
    }


def _silent(decision: Decision, rules: Iterable[LoadedRule]) -> Iterator[dict[str, Any]]:
    """The entries without a verdict, and why: none was asked, or it had nothing to say."""
    spoke = {each.rule for each in decision.verdicts}
    crossing = decision.crossing
    for each in rules:
        if each.review is None or each.entry.id in spoke:
            continue
        condition = each.condition
        if not each.entry.in_force(decision.day):
            why = "not in force on this day"
        elif condition.direction not in (None, crossing.direction):
            why = "not asked about this direction"
        elif condition.traffic not in (None, crossing.traffic):
            why = "not asked about this traffic"
        else:
            why = (
                "nothing to say" if each.entry.applies_to is None else "applies to nobody, or nothing to say"
            )
        yield {"entry": each.entry.id, "distribution": each.source.distribution, "why": why}


def _traveller(traveller: Traveller) -> dict[str, Any]:
    """What the gate gave, but for what is personal: of that only whether it was given."""
    return {
        "person": traveller.person,
        "role": traveller.role.value,
        "temperature": _measured(traveller),
        "exit_pass_shown": traveller.exit_pass,
        "asked": traveller.asked,
        "returning": traveller.returning_from is not None,
        "form_seen": traveller.registered,
        "form": traveller.registration.id if traveller.registration is not None else None,
        "clinic_journey": traveller.clinic_journey,
        "host": traveller.host,
        "host_agreed": traveller.host_agreed,
    }


def _measured(traveller: Traveller) -> str:
    # Which side of a limit it is on, the verdict of the rule that has the limit says.
    if traveller.retested is not None:
        return "measured again"
    if traveller.temperature is not None:
        return "measured"
    reason = traveller.not_measured
    return "not measured" if reason is None else f"not measured: {reason.value}"


def _known(standing: Standing) -> dict[str, Any]:
    """What the record knows of them."""
    held, person = standing.exit_pass, standing.person
    return {
        "known": person is not None,
        "resident": person.resident if person is not None else None,
        "household": standing.household.id if standing.household is not None else None,
        "forms": [each.id for each in standing.registrations],
        "periods": [
            {"id": each.id, "setting": each.current_setting.value, "ends_at": each.ends_at.isoformat()}
            for each in standing.periods
        ],
        "past_periods": [each.id for each in standing.past_periods],
        "exit_pass": {"number": held.number, "colour": held.colour.value} if held is not None else None,
        "leave_until": [each.span.end.isoformat() for each in standing.leaves],
        "watched_until": [each.until.isoformat() for each in standing.watches],
        "crossings_today": [
            f"{each.direction.value} {each.checkpoint} {each.at:%H:%M}"
            + ("" if each.spent_exit else ", not counted")
            for each in standing.crossings
        ],
        "notes": {kind: len(facts) for kind, facts in standing.notes.items()},
    }


def report_of(details: Mapping[str, Any]) -> str:
    """The details as text, one line each."""
    return "\n".join(_lines(details))


def _lines(details: Mapping[str, Any]) -> Iterator[str]:
    decision, crossing = details["decision"], details["crossing"]
    yield f"{decision['effect']}: {_given(decision, 'effect')}"
    yield f"crossing: {_given(crossing)}"
    yield "verdicts:"
    for each in details["verdicts"]:
        marks = [name for name in ("decides", "grants", "waived") if each[name]]
        yield f"  {each['effect']} {each['code']}" + (f" ({', '.join(marks)})" if marks else "")
        yield f"    {_given(each, 'effect', 'code', 'decides', 'grants', 'waived')}"
    if details["silent"] is None:
        yield "silent: not known, another version of the policy decided"
    elif details["silent"]:
        yield "silent:"
        for each in details["silent"]:
            yield f"  {each['entry']}: {each['why']} ({each['distribution']})"
    for each in details["travellers"]:
        yield f"traveller {each['number']}: {_given(each, 'number')}"


def _given(values: Mapping[str, Any], *without: str) -> str:
    shown = ((name, value) for name, value in values.items() if name not in without)
    return ", ".join(f"{name}={_shown(value)}" for name, value in shown if value not in (None, [], {}, ""))


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_shown(each) for each in value) + "]"
    if isinstance(value, Mapping):
        return "{" + _given(value) + "}"
    return str(value).lower() if isinstance(value, bool) else str(value)
