"""Look residents up in epiguard and its peers, side by side: ``python benchmarks/matching/run.py``.

Prints, for each size of register, a table of speed and size, one of accuracy, the calibration, and the growth
from size to size. Times are processor time of one core. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import marshal
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from contestants import CONTESTANTS
from found import Found
from metrics import LIKELY, Judged, allowed, ceilings, judge, likely
from register import CLASSES, Register, make_queries, make_register

from epiguard.matching import implementation

HERE = Path(__file__).parent
PACKAGES = ("epiguard", "rapidfuzz", "tantivy", "splink", "duckdb")
NEEDS = {
    "rapidfuzz": ["rapidfuzz"],
    "fts5": ["rapidfuzz"],
    "tantivy": ["tantivy", "rapidfuzz"],
    "splink": ["splink", "pyarrow"],
}


def main() -> None:
    """Run everything and print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--residents", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], metavar="N"
    )
    options.add_argument("--queries", type=int, default=5000, metavar="M")
    options.add_argument("--seed", type=int, default=2, help="1 is for tuning; report others")
    options.add_argument("--contestants", nargs="+", default=list(CONTESTANTS), choices=list(CONTESTANTS))
    options.add_argument("--seconds", type=float, default=120, help="a slow peer stops asking after so many")
    options.add_argument("--kinds", action="store_true", help="recall for each damage of a single field, too")
    chosen = options.parse_args()
    here = [name for name in chosen.contestants if all(map(importlib.util.find_spec, NEEDS.get(name, [])))]
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} processors, one used; {platform.python_version()}"
    )
    print("versions: " + ", ".join(f"{name} {_version(name)}" for name in PACKAGES))
    print(f"epiguard's matcher: {implementation()}; seed {chosen.seed}")
    for name in set(chosen.contestants) - set(here):
        print(f"{name}: not installed")
    growth = {}
    for residents in chosen.residents:
        register = make_register(residents, chosen.seed)
        growth[residents] = _one_size(register, here, chosen)
    _growth(growth)


def _one_size(register: Register, names: Sequence[str], chosen: argparse.Namespace) -> dict[str, Any]:
    residents = len(register)
    queries = make_queries(register, chosen.queries, chosen.seed)
    first, alone, by_class = ceilings(register, queries)
    print(
        f"\n{residents:,} residents, {len(queries):,} queries, {sum(each.row is None for each in queries):,} of them strangers'"
    )
    results: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.write_bytes(marshal.dumps((register.columns, [each.written for each in queries])))
        for name in names:
            result = _measured(name, data, chosen.seconds)
            if result:
                results[name] = result
    _speed(results, residents)
    judged = {}
    for name, result in results.items():
        found = [Found(*each) for each in result["found"]]
        judged[name] = judge(register, queries, found, decides=result["decides"])
        if result["decides"]:
            judged[f"  {LIKELY} probable"] = judge(register, queries, found, decides=True, says=likely)
    _accuracy(judged, first, alone, by_class)
    for each in judged.values():
        if each.calibration:
            _calibration(each)
    if chosen.kinds:
        _kinds(judged)
    return results.get("epiguard", {})


def _measured(name: str, data: Path, seconds: float) -> dict[str, Any]:
    command = [sys.executable, str(HERE / "measure.py"), "--data", str(data), "--contestant", name]
    done = subprocess.run(
        [*command, "--seconds", str(seconds)], stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        print(f"{name}: failed, see above")
        return {}
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _speed(results: dict[str, dict[str, Any]], residents: int) -> None:
    print(
        f"\n{'':<16}{'build s':>9}{'memory B':>10}{'disk B':>8}{'p50 us':>10}{'p99 us':>10}{'batch /s':>10}"
        f"{'asked':>7}{'p50 x':>8}   (bytes per resident)"
    )
    ours = statistics.median(results["epiguard"]["single"]) if "epiguard" in results else float("nan")
    for name, result in results.items():
        disk = f"{result['disk'] / residents:.0f}" if result["disk"] is not None else "-"
        head = f"{name:<16}{result['build']:>9.1f}{result['memory'] / residents:>10.0f}{disk:>8}"
        batch = f"{result['batch']:,.0f}" if "batch" in result else "-"
        for kind, title in (("single", head), ("read", f"{'  evidence read':<43}")):
            if kind in result:
                p50, p99 = _percentiles(result[kind])
                line = f"{p50 / 1e3:>10.1f}{p99 / 1e3:>10.1f}{batch if kind == 'single' else '':>10}"
                print(f"{title}{line}{len(result[kind]):>7}{p50 / ours:>8.1f}")
        if "single" not in result:
            print(f"{head}{'-':>10}{'-':>10}{batch:>10}{len(result['found']):>7}")


def _percentiles(taken: list[int]) -> tuple[float, float]:
    return statistics.median(taken), sorted(taken)[len(taken) * 99 // 100]


def _accuracy(judged: dict[str, Judged], first: float, alone: float, by_class: dict[str, float]) -> None:
    heads = "".join(f"{name + ' @1/@5':>16}" for name in CLASSES)
    print(
        f"\n{'':<16}{heads}{'all @1/@5':>16}{'door @1':>9}{'right':>7}{'precision':>11}{'strangers':>11}{'asked':>7}"
    )
    limits = "".join(f"{by_class.get(name, float('nan')):>10.3f}      " for name in CLASSES)
    print(f"{'ceiling':<16}{limits}{first:>10.3f}      {'':>9}{alone:>7.3f}")
    for name, each in judged.items():
        shares = "".join(
            f"{one:>10.3f}/{five:.3f}" for one, five in (*each.classes.values(), (each.first, each.five))
        )
        print(
            f"{name:<16}{shares}{each.household:>9.3f}{each.right:>7.3f}{each.precision:>11.4f}"
            f"{each.strangers:>11.4f}{each.asked:>7}"
        )


def _calibration(judged: Judged) -> None:
    print("\ncalibration of the best candidate's probability, by decile")
    print(f"{'':<12}{'queries':>9}{'expected':>10}{'observed':>10}{'allowed':>9}")
    for decile, (count, expected, observed) in enumerate(judged.calibration):
        if count:
            margin = allowed(count, expected)
            verdict = "" if abs(expected - observed) <= margin else "  beyond"
            span = f"{decile / 10:.1f} to {(decile + 1) / 10:.1f}"
            print(f"{span:<12}{count:>9}{expected:>10.3f}{observed:>10.3f}{margin:>9.3f}{verdict}")


def _kinds(judged: dict[str, Judged]) -> None:
    print(
        f"\nrecall at 5 of a single field{'':<11}{'queries':>8}" + "".join(f"{name:>12}" for name in judged)
    )
    every = sorted({kind for each in judged.values() for kind in each.kinds})
    for kind in every:
        most = max(each.kinds.get(kind, (0, 0.0))[0] for each in judged.values())
        hits = "".join(f"{each.kinds.get(kind, (0, float('nan')))[1]:>12.3f}" for each in judged.values())
        print(f"{kind:<40}{most:>8}{hits}")


def _growth(growth: dict[int, dict[str, Any]]) -> None:
    known = {residents: result for residents, result in growth.items() if "single" in result}
    if len(known) < 2:
        return
    print(
        f"\ngrowth{'':<10}{'p50 us':>10}{'p99 us':>10}{'p50, to the size before':>26}{'memory B':>10}{'build us':>10}"
    )
    before = None
    for residents, result in known.items():
        p50, p99 = _percentiles(result["single"])
        ratio = f"{p50 / before:.2f}" if before else ""
        print(
            f"{residents:<16,}{p50 / 1e3:>10.1f}{p99 / 1e3:>10.1f}{ratio:>26}"
            f"{result['memory'] / residents:>10.0f}{1e6 * result['build'] / residents:>10.1f}"
        )
        before = p50


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    main()
