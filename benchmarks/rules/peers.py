"""The same rules in other engines: each takes a crossing with its situation and gives a whole decision."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pluggy
from plain import combined, functions, said_by
from workload import fields

from epiguard import Crossing, Decision, Policy, Situation, Verdict

Contestant = Callable[[Crossing, Situation], Decision]
Cases = list[tuple[Crossing, Situation]]
#: Ends the name of an engine that is given plain values, its host's conversion of the objects left out.
CONVERTED = ", converted before"

_OTHERS = 'role == "staff" or ((role == "courier" or role == "visitor") and not entry)'
#: Code to the condition, in the expression language that most of these engines share, and the effect.
CONDITIONS = {
    "unknown": ("deny", 'not known and entry and role == "resident"'),
    "in-quarantine": ("deny", "not entry and quarantined"),
    "exit-spent": ("deny", "not entry and exits >= 1"),
    "courier": ("deny", 'entry and role == "courier" and purpose != "drop-point"'),
    "east-gate": ("deny", 'entry and gate == "east" and vehicle'),
    "curfew": ("deny", "not entry and night"),
    "not-measured": ("hold", "not measured"),
    "fever": ("hold", "measured and temperature >= 37.3"),
    "trunk": ("hold", "vehicle and entry and not trunk"),
    "resident-leaves": ("allow", "not entry and known"),
    "green-pass": ("allow", 'entry and colour == "green"'),
    "yellow-pass": ("allow", 'entry and colour == "yellow" and not quarantined'),
    "others": (
        "allow",
        f'{_OTHERS} or (role == "courier" and purpose == "drop-point")',
    ),
}


def contestants(policy: Policy, cases: Cases) -> Iterator[tuple[str, Contestant]]:
    """Every engine that is installed, the plain functions first."""
    said = said_by(policy, cases)
    yield "plain functions", _plain(policy, said)
    yield "plain functions that make their verdicts", _making(policy, said)
    yield "epiguard", policy.decide
    yield "pluggy, raw calls", _pluggy(policy, said)
    for name, module, make in (
        ("zen-engine, expression", "zen", _zen_expression),
        ("zen-engine, decision table", "zen", _zen_table),
        ("Cedar (cedarpy)", "cedarpy", _cedar),
        ("Cedar (cedarpy), policies as text", "cedarpy", _cedar_of_text),
        ("Rego (regopy)", "regopy", _rego),
    ):
        try:
            engine = importlib.import_module(module)
        except ImportError:
            print(f"{name}: not installed")
            continue
        ready = make(engine)
        yield name, _whole(ready, said, policy.version)
        yield f"{name}{CONVERTED}", _converted(ready, said, policy.version, cases)


def _plain(policy: Policy, said: dict[str, Verdict]) -> Contestant:
    rules, version = functions(said), policy.version

    def decide(crossing: Crossing, situation: Situation) -> Decision:
        verdicts = []
        for rule in rules:
            verdict = rule(crossing, situation)
            if verdict is not None:
                verdicts.append(verdict)
        return combined(verdicts, said, crossing, situation, version)

    return decide


class _Fresh(dict[str, Verdict]):
    """Gives an equal verdict made anew each time, as a function without a store of them would."""

    def __getitem__(self, code: str) -> Verdict:
        known = super().__getitem__(code)
        return Verdict(
            effect=known.effect,
            code=known.code,
            texts=known.texts,
            traveller=known.traveller,
            grants=known.grants,
            lifted_by=known.lifted_by,
            source=known.source,
        )


def _making(policy: Policy, said: dict[str, Verdict]) -> Contestant:
    return _plain(policy, _Fresh(said))


def _pluggy(policy: Policy, said: dict[str, Verdict]) -> Contestant:
    manager = pluggy.PluginManager("epiguard")
    hooks = importlib.import_module("epiguard.rules.hookspecs").RuleHooks
    manager.add_hookspecs(hooks)
    mark = pluggy.HookimplMarker("epiguard")
    for rule in reversed(functions(said)):
        manager.register(SimpleNamespace(review_crossing=mark(rule)), name=rule.__name__)
    call, version = manager.hook.review_crossing, policy.version

    def decide(crossing: Crossing, situation: Situation) -> Decision:
        verdicts = call(crossing=crossing, situation=situation)
        return combined(verdicts, said, crossing, situation, version)

    return decide


#: An engine that is given plain values and gives the codes of the rules that have something to say.
Engine = Callable[[dict[str, Any]], Iterable[str]]


def _whole(engine: Engine, said: dict[str, Verdict], version: str) -> Contestant:
    # Like everybody else: objects in, a decision with every rule's verdict out.
    def decide(crossing: Crossing, situation: Situation) -> Decision:
        verdicts = [said[code] for code in engine(fields(crossing, situation))]
        return combined(verdicts, said, crossing, situation, version)

    return decide


def _converted(engine: Engine, said: dict[str, Verdict], version: str, cases: Cases) -> Contestant:
    # As if the host held plain values and nothing else.
    values = {id(crossing): fields(crossing, situation) for crossing, situation in cases}

    def decide(crossing: Crossing, situation: Situation) -> Decision:
        verdicts = [said[code] for code in engine(values[id(crossing)])]
        return combined(verdicts, said, crossing, situation, version)

    return decide


def _zen_expression(zen: ModuleType) -> Engine:
    parts = ", ".join(f'({condition}) ? "{code}" : ""' for code, (_, condition) in CONDITIONS.items())
    expression = zen.compile_expression(f"[{parts}]")

    return lambda values: filter(None, expression.evaluate(values))


def _zen_table(zen: ModuleType) -> Engine:
    rules = [
        {"_id": str(number), "in": condition, "out": f'"{code}"'}
        for number, (code, (_, condition)) in enumerate(CONDITIONS.items())
    ]
    content = {
        "nodes": [
            {"id": "i", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
            {
                "id": "t",
                "name": "rules",
                "type": "decisionTableNode",
                "position": {"x": 0, "y": 0},
                "content": {
                    "hitPolicy": "collect",
                    # Without a field of its own a column takes whole conditions.
                    "inputs": [{"id": "in", "name": "when", "type": "expression"}],
                    "outputs": [{"id": "out", "name": "code", "field": "code", "type": "expression"}],
                    "rules": rules,
                },
            },
            {"id": "o", "name": "out", "type": "outputNode", "position": {"x": 0, "y": 0}},
        ],
        "edges": [
            {"id": "e1", "sourceId": "i", "targetId": "t", "type": "edge"},
            {"id": "e2", "sourceId": "t", "targetId": "o", "type": "edge"},
        ],
    }
    table = zen.ZenEngine().create_decision(json.dumps(content))

    return lambda values: [row["code"] for row in table.evaluate(values)["result"]]


def _cedar(cedarpy: ModuleType) -> Engine:
    policies = cedarpy.PolicySet.from_str(_cedar_policies())
    return _asks_cedar(cedarpy, policies, cedarpy.Entities.from_json_str("[]"))


def _cedar_of_text(cedarpy: ModuleType) -> Engine:
    # The way its own first example asks, which reads the policies at each call.
    return _asks_cedar(cedarpy, _cedar_policies(), [])


def _cedar_policies() -> str:
    def condition(text: str) -> str:
        for name in ("entry", "known", "role", "quarantined", "exits", "purpose", "gate", "vehicle", "night",
                     "temperature", "measured", "trunk", "colour"):  # fmt: skip
            text = _word(text, name, f"context.{name}")
        # Cedar has no fractions: temperatures are tenths of a degree.
        return (
            text.replace(" and ", " && ").replace(" or ", " || ").replace("not ", "!").replace("37.3", "373")
        )

    # Cedar names what forbids, or else what permits. "later" leaves out what only holds, "now" does not; what
    # permits is asked for where something forbids, so that every rule's verdict is there.
    lines = []
    for code, (effect, text) in CONDITIONS.items():
        kind = "permit" if effect == "allow" else "forbid"
        actions = {"deny": '["now"]', "hold": '["now"]', "allow": '["now", "who"]'}[effect]
        named = ", ".join(f"Action::{each}" for each in json.loads(actions) for each in [json.dumps(each)])
        lines.append(
            f'@id("{code}") {kind}(principal, action in [{named}], resource) when {{ {condition(text)} }};'
        )
    return "\n".join(lines)


def _asks_cedar(cedarpy: ModuleType, policies: object, entities: object) -> Engine:
    codes = list(CONDITIONS)

    def reasons(values: dict[str, Any], action: str) -> list[str]:
        request = {
            "principal": 'Traveller::"t"',
            "action": f'Action::"{action}"',
            "resource": 'Gate::"g"',
            "context": values,
        }
        found = cedarpy.is_authorized(request, policies, entities).diagnostics.reasons
        return [codes[int(each.removeprefix("policy"))] for each in found]

    def engine(values: dict[str, Any]) -> list[str]:
        values = {**values, "temperature": round(values["temperature"] * 10)}
        found = reasons(values, "now")
        if found and CONDITIONS[found[0]][0] != "allow":
            found += reasons(values, "who")
        return found

    return engine


def _word(text: str, name: str, new: str) -> str:
    quoted = text.split('"')
    quoted[::2] = [" ".join(_one(word, name, new) for word in part.split(" ")) for part in quoted[::2]]
    return '"'.join(quoted)


def _one(word: str, name: str, new: str) -> str:
    return word.replace(name, new) if word.strip("()!") == name else word


def _rego(regopy: ModuleType) -> Engine:
    lines = ["package village", "import rego.v1"]
    for code, (_, text) in CONDITIONS.items():
        for alternative in _alternatives(text):
            terms = "; ".join(_rego_term(term) for term in alternative)
            lines.append(f'codes contains "{code}" if {{ {terms} }}')
    rego = regopy.Interpreter()
    rego.add_module("village", "\n".join(lines))

    def engine(values: dict[str, Any]) -> list[str]:
        rego.set_input(values)
        found: list[str] = json.loads(str(rego.query("x = data.village.codes")))["bindings"]["x"]
        return found

    return engine


def _alternatives(text: str) -> list[list[str]]:
    if " or " not in text:
        return [text.split(" and ")]
    # The one condition with "or" is spelt out: Rego writes alternatives as rules of one name.
    return [
        ['role == "staff"'],
        ['role == "courier"', "not entry"],
        ['role == "visitor"', "not entry"],
        ['role == "courier"', 'purpose == "drop-point"'],
    ]


def _rego_term(term: str) -> str:
    negated, bare = term.startswith("not "), term.removeprefix("not ")
    return f"not input.{bare}" if negated else f"input.{bare}"
