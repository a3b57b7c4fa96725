"""Elm Lane (榆树里): a small site whose files a test writes line by line; everybody in it is invented."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

from epiguard import Ledger, Policy
from epiguard.day import DayResult, run_day

__all__ = ["DOORS", "FORMS", "GATE", "REGISTER", "SITE", "Files", "ledger", "put", "run"]

SITE = """
[site]
id = "elm-lane"
name = "榆树里"
zone = "Asia/Shanghai"
region = "310112"
compounds = ["榆树里"]
checkpoints = [{ id = "north", name = "北门" }]
doors = { door-1 = "1号楼" }

[[quarantine]]
days = 14

[[rules]]
use = "admit-kinds"

[[rules]]
use = "registration-required"

[[rules]]
use = "temperature"

[[rules]]
use = "one-exit-per-day"

[[rules]]
use = "quarantine-stays-in"

[[rules]]
use = "home-observation-contacts"

[intake]
residents = { file = "residents.csv", encoding = "utf-8" }
paper_forms = { file = "paper*.csv", encoding = "utf-8" }
gate_log = { file = "gate*.csv", encoding = "utf-8" }
door_log = { file = "doors*.csv", encoding = "utf-8" }
"""

REGISTER = [
    "人员编号,姓名,手机号码,住址,房东姓名,房东电话",
    "p-1,王小明,13800138001,1号楼101室,赵房东,13900139009",
    "p-2,李静雯,13800138002,1号楼102室,,",
    "p-3,陈大伟,13800138003,1号楼201室,,",
    "p-4,周文慧,,1号楼202室,,",
    "p-5,周文惠,,1号楼202室,,",
    # Neighbours: among a handful of residents everybody would be a likely one.
    *(
        f"q-{number},{surname}{given},139{number:08d},{building}号楼{floor}0{number % 4 + 1}室,,"
        for number, (surname, given, building, floor) in enumerate(
            itertools.product("赵钱吴郑冯褚卫蒋沈韩", ("安然", "博文", "春生"), (3, 4), (1, 2))
        )
    ),
]
FORMS = "编号,登记时间,姓名,手机号,住址,从何处返沪,离开日期,抵沪日期"
GATE = "流水号,时间,卡口,方向,类别,人员编号,体温,外省返程,返程地,抵沪日期,已登记,放行"
DOORS = "流水号,时间,门禁点,方向,人员编号,结果"
Files = Mapping[str, Sequence[str]]


def put(folder: Path, files: Files, site: str = SITE) -> Path:
    """Write the files of a day; a part that is not given is there without a row."""
    folder.mkdir(exist_ok=True, parents=True)
    (folder / "site.toml").write_text(site, encoding="utf-8")
    empty: Files = {"residents.csv": REGISTER, "paper.csv": [FORMS], "gate.csv": [GATE], "doors.csv": [DOORS]}
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, lines in empty.items():
        if name not in files and not (folder / name).exists():
            (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def run(base: Path, **files: Sequence[str]) -> DayResult:
    """Put files (``paper=[...]`` without headings) into the folder and run it."""
    heads = {"paper": FORMS, "gate": GATE, "doors": DOORS}
    put(base / "files", {f"{name}.csv": [heads[name], *lines] for name, lines in files.items()})
    return run_day(base / "files", base / "out")


def ledger(base: Path) -> Ledger:
    """The ledger that the runs wrote."""
    return Ledger.open(base / "out" / "ledger.db", policy=Policy.load(base / "files" / "site.toml"))
