"""The contract of a rule: what every one keeps, and how a break of it is found."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Self

import attrs
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from epiguard.crossings import Crossing
from epiguard.decisions import Decision, Effect, PassDecision, Verdict
from epiguard.duties import Alert, Duty
from epiguard.facts import CrossingObserved
from epiguard.passes import PassApplication
from epiguard.places import Site
from epiguard.plain import from_plain, to_plain
from epiguard.policy import Policy
from epiguard.rules import Rule, allow, hookimpl
from epiguard.situation import Situation
from epiguard.testing._deciding import as_applied, as_seen
from epiguard.testing._drawing import SITE
from epiguard.testing._drawing import applications as any_applications
from epiguard.testing._drawing import crossings as any_crossings
from epiguard.testing._drawing import situations as any_situations
from epiguard.testing._outside import ReachedOutside, kept_inside

__all__ = ["BrokenContractError", "check_rule"]

_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SALTS = range(4)
Hook = Callable[..., Any]


class BrokenContractError(AssertionError):
    """A rule breaks the contract; the message says which law, and the smallest question that shows it.

    Attributes:
        law: What it breaks, in a few words.
    """

    def __init__(self, rule: Rule, law: str, asked: object) -> None:
        super().__init__(f"{type(rule).__name__}: {law}\nasked: {asked!r}")
        self.law = law


@attrs.frozen
class _Grants(Rule):
    source = "epiguard.testing"

    @hookimpl
    def review_crossing(self) -> Verdict:
        return allow("granted", zh="可", en="yes")


class _Salted(str):
    """An id whose hash is another in every run, as that of any text is in every process."""

    __slots__ = ("salt",)
    salt: int

    def __new__(cls, text: str, salt: int) -> Self:
        made = super().__new__(cls, text)
        made.salt = salt
        return made

    def __hash__(self) -> int:
        return hash((self.salt, str(self)))


def check_rule(  # noqa: PLR0913 - each is one thing a rule may need to be asked about
    rule: Rule,
    *,
    languages: Iterable[str] = ("zh", "en"),
    crossings: st.SearchStrategy[Crossing] | None = None,
    situations: st.SearchStrategy[Situation] | None = None,
    applications: st.SearchStrategy[PassApplication] | None = None,
    examples: int = 100,
) -> None:
    """Check that a rule keeps the contract, on questions and situations that Hypothesis draws.

    All its hooks are asked: about crossings, about what followed from them, and about applications for
    passes.

    It answers the same question the same way, whatever it was asked before and in whatever order rules
    stand; it reaches for no clock, file, environment, network or chance; it leaves what it is given as it
    is; it raises nothing; it returns verdicts (from ``follow_up`` duties and alerts) that are explained in
    every language, can be written down, say what lifts a hold, and claim only where they allow, and
    nothing for a pass.

    Args:
        rule: With its settings.
        languages: Those it speaks.
        crossings: What it is asked; default anything.
        situations: What is known; default anything, leave included.
        applications: What passes it is asked for; default anything.
        examples: How many are drawn. They are the same every time.

    Raises:
        BrokenContractError: If it does not.
        RuleLoadError: If no site file could name it.
    """
    asked: st.SearchStrategy[Crossing | PassApplication]
    asked = crossings if crossings is not None else any_crossings()
    [loaded] = Policy.of(SITE, [rule]).rules
    if loaded.passes is not None:
        at_the_desk = applications if applications is not None else any_applications()
        asked = at_the_desk if loaded.review is None and loaded.follow is None else asked | at_the_desk
    known = situations if situations is not None else any_situations(leave=True)
    spoken, found, benches = tuple(languages), _Found(), dict[Site, _Bench]()

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=(),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(asked, known)
    def keeps(question: Crossing | PassApplication, situation: Situation) -> None:
        if found.enough:
            return
        if isinstance(question, Crossing):
            seen = as_seen(question, situation)
        else:
            seen = as_applied(question, situation)
        if seen.site not in benches:
            benches[seen.site] = _Bench(rule, seen.site)
        question = attrs.evolve(question, at=seen.at)
        law = next(_broken(benches[seen.site], question, seen, spoken), None)
        if law is not None:
            raise found.note(BrokenContractError(rule, law, (question, seen)))

    try:
        keeps()
    except BaseException:
        # A rule that answers now this, now that may look sound when Hypothesis asks once more.
        if found.smallest is not None:
            raise found.smallest from None
        raise


#: How many smaller questions are tried once one shows what is broken (ours): a second or two.
_SMALLER = 120


class _Found:
    """The smallest question so far that shows what is broken; it is enough after so many more that do not."""

    def __init__(self) -> None:
        self.smallest: BrokenContractError | None = None
        self._left = _SMALLER

    @property
    def enough(self) -> bool:
        """Whether no smaller one is looked for any more."""
        if self.smallest is not None:
            self._left -= 1
        return self._left < 0

    def note(self, broken: BrokenContractError) -> BrokenContractError:
        """One more."""
        if self.smallest is None or len(str(broken)) < len(str(self.smallest)):
            self.smallest = broken
        return broken


class _Bench:
    """The rule, a copy of it, and policies of it, made once for a site."""

    def __init__(self, rule: Rule, site: Site) -> None:
        [self.loaded] = Policy.of(site, [rule]).rules
        [self.other] = Policy.of(site, [copy.deepcopy(rule)]).rules
        self.forwards = Policy.of(site, [rule, _Grants(), rule])
        self.backwards = Policy.of(site, [_Grants(), rule, rule])

    def decided(
        self, asked: Crossing | PassApplication, seen: Situation
    ) -> tuple[Decision | PassDecision, Decision | PassDecision]:
        """What policies say in which the rule stands at different places."""
        if isinstance(asked, Crossing):
            return self.forwards.decide(asked, seen), self.backwards.decide(asked, seen)
        return self.forwards.decide_pass(asked, seen), self.backwards.decide_pass(asked, seen)


def _broken(
    bench: _Bench, asked: Crossing | PassApplication, seen: Situation, languages: Sequence[str]
) -> Iterator[str]:
    if isinstance(asked, PassApplication):
        yield from _broken_at_the_desk(bench, asked, seen, languages)
        return
    review, other = bench.loaded.review, bench.other.review
    if review is not None and other is not None and bench.loaded.condition.met_by(asked, seen.standings):
        yield from _answers(review, other, (asked, seen), lambda given: _verdicts(given, seen, languages))
        yield from _seeded(review, asked, seen)
        yield from _ordered(bench, bench.decided(asked, seen))
    follow, its_copy = bench.loaded.follow, bench.other.follow
    if follow is not None and its_copy is not None:
        fact = CrossingObserved(asked, at=asked.at)
        yield from _answers(follow, its_copy, (fact, seen), _items)


def _broken_at_the_desk(
    bench: _Bench, asked: PassApplication, seen: Situation, languages: Sequence[str]
) -> Iterator[str]:
    review, other = bench.loaded.passes, bench.other.passes
    if review is None or other is None:
        return

    def judged(given: list[Any]) -> Iterator[str]:
        yield from _verdicts(given, seen, languages)
        for each in given:
            if each.claims:
                yield f"its verdict {each.code!r} claims something, and a pass uses nothing up"

    yield from _answers(review, other, (asked, seen), judged)
    yield from _seeded(review, asked, seen)
    yield from _ordered(bench, bench.decided(asked, seen))


def _answers(
    hook: Hook, other: Hook, asked: tuple[Any, Situation], judge: Callable[[list[Any]], Iterator[str]]
) -> Iterator[str]:
    before = copy.deepcopy(asked)
    try:
        given = hook(*asked)
        first = _listed(given)
    except Exception as error:  # noqa: BLE001 - whatever it is
        yield f"it raises {type(error).__name__}"
        return
    if asked != before:
        yield "it changes what it is given, which is frozen"
        return
    if first is None:
        yield f"it returns {type(given).__name__}, which is no verdict, duty or alert"
        return
    yield from judge(first)
    try:
        again = kept_inside(lambda: _listed(hook(*asked)))
    except ReachedOutside as error:
        yield f"it reaches for {error}"
        return
    except Exception:  # noqa: BLE001 - whatever it is
        again = None
    if again != first:
        yield "asked again it answers otherwise: it depends on earlier calls"
    if _safely(other, asked) != first or _safely(hook, asked) != first:
        yield "a copy of it answers otherwise: it depends on earlier calls"


def _safely(hook: Hook, asked: tuple[Any, ...]) -> list[Any] | None:
    try:
        return _listed(hook(*asked))
    except Exception:  # noqa: BLE001 - whatever it is
        return None


def _listed(given: Any) -> list[Any] | None:  # noqa: ANN401 - whatever a hook returns
    if given is None:
        return []
    if isinstance(given, Verdict | Duty | Alert):
        return [given]
    if isinstance(given, str | bytes | dict) or not isinstance(given, Iterable):
        return None
    return list(given)


def _verdicts(given: list[Any], seen: Situation, languages: Sequence[str]) -> Iterator[str]:
    for each in given:
        if type(each) is not Verdict:
            yield f"it returns {type(each).__name__}, which is no verdict"
            return
        yield from _worded(each, languages)
        said = f"its verdict {each.code!r}"
        if each.claims and each.effect is not Effect.ALLOW:
            yield f"{said} claims something and does not allow"
        if each.grants and each.effect is not Effect.ALLOW:
            yield f"{said} says yes and no"
        if (each.lifted_by is not None) != (each.effect is Effect.HOLD):
            yield f"{said} does not say what lifts it, or is no hold and says so"
        if each.traveller is not None and each.traveller not in {one.index for one in seen.standings}:
            yield f"{said} is about somebody who is not in the party"
        if from_plain(json.loads(json.dumps(to_plain(each)))) != each:
            yield f"{said} cannot be written down"


def _worded(verdict: Verdict, languages: Sequence[str]) -> Iterator[str]:
    said = f"its verdict {verdict.code!r}"
    if not verdict.texts:
        yield f"{said} has no text"
    missing = [language for language in languages if not verdict.texts.get(language)]
    if missing:
        yield f"{said} has no text in {', '.join(missing)}"
    if not _KEBAB.fullmatch(verdict.code):
        yield f"{said} has a code that is not in kebab case"


def _items(given: list[Any]) -> Iterator[str]:
    for each in given:
        if type(each) not in (Duty, Alert):
            yield f"it returns {type(each).__name__}, which is neither duty nor alert"
        elif not each.texts:
            yield f"its {each.kind!r} has no text"


def _seeded(hook: Hook, asked: Crossing | PassApplication, seen: Situation) -> Iterator[str]:
    """Ids whose hashes differ stand for processes whose hash seeds do: sets of them go round otherwise."""
    answers = []
    for salt in _SALTS:
        party = [
            attrs.evolve(
                each.traveller,
                person=_Salted(each.traveller.person, salt) if each.traveller.person is not None else None,
            )
            for each in seen.standings
        ]
        standings = [attrs.evolve(each, traveller=party[each.index]) for each in seen.standings]
        salted = (
            attrs.evolve(asked, travellers=party)
            if isinstance(asked, Crossing)
            else attrs.evolve(asked, person=_Salted(asked.person, salt))
        )
        answers.append(_safely(hook, (salted, attrs.evolve(seen, standings=standings))))
    if any(each != answers[0] for each in answers[1:]):
        yield "it depends on the hash seed"


def _ordered(bench: _Bench, decided: Iterable[Decision | PassDecision]) -> Iterator[str]:
    name = bench.loaded.entry.id
    answers = [
        [(each.code, each.effect, each.traveller) for each in decision.verdicts if each.rule == entry]
        for decision in decided
        for entry in (name, f"{name}-2")
    ]
    if any(each != answers[0] for each in answers[1:]):
        yield "it depends on the order of the rules"
