"""The contract of a whole site: nobody is trapped, its rules are sound, and its days add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from epiguard.policy import Finding, Policy
from epiguard.rules import Rule
from epiguard.testing._drawing import DAYS, crossings, situations
from epiguard.testing._rule_contract import BrokenContractError, check_rule
from epiguard.testing._site_machine import SiteMachine

__all__ = ["BrokenSiteError", "check_site"]


class BrokenSiteError(AssertionError):
    """A site's rules would trap somebody, are unsound, or its days do not add up; the message says which.

    Attributes:
        findings: The serious ones, without a written reason, if that is what is wrong.
    """

    def __init__(self, where: str, what: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(f"{where}: {what}")
        self.findings = tuple(findings)


def check_site(
    path: str | Path,
    *,
    rules: Sequence[type[Rule]] = (),
    languages: Iterable[str] = ("zh", "en"),
    day: date | None = None,
    examples: int = 20,
) -> None:
    """Check a site file with all its rules, as ``check_rule`` checks one of them.

    The file loads; ``Policy.check`` has no serious finding without a written reason; every rule keeps the
    contract, asked at the site's own gates; and :class:`SiteMachine` finds no days that do not add up.

    Args:
        path: The site file.
        rules: Rule classes under development, without packaging.
        languages: Those that every rule speaks.
        day: A day on which the rules are tried; default the first on which most of them hold.
        examples: How many questions each rule is asked, and how many times the machine runs. They are the
            same every time.

    Raises:
        BrokenSiteError: If something is wrong with the rules or with what they add up to.
        PolicyError: If the file is not right; the message names file and key.
        RuleLoadError: If a rule cannot be loaded.
    """
    policy, name = Policy.load(path, rules=rules), Path(path).name
    stands = policy.check().serious
    if stands:
        raise BrokenSiteError(name, "\n".join(_shown(each) for each in stands), stands)
    first = day if day is not None else _busiest(policy)
    days, spoken = (first, first + timedelta(days=3)), tuple(languages)
    asked = crossings(site=policy.site, days=days)
    known = situations(site=policy.site, days=days, leave=True)
    for each in policy.rules:
        try:
            check_rule(each.rule, languages=spoken, crossings=asked, situations=known, examples=examples)
        except BrokenContractError as broken:
            raise BrokenSiteError(name, f"entry {each.entry.id}: {broken}") from None
    _run(policy, first, examples, name)


def _shown(finding: Finding) -> str:
    example = f"\n{finding.example}" if finding.example else ""
    return f"{finding.id}\n{finding.texts.get('en', '')}{example}"


def _busiest(policy: Policy) -> date:
    days = sorted({DAYS[0], *(each.entry.since for each in policy.rules if each.entry.since is not None)})
    return max(days, key=lambda day: sum(each.entry.in_force(day) for each in policy.rules))


def _run(policy: Policy, first: date, examples: int, name: str) -> None:
    once = settings(
        max_examples=examples,
        stateful_step_count=25,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=(),
        print_blob=False,
    )
    try:
        run_state_machine_as_test(SiteMachine.of(policy, first_day=first), settings=once)
    except AssertionError as broken:
        # Hypothesis tells the shortest way there in the notes of the error.
        steps = "\n".join(getattr(broken, "__notes__", ()))
        raise BrokenSiteError(name, f"its days do not add up: {broken}\n{steps}") from broken
