"""Measure one contestant in a process of its own: ``run.py`` starts it."""

from __future__ import annotations

import argparse
import gc
import json
import marshal
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contestants import CONTESTANTS

WARMING = 50


def main() -> None:
    """Read the data, build, look up, and write the answers with their times to the standard output."""
    options = argparse.ArgumentParser()
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--contestant", required=True)
    options.add_argument("--seconds", type=float, required=True)
    chosen = options.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    columns, written = marshal.loads(chosen.data.read_bytes())  # noqa: S302 - run.py has just written it
    with tempfile.TemporaryDirectory() as folder:
        result = measured(chosen.contestant, columns, written, chosen.seconds, Path(folder))
    json.dump(result, sys.stdout)


def measured(
    name: str, columns: dict[str, list[str]], written: list[dict[str, str]], seconds: float, folder: Path
) -> dict[str, Any]:
    """Build and look up: all the figures but those of accuracy, and the answers."""
    gc.collect()
    gc.freeze()
    before, start = resident_bytes(), time.process_time()
    contestant = CONTESTANTS[name](columns, folder)
    result: dict[str, Any] = {"build": time.process_time() - start, "decides": contestant.decides}
    gc.collect()
    result["memory"] = resident_bytes() - before
    result["disk"] = contestant.file_size()
    if hasattr(contestant, "find_all"):  # made for batches alone
        start = time.process_time()
        result["found"] = contestant.find_all(written)
        result["batch"] = len(written) / (time.process_time() - start)
        return result
    for each in written[:WARMING]:
        contestant.find(each)
    if hasattr(contestant, "look"):
        result["single"] = timed(contestant.look, written, seconds)[0]
        result["read"] = timed(contestant.look_and_read, written, seconds)[0]
        start = time.process_time()
        some = written[: len(result["single"])]
        result["found"] = contestant.find_many(some)
        result["batch"] = len(some) / (time.process_time() - start)
    else:
        result["single"], result["found"] = timed(contestant.find, written, seconds)
    return result


def timed(
    look: Callable[[dict[str, str]], Any], written: list[dict[str, str]], seconds: float
) -> tuple[list[int], list[Any]]:
    """Nanoseconds of this process for each look-up, and the answers, until the time is up."""
    clock, taken, found = time.process_time_ns, [], []
    end = clock() + int(seconds * 1e9)
    for each in written:
        start = clock()
        answer = look(each)
        stop = clock()
        taken.append(stop - start)
        found.append(answer)
        if stop > end:
            break
    return taken, found


def resident_bytes() -> int:
    """Memory of this process."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
