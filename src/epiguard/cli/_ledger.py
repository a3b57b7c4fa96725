"""``epiguard ledger``: verify, export heads, merge, erase, retain."""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from epiguard.cli._instants import instant
from epiguard.errors import LedgerError, refusal_of

if TYPE_CHECKING:
    from epiguard.ledger import Head, IndexFile, Ledger

__all__ = ["add_ledger"]

_FINDINGS = 1
_VERSION = 1


def add_ledger(commands: Any) -> None:  # noqa: ANN401 - argparse's own class for it is private
    """Add the command and what it does to a parser's commands."""
    ledger = commands.add_parser(
        "ledger", help="look after the record", description="Verify, merge and clean the record of a site."
    )
    parts = ledger.add_subparsers(required=True, metavar="COMMAND")

    verify = parts.add_parser("verify", help="find the first entry that was altered, removed or reordered")
    _add_target(verify)
    verify.add_argument(
        "--heads", type=Path, metavar="FILE", help="what 'heads' printed once: shows also what was cut off"
    )
    verify.set_defaults(run=_verify)

    heads = parts.add_parser("heads", help="print the last entry of every writer, to be kept elsewhere")
    _add_target(heads)
    heads.set_defaults(run=_heads)

    merge = parts.add_parser("merge", help="take over what other ledgers of the site hold")
    _add_target(merge)
    merge.add_argument("others", nargs="+", metavar="OTHER", help="their files or addresses; only read")
    _add_site(merge)
    _add_indexes(merge)
    merge.set_defaults(run=_merge)

    erase = parts.add_parser("erase", help="erase everything personal about somebody")
    _add_target(erase)
    erase.add_argument(
        "ids", nargs="+", metavar="ID", help="of the person; a form of nobody's is form: and its id"
    )
    erase.add_argument("--reason", required=True, help="why, without personal data: it is kept")
    erase.add_argument("--by", required=True, metavar="ID", help="pseudonymous id of whoever orders it")
    _add_site(erase)
    _add_indexes(erase)
    erase.set_defaults(run=_erase)

    retain = parts.add_parser("retain", help="erase what was kept for as long as [retention] allows")
    _add_target(retain)
    retain.add_argument("--by", required=True, metavar="ID", help="pseudonymous id of whoever orders it")
    retain.add_argument(
        "--as-of", type=instant, metavar="INSTANT", help="such as 2020-06-01T03:00:00+08:00 (default: now)"
    )
    _add_site(retain)
    _add_indexes(retain)
    retain.set_defaults(run=_retain)


def _add_target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ledger", help="the ledger's file, or the address of a PostgreSQL server")


def _add_site(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--site", type=Path, default=Path("site.toml"), help="the site file (default: site.toml)"
    )
    parser.add_argument("--writer", metavar="NAME", help="whose ledger it is (default: its only writer)")


def _add_indexes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--index",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="the file of a match index, which must forget whom the ledger forgets; may be repeated",
    )


def _verify(options: argparse.Namespace) -> int:
    from epiguard.ledger import verify  # noqa: PLC0415 - see the module of the commands

    fault = verify(options.ledger, _read_heads(options.heads) if options.heads is not None else None)
    if fault is not None:
        print(fault)
        return _FINDINGS
    print("every entry is as it was written" + ("" if options.heads else ", if none was cut off at the end"))
    return 0


def _heads(options: argparse.Namespace) -> int:
    from epiguard.ledger import heads  # noqa: PLC0415 - see above

    found = {
        name: {"sequence": head.sequence, "hash": head.hash} for name, head in heads(options.ledger).items()
    }
    print(json.dumps({"version": _VERSION, "heads": found}, ensure_ascii=False, indent=2))
    return 0


def _read_heads(path: Path) -> Mapping[str, Head]:
    from epiguard.ledger import Head  # noqa: PLC0415 - see above

    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["version"] == _VERSION:
            return {name: Head(head["sequence"], head["hash"]) for name, head in held["heads"].items()}
        got = "another version"
    except OSError as error:
        got = refusal_of(error)
    except (AttributeError, KeyError, TypeError, ValueError):
        got = "something else"
    raise LedgerError(path.name, expected="a file that 'epiguard ledger heads' printed", got=got)


def _opened(options: argparse.Namespace) -> Ledger:
    from epiguard.ledger import Ledger, heads  # noqa: PLC0415 - see above
    from epiguard.policy import Policy  # noqa: PLC0415 - see above

    policy, writer = Policy.load(options.site), options.writer
    if writer is None:
        # Written under a name that other ledgers use too, they could never be merged.
        writers = list(heads(options.ledger))
        if len(writers) > 1:
            raise LedgerError(
                "--writer",
                expected="whose ledger it is, for several have written in it",
                got="nothing",
                do=f"name one of {', '.join(writers)}",
            )
        writer = writers[0] if writers else "main"
    indexes = _indexes(options.index)
    ledger = Ledger.open(options.ledger, policy=policy, writer=writer)
    try:
        for each in indexes:
            ledger.register_index(each)
    except BaseException:
        ledger.close()
        raise
    return ledger


def _indexes(paths: Collection[Path]) -> list[IndexFile]:
    if not paths:
        return []
    from epiguard.matching import ResidentIndexFile  # noqa: PLC0415 - see the module of the commands

    return [ResidentIndexFile(each) for each in paths]


def _merge(options: argparse.Namespace) -> int:
    found = 0
    with _opened(options) as ledger:
        for other in options.others:
            report = ledger.merge(other)
            counts = ", ".join(f"{count} of {writer}" for writer, count in report.entries.items())
            print(f"entries: {counts or 'none that were not here'}")
            if report.erased:
                print(f"erased: {report.erased} payloads that one of the two had erased")
            for alert in report.alerts:
                print(f"look at {alert.kind} about {alert.subject}: {alert.text('en')}")
            found += len(report.alerts)
    return _FINDINGS if found else 0


def _erase(options: argparse.Namespace) -> int:
    with _opened(options) as ledger:
        erasures = ledger.erase_all(dict.fromkeys(options.ids, options.reason), by=options.by)
    for each in erasures:
        others = f", with {', '.join(each.others)}" if each.others else ""
        print(f"erased {each.parts} payloads of {each.person}{others}")
    return 0


def _retain(options: argparse.Namespace) -> int:
    with _opened(options) as ledger:
        report = ledger.retain(by=options.by, as_of=options.as_of)
    counts = ", ".join(f"{count} of {kind}" for kind, count in report.counts.items())
    print(f"emptied entries: {counts or 'none'}")
    return 0
