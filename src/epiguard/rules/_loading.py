"""Finding and checking rules: only what a policy names is imported, and nothing wrong goes unnoticed.

pluggy registers, validates and collects here, once per policy; no decision runs through its call loop.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import attrs
import pluggy

from epiguard.decisions import Restricts
from epiguard.errors import RuleLoadError, kind_of
from epiguard.rules._offers import Offers
from epiguard.rules._pins import Pin, check_admitted
from epiguard.rules._rule import Rule, catalogue_of, kebab, rule_name
from epiguard.rules.hookspecs import CONDITION, HOOKS_VERSION, PROJECT, Condition, RuleHooks
from epiguard.settings import build

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["RESERVED", "RuleClass", "collect_hooks", "condition_of", "find_rule", "make_rule"]

#: These belong to the policy's entry; no rule's setting may take the name.
RESERVED = ("id", "use", "since", "until", "applies_to", "source")
_HOOKS = tuple(name for name in vars(RuleHooks) if not name.startswith("_"))
#: Options of pluggy's own marker: in what order, around which others, or for which other hook it is called.
_NOT_PLAIN = ("hookwrapper", "wrapper", "tryfirst", "trylast", "specname")
_NOT_BY_POSITION = (
    inspect.Parameter.VAR_KEYWORD,
    inspect.Parameter.VAR_POSITIONAL,
    inspect.Parameter.KEYWORD_ONLY,
)


@attrs.frozen
class RuleClass:
    """A rule's class, the name it goes by, and the distribution it comes from."""

    name: str
    cls: type[Rule]
    distribution: str


def find_rule(
    use: str,
    where: str,
    given: Mapping[str, type[Rule]],
    plugins: Mapping[str, Pin] | None = None,
    offers: Offers | None = None,
) -> RuleClass:
    """Find the rule a policy names, import it and nothing else, and check its class.

    Args:
        use: The name in the site file.
        where: File and key, for messages.
        given: Rules passed directly, by name; they come before installed ones.
        plugins: The distributions that may offer rules; nothing means any that is installed.
        offers: What is installed; one for a whole policy, because looking it up takes long.

    Raises:
        RuleLoadError: If there is none, or two distributions offer one, or its distribution is not one
            that the site file admits, or it cannot be imported, or it is not a rule.
    """
    offers = offers if offers is not None else Offers()
    if use in given:
        return RuleClass(use, _checked(given[use], where, use, offers), "passed directly")
    offered = offers.rules
    found: list[EntryPoint] = [each for each in offered if each.name == use]
    if not found:
        known = sorted({*(each.name for each in offered), *given})
        close = difflib.get_close_matches(use, known, n=1)
        raise RuleLoadError(
            where,
            expected="the name of an installed rule",
            got=f"{use!r}, which no installed package offers",
            do=f"did you mean {close[0]!r}? If not, install the package that offers it"
            if close
            else "install the package that offers it",
        )
    if len({each.value for each in found}) > 1:
        names = sorted({each.dist.name for each in found if each.dist is not None})
        raise RuleLoadError(
            where,
            expected="one package that offers the rule",
            got=f"{use!r} offered by {' and '.join(names)}",
            do="uninstall one of them",
        )
    entry = found[0]
    check_admitted(entry, where, plugins)  # before anything of it is imported
    distribution = f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else "unknown"
    try:
        cls = entry.load()
    except Exception as error:
        raise RuleLoadError(
            where,
            expected=f"rule {use!r} of {distribution} to import",
            got=type(error).__name__,
            do=f"mend or reinstall {distribution}",
        ) from error
    return RuleClass(use, _checked(cls, where, use, offers), distribution)


def _checked(cls: object, where: str, use: str, offers: Offers) -> type[Rule]:
    rule = _rule_class(cls)
    if rule is None:
        raise RuleLoadError(
            where,
            expected=f"rule {use!r} to be an attrs class derived from epiguard.rules.Rule",
            got=kind_of(cls) if not isinstance(cls, type) else f"class {cls.__name__}",
            do="decorate it with @attrs.frozen and derive it from Rule",
        )
    _check_class(rule, where, use)
    # A setting goes by its alias, which for a private field is its name without the line before it.
    settings = (field.alias or field.name for field in attrs.fields(cast("Any", rule)) if field.init)
    taken = [each for each in settings if each in RESERVED]
    if taken:
        raise RuleLoadError(
            where,
            expected=f"settings of rule {use!r} other than {', '.join(RESERVED)}",
            got=f"a setting named {taken[0]!r}",
            do="rename the setting; those names belong to the policy's entry",
        )
    _check_hooks(rule, where, use)
    _check_table(rule, where, offers)
    return rule


def _check_class(rule: type[Rule], where: str, use: str) -> None:
    version: Any = rule.hooks_version
    if type(version) is not int or not 1 <= version <= HOOKS_VERSION:
        raise RuleLoadError(
            where,
            expected=f"rule {use!r} written for hooks of version {HOOKS_VERSION} or before",
            got=f"version {version}" if type(version) is int else kind_of(version),
            do="update epiguard" if type(version) is int and version > 0 else "write hooks_version = 1",
        )
    for name, kind, do in (
        ("restricts", Restricts, "write Restricts.MOVEMENT or Restricts.SAFETY"),
        ("source", str, "write the notice and its paragraph as text"),
    ):
        value = getattr(rule, name)
        if not isinstance(value, kind):
            expected = f"{name} of rule {use!r} to be {'text' if kind is str else 'a Restricts'}"
            raise RuleLoadError(where, expected=expected, got=kind_of(value), do=do)


def _check_table(rule: type[Rule], where: str, offers: Offers) -> None:
    """Read the catalogue now, so that no decision reads a file, and find a slip in the name of a table.

    A package may have tables for classes that it offers to nobody: only a near one is taken for a slip.
    """
    catalogue, name = catalogue_of(rule), rule_name(rule)
    if catalogue.keys(name):
        return
    near = difflib.get_close_matches(name, {table for table, *_ in catalogue}, n=100, cutoff=0.8)
    offered = {_table_of(each) for each in offers.rules} if near else set()
    close = [each for each in near if each not in offered]
    if close:
        raise RuleLoadError(
            f"{where}: {rule.__module__}: messages",
            expected=f"a table [{name}]",
            got=f"[{close[0]}], which is no rule's",
            do="name the table like the class, in kebab case",
        )


def _table_of(offered: EntryPoint) -> str:
    return kebab(offered.value.rpartition(":")[2])


def _rule_class(cls: object) -> type[Rule] | None:
    # Without settings there is nothing to decorate; undecorated settings would never be read.
    if not (isinstance(cls, type) and issubclass(cls, Rule)):
        return None
    settings = (each for each in inspect.get_annotations(cls).values() if "ClassVar" not in str(each))
    return cls if "__attrs_attrs__" in vars(cls) or not any(settings) else None


def _check_hooks(cls: type[Rule], where: str, use: str) -> None:
    marked = 0
    for name in _HOOKS:
        hook = inspect.getattr_static(cls, name, None)
        if hook is not None and not inspect.isfunction(hook):
            raise RuleLoadError(
                f"{where}: {cls.__name__}.{name}",
                expected="the hook to be a plain method",
                got=f"a {type(hook).__name__}",
                do="define it with def and self, and mark it with @hookimpl",
            )
    for name, function in inspect.getmembers(cls, inspect.isfunction):
        options = getattr(function, f"{PROJECT}_impl", None)
        if options is None:
            _refuse_a_slip(cls, name, where)
            if name in _HOOKS:
                raise RuleLoadError(
                    f"{where}: {cls.__name__}.{name}",
                    expected="the hook to be marked",
                    got="a method without @hookimpl",
                    do="put @hookimpl before it; an unmarked hook would never be called",
                )
            continue
        marked += 1
        _check_marked(cls, name, function, options, where)
    if not marked:
        raise RuleLoadError(
            where,
            expected=f"rule {use!r} to implement one of {', '.join(_HOOKS)}",
            got="a rule without hooks",
            do="implement a hook and mark it with @hookimpl",
        )


def _refuse_a_slip(cls: type[Rule], name: str, where: str) -> None:
    close = difflib.get_close_matches(name, _HOOKS, n=1, cutoff=0.8)
    if name not in _HOOKS and close and not name.startswith("_"):
        raise RuleLoadError(
            f"{where}: {cls.__name__}.{name}",
            expected="hooks of their exact names",
            got="a method that is almost one",
            do=f"did you mean {close[0]!r}? If not, put _ before the name",
        )


def _check_marked(
    cls: type[Rule], name: str, function: Callable[..., object], options: Mapping[str, Any], where: str
) -> None:
    place = f"{where}: {cls.__name__}.{name}"
    if name not in _HOOKS:
        close = difflib.get_close_matches(name, _HOOKS, n=1)
        raise RuleLoadError(
            place,
            expected="one of " + ", ".join(_HOOKS),
            got="a hook of another name",
            do=f"did you mean {close[0]!r}?" if close else "rename it, or remove @hookimpl",
        )
    if any(options.get(option) for option in _NOT_PLAIN):
        raise RuleLoadError(
            place,
            expected="a plain hook",
            got="a wrapper, an ordered hook or one under another name",
            do="mark it with epiguard.rules.hookimpl; the order of rules never matters",
        )
    condition = getattr(function, CONDITION, Condition())
    if condition != Condition() and name != "review_crossing":
        raise RuleLoadError(
            place,
            expected="a direction, a traffic or roles with review_crossing only",
            got=f"one with {name}",
            do="mark it with @hookimpl alone",
        )
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise RuleLoadError(
            place,
            expected="a hook that returns its answer",
            got="an async one",
            do="define it with def; a rule has nothing to wait for",
        )
    allowed = tuple(inspect.signature(getattr(RuleHooks, name)).parameters)[1:]
    taken = tuple(inspect.signature(function).parameters.values())
    if not taken or taken[0].name in allowed:
        raise RuleLoadError(
            place,
            expected="self before the hook's arguments",
            got=f"{taken[0].name} in its place" if taken else "no argument",
            do="write self first; the rule would be given where the argument stands",
        )
    for argument in taken[1:]:
        if argument.kind in _NOT_BY_POSITION or argument.name not in allowed:
            raise RuleLoadError(
                f"{place}({argument.name})",
                expected="only arguments among " + ", ".join(allowed),
                got="one that is given by keyword only" if argument.name in allowed else "another argument",
                do="remove the star before it"
                if argument.name in allowed
                else "remove it; take what you need from the situation",
            )
        if argument.default is not argument.empty:
            raise RuleLoadError(
                f"{place}({argument.name})",
                expected="an argument without a default",
                got="one with a default",
                do="remove the default; such an argument would silently never be passed",
            )


def condition_of(cls: type[Rule]) -> Condition:
    """Which crossings a rule's ``review_crossing`` is asked about."""
    found: Condition = getattr(getattr(cls, "review_crossing", None), CONDITION, Condition())
    return found


def make_rule(found: RuleClass, settings: Mapping[str, Any], where: str) -> Rule:
    """Make a rule from its settings.

    Raises:
        PolicyError: If a setting is unknown, missing, or of another type or unit.
    """
    return build(found.cls, settings, where)


def collect_hooks(rules: Sequence[tuple[str, Rule]]) -> dict[str, dict[str, Callable[..., object]]]:
    """Register rules with pluggy and collect their hooks.

    Args:
        rules: Unique entry id and rule.

    Returns:
        Hook name to entry id to a function that takes the hook's full arguments by position.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(RuleHooks)
    holders = {}
    for entry, rule in rules:
        # Two entries may hold equal rules, which pluggy would take for one plug-in: each gets a holder.
        holders[entry] = _Holder(rule)
        manager.register(holders[entry], name=entry)
    manager.check_pending()
    collected: dict[str, dict[str, Callable[..., object]]] = {}
    for name in _HOOKS:
        allowed = tuple(inspect.signature(getattr(RuleHooks, name)).parameters)[1:]
        caller = getattr(manager.hook, name)
        collected[name] = {
            each.plugin_name: _positional(each.function, each.argnames, allowed)
            for each in caller.get_hookimpls()
        }
    return collected


class _Holder:
    """Stands for one entry's rule in pluggy, which goes by identity and hash."""

    def __init__(self, rule: Rule) -> None:
        for name in _HOOKS:
            method = getattr(rule, name, None)
            if method is not None:
                setattr(self, name, method)


def _positional(
    function: Callable[..., object], taken: Sequence[str], allowed: Sequence[str]
) -> Callable[..., object]:
    first, second = allowed
    by_taken: dict[tuple[str, ...], Callable[..., object]] = {
        (first, second): function,
        (second, first): lambda one, two: function(two, one),
        (first,): lambda one, _: function(one),
        (second,): lambda _, two: function(two),
        (): lambda _, __: function(),
    }
    return by_taken[tuple(taken)]
