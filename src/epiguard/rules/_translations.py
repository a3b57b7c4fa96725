"""Other words for what rules say: catalogues of installed packages that a site file names."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

import attrs

from epiguard.errors import RuleLoadError
from epiguard.messages import Catalogue, Template
from epiguard.rules._catalogues import FOLDER, read_catalogue
from epiguard.rules._offers import Offers
from epiguard.rules._pins import Pin, check_admitted
from epiguard.rules._rule import Rule, tables

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["Translations", "find_translations", "tables_of"]


@attrs.frozen
class Translations:
    """The catalogues that a site file names, as one, and which they are."""

    catalogue: Catalogue
    names: tuple[str, ...]


def tables_of(
    rules: Iterable[type[Rule]], own: Iterable[str], words: Catalogue, where: str
) -> dict[str, Catalogue]:
    """The tables that may be reworded, each with the catalogue it is of.

    Args:
        rules: The classes of a policy's rules.
        own: The names of the library's own tables.
        words: The catalogue they are of.
        where: File and key, for messages.

    Raises:
        RuleLoadError: If two have one name: nobody could say whose words are meant.
    """
    known = dict.fromkeys(own, words)
    for cls in rules:
        for name, catalogue in tables(cls):
            if known.setdefault(name, catalogue) is not catalogue:
                raise RuleLoadError(
                    where,
                    expected="rules whose texts stand in tables of different names",
                    got=f"two tables [{name}] in different packages",
                    do="rename one of the two classes and its table",
                )
    return known


def find_translations(
    names: Sequence[str], where: str, known: Mapping[str, Catalogue], plugins: Mapping[str, Pin] | None
) -> Translations:
    """Find the catalogues a site file names, and check them against what they reword.

    Args:
        names: Of entry points; where two have the same entry, the later one counts.
        where: File and key, for messages.
        known: Table to the catalogue it is of: a rule that is loaded, or what the library itself says.
            Tables for others, such as the rules of other sites, are passed over.
        plugins: The distributions that may be loaded; nothing means any.

    Raises:
        RuleLoadError: If one is not installed or not admitted, or has an entry or a placeholder that is
            not known.
    """
    templates: defaultdict[str, defaultdict[str, dict[str, Template]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    used = []
    for name in names:
        entry = _entry_point(name, where)
        check_admitted(entry, where, plugins)
        try:
            folder = files(entry.value).joinpath(FOLDER)
        except (ImportError, TypeError) as error:
            raise RuleLoadError(
                where,
                expected=f"messages {name!r} in a package that can be found",
                got="none that can be imported",
                do="reinstall it",
            ) from error
        if not folder.is_dir():
            raise RuleLoadError(
                where,
                expected=f"a folder {FOLDER} in the package {entry.value}",
                got="none",
                do="put the catalogue's files there and into the package's data",
            )
        for rule, key, language, template in read_catalogue(folder, entry.value):
            if rule in known:
                _check(rule, key, template, known[rule], f"{entry.value}: {FOLDER}/{language}.toml")
                templates[rule][key][language] = template
        used.append(f"{name} {entry.dist.name} {entry.dist.version}" if entry.dist is not None else name)
    return Translations(Catalogue(templates), tuple(used))


def _entry_point(name: str, where: str) -> EntryPoint:
    offered = Offers().messages
    found = next((each for each in offered if each.name == name), None)
    if found is None:
        close = difflib.get_close_matches(name, [each.name for each in offered], n=1)
        raise RuleLoadError(
            where,
            expected="the names of installed messages",
            got=f"{name!r}, which no installed package offers",
            do=f"did you mean {close[0]!r}?" if close else "install the package that offers it",
        )
    return found


def _check(rule: str, key: str, template: Template, own: Catalogue, where: str) -> None:
    mine = own.find(rule, key)
    if not mine:
        close = difflib.get_close_matches(key, sorted(own.keys(rule)), n=1)
        raise RuleLoadError(
            f"{where}: {rule}.{key}",
            expected=f"an entry that {rule!r} has",
            got="another one",
            do=f"did you mean {close[0]!r}?" if close else "remove it",
        )
    unknown = template.fields - frozenset().union(*(each.fields for each in mine.values()))
    if unknown:
        raise RuleLoadError(
            f"{where}: {rule}.{key}",
            expected="placeholders that the rule fills",
            got=", ".join(sorted(unknown)),
            do="use those of the rule's own text",
        )
