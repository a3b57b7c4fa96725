"""One normaliser for all peers: what anybody would do before putting a register into a search engine."""

from __future__ import annotations

import re
import unicodedata

from register.names import READINGS, TRADITIONAL, toneless

_SIMPLE = str.maketrans({other: one for one, other in TRADITIONAL.items()})
_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")
_NOT_DIGITS = re.compile(r"[^0-9?]")
_TEN = re.compile(r"([2-9])?十([1-9])?")
_DOOR = re.compile(
    r"(?P<estate>\D*)(?P<building>\d+)(?:号楼|[栋幢座楼]|-)(?:(?P<unit>\d+)(?:单元|-))?(?P<room>\d+)室?"
)
_PLATE = str.maketrans("OQIBDLZS", "00180125")
_TONES = {chr(point) for point in range(0x300, 0x370)}


def name(text: str) -> str:
    """A name: simplified, without spaces; pinyin in small letters without tones."""
    return "".join(_plain(text).translate(_SIMPLE).split())


def pinyin(text: str) -> str:
    """The toneless pinyin of a name, without spaces."""
    return "".join(toneless(READINGS.get(each, each)) for each in name(text))


def phone(text: str) -> str:
    """Digits, with ? for what cannot be read."""
    return _NOT_DIGITS.sub("", re.sub(r"[*_]", "?", _plain(text).removeprefix("+86")))


def resident_id(text: str) -> str:
    """Digits and X, with ? for what cannot be read."""
    return re.sub(r"[^0-9x?]", "", re.sub(r"[*_]", "?", _plain(text)))


def residence(text: str) -> str:
    """``estate|building-unit-room``."""
    folded = _plain(text)
    folded = _TEN.sub(lambda found: (found[1] or "1") + (found[2] or "0"), folded.translate(_DIGITS))
    found = _DOOR.fullmatch(folded)
    if not found:
        return folded
    return f"{found['estate']}|{found['building']}-{found['unit'] or ''}-{found['room']}"


def plate(text: str) -> str:
    """Capitals without a dot, with characters that look alike made one."""
    return re.sub(r"[·\s]", "", _plain(text).upper()).translate(_PLATE)


def birth_date(text: str) -> str:
    """Eight digits, or what there is."""
    runs = re.findall(r"\d+", _plain(text))
    return "".join(each.zfill(2) for each in runs)


def sex(text: str) -> str:
    """M or F."""
    return {"男": "M", "女": "F"}.get(text, text)


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).strip())
    if any(each in _TONES for each in apart):
        text = "".join(each for each in apart.replace("u\u0308", "v") if each not in _TONES)
    return unicodedata.normalize("NFKC", text).strip().lower()


FIELDS = {
    "name": name,
    "sex": sex,
    "birth_date": birth_date,
    "resident_id": resident_id,
    "phone": phone,
    "residence": residence,
    "plate": plate,
}


def normal(written: dict[str, str]) -> dict[str, str]:
    """Normalise what there is; a name also as pinyin."""
    made = {field: FIELDS[field](text) for field, text in written.items() if text}
    if "name" in made:
        made["pinyin"] = pinyin(written["name"])
    return made
