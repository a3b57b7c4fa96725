"""The class rules derive from, and the verdicts they return."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import attrs

from epiguard.decisions import Claim, Effect, Restricts, Verdict, changed
from epiguard.duties import Alert, Duty
from epiguard.fields import as_instances
from epiguard.messages import Catalogue, Message, Value
from epiguard.rules._catalogues import catalogue_beside
from epiguard.situation import Situation, Standing

#: By code, with whatever else tells them apart, and by the traveller's index.
_Constants = dict[Any, dict[int | None, Verdict]]

__all__ = [
    "Rule",
    "allow",
    "as_made",
    "catalogue_of",
    "deny",
    "each_traveller",
    "forget",
    "hold",
    "kebab",
    "no_objection",
    "rule_name",
    "tables",
]


def rule_name(cls: type[Rule]) -> str:
    """The name a rule's class stands for: in kebab case, ``NightCurfew`` is ``night-curfew``."""
    return kebab(cls.__name__)


@cache
def kebab(name: str) -> str:
    """A class's name in kebab case."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def catalogue_of(cls: type[Rule]) -> Catalogue:
    """The catalogue a rule takes its texts from.

    Raises:
        RuleLoadError: If a file of it is not right.
    """
    return catalogue_beside(cls.__module__)


def tables(cls: type[Rule]) -> Iterator[tuple[str, Catalogue]]:
    """Where a rule finds its texts: its own table, then those of the rules it derives from."""
    for each in cls.__mro__:
        if issubclass(each, Rule) and each is not Rule:
            yield rule_name(each), catalogue_of(each)


@attrs.frozen
class Rule:
    """A rule: an attrs class whose fields are its settings and whose hooks are marked ``hookimpl``.

    What it says comes from the catalogue beside its module: the table named like the rule in
    ``messages/zh.toml``, ``messages/en.toml`` and whatever other languages there are. What that has no entry
    for is said as the rule says it that this one derives from. A rule that is tried out says it in place
    instead, with the functions of the same names: ``deny("curfew", en="...")``.

    Class attributes:
        source: The notice and paragraph the rule comes from; a site file may name another.
        restricts: Movement (the default) or safety; leave waives only movement.
        hooks_version: The version of the hooks the rule was written for.
    """

    source: ClassVar[str] = ""
    restricts: ClassVar[Restricts] = Restricts.MOVEMENT
    hooks_version: ClassVar[int] = 1

    if TYPE_CHECKING:
        # What rules of the class said without values, to be said again as it is: for each of the four kinds
        # by code (with what lifts it, and the entry, where there are such) and by the traveller's index.
        __granted: ClassVar[_Constants]
        __unopposed: ClassVar[_Constants]
        __held: ClassVar[_Constants]
        __denied: ClassVar[_Constants]

    def __init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401 - the signature of object
        super().__init_subclass__(**options)
        cls.__granted, cls.__unopposed, cls.__held, cls.__denied = {}, {}, {}, {}

    def words(self, key: str, /, **values: Value) -> Message:
        """Texts of this rule's catalogue, for a duty or an alert.

        Args:
            key: The entry of the rule's table; ours are called ``duty-KIND`` and ``alert-KIND``, and
                ``CODE-VARIANT`` where a verdict's code is said in several ways.
            values: What fills its placeholders; never anything personal.

        Raises:
            InvalidValueError: If a placeholder has no value.
        """
        table, catalogue = _table_with(type(self), key)  # type: ignore[arg-type]  # every class hashes
        return catalogue.words(table, key, values)

    def boundaries(self) -> Mapping[str, Iterable[object]]:
        """Values that a check of the policy should try, beyond those that it finds in the settings.

        Returns:
            Factor to values: ``purpose`` texts, ``counts`` tables of counts, ``facts`` lists of facts about
            the traveller ``p-1``, and any other factor that ``epiguard.policy.checking`` lists.
        """
        return {}

    def allow(  # noqa: PLR0913 - every one is a part of a verdict
        self,
        code: str,
        /,
        *,
        about: Standing | None = None,
        entry: str | None = None,
        claims: Iterable[Claim] = (),
        duties: Iterable[Duty] = (),
        alerts: Iterable[Alert] = (),
        **values: Value,
    ) -> Verdict:
        """Say that the crossing may pass in principle, in the words of the catalogue.

        Args:
            code: What it is, in kebab case; also the entry of the rule's table.
            about: The traveller it is about; nothing means the whole party.
            entry: Another entry of the table, where one code is said in several ways.
            claims: What is used up if the crossing is allowed.
            duties: What must be done if the crossing is allowed.
            alerts: What must be looked at, whether or not it is allowed.
            values: What fills the placeholders; never anything personal.
        """
        if not (entry or values or claims or duties or alerts):
            try:
                return self.__granted[code][about.index if about is not None else None]
            except KeyError:  # said for the first time
                pass
        made = _said(_GRANTS, self, code, about, None, entry, values)
        return _with(made, claims, duties, alerts) if claims or duties or alerts else made

    def no_objection(  # noqa: PLR0913 - every one is a part of a verdict
        self,
        code: str,
        /,
        *,
        about: Standing | None = None,
        entry: str | None = None,
        claims: Iterable[Claim] = (),
        duties: Iterable[Duty] = (),
        alerts: Iterable[Alert] = (),
        **values: Value,
    ) -> Verdict:
        """Say that this rule does not stand in the way; arguments as of :meth:`allow`."""
        if not (entry or values or claims or duties or alerts):
            try:
                return self.__unopposed[code][about.index if about is not None else None]
            except KeyError:  # said for the first time
                pass
        made = _said(_NO_OBJECTIONS, self, code, about, None, entry, values)
        return _with(made, claims, duties, alerts) if claims or duties or alerts else made

    def hold(  # noqa: PLR0913 - every one is a part of a verdict
        self,
        code: str,
        /,
        *,
        lifted_by: str,
        about: Standing | None = None,
        entry: str | None = None,
        duties: Iterable[Duty] = (),
        alerts: Iterable[Alert] = (),
        **values: Value,
    ) -> Verdict:
        """Say that nothing may say yes yet.

        Args:
            code: What it is, in kebab case; also the entry of the rule's table.
            lifted_by: What would lift it, in kebab case, such as ``"measure-temperature"``.
            about: The traveller it is about.
            entry: Another entry of the table, where one code is said in several ways.
            duties: What must be done now.
            alerts: What must be looked at.
            values: What fills the placeholders; never anything personal.
        """
        if not (entry or values or duties or alerts):
            try:
                return self.__held[code, lifted_by][about.index if about is not None else None]
            except KeyError:  # said for the first time
                pass
        made = _said(_HOLDS, self, code, about, lifted_by, entry, values)
        return _with(made, (), duties, alerts) if duties or alerts else made

    def deny(
        self,
        code: str,
        /,
        *,
        about: Standing | None = None,
        entry: str | None = None,
        duties: Iterable[Duty] = (),
        alerts: Iterable[Alert] = (),
        **values: Value,
    ) -> Verdict:
        """Say no; arguments as of :meth:`hold`."""
        if not (entry or values or duties or alerts):
            try:
                return self.__denied[code][about.index if about is not None else None]
            except KeyError:  # said for the first time
                pass
        made = _said(_DENIALS, self, code, about, None, entry, values)
        return _with(made, (), duties, alerts) if duties or alerts else made


@cache
def _table_with(cls: type[Rule], key: str) -> tuple[str, Catalogue]:
    own = (rule_name(cls), catalogue_of(cls))
    return next(((name, each) for name, each in tables(cls) if each.find(name, key)), own)


class _Kind(NamedTuple):
    """One of the four things a rule can say, and where its class keeps what it said."""

    effect: Effect
    constants: Callable[[Rule], _Constants]
    grants: bool = False


_GRANTS = _Kind(Effect.ALLOW, attrgetter("_Rule__granted"), grants=True)
_NO_OBJECTIONS = _Kind(Effect.ALLOW, attrgetter("_Rule__unopposed"))
_HOLDS = _Kind(Effect.HOLD, attrgetter("_Rule__held"))
_DENIALS = _Kind(Effect.DENY, attrgetter("_Rule__denied"))


class _Kept(NamedTuple):
    """A verdict that is said again as it is, a copy that nobody was given, and where it is kept."""

    verdict: Verdict
    copy: Verdict
    place: dict[int | None, Verdict]


#: All of them by identity; they live as long as the process.
_KEPT: dict[int, _Kept] = {}
#: More than all rules of a site say of the largest party; beyond it somebody makes up codes.
_MOST_KEPT = 10_000


def _said(  # noqa: PLR0913, PLR0917 - the parts of a verdict
    kind: _Kind,
    rule: Rule,
    code: str,
    about: Standing | None,
    lifted_by: str | None,
    entry: str | None,
    values: Mapping[str, Value],
) -> Verdict:
    index = about.index if about is not None else None
    key: Any = code if lifted_by is None else (code, lifted_by)
    key = (key, entry) if entry else key
    constants = kind.constants(rule)
    if not values and key in constants and index in constants[key]:
        return constants[key][index]
    texts = rule.words(entry or code, **values)
    made = _verdict(kind.effect, code, texts, index, kind.grants, lifted_by)
    # A rule that words itself may word it otherwise with other settings.
    own = type(rule).words is not Rule.words
    if not values and not own and len(_KEPT) < _MOST_KEPT:
        place = constants.setdefault(key, {})
        place[index] = made
        _KEPT[id(made)] = _Kept(made, changed(made), place)
    return made


def each_traveller(
    situation: Situation, answer: Callable[..., Verdict | None], *arguments: object
) -> Verdict | list[Verdict] | None:
    """What a rule says of each traveller that its entry applies to.

    Most parties are one person, for whom no list is made.

    Args:
        situation: Whose standings are gone through.
        answer: A method of the rule: takes a standing and the arguments, gives a verdict or nothing.
        arguments: What else it is given.
    """
    standings = situation.standings
    if len(standings) == 1:
        return answer(standings[0], *arguments)
    answers = (answer(each, *arguments) for each in standings)
    return [each for each in answers if each is not None]


def as_made(verdict: Verdict) -> Verdict | None:
    """How a verdict was made that a rule said without values: every saying gives the very same object.

    Nothing for any other verdict. It equals the verdict, unless a rule has got round its being frozen.
    """
    kept = _KEPT.get(id(verdict))
    return kept.copy if kept is not None else None


def forget(verdict: Verdict) -> None:
    """Give this very object to no rule any more."""
    kept = _KEPT.pop(id(verdict), None)
    place = kept.place if kept is not None else {}
    for index in [index for index, each in place.items() if each is verdict]:
        del place[index]


def _with(
    verdict: Verdict, claims: Iterable[Claim], duties: Iterable[Duty], alerts: Iterable[Alert]
) -> Verdict:
    changes: dict[str, Any] = {}
    if claims:
        changes["claims"] = as_instances(Claim, claims, "Verdict.claims")
    if duties:
        changes["duties"] = as_instances(Duty, duties, "Verdict.duties")
    if alerts:
        changes["alerts"] = as_instances(Alert, alerts, "Verdict.alerts")
    return changed(verdict, changes)


def _verdict(  # noqa: PLR0913, PLR0917 - every one is a part of a verdict
    effect: Effect,
    code: str,
    texts: Mapping[str, str],
    index: int | None,
    grants: bool,  # noqa: FBT001 - the last but one part of a verdict
    lifted_by: str | None = None,
    *,
    claims: Iterable[Claim] = (),
    duties: Iterable[Duty] = (),
    alerts: Iterable[Alert] = (),
) -> Verdict:
    return Verdict(
        effect=effect,
        code=code,
        texts=texts,
        traveller=index,
        grants=grants,
        lifted_by=lifted_by,
        claims=tuple(claims),
        duties=tuple(duties),
        alerts=tuple(alerts),
    )


def allow(  # noqa: PLR0913 - every one is a part of a verdict
    code: str,
    *,
    zh: str = "",
    en: str = "",
    about: Standing | None = None,
    claims: Iterable[Claim] = (),
    duties: Iterable[Duty] = (),
    alerts: Iterable[Alert] = (),
) -> Verdict:
    """Say that the crossing may pass in principle.

    Args:
        code: What it is, in kebab case.
        zh: Chinese text; where it is missing the English one is shown.
        en: English text; where it is missing the Chinese one is shown.
        about: The traveller it is about; nothing means the whole party.
        claims: What is used up if the crossing is allowed.
        duties: What must be done if the crossing is allowed.
        alerts: What must be looked at, whether or not it is allowed.
    """
    return _verdict(
        Effect.ALLOW,
        code,
        {"zh": zh, "en": en},
        _index(about),
        True,
        claims=claims,
        duties=duties,
        alerts=alerts,
    )


def no_objection(  # noqa: PLR0913 - every one is a part of a verdict
    code: str,
    *,
    zh: str = "",
    en: str = "",
    about: Standing | None = None,
    claims: Iterable[Claim] = (),
    duties: Iterable[Duty] = (),
    alerts: Iterable[Alert] = (),
) -> Verdict:
    """Say that this rule does not stand in the way, without allowing anything by itself.

    It is how a restricting rule attaches claims, duties or alerts to a crossing that others allow.
    Arguments as of :func:`allow`.
    """
    texts = {"zh": zh, "en": en}
    return _verdict(
        Effect.ALLOW, code, texts, _index(about), False, claims=claims, duties=duties, alerts=alerts
    )


def hold(  # noqa: PLR0913 - every one is a part of a verdict
    code: str,
    *,
    lifted_by: str,
    zh: str = "",
    en: str = "",
    about: Standing | None = None,
    duties: Iterable[Duty] = (),
    alerts: Iterable[Alert] = (),
) -> Verdict:
    """Say that nothing may say yes yet.

    Args:
        code: What it is, in kebab case.
        lifted_by: What would lift it, in kebab case, such as ``"measure-temperature"``.
        zh: Chinese text.
        en: English text.
        about: The traveller it is about.
        duties: What must be done now.
        alerts: What must be looked at.
    """
    texts = {"zh": zh, "en": en}
    return _verdict(Effect.HOLD, code, texts, _index(about), False, lifted_by, duties=duties, alerts=alerts)


def deny(  # noqa: PLR0913 - every one is a part of a verdict
    code: str,
    *,
    zh: str = "",
    en: str = "",
    about: Standing | None = None,
    duties: Iterable[Duty] = (),
    alerts: Iterable[Alert] = (),
) -> Verdict:
    """Say no. Arguments as of :func:`hold`."""
    texts = {"zh": zh, "en": en}
    return _verdict(Effect.DENY, code, texts, _index(about), False, duties=duties, alerts=alerts)


def _index(about: Standing | None) -> int | None:
    return about.index if about is not None else None
