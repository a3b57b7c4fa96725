"""A site's dated rules: loaded once, then pure."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import attrs

from epiguard.crossings import Crossing, Role
from epiguard.days import to_utc
from epiguard.decisions import Decision, Effect, Override, PassDecision, changed, fill, unfilled
from epiguard.errors import InvalidValueError, PolicyError, RuleLoadError, kind_of
from epiguard.facts import Fact
from epiguard.passes import PassApplication
from epiguard.places import Direction, Site
from epiguard.plain import unstructure
from epiguard.policy._combine import (
    Answer,
    claim_taken,
    combine,
    combine_for_pass,
    decision_fields,
    waive,
)
from epiguard.policy._consequences import Place, alerts_raised, duties_owed
from epiguard.policy._dispatch import (
    Dispatcher,
    FollowUp,
    LoadedRule,
    follow_up,
    review_pass,
    source_of,
)
from epiguard.policy._replay import Replay, Tally, replayed
from epiguard.policy._site_file import Entry, QuarantineOrder, SiteFile, read_site_file
from epiguard.policy._words import TABLES, own_words
from epiguard.quarantine import Anchor, Exposure, QuarantinePeriod
from epiguard.rules import Rule
from epiguard.rules._loading import RuleClass, collect_hooks, condition_of, find_rule, make_rule
from epiguard.rules._offers import Offers
from epiguard.rules._pins import check_pinned
from epiguard.rules._rule import rule_name
from epiguard.rules._translations import Translations, find_translations, tables_of
from epiguard.situation import Situation

if TYPE_CHECKING:
    from epiguard.policy._explain import Explanation
    from epiguard.policy.checking import Check, CheckRecord, Difference, Policed

__all__ = ["Policy", "ShadowedPolicy"]

_IN, _VISITOR = Direction.IN, Role.VISITOR


class Policy:
    """The rules of one site: decides crossings and says what follows from facts, from its arguments alone.

    Make one with :meth:`load` or :meth:`loads`.
    """

    def __init__(self, file: SiteFile, given: Sequence[type[Rule]] = ()) -> None:
        by_name = _by_name(given)
        if file.plugins:
            check_pinned(file.plugins, f"{file.name}: plugins")
        entries = [*file.entries, *_unnamed(file.entries, by_name)]
        made: list[tuple[Entry, Rule, RuleClass]] = []
        offers = Offers()
        for entry in entries:
            found = find_rule(entry.use, f"{entry.where}.use", by_name, file.plugins, offers)
            made.append((entry, make_rule(found, entry.settings, entry.where), found))
        self._set_up(file, made)

    def _set_up(self, file: SiteFile, made: Sequence[tuple[Entry, Rule, RuleClass]]) -> None:
        self._file = file
        translations = _translations(file, [type(rule) for _, rule, _ in made]) if file.messages else None
        hooks = collect_hooks([(entry.id, rule) for entry, rule, _ in made])
        self._rules = tuple(
            LoadedRule(
                entry=entry,
                rule=rule,
                source=source_of(entry, rule, found.distribution),
                words=translations.catalogue if translations is not None else None,
                condition=condition_of(type(rule)),
                review=hooks["review_crossing"].get(entry.id),
                follow=hooks["follow_up"].get(entry.id),
                passes=hooks["review_pass"].get(entry.id),
                delivers=hooks["deliver"].get(entry.id),
            )
            for entry, rule, found in made
        )
        self._zone = file.site.zone
        self._checkpoints = frozenset(each.id for each in file.site.checkpoints)
        # Two rules may owe one duty: which of the two stands must not depend on their order in the file.
        self._followers = tuple(
            sorted((each for each in self._rules if each.follow is not None), key=lambda each: each.entry.id)
        )
        self._version = self._fingerprint(
            [f"{found.name} {found.distribution}" for _, _, found in made],
            translations.names if translations is not None else (),
        )
        self._words = translations.catalogue if translations is not None else None
        self._dispatcher = Dispatcher(self._rules, self._version, self._words)

    @classmethod
    def load(cls, path: str | Path, *, rules: Sequence[type[Rule]] = ()) -> Policy:
        """Load a policy from a site file.

        Args:
            path: The TOML file.
            rules: Rule classes under development, without packaging; one the file does not name
                is added with its default settings.

        Raises:
            PolicyError: If the file is not right; the message names file and key.
            RuleLoadError: If a rule cannot be loaded.
        """
        return cls(read_site_file(path), rules)

    @classmethod
    def loads(cls, text: str, *, name: str = "site.toml", rules: Sequence[type[Rule]] = ()) -> Policy:
        """Load a policy from the text of a site file; ``name`` stands in messages."""
        return cls(read_site_file(name, text=text), rules)

    @classmethod
    def of(cls, site: Site, rules: Iterable[Rule]) -> Policy:
        """A policy of rules made in Python: always in force, for every kind of traveller.

        Args:
            site: Where.
            rules: Each is an entry under the name of its class; a second of one class is ``NAME-2``.

        Raises:
            RuleLoadError: If one is no rule that a site file could name.
        """
        made: list[tuple[Entry, Rule, RuleClass]] = []
        for place, rule in enumerate(rules):
            where, use = f"rules[{place}]", rule_name(type(rule))
            found = find_rule(use, where, {use: type(rule)})
            several = 1 + sum(entry.use == use for entry, *_ in made)
            settings = attrs.asdict(cast("Any", rule), recurse=False) if attrs.has(type(rule)) else {}
            name = use if several == 1 else f"{use}-{several}"
            made.append((Entry(id=name, use=use, where=where, settings=settings), rule, found))
        policy = cls.__new__(cls)
        entries = tuple(entry for entry, *_ in made)
        file = SiteFile(name="Policy.of", site=site, entries=entries, orders=(), sections={})
        policy._set_up(file, made)  # noqa: SLF001 - our own
        return policy

    @property
    def site(self) -> Site:
        """The site, with its zone, checkpoints and lanes."""
        return self._file.site

    @property
    def rules(self) -> tuple[LoadedRule, ...]:
        """The loaded rules in the order of the file."""
        return self._rules

    @property
    def version(self) -> str:
        """A fingerprint of the site file and of the distributions its rules come from."""
        return self._version

    @property
    def name(self) -> str:
        """What the site file goes by in messages: its name, without the folder."""
        return self._file.name

    def section(self, name: str) -> Mapping[str, Any]:
        """A section of the site file that another part of the library reads, such as ``"intake"``; a copy."""
        return copy.deepcopy(self._file.sections.get(name, {}))

    def _fingerprint(self, rules: Iterable[str], translations: Sequence[str]) -> str:
        # Of values, not of their repr: the same file has one version on every machine and in every process.
        parts = {
            "site": unstructure(self._file.site),
            "entries": [_plain(entry, without="where") for entry in self._file.entries],
            "orders": [_plain(order) for order in self._file.orders],
            "rules": sorted(rules),
            "messages": list(translations),
        }
        text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=_plain_setting)
        digest = hashlib.sha256(text.encode())
        return digest.hexdigest()[:16]

    def order_on(self, day: date) -> QuarantineOrder | None:
        """The quarantine order in force on a day, if the site has one."""
        return next((each for each in self._file.orders if each.in_force(day)), None)

    def period(self, exposure: Exposure, *, gate_day: date, period_id: str | None = None) -> QuarantinePeriod:
        """Open the period this site orders after an exposure.

        Args:
            exposure: Why and when.
            gate_day: The day they were seen at the gate or handed in the form: selects the order, and is
                the anchor, flagged for confirmation, where the exposure names none.
            period_id: The period's id.

        Raises:
            PolicyError: If the site orders no quarantine on that day.
        """
        order = self.order_on(gate_day)
        if order is None:
            raise PolicyError(
                f"{self._file.name}: quarantine",
                expected=f"an order in force on {gate_day.isoformat()}",
                got="none",
                do="add a [[quarantine]] table with days",
            )
        anchors = (*order.anchors, *(each for each in Anchor if each not in order.anchors))
        return QuarantinePeriod.after(
            exposure,
            days=order.days + order.then_days,
            zone=self.site.zone.key,
            convention=order.convention,
            setting=order.setting,
            then_days=order.then_days,
            then_setting=order.then_setting,
            anchors=anchors,
            otherwise=gate_day,
            release_hour=order.release_hour,
            policy_version=self.version,
            id=period_id,
        )

    def decide(
        self, crossing: Crossing, situation: Situation, *, override: Override | None = None
    ) -> Decision:
        """May they pass?

        Args:
            crossing: What is asked.
            situation: The slice for this crossing, as :meth:`Situation.of` cuts it.
            override: An emergency let through by a named person: applied after the rules.

        Returns:
            The decision with every rule's verdict. Equal arguments give equal decisions.

        Raises:
            UnknownIdError: If the site has no such checkpoint.
            InvalidValueError: If the slice is not of this party at this instant.
        """
        if crossing.at.tzinfo is not self._zone:
            crossing = changed(crossing, {"at": self.site.local(crossing.at)})
        answer = self._answer(crossing, situation)
        known = answer.fields
        if known is None or override is not None:
            return self._decision(crossing, situation, answer, override)
        fields = known.copy()
        fields["crossing"] = crossing
        fields["day"] = situation.day
        made = unfilled(Decision)
        fill(made, fields)
        return made

    def _answer(self, crossing: Crossing, situation: Situation) -> Answer:
        """What the rules say, before it is a decision; the crossing is at the site's local time."""
        if crossing.checkpoint not in self._checkpoints:
            self.site.checkpoint(crossing.checkpoint)
        travellers, standings, day = crossing.travellers, situation.standings, situation.day
        party, on_leave = len(travellers), NOBODY
        if (
            party != 1
            or len(standings) != 1
            or (first := standings[0]).traveller is not travellers[0]
            or first.leaves
            or first.index != 0
            or situation.at is not crossing.at
        ):
            on_leave = _on_leave(crossing, situation)
        # Written out down to the answer, without a call: all of it takes less time than two of the rules.
        today = self._dispatcher.latest
        if today.day != day:
            today = self._dispatcher.on(day)
        if crossing.direction is _IN:
            plans = today.inward if crossing.vehicle is None else today.inward_by_car
        else:
            plans = today.outward if crossing.vehicle is None else today.outward_by_car
        alone = None
        if party == 1:
            role = travellers[0].role
            # The gate's word, but a visitor may be a resident.
            alone = (role if role is not _VISITOR else standings[0].role)._value_
        answer = plans[alone](crossing, situation, party)
        if on_leave:
            waived = waive(answer.given, on_leave, party)
            effect, verdicts = combine(waived, party, self._words)
            return Answer(tuple(waived), verdicts, effect, None)
        return answer

    def _decision(
        self, crossing: Crossing, situation: Situation, answer: Answer, override: Override | None
    ) -> Decision:
        effect, verdicts = answer.effect, answer.verdicts
        at = Place(crossing.checkpoint, crossing.at, crossing.checkpoint)
        fields = decision_fields(
            Effect.ALLOW if override is not None else effect,
            verdicts,
            duties_owed(verdicts, effect, override),
            alerts_raised(verdicts, override, at, self._words),
            self._version,
        )
        fields |= {"crossing": crossing, "day": situation.day, "override": override}
        made = unfilled(Decision)
        fill(made, fields)
        return made

    def claim_taken(self, decision: Decision) -> Decision:
        """What becomes of a decision that allows, where something it claims is taken already: a hold.

        Args:
            decision: Of this policy; for hosts with a store of their own, after it found a claim held.
        """
        # It was allowed, so all it owed was owed for passing.
        verdicts = (*decision.verdicts, claim_taken(self._words))
        return attrs.evolve(decision, effect=Effect.HOLD, verdicts=verdicts, duties=())

    def decide_pass(
        self, application: PassApplication, situation: Situation, *, override: Override | None = None
    ) -> PassDecision:
        """May this exit pass be handed out? Where no rule says yes, it is held.

        Args:
            application: What is asked for.
            situation: The slice for this application, as :meth:`Situation.applying` cuts it.
            override: An emergency, handed out on a named person's word: applied after the rules.

        Raises:
            InvalidValueError: If the slice is not of this application.
        """
        _check_applicant(application, situation)
        application = attrs.evolve(application, at=self.site.local(application.at))
        given = [verdict for rule in self._rules for verdict in review_pass(rule, application, situation)]
        effect, verdicts = combine_for_pass(given, self._words)
        return PassDecision(
            application=application,
            day=situation.day,
            effect=Effect.ALLOW if override is not None else effect,
            verdicts=verdicts,
            duties=duties_owed(verdicts, effect, override),
            alerts=alerts_raised(verdicts, override, Place(application.person, application.at), self._words),
            policy_version=self._version,
            override=override,
        )

    def replay(
        self,
        history: Iterable[tuple[Crossing, Situation, Decision]],
        *,
        against: Policy | None = None,
    ) -> Replay:
        """What would another policy have decided? Goes through a record of any length in little memory.

        Args:
            history: Each crossing with what was known and what was decided then, as ``Ledger.history()``
                gives them; what was decided then is what the other policy is compared with. An override
                stays one, and what a store found taken is taken. Lanes, and where a day begins, are those of
                the policy that is tried.
            against: The policy that is tried; default this one.

        Returns:
            The differences, counted by rule and reason.

        Raises:
            UnknownIdError: If the policy that is tried has no such checkpoint.
        """
        tried = against if against is not None else self
        # Beside a shadow nothing is counted: nobody stands at the gate.
        decide = partial(Policy.decide, tried)
        return replayed(history, tried.site, tried._answer, decide, tried.claim_taken)  # noqa: SLF001 - our own

    def shadow(self, candidate: Policy) -> ShadowedPolicy:
        """This policy, beside which a candidate decides everything too and decides nothing.

        Args:
            candidate: The policy that is tried. Where it fails, that is counted and changes nothing.
        """
        shadowed = ShadowedPolicy.__new__(ShadowedPolicy)
        shadowed.__dict__.update(self.__dict__, _candidate=candidate, _tally=Tally())
        return shadowed

    def check(self, *, against: Policy | CheckRecord | None = None) -> Check:
        """Whom would these rules trap, and which of them say nothing?

        Every rule is asked about the boundary values of all that it reads, alone and with the others. It
        takes a few seconds, reads nothing but the rules, and answers the same every time.

        Args:
            against: Another policy of the site, such as the one in force, or the record of an earlier
                check: where this policy answers otherwise is listed too.

        Returns:
            The findings, each with its smallest example as code; what was tried; the differences; and all
            answers as a record, to be kept.

        Raises:
            RuleLoadError: If a rule's ``boundaries()`` are not what they should be.
            PolicyError: If the record is of a gate that the site has not.
        """
        from epiguard.policy.checking import check  # noqa: PLC0415 - most gates only decide

        return check(self._policed(), against._policed() if isinstance(against, Policy) else against)  # noqa: SLF001 - ours

    def compare(self, record: CheckRecord) -> tuple[Difference, ...]:
        """Where do these rules answer otherwise than the record of a check says?

        Asks what is on record and nothing else, so it is faster than a check; what stands in a rule only
        now, and in no recorded case, a check looks for.

        Args:
            record: What was answered.

        Raises:
            PolicyError: If the record is of a gate that the site has not.
        """
        from epiguard.policy.checking import differences_from  # noqa: PLC0415 - most gates only decide

        return tuple(differences_from(record, self._policed()))

    def _policed(self) -> Policed:
        from epiguard.policy.checking import Policed  # noqa: PLC0415 - see above

        return Policed(
            name=self._file.name,
            site=self.site,
            rules=self._rules,
            orders=self._file.orders,
            reasons=self._file.sections.get("check", {}),
            decide=self.decide,
        )

    def explain(self, decision: Decision | PassDecision, situation: Situation | None = None) -> Explanation:
        """Why is it what it is?

        Args:
            decision: Of this policy, pure or from a ledger, about a crossing or a pass; of another one it is
                explained as far as it goes, but for the rules that had nothing to say.
            situation: What the rules were shown, where it is at hand: the developer's details then have
                what was known of each traveller.

        Raises:
            InvalidValueError: If the slice is of another crossing or another application.
        """
        from epiguard.policy._explain import Explanation  # noqa: PLC0415 - most gates only decide

        where = "Policy.explain(situation)"
        if situation is not None:
            if isinstance(decision, PassDecision):
                _check_applicant(decision.application, situation, where)
            else:
                _on_leave(decision.crossing, situation, where)
        return Explanation(decision, self._rules, self._version, situation, self._words)

    def follow_up(self, fact: Fact, situation: Situation) -> FollowUp:
        """What must be done now that this happened?

        Args:
            fact: What happened; if it does not know when, the situation's instant is taken.
            situation: The slice about its subjects, the fact included, as :meth:`Situation.after` cuts it.
        """
        if fact.at is None:
            fact = attrs.evolve(fact, at=situation.at)
        return follow_up(self._followers, fact, situation)


class ShadowedPolicy(Policy):
    """A policy that decides as before and notes where a candidate would have differed.

    Make one with :meth:`Policy.shadow`. A ledger may use it, from several threads too; a crossing that it
    decides again because something changed meanwhile is counted again.
    """

    _candidate: Policy
    _tally: Tally

    def decide(
        self, crossing: Crossing, situation: Situation, *, override: Override | None = None
    ) -> Decision:
        """What the policy itself decides; see :meth:`Policy.decide`."""
        decided = super().decide(crossing, situation, override=override)
        try:
            self._tally.add(decided, self._candidate.decide(crossing, situation, override=override))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the candidate, the gate goes on
            self._tally.failed(type(error).__name__)
        return decided

    @property
    def differences(self) -> Replay:
        """Where the candidate has differed so far."""
        return self._tally.result()


NOBODY: frozenset[int] = frozenset()


def _translations(file: SiteFile, rules: Iterable[type[Rule]]) -> Translations:
    where = f"{file.name}: messages"
    return find_translations(file.messages, where, tables_of(rules, TABLES, own_words(), where), file.plugins)


def _by_name(given: Sequence[type[Rule]]) -> dict[str, type[Rule]]:
    by_name: dict[str, type[Rule]] = {}
    for place, cls in enumerate(given):
        if not isinstance(cls, type):
            raise RuleLoadError(
                f"rules[{place}]",
                expected="a class derived from epiguard.rules.Rule",
                got=kind_of(cls),
                do="pass the class and not what was made of it; its settings stand in the site file",
            )
        name = rule_name(cls)
        if name in by_name:
            raise RuleLoadError(
                f"rules={name}",
                expected="rules of different names",
                got=f"two named {name!r}",
                do="rename one of the two classes",
            )
        by_name[name] = cls
    return by_name


def _unnamed(entries: Sequence[Entry], by_name: Iterable[str]) -> Iterator[Entry]:
    # A rule under development that the file does not name is added with its default settings.
    taken = {entry.id: entry.where for entry in entries}
    for name in by_name:
        if any(entry.use == name for entry in entries):
            continue
        if name in taken:
            raise PolicyError(
                f"{taken[name]}.id",
                expected="an id of its own",
                got=f"{name!r}, the name of a rule that was passed directly",
                do="give the entry another id",
            )
        yield Entry(id=name, use=name, where=f"rules={name}")


def _plain(part: Entry | QuarantineOrder, without: str = "") -> dict[str, Any]:
    return {name: value for name, value in attrs.asdict(part, recurse=False).items() if name != without}


def _plain_setting(value: object) -> object:
    # What JSON does not know of a site file: tables, kinds of traveller, words of ours, dates and times.
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return value.value if isinstance(value, Enum) else str(value)


def _on_leave(
    crossing: Crossing, situation: Situation, where: str = "Policy.decide(situation)"
) -> frozenset[int]:
    """Who of the party has leave in force; a slice of another party is refused.

    Rules go by the standings: a traveller without one, or with another's, would pass unseen.
    """
    travellers, standings, on_leave = crossing.travellers, situation.standings, NOBODY
    same = len(standings) == len(travellers) and (
        situation.at is crossing.at or to_utc(situation.at) == to_utc(crossing.at)
    )
    for place, each in enumerate(standings if same else ()):
        traveller = travellers[place]
        if each.index != place or not (each.traveller is traveller or each.traveller == traveller):
            same = False
        elif each.leaves:
            on_leave |= {place}
    if same:
        return on_leave
    raise InvalidValueError(
        where,
        expected="the slice of this crossing: its instant, and one standing per traveller in order",
        got="another one",
        do="cut it with Situation.of(facts, crossing, site=policy.site)",
    )


def _check_applicant(
    application: PassApplication, situation: Situation, where: str = "Policy.decide_pass(situation)"
) -> None:
    persons = [each.traveller.person for each in situation.standings]
    if persons == [application.person] and to_utc(situation.at) == to_utc(application.at):
        return
    raise InvalidValueError(
        where,
        expected="the slice of this application: its instant, and one standing, of whoever asks",
        got="another one",
        do="cut it with Situation.applying(state, application)",
    )
