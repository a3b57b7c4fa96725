"""``epiguard replay``: what would another site file have decided?"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from epiguard.cli._progress import show

if TYPE_CHECKING:
    from epiguard.policy import Replay

__all__ = ["add_replay"]

_FINDINGS = 1


def add_replay(commands: Any) -> None:  # noqa: ANN401 - argparse's own class for it is private
    """Add the command to a parser's commands."""
    replay = commands.add_parser(
        "replay",
        help="decide recorded crossings by another site file",
        description="Decide the crossings on record by the rules of another site file, and list which "
        "answers would have been others, and why. The ledger stays as it is. Ends with 1 where a rule of the "
        "other file failed.",
    )
    replay.add_argument("site", type=Path, help="the site file that the ledger belongs to")
    replay.add_argument(
        "--ledger", required=True, help="the ledger's file, or the address of a PostgreSQL server"
    )
    replay.add_argument(
        "--candidate", required=True, type=Path, metavar="FILE", help="the site file that is tried"
    )
    replay.add_argument(
        "--as-known",
        choices=("then", "now"),
        default="then",
        help="what the rules are shown: what was recorded then, or all that had happened by then as it is "
        "known now (default: then)",
    )
    replay.add_argument("--since", type=_day, metavar="DATE", help="the first of the site's days")
    replay.add_argument("--until", type=_day, metavar="DATE", help="the first day that is left out")
    replay.add_argument("--report", type=Path, metavar="FILE", help="write a page for the committee: HTML")
    replay.set_defaults(run=_replay)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("expected a date, such as 2020-02-14") from None


def _replay(options: argparse.Namespace) -> int:
    from epiguard.ledger import history  # noqa: PLC0415 - see the module of the commands
    from epiguard.policy import Policy  # noqa: PLC0415 - see above

    policy, candidate = Policy.load(options.site), Policy.load(options.candidate)
    past = history(
        options.ledger,
        site=policy.site,
        as_known=options.as_known,
        since=options.since,
        until=options.until,
    )
    found = policy.replay(show(past, stage="crossings"), against=candidate)
    _show(found)
    if options.report is not None:
        from epiguard.reports import write_replay_html  # noqa: PLC0415 - see above

        write_replay_html(
            found,
            options.report,
            site=policy.site,
            candidate=options.candidate.name,
            as_known=options.as_known,
            versions=(policy.version, candidate.version),
        )
        print(f"written: {options.report}")
    return _FINDINGS if found.failures else 0


def _show(found: Replay) -> None:
    print(f"{found.decided} crossings decided, {found.differing} of them otherwise")
    for each in found.changes:
        why = f"{each.rule}: {each.code}" if each.rule else each.code
        print(f"{each.count} x {each.before.value} becomes {each.after.value}: {why}")
        for language in ("zh", "en"):
            if each.texts.get(language):
                print(f"  {each.texts[language]}")
        ids = [name for _, name in each.examples if name]
        if ids:
            print(f"  such as {', '.join(ids)}")
    for rule, count in found.failures:
        print(f"rule {rule} failed {count} times; whoever it was asked about is held")
