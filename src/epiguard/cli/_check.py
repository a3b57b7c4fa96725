"""``epiguard check``: whom the rules of a site file would trap, before a gate enforces them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from epiguard.policy import Policy
    from epiguard.policy.checking import Check

__all__ = ["add_check"]

_FINDINGS = 1


def add_check(commands: Any) -> None:  # noqa: ANN401 - argparse's own class for it is private
    """Add the command to a parser's commands."""
    check = commands.add_parser(
        "check",
        help="look for whom a site's rules would trap",
        description="Ask the rules of a site file about the boundary values of all that they read, and list "
        "what goes wrong. Ends with 1 where something serious stands without a written reason, or where the "
        "rules answer otherwise than what they are compared with.",
    )
    check.add_argument("site", type=Path, help="the site file")
    check.add_argument(
        "--against",
        type=Path,
        metavar="FILE",
        help="another site file, or the record of an earlier check: show where the answers differ",
    )
    check.add_argument(
        "--record",
        type=Path,
        metavar="FILE",
        help="write all answers to a file, to be kept and compared with later",
    )
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from epiguard.policy import Policy  # noqa: PLC0415 - see the module of the commands
    from epiguard.policy.checking import CheckRecord  # noqa: PLC0415 - see above

    policy, against = Policy.load(options.site), options.against
    _read_sections(policy, options.site.name)
    if against is not None:
        against = CheckRecord.load(against) if CheckRecord.begins(against) else Policy.load(against)
    found = policy.check(against=against)
    _show(found)
    if options.record is not None:
        found.record.save(options.record)
        print(f"written: {options.record}")
    return _FINDINGS if found.serious or found.differences else 0


def _read_sections(policy: Policy, name: str) -> None:
    """Read what deciding does not: a slip in it is told now, and not by the run of the day or once a year."""
    from epiguard.day import CallPlan  # noqa: PLC0415 - see the module of the commands
    from epiguard.intake import IntakePlan  # noqa: PLC0415 - as above
    from epiguard.ledger import Retention  # noqa: PLC0415 - as above
    from epiguard.reports import ReportPlan  # noqa: PLC0415 - as above

    CallPlan.of(policy.section("calls"), name)
    ReportPlan.of(policy.section("report"), name)
    if policy.section("intake"):
        IntakePlan.of(policy.section("intake"), name)
    if policy.section("retention"):
        Retention.of(policy)


def _show(found: Check) -> None:
    for each in found.findings:
        accepted = f"\n  accepted: {each.reason}" if each.reason is not None else ""
        print(f"{each.severity.value}: {each.id}\n  {each.texts['zh']}\n  {each.texts['en']}{accepted}")
        if each.reason is None and each.example:
            print("\n".join(f"    {line}".rstrip() for line in each.example.splitlines()))
    for other in found.differences:
        rules = ", ".join(other.rules) or "the policy itself"
        was, now = other.before.value, other.after.value
        print(f"{other.count} x {was} {'stays' if was == now else 'becomes'} {now}: {rules}")
        print("\n".join(f"    {line}".rstrip() for line in other.example.splitlines()))
    print(f"{found.decided} crossings decided; {len(found.serious)} serious findings stand")
    for rule in found.covered:
        whole = "all combinations" if rule.complete else "a part of the combinations"
        print(f"  {rule.rule}: asked {rule.tried} times, {whole} of what it reads")
        for what, names in (
            ("no values were tried for", rule.untried),
            ("never said", rule.silent),
            ("hooks not asked", rule.hooks),
        ):
            if names:
                print(f"    {what}: {', '.join(names)}")
