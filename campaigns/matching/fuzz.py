"""Whatever stands in a file, the compiled engine answers or refuses it, and reads within its bounds.

python campaigns/matching/fuzz.py [--files 900] [--seed 1]

The kernel is compiled without Python under the address and undefined-behaviour sanitizers. Files of an
invented register, and overlays of those who came and went, are damaged in up to 512 places each and searched
with damaged forms. As a control, a kernel that trusts what a file says of the end of a bucket is found out.
"""

from __future__ import annotations

import argparse
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "matching"))
sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from register import make_queries, make_register
from verdict import Verdict

from epiguard.matching import Query, ResidentIndex
from epiguard.matching._index import _reading
from epiguard.matching._reading import packed_reading
from epiguard.matching._table import people_of_table
from matching.sanitizers import KERNEL, missing, sanitized

DRIVER = Path(__file__).parent / "driver.c"
RESIDENTS, FORMS, ROUNDS = 150, 75, 12
#: A check of the kernel, and what stands in its place in the control.
CHECK = "*end = last < table->entries ? last : table->entries;"
TRUST = "*end = last;"


def main() -> int:
    """Fuzz, and end with 0 where nothing was read out of bounds and the control was found out."""
    options = argparse.ArgumentParser()
    options.add_argument("--files", type=int, default=900)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    print(f"{chosen.files} damaged files of {RESIDENTS} residents, from seed {chosen.seed} on", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        why = missing(Path(folder))
        if why is not None:
            print(why)
            return 2
        verdict = Verdict()
        program = compiled(Path(folder) / "kernel", KERNEL)
        start, seed, answered, refused, fault = time.monotonic(), chosen.seed, 0, 0, ""
        for seed in range(chosen.seed, chosen.seed - (-chosen.files // (FORMS * ROUNDS))):
            done = fuzzed(program, seed)
            if done.returncode or done.stderr:
                fault = f"; seed {seed} ended with {done.returncode}\n{done.stderr.decode(errors='replace')}"
                break
            counts = done.stdout.split()
            answered, refused = answered + int(counts[0]), refused + int(counts[1])
        took = time.monotonic() - start
        verdict.promise(
            "a damaged file is answered or refused",
            kept=not fault and answered > 0 and refused > 0,
            figures=f"{answered} answers, {refused} refusals, {took:.0f} s{fault}",
        )
        trusting = compiled(Path(folder) / "trusting", broken(Path(folder) / "source"))
        done = fuzzed(trusting, seed)
        found = b"AddressSanitizer" in done.stderr
        verdict.control("a kernel that trusts the file", found=found, figures=f"ended with {done.returncode}")
    return verdict.end()


def compiled(folder: Path, kernel: Path) -> Path:
    """The driver with a kernel."""
    folder.mkdir()
    names = sorted(each.name for each in kernel.glob("*.c") if not each.name.startswith("module"))
    return sanitized(folder, DRIVER.read_text(encoding="ascii"), names, kernel)


def broken(folder: Path) -> Path:
    """A copy of the kernel without one of its checks."""
    shutil.copytree(KERNEL, folder)
    source = folder / "index.c"
    text = source.read_text(encoding="utf-8")
    if text.count(CHECK) != 1:
        raise SystemExit(f"the check that the control leaves out is not in {source.name}: {CHECK}")
    source.write_text(text.replace(CHECK, TRUST), encoding="utf-8")
    return folder


def fuzzed(program: Path, seed: int) -> subprocess.CompletedProcess[bytes]:
    """Run the driver on a register, an overlay and forms of a seed."""
    register = make_register(RESIDENTS, seed)
    people = [person for person, _ in people_of_table(register.columns, {})]
    index = ResidentIndex.build(people)
    newcomers = make_register(40, seed + 1)
    newcomers.columns["person_id"] = [f"n{each}" for each in newcomers.columns["person_id"]]
    index.update(person for person, _ in people_of_table(newcomers.columns, {}))
    index.remove([people[5].id])
    image, overlay = bytes(index._opened.image), index._opened.overlay
    assert overlay is not None
    forms = [_reading(Query(**each.written)) for each in make_queries(register, FORMS, seed)]
    return _run(program, seed, image, overlay.packed, [packed_reading(form) for form in forms])


def _run(
    program: Path, seed: int, image: bytes, overlay: bytes, forms: Sequence[bytes]
) -> subprocess.CompletedProcess[bytes]:
    told = struct.pack("=3I", len(image), len(forms), len(overlay)) + image + overlay
    told += b"".join(struct.pack("=I", len(each)) + each for each in forms)
    return subprocess.run([program, str(seed), str(ROUNDS)], input=told, capture_output=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
