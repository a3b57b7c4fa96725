"""Time one decision in epiguard and its peers, side by side: ``python benchmarks/rules/run.py``.

Prints a table with the machine, the versions and ratios. The machine may be busy: each contestant is timed
in several passes that take turns. The times are those of the pass with the least median; a ratio is the
median of the passes' ratios, each of two contestants that ran one after the other. Read ratios, not times.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import caohang
from peers import CONVERTED, Contestant, contestants
from workload import cases, policy

from epiguard import Crossing, Decision, Direction, Policy, Situation

Cases = list[tuple[Crossing, Situation]]
PACKAGES = ("epiguard", "pluggy", "attrs", "zen-engine", "cedarpy", "regopy")
BASE = "plain functions"
#: The slow engines are asked less often; what they are asked is a slice of the same crossings.
SLOW = {"zen-engine, decision table": 4000, "Rego (regopy)": 2000}
SLOW |= {"Cedar (cedarpy)": 2000, "Cedar (cedarpy), policies as text": 1000}


def main() -> None:
    """Run everything and print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--crossings", type=int, default=20_000)
    options.add_argument("--passes", type=int, default=5)
    chosen = options.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} processors, one used; {platform.python_version()}"
    )
    print("versions: " + ", ".join(f"{name} {_version(name)}" for name in PACKAGES))
    village, asked = policy(), cases(chosen.crossings)
    print(f"\n13 rules, {len(asked)} crossings: objects in, a decision with every verdict out")
    print(f'("{CONVERTED.strip(", ")}": what a host takes to make plain values of its objects is left out)')
    _compare(list(contestants(village, asked)), village, asked, chosen.passes)
    _explaining(village, asked, chosen.passes)
    _caohang(chosen.crossings, chosen.passes)
    _importing()


def _compare(entered: list[tuple[str, Contestant]], village: Policy, asked: Cases, passes: int) -> None:
    expected = [village.decide(*each) for each in asked]
    effects = Counter(each.effect.value for each in expected)
    print("effects:", ", ".join(f"{count} {effect}" for effect, count in effects.most_common()))
    spent: dict[str, list[list[int]]] = {name: [] for name, _ in entered}
    for turn in range(passes):
        for name, decide in entered:
            some = asked[: SLOW.get(name.removesuffix(CONVERTED), len(asked))]
            if turn == 0:
                wrong = sum(
                    not _same(decide(*each), want) for each, want in zip(some, expected, strict=False)
                )
                if wrong:
                    sys.exit(f"{name}: {wrong} of {len(some)} decisions differ")
            spent[name].append(_timed(decide, some))
    _table(spent, BASE)


def _table(spent: dict[str, list[list[int]]], base: str) -> None:
    print(f"{'':<42}{'p50 us':>9}{'mean us':>9}{'p99 us':>9}{'p99/p50':>9}{'x plain':>9}{'x epiguard':>12}")
    medians = {name: [statistics.median(taken) for taken in turns] for name, turns in spent.items()}
    for name, turns in spent.items():
        taken = min(turns, key=statistics.median)
        p50, p99 = statistics.median(taken), sorted(taken)[len(taken) * 99 // 100]
        to_plain, to_ours = (
            statistics.median(mine / other for mine, other in zip(medians[name], medians[of], strict=True))
            for of in (base, "epiguard")
        )
        print(
            f"{name:<42}{p50 / 1000:>9.2f}{statistics.mean(taken) / 1000:>9.2f}{p99 / 1000:>9.2f}"
            f"{p99 / p50:>9.1f}{to_plain:>9.2f}{to_ours:>12.1f}"
        )


def _same(one: Decision, other: Decision) -> bool:
    """The same effect by the same verdicts, in whatever order an engine gives them."""
    return one.effect is other.effect and {each.code for each in one.verdicts} == {
        each.code for each in other.verdicts
    }


def _timed(decide: Contestant, asked: Cases) -> list[int]:
    clock, taken = time.perf_counter_ns, []
    for crossing, situation in asked:
        start = clock()
        decide(crossing, situation)
        taken.append(clock() - start)
    return taken


def _caohang(count: int, passes: int) -> None:
    village = caohang.policy()
    asked = caohang.cases(village, count)
    effects = Counter(village.decide(*each).effect.value for each in asked)
    print(f"\nCaohang, {len(village.rules)} built-in rules, {count} crossings")
    print("effects:", ", ".join(f"{number} {effect}" for effect, number in effects.most_common()))
    base = "the same functions, without sources"
    entered: list[tuple[str, Callable[[Crossing, Situation], object]]] = [
        (base, caohang.plainly(village)),
        ("the same functions, with sources", caohang.plainly(village, sources=True)),
        ("epiguard", village.decide),
    ]
    for name, decide in entered:
        wrong = sum(decide(*each).effect is not village.decide(*each).effect for each in asked)
        if wrong:
            sys.exit(f"Caohang, {name}: {wrong} decisions differ")
    spent: dict[str, list[list[int]]] = {name: [] for name, _ in entered}
    for _ in range(passes):
        for name, decide in entered:
            spent[name].append(_timed(decide, asked))
    _table(spent, base)
    entered.append(("the rules alone", caohang.rules_alone(village)))
    for direction in Direction:
        some = [each for each in asked if each[0].direction is direction]
        taken = {
            name: min(statistics.median(_timed(decide, some)) for _ in range(passes))
            for name, decide in entered
        }
        print(
            f"{direction.value}, p50 us: "
            + "; ".join(f"{name} {p50 / 1000:.1f}" for name, p50 in taken.items())
        )


def _explaining(village: Policy, asked: Cases, passes: int) -> None:
    explain: Callable[..., object] | None = getattr(village, "explain", None)
    if explain is None:
        return

    def both(crossing: Crossing, situation: Situation) -> Decision:
        decision = village.decide(crossing, situation)
        explain(decision).text("en")  # type: ignore[attr-defined]
        return decision

    deciding = min(statistics.median(_timed(village.decide, asked)) for _ in range(passes))
    together = min(statistics.median(_timed(both, asked)) for _ in range(passes))
    print(f"\nasking why: {(together - deciding) / deciding:.2f} x the cost of deciding")


def _importing() -> None:
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        # As after an installation, which compiles: the first run writes the bytecode, the others read it.
        for what in (
            "import epiguard",
            "from epiguard import Crossing, Policy, Situation, Traveller",
            "from epiguard import Ledger",
        ):
            spent = [_import_time(what, environment) for _ in range(10)]
            print(f"{what}: {1000 * min(spent[1:]):.0f} ms of CPU beyond attrs, pluggy and dateutil")


def _import_time(what: str, environment: dict[str, str]) -> float:
    code = f"import attrs, pluggy, dateutil.tz, time; a = time.process_time(); {what}; "
    code += "print(time.process_time() - a)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, env=environment
    )
    return float(done.stdout)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    main()
