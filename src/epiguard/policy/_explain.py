"""Why a decision is what it is: a sentence and what to do for guard or clerk, everything for a developer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from epiguard.decisions import Decision, Effect, PassDecision, Verdict
from epiguard.messages import Catalogue, Template
from epiguard.policy._details import details_of, report_of
from epiguard.policy._dispatch import LoadedRule
from epiguard.policy._pass_details import pass_details_of
from epiguard.policy._words import own_words
from epiguard.situation import Situation

__all__ = ["Explanation"]


@attrs.frozen(eq=False)
class Explanation:
    """Why a decision is what it is; nothing is worked out before it is asked for.

    Attributes:
        decision: What is explained: whether a party may pass, or a pass may be handed out.
        rules: Of the policy that explains.
        version: Of that policy.
        situation: What the rules were shown, where it is at hand; it adds facts for the developer.
        words: The site's own words, where it has some.
    """

    decision: Decision | PassDecision
    rules: tuple[LoadedRule, ...] = attrs.field(repr=False)
    version: str
    situation: Situation | None = attrs.field(default=None, repr=False)
    words: Catalogue | None = attrs.field(default=None, repr=False)

    def sentence(self, language: str = "zh") -> str:
        """One sentence for the guard, or the clerk at the desk: the answer, and why.

        Args:
            language: ``zh``, ``en``, or another one that the site's file names messages for; where a text
                is missing, the language that is there stands instead.
        """
        decision = self.decision
        if decision.effect is Effect.ALLOW:
            if decision.override is not None:
                return self._say(language, "allow-override", by=decision.override.by)
            waived = any(each.waived and each.effect is not Effect.ALLOW for each in decision.verdicts)
            return self._say(language, "allow-on-leave" if waived else "allow")
        reasons = (self._about(each, each.text(language), language) for each in decision.deciding)
        why = self._say(language, "separator").join(dict.fromkeys(reasons))
        return self._say(language, "hold" if decision.effect is Effect.HOLD else "deny", why=why)

    def what_to_do(self, language: str = "zh") -> tuple[str, ...]:
        """What the guard or the clerk can do about it, each thing once.

        What would lift each hold; for a denial to say why; for a party who of it may go without the others;
        and whatever is owed now. A word of a plug-in's own that would lift a hold has no text here: that of
        its verdict stands instead.
        """
        return tuple(dict.fromkeys(self._actions(language)))

    def text(self, language: str = "zh") -> str:
        """Sentence and what to do, a line each."""
        return "\n- ".join((self.sentence(language), *self.what_to_do(language)))

    @property
    def details(self) -> Mapping[str, Any]:
        """For the developer, as plain data: the decision, every rule and verdict, and the facts at hand.

        It has pseudonymous ids, dates and what a rule said, and no personal value: no name, number,
        address, reading, purpose or reason.
        """
        if isinstance(self.decision, PassDecision):
            return pass_details_of(self.decision, self.rules, self.version, self.situation)
        return details_of(self.decision, self.rules, self.version, self.situation)

    def report(self) -> str:
        """The details as text."""
        return report_of(self.details)

    def _actions(self, language: str) -> Iterator[str]:
        decision = self.decision
        if decision.override is not None:
            yield self._say(language, "look-afterwards")
        elif decision.effect is not Effect.ALLOW:
            for each in decision.deciding:
                yield self._about(each, self._lift(each, language), language)
            apart = self._apart()
            if apart:
                numbers = ", ".join(str(each + 1) for each in apart)
                yield self._say(language, "go-without", numbers=numbers)
        for duty in decision.duties:
            from_ = next((each for each in decision.verdicts if duty in each.duties), None)
            owed = self._say(language, "owed", text=duty.text(language))
            yield self._about(from_, owed, language) if from_ is not None else owed

    def _lift(self, verdict: Verdict, language: str) -> str:
        if verdict.effect is Effect.DENY:
            return self._say(language, "turn-back")
        found = self._template("lifted-by", verdict.lifted_by or "", language)
        return found.text if found is not None else verdict.text(language)

    def _apart(self) -> list[int]:
        """Those whom the others could leave behind: some of a party are objected to, and not all."""
        if self._party == 1:
            return []
        stopped = {each.traveller for each in _objections(self.decision)}
        return sorted(each for each in stopped if each is not None) if _some(stopped, self._party) else []

    @property
    def _party(self) -> int:
        """How many it is about: at the desk the one who asks."""
        return len(self.decision.crossing.travellers) if isinstance(self.decision, Decision) else 1

    def _about(self, verdict: Verdict, text: str, language: str) -> str:
        if verdict.traveller is None or self._party == 1:
            return text
        return self._say(language, "traveller", number=verdict.traveller + 1, text=text)

    def _say(self, language: str, key: str, **values: str | int) -> str:
        # What a clerk is told in other words than a guard stands in a table of its own.
        desk = isinstance(self.decision, PassDecision) and own_words().find("pass-explanation", key)
        template = self._template("pass-explanation" if desk else "explanation", key, language)
        assert template is not None
        return template.filled(values, language) if values else template.text

    def _template(self, table: str, key: str, language: str) -> Template | None:
        own = own_words().find(table, key)
        if self.words is not None:
            site = self.words.find(table, key).get(language)
            if site is not None:
                return site
        return own.get(language) or own.get("zh")


def _objections(decision: Decision | PassDecision) -> list[Verdict]:
    return [each for each in decision.verdicts if each.effect is not Effect.ALLOW and not each.waived]


def _some(stopped: set[int | None], party: int) -> bool:
    return None not in stopped and 0 < len(stopped) < party
