"""The table of traditional and variant forms."""

from __future__ import annotations

from collections import defaultdict

import unihan as source

# Old print forms that Unihan links to no standard character. Reviewed.
ALSO = {
    "靑": "青",
    "淸": "清",
    "駡": "骂",
    "晧": "皓",
    "啓": "启",
    "峯": "峰",
    "羣": "群",
    "裏": "里",
    "堦": "阶",
}


def build(unihan: dict[str, dict[str, str]]) -> str:
    """Make the table: standard characters, each with the other forms that are written for it.

    A standard character stands for itself, also where Unihan knows another one for it: 乾 and 於 and 昇 are
    names of their own. Any other becomes its kSimplifiedVariant; of several, the one that comes first in the
    national list (鍾 is 钟 and 锺). Without one it becomes the only standard character among its kZVariant
    and kSemanticVariant.
    """
    numbers = source.standard(unihan)
    last = len(numbers) + 1
    forms: defaultdict[str, list[str]] = defaultdict(list)
    others = {*unihan["kSimplifiedVariant"], *unihan["kZVariant"], *unihan["kSemanticVariant"], *ALSO}
    for character in sorted(others - set(numbers)):
        simple = source.characters(unihan["kSimplifiedVariant"].get(character, ""))
        simple = sorted(
            (each for each in simple if each != character), key=lambda each: (numbers.get(each, last), each)
        )
        also = {
            each
            for field in ("kZVariant", "kSemanticVariant")
            for each in source.characters(unihan[field].get(character, ""))
            if each in numbers
        }
        if character in ALSO:
            forms[ALSO[character]].append(character)
        elif simple:
            forms[simple[0]].append(character)
        elif len(also) == 1:
            forms[also.pop()].append(character)
    return "".join(f"{simple}\t{''.join(each)}\n" for simple, each in sorted(forms.items()))
