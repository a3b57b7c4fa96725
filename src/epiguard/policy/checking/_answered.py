"""A decision as far as anybody notices it, in words: for comparing answers, and for records of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from epiguard.decisions import Claim, Decision, Effect, Verdict
from epiguard.policy.checking._spelling import read_word, word
from epiguard.policy.checking._world import HOST, OTHER, SELF

__all__ = ["Answered", "Spoken", "answered"]

_BETWEEN = "; "
_INVENTED = (SELF, OTHER, HOST)


@attrs.frozen(order=True)
class Spoken:
    """One verdict as far as anybody notices it.

    Attributes:
        name: The entry and the code: ``"temperature/fever"``.
        traveller: Whom it is about, counted from 1; nothing where they are alone, or for the whole party.
        says: Its effect, what lifts it and what follows: ``"hold, lifted by retest"``.
    """

    name: str
    traveller: str
    says: str

    @property
    def rule(self) -> str:
        """The entry's id; empty for the policy itself."""
        rule = self.name.partition("/")[0]
        return read_word(rule) if rule else ""


@attrs.frozen
class Answered:
    """A decision as far as anybody notices it; what verdicts say in words is left out.

    Attributes:
        effect: What came out.
        verdicts: In an order of their own.
    """

    effect: Effect
    verdicts: tuple[Spoken, ...]

    def rules(self, other: Answered) -> tuple[str, ...]:
        """The entries whose verdicts differ from those of another answer."""
        return tuple(sorted({each.rule for each in set(self.verdicts) ^ set(other.verdicts)} - {""}))

    def text(self, known: Mapping[str, str]) -> str:
        """One line.

        Args:
            known: What each verdict says, by its name; what says otherwise is written out.
        """
        said = []
        for each in self.verdicts:
            whom = f"@{each.traveller}" if each.traveller else ""
            otherwise = f" ({each.says})" if known.get(each.name) != each.says else ""
            said.append(f"{each.name}{whom}{otherwise}")
        return f"{self.effect.value}: {_BETWEEN.join(said)}"

    @classmethod
    def read(cls, line: str, known: Mapping[str, str]) -> Answered:
        """The answer of such a line.

        Raises:
            ValueError: If it is none.
        """
        effect, _, verdicts = line.partition(": ")
        spoken = []
        for each in verdicts.split(_BETWEEN):
            head, _, otherwise = each.partition(" (")
            name, _, whom = head.partition("@")
            says = otherwise.removesuffix(")") or known.get(name)
            if says is None or "/" not in name:
                raise ValueError(line)
            spoken.append(Spoken(name, whom, says))
        return cls(Effect(effect), tuple(spoken))


def answered(decision: Decision) -> Answered:
    """The answer that a decision gives."""
    persons = [str(each.person) for each in decision.crossing.travellers]
    return Answered(decision.effect, tuple(sorted(_spoken(each, persons) for each in decision.verdicts)))


def _spoken(verdict: Verdict, persons: Sequence[str]) -> Spoken:
    them = persons[verdict.traveller or 0]
    objects = verdict.effect is not Effect.ALLOW or verdict.grants
    said = [verdict.effect.value if objects else "no objection"]
    if verdict.waived:
        said.append("waived")
    if verdict.lifted_by:
        said.append(f"lifted by {verdict.lifted_by}")
    said += [_claim(each) + _about(each.subject, them) for each in verdict.claims]
    said += sorted(f"duty {word(each.kind)}{_about(each.subject, them)}" for each in verdict.duties)
    said += sorted(f"alert {word(each.kind)}{_about(each.subject, them)}" for each in verdict.alerts)
    whom = str(verdict.traveller + 1) if verdict.traveller is not None and len(persons) > 1 else ""
    return Spoken(f"{word(verdict.rule) if verdict.rule else ''}/{verdict.code}", whom, ", ".join(said))


def _claim(claim: Claim) -> str:
    days = "for ever" if claim.days is None else f"for {claim.days} days" if claim.days > 1 else "for the day"
    return f"claims {word(claim.name)} {days}" + (f" slot {claim.slot}" if claim.slot else "")


def _about(subject: str, them: str) -> str:
    # Of whom else there is, the invented ones alone are named: a rule may say anything.
    return f" about {subject}" if subject != them and subject in _INVENTED else ""
