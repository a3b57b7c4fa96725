"""What a developer asks of a decision at the gate, as plain data and as text, without any personal value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from epiguard.crossings import NotMeasured, Traveller
from epiguard.decisions import Decision, PassDecision, Verdict
from epiguard.policy._dispatch import LoadedRule
from epiguard.situation import Situation, Standing

__all__ = ["decided", "details_of", "known", "measured", "report_of", "silent", "verdicts"]

#: Why a rule was not asked, where it was not; nothing where it was.
NotAsked = Callable[[LoadedRule], str | None]


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

    def not_asked(rule: LoadedRule) -> str | None:
        if rule.condition.direction not in (None, crossing.direction):
            return "not asked about this direction"
        if rule.condition.traffic not in (None, crossing.traffic):
            return "not asked about this traffic"
        if standings and not rule.condition.met_by(crossing, standings):
            return "not asked about these roles"
        return None

    return {
        "decision": {
            **decided(decision, version),
            "follows": decision.follows,
            "claims": list(decision.claim_keys),
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
        "verdicts": verdicts(decision),
        "silent": silent(decision, version, (each for each in rules if each.review is not None), not_asked),
        "travellers": [
            {"number": index + 1, **_traveller(each), **(known(standings[index]) if standings else {})}
            for index, each in enumerate(crossing.travellers)
        ],
    }


def decided(decision: Decision | PassDecision, version: str) -> dict[str, Any]:
    """What was answered, by which policy; ``version`` is that of the policy that explains."""
    return {
        "id": decision.id or None,
        "effect": decision.effect.value,
        "day": decision.day.isoformat(),
        "policy_version": decision.policy_version,
        "same_policy": decision.policy_version == version,
        "overridden_by": decision.override.by if decision.override is not None else None,
        "duties": [each.kind for each in decision.duties],
        "alerts": [each.kind for each in decision.alerts],
    }


def verdicts(decision: Decision | PassDecision) -> list[dict[str, Any]]:
    """Every verdict, and whether it decides."""
    reasons = {id(each) for each in decision.reasons}
    return [{"decides": id(each) in reasons, **_verdict(each, decision.day)} for each in decision.verdicts]


def _verdict(verdict: Verdict, day: date) -> dict[str, Any]:
    source = verdict.source
    return {
        "effect": verdict.effect.value,
        "code": verdict.code,
        "texts": dict(verdict.texts),
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


def silent(
    decision: Decision | PassDecision, version: str, rules: Iterable[LoadedRule], not_asked: NotAsked
) -> list[dict[str, Any]] | None:
    """The entries without a verdict, and why: none was asked, or it had nothing to say.

    Args:
        decision: What is explained.
        version: Of the policy that explains; where another one decided, its silent rules are not known.
        rules: Those of it that have the hook.
        not_asked: Why a rule in force was not asked.
    """
    if decision.policy_version != version:
        return None
    spoke = {each.rule for each in decision.verdicts}
    return [
        {
            "entry": each.entry.id,
            "distribution": each.source.distribution,
            "why": _why_silent(each, decision.day, not_asked),
        }
        for each in rules
        if each.entry.id not in spoke
    ]


def _why_silent(rule: LoadedRule, day: date, not_asked: NotAsked) -> str:
    if not rule.entry.in_force(day):
        return "not in force on this day"
    nothing = "nothing to say" if rule.entry.applies_to is None else "applies to nobody, or nothing to say"
    return not_asked(rule) or nothing


def _traveller(traveller: Traveller) -> dict[str, Any]:
    """What the gate gave, but for what is personal: of that only whether it was given."""
    return {
        "person": traveller.person,
        "role": traveller.role.value,
        "temperature": "measured again"
        if traveller.retested is not None
        else measured(traveller.temperature, traveller.not_measured),
        "exit_pass_shown": traveller.exit_pass,
        "asked": traveller.asked,
        "returning": traveller.returning_from is not None,
        "form_seen": traveller.registered,
        "form": traveller.registration.id if traveller.registration is not None else None,
        "clinic_journey": traveller.clinic_journey,
        "host": traveller.host,
        "host_agreed": traveller.host_agreed,
    }


def measured(temperature: float | None, reason: NotMeasured | None) -> str:
    """Whether they were measured; on which side of a limit, the verdict of the rule that has it says."""
    if temperature is not None:
        return "measured"
    return "not measured" if reason is None else f"not measured: {reason.value}"


def known(standing: Standing) -> dict[str, Any]:
    """What the record knows of somebody."""
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
    decision = details["decision"]
    yield f"{decision['effect']}: {_given(decision, 'effect')}"
    for asked in ("crossing", "application"):
        if asked in details:
            yield f"{asked}: {_given(details[asked])}"
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
    for each in details.get("travellers", ()):
        yield f"traveller {each['number']}: {_given(each, 'number')}"
    if "applicant" in details:
        yield f"applicant: {_given(details['applicant'])}"


def _given(values: Mapping[str, Any], *without: str) -> str:
    shown = ((name, value) for name, value in values.items() if name not in without)
    return ", ".join(f"{name}={_shown(value)}" for name, value in shown if value not in (None, [], {}, ""))


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_shown(each) for each in value) + "]"
    if isinstance(value, Mapping):
        return "{" + _given(value) + "}"
    return str(value).lower() if isinstance(value, bool) else str(value)
