"""What is true about the files: never read by the job, only by tests that judge it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from examples.meilong.jindu_road.generator.doors import checkpoints
from examples.meilong.jindu_road.generator.forms import Form
from examples.meilong.jindu_road.generator.origins import HUBEI
from examples.meilong.jindu_road.generator.residents import namesakes
from examples.meilong.jindu_road.generator.returnees import Returnee
from examples.meilong.jindu_road.generator.sheets import write_text_table
from examples.meilong.jindu_road.generator.world import World

__all__ = ["write_truth"]

_RETURNEES = ("returnee_id", "person", "kind", "forms", "damage", "agreeing", "crossing")


def write_truth(world: World, folder: Path) -> None:
    """Write who each returnee is, which forms belong to nobody, and the figures."""
    folder.mkdir(parents=True, exist_ok=True)
    forms: dict[Returnee, list[Form]] = {}
    for returnee, form in world.filed:
        forms.setdefault(returnee, []).append(form)
    rows = [_returnee(each, forms.get(each, [])) for each in world.returnees]
    write_text_table(folder / "returnees.csv", _RETURNEES, rows)
    write_text_table(folder / "strangers.csv", ("form",), [(form.id,) for form in world.strangers])
    text = json.dumps(figures(world), ensure_ascii=False, indent=1) + "\n"
    (folder / "figures.json").write_bytes(text.encode())


def _returnee(each: Returnee, forms: list[Form]) -> tuple[str, ...]:
    return (
        each.id,
        each.person.number,
        each.kind,
        ";".join(form.id for form in forms),
        ";".join("+".join(form.damage) for form in forms),
        ";".join("+".join(form.agreeing) for form in forms),
        each.serial,
    )


def figures(world: World) -> dict[str, object]:
    """Count what is in the files."""
    filed = [form for _, form in world.filed]
    classes = Counter(name for form in filed for name in form.damage)
    return {
        "seed": world.seed,
        "residents": len(world.residents),
        "registered_in_hubei": sum(
            1 for each in world.residents if each.city and each.city.code.startswith(HUBEI)
        ),
        "returnees": len(world.returnees),
        "kinds": dict(sorted(Counter(each.kind for each in world.returnees).items())),
        "forms": dict(sorted(Counter(form.file for form in world.forms).items())),
        "forms_of_returnees": len(filed),
        "forms_of_strangers": len(world.strangers),
        "damaged_forms": sum(1 for form in filed if form.damage),
        "damaged_fields_per_form": dict(sorted(Counter(len(form.damage) for form in filed).items())),
        "damage": dict(sorted(classes.items())),
        "namesakes_at_one_door": len(namesakes(world.residents)),
        "gate_rows": len(world.gate),
        "gate_crossings": len({row.serial for row in world.gate}),
        "door_rows": len(world.doors),
        "doors": checkpoints(),
    }
