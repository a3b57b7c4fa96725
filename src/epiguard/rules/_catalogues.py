"""Where a rule's texts come from: ``messages/LANGUAGE.toml`` beside its module."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from epiguard.errors import InvalidValueError, RuleLoadError, kind_of, refusal_of
from epiguard.messages import Catalogue, Template

__all__ = ["FOLDER", "catalogue_beside", "read_catalogue"]

FOLDER = "messages"


@cache
def catalogue_beside(module: str) -> Catalogue:
    """The catalogue of the package that a module belongs to; an empty one where it has none.

    Args:
        module: The module's full name; ``epiguard.rules.lanes`` has its texts in ``epiguard/rules/messages``.

    Raises:
        RuleLoadError: If a file of the catalogue is not right.
    """
    package = module.rpartition(".")[0] or module
    for name in dict.fromkeys((module, package)):
        module_found = sys.modules.get(name)
        if module_found is not None and module_found.__spec__ is None:
            continue  # a script, or typed in: nothing is beside it
        try:
            folder = files(name).joinpath(FOLDER)
            found = folder.is_dir()
        except (ImportError, TypeError, ValueError, OSError):  # no package, or one that is on no disk
            continue
        if found:
            return read_catalogue(folder, name)
    return Catalogue({})


def read_catalogue(folder: Traversable, package: str) -> Catalogue:
    """Read every ``LANGUAGE.toml`` of a folder.

    Args:
        folder: Of a package.
        package: Its name, for messages.

    Raises:
        RuleLoadError: If a file is no TOML, or holds anything but tables of texts, or an entry has other
            placeholders in one language than in another.
    """
    templates: defaultdict[str, defaultdict[str, dict[str, Template]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    # Chinese first: where a language is missing, the first one stands instead.
    for file in sorted(folder.iterdir(), key=lambda each: (each.name != "zh.toml", each.name)):
        language, _, ending = file.name.rpartition(".")
        if ending != "toml":
            continue
        where = f"{package}: {FOLDER}/{file.name}"
        for rule, table in _parse(file, where).items():
            if not isinstance(table, Mapping):
                raise RuleLoadError(
                    f"{where}: {rule}",
                    expected="a table of texts, named like the rule",
                    got=kind_of(table),
                )
            for key, text in table.items():
                templates[rule][key][language] = _template(text, f"{where}: {rule}.{key}")
                _check_placeholders(templates[rule][key], language, f"{where}: {rule}.{key}")
    return Catalogue(templates)


def _check_placeholders(templates: Mapping[str, Template], language: str, where: str) -> None:
    # A rule fills them for all languages at once: one that only one of them has would fail at the gate.
    first, mine = next(iter(templates.items())), templates[language]
    if mine.fields != first[1].fields:
        raise RuleLoadError(
            where,
            expected=f"the placeholders of {first[0]}.toml: {', '.join(sorted(first[1].fields)) or 'none'}",
            got=", ".join(sorted(mine.fields)) or "none",
            do="use the same ones in every language",
        )


def _parse(file: Traversable, where: str) -> Mapping[str, Any]:
    import tomllib  # noqa: PLC0415 - nothing is read before a policy names a rule

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        got = refusal_of(error)
    except UnicodeDecodeError as error:
        got = f"bytes in line {error.object[: error.start].count(10) + 1} that are not UTF-8"
    except tomllib.TOMLDecodeError as error:
        got = str(error)
    raise RuleLoadError(where, expected="TOML in UTF-8", got=got, do="correct the file")


def _template(text: object, where: str) -> Template:
    try:
        return Template.of(text, where)  # type: ignore[arg-type]  # it checks what TOML gave
    except InvalidValueError as error:
        raise RuleLoadError(error.where, expected=error.expected, got=error.got, do=error.do) from None
