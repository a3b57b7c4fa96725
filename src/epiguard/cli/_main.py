"""The commands, and what their exit codes mean.

Exit codes: 0 done, 1 findings, 2 bad input (nothing was written), 130 interrupted from the keyboard.
A command imports what it needs when it runs, so that asking for help stays quick.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from epiguard import __version__
from epiguard.cli._check import add_check
from epiguard.cli._instants import instant
from epiguard.cli._ledger import add_ledger
from epiguard.cli._progress import show
from epiguard.cli._replay import add_replay
from epiguard.errors import EpiguardError, IntakeError

__all__ = ["main"]

#: What a shell gives a process that SIGINT ended: 128 and the number of the signal.
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Default those of the process.

    Returns:
        The exit code.
    """
    try:
        options = _parser().parse_args(arguments)
        return int(options.run(options))
    except EpiguardError as error:
        print(f"epiguard: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("epiguard: interrupted; run it again", file=sys.stderr)
        return _INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="epiguard", description="Keep an epidemic out of a community.")
    parser.add_argument(
        "--version", action=_Version, nargs=0, help="show the version and which matching runs"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    day = commands.add_parser(
        "day",
        help="run a site's day",
        description="Read residents, forms, questionnaire and gate log; decide, reconcile, open quarantine "
        "periods, assign calls, write the daily report.",
    )
    day.add_argument("folder", type=_folder, help="the folder with the site file and the day's files")
    day.add_argument(
        "--out", type=_folder, default=Path("out"), help="where ledger, report and lists go (default: out)"
    )
    day.add_argument(
        "--site", default="site.toml", help="the site file's name in the folder (default: site.toml)"
    )
    day.add_argument(
        "--as-of",
        type=instant,
        metavar="INSTANT",
        help="as of when the day is looked at, such as 2020-02-13T23:59:00+08:00; not before the latest "
        "instant in the files (default: that)",
    )
    day.set_defaults(run=_day)
    add_check(commands)
    add_replay(commands)
    add_ledger(commands)
    return parser


class _Version(argparse.Action):
    """Shows the version; the matching is imported only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from epiguard.matching import implementation  # noqa: PLC0415 - see the module's docstring

        parser.exit(message=f"epiguard {__version__} (matching: {_MATCHING[implementation()]})\n")


_MATCHING = {"c": "compiled C", "python": "pure Python, slower; a C compiler at installation makes it C"}


def _folder(text: str) -> Path:
    if not text.strip():  # a shell's variable that was never set; it would be the folder one stands in
        raise argparse.ArgumentTypeError("expected the name of a folder, got nothing; . is this one")
    return Path(text)


def _day(options: argparse.Namespace) -> int:
    from epiguard.day import run_day, summary  # noqa: PLC0415 - see the module's docstring

    if not options.folder.exists():
        raise IntakeError(
            options.folder.absolute().name,
            expected="a folder with the site file and the day's files",
            got="nothing of that name",
            do="check the path",
        )
    result = run_day(options.folder, options.out, site_file=options.site, as_of=options.as_of, progress=show)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that knows no Chinese must not turn a finished day into an error.
        sys.stdout.reconfigure(errors="backslashreplace")
    print(summary(result))
    return 0
