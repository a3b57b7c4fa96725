"""Every fault that is planted in a sound site is found, with an example that runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from epiguard import Crossing, Direction, Policy, PolicyError, Role, Situation, Standing, Verdict
from epiguard.cli import main
from epiguard.policy import Finding, Severity
from epiguard.policy.checking import _check
from epiguard.rules import Rule, allow, deny, hold, hookimpl
from policy.checking.a_site import SOUND, planted

Changes = tuple[tuple[str, str], ...]


class ByRegistration(Rule):
    """Whoever is registered in Hubei stays out."""

    @hookimpl
    def review_crossing(self, situation: Situation) -> Iterator[Verdict]:
        """Look at the household registration."""
        for each in situation.standings:
            region = each.person.registered_region if each.person is not None else None
            if region is not None and region.value.startswith("42"):
                yield deny("from-there", zh="否", en="no", about=each)


class ByNumber(Rule):
    """The same, by the digits of the resident ID."""

    @hookimpl
    def review_crossing(self, situation: Situation) -> Iterator[Verdict]:
        """Look at the number."""
        for each in situation.standings:
            number = each.person.resident_id if each.person is not None else None
            if number is not None and number.value.startswith("42"):
                yield deny("from-there", zh="否", en="no", about=each)


class AfterTwo(Rule):
    """Nobody with two exits today comes home."""

    @hookimpl(direction=Direction.IN)
    def review_crossing(self, situation: Situation) -> Iterator[Verdict]:
        """Count."""
        for each in situation.standings:
            if each.exits_on_day() >= 1:
                yield deny("too-often", zh="否", en="no", about=each)


class KeepsPatients(Rule):
    """Nobody with a fever goes anywhere."""

    @hookimpl(direction="out")
    def review_crossing(self, situation: Situation) -> Iterator[Verdict]:
        """Deny."""
        for each in situation.standings:
            if each.temperature is not None and each.temperature >= 38:
                yield deny("stay", zh="否", en="no", about=each)


class AsksForever(Rule):
    """Registered or not, it asks for a form."""

    @hookimpl(direction="in")
    def review_crossing(self, situation: Situation) -> Iterator[Verdict]:
        """Hold."""
        for each in situation.standings:
            if each.returning_from is not None:
                yield hold("form", lifted_by="register", zh="等", en="wait", about=each)


class NoEngines(Rule):
    """Nothing but residents."""

    @hookimpl(direction="in")
    def review_crossing(self, situation: Situation) -> Iterator[Verdict]:
        """Deny."""
        for each in situation.standings:
            if each.role is Role.EMERGENCY:
                yield deny("closed", zh="否", en="no", about=each)


class Breaks(Rule):
    """Compares what is not there."""

    @hookimpl
    def review_crossing(self, situation: Situation) -> Iterator[Verdict]:
        """Compare."""
        for each in situation.standings:
            if each.temperature < 37:  # type: ignore[operator]  # planted
                yield from ()


class StopsWhereUnsure(Rule):
    """Nobody comes home past a clock that is not to be believed."""

    @hookimpl(direction="in")
    def review_crossing(self, situation: Situation) -> Iterator[Verdict]:
        """Deny."""
        if situation.clock_suspect:
            yield deny("unsure", zh="否", en="no")


class HoldsForNothing(Rule):
    """Holds cars and says nothing of what to do."""

    @hookimpl(traffic="vehicle")
    def review_crossing(self) -> Verdict:
        """Hold."""
        return Verdict(effect=hold("x", lifted_by="x").effect, code="car", texts={"zh": "等", "en": "wait"})


class VisitorsWelcome(Rule):
    """Says yes to visitors whom another rule refuses."""

    @hookimpl
    def review_crossing(self, situation: Situation) -> Iterator[Verdict]:
        """Allow."""
        for each in situation.standings:
            if _visits(each):
                yield allow("welcome", zh="可", en="yes", about=each)


def _visits(each: Standing) -> bool:
    return each.role is Role.VISITOR


STAYS_IN = '[[rules]]\nuse = "quarantine-stays-in"\n'
LEAVES = "leaves-quarantine:home-observation"
#: What is changed, rules beside it, and the finding.
FAULTS: dict[str, tuple[Changes, tuple[type[Rule], ...], str]] = {
    "nobody says yes": ((('use = "admit-kinds"\nkinds = ["resident", "staff"]', 'use = "health-code"'),), (), "unreviewed:resident-in"),
    "residents forgotten": ((('kinds = ["resident", "staff"]', 'kinds = ["staff"]'),), (), "unreviewed:resident-in"),
    "an entry for the wrong people": ((('kinds = ["resident", "staff"]', 'applies_to = ["staff"]'),), (), "unreviewed:resident-in"),
    "staff locked in": ((('kinds = ["resident", "staff"]', 'kinds = ["resident"]\noutsiders_leave = false'),), (), "unreviewed:staff-out"),
    "the order's setting is not restricted": (((STAYS_IN, f'{STAYS_IN}settings = ["home-quarantine"]\n'),), (), LEAVES),
    "nobody stays in": (((STAYS_IN, ""),), (), LEAVES),
    "staying in ends too early": (((STAYS_IN, f"{STAYS_IN}until = 2020-03-01\n"),), (), LEAVES),
    "only visitors stay in": (((STAYS_IN, f'{STAYS_IN}applies_to = ["visitor"]\n'),), (), LEAVES),
    "a week between two entries": ((("since = 2020-01-28", "since = 2020-02-04"),), (), "date-gap:couriers"),
    "a week between two lanes": (
        (('{ direction = "in", traffic = "vehicle" },', '{ direction = "in", traffic = "vehicle", until = 2020-02-01 }, { direction = "in", traffic = "vehicle", since = 2020-02-08 },'),),
        (),
        "date-gap:west-vehicle-in",
    ),
    "a week between two orders": (
        (('days = 14\nsetting = "home-observation"', "days = 14\nuntil = 2020-03-01\n\n[[quarantine]]\ndays = 7\nsince = 2020-03-08"),),
        (),
        "date-gap:quarantine",
    ),
    "two answers to couriers": ((("until = 2020-01-28\n", ""),), (), "conflict:couriers-early+couriers-late"),
    "yes and no to visitors": ((('use = "visitors"', 'use = "visitors"\nanswer = "deny"'),), (VisitorsWelcome,), "conflict:visitors-welcome+visitors"),
    "a limit that another is below": ((("limit = 37.3", 'limit = 37.3\n\n[[rules]]\nid = "laxer"\nuse = "temperature"\nlimit = 38.0'),), (), "never-matters:laxer"),
    "an entry for nobody who comes": ((('use = "one-exit-per-day"', 'use = "one-exit-per-day"\napplies_to = ["courier"]'),), (), "never-matters:one-exit-per-day"),
    "household registration": ((), (ByRegistration,), "household-registration:by-registration"),
    "the digits of the resident ID": ((), (ByNumber,), "household-registration:by-number"),
    "kept from home": ((), (AfterTwo,), "no-way-home:after-two"),
    "kept from home by a clock": (
        (('region = "310112"', 'region = "310112"\nclock_bound_minutes = 10'),),
        (StopsWhereUnsure,),
        "no-way-home:stops-where-unsure",
    ),
    "patients kept in": ((), (KeepsPatients,), "no-care:keeps-patients"),
    "what is asked does not help": ((), (AsksForever,), "trapped:asks-forever:form"),
    "nobody says what helps": ((), (HoldsForNothing,), "trapped:holds-for-nothing:car"),
    "fire engines refused": ((), (NoEngines,), "emergency-stopped:no-engines"),
    "a rule that fails": ((), (Breaks,), "fault:breaks"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A smaller world than a site's, which has these faults all the same: the tests take seconds."""
    monkeypatch.setattr(_check, "MOST_OF_A_RULE", 60)
    monkeypatch.setattr(_check, "MOST_PAIRS", 100)


def found(text: str, *rules: type[Rule]) -> dict[str, Finding]:
    """What a check finds, by id."""
    return {each.id: each for each in Policy.loads(text, rules=rules).check().findings}


def run(finding: Finding, text: str, rules: tuple[type[Rule], ...], folder: Path) -> None:
    """Run an example beside the site file; rules without a package are passed along."""
    (folder / "site.toml").write_text(text, encoding="utf-8")
    example = finding.example
    if rules:
        example = example.replace("Policy.load('site.toml')", "Policy.load('site.toml', rules=RULES)")
    exec(compile(example, finding.id, "exec"), {"RULES": rules})  # noqa: S102 - what is tested


def test_a_sound_site_is_clean() -> None:
    """There is nothing to find, so that what is found elsewhere was planted."""
    assert found(SOUND) == {}


def test_orders_of_one_and_of_two_stages_stand_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days that are over under the one are no second stage of the other: nobody leaves quarantine."""
    monkeypatch.setattr(_check, "MOST_OF_A_RULE", 400)  # fewer do not come to it
    text = (
        'site = { id = "plum-court", zone = "Asia/Shanghai", checkpoints = [{ id = "west" }] }\n'
        "[[quarantine]]\nuntil = 2020-06-01\ndays = 14\n"
        '[[quarantine]]\nsince = 2020-06-01\ndays = 7\nthen_days = 3\nthen_setting = "health-monitoring"\n'
        '[[rules]]\nuse = "admit-kinds"\n'
        '[[rules]]\nuse = "quarantine-stays-in"\n'
    )
    assert LEAVES not in found(text)
    assert LEAVES in found(text.replace('[[rules]]\nuse = "quarantine-stays-in"\n', ""))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its id, with a text in both languages, and an example that runs."""
    changes, rules, expected = FAULTS[fault]
    text = planted(*changes)
    findings = found(text, *rules)
    assert expected in findings
    finding = findings[expected]
    assert set(finding.texts) == {"zh", "en"}
    monkeypatch.chdir(tmp_path)
    run(finding, text, rules, tmp_path)


def test_serious_is_what_locks_somebody_in_or_out() -> None:
    """A rule that says nothing is worth a look; all else that is planted is serious."""
    for changes, rules, expected in list(FAULTS.values())[::5]:
        finding = found(planted(*changes), *rules)[expected]
        assert (finding.severity is Severity.MINOR) == expected.startswith("never-matters:")
        assert finding.stands == (finding.severity is Severity.SERIOUS)


def test_the_smallest_example_says_no_more_than_it_must() -> None:
    """Somebody comes home a second time: nothing else is said of them."""
    finding = found(SOUND, AfterTwo)["no-way-home:after-two"]
    assert "CrossingObserved" in finding.example
    for word in ("temperature", "exit_pass", "asked", "host", "vehicle", "QuarantinePeriod"):
        assert word not in finding.example


@attrs.frozen
class ByPurpose(Rule):
    """Reads what a check cannot make up, and says itself what to try."""

    word: str = ""

    def boundaries(self) -> dict[str, list[str]]:
        """The word."""
        return {"purpose": [self.word]} if self.word else {}

    @hookimpl
    def review_crossing(self, crossing: Crossing) -> Verdict | None:
        """Look."""
        return deny("no-market", zh="否", en="no") if crossing.purpose == "market" else None


def test_a_rule_names_boundaries_of_its_own() -> None:
    """Without them it seems to say nothing; with them it does something."""
    entry = '\n[[rules]]\nuse = "by-purpose"\n'
    assert "never-matters:by-purpose" in found(SOUND + entry, ByPurpose)
    assert "never-matters:by-purpose" not in found(f'{SOUND}{entry}word = "market"\n', ByPurpose)


def test_a_written_reason_accepts_a_finding() -> None:
    """It is listed with its reason and stands no more; one for what is not found is reported."""
    text = planted(("until = 2020-01-28\n", ""))
    name = "conflict:couriers-early+couriers-late"
    accepted = f'[check]\n"{name}" = "ours"\n"never-matters:lanes" = "ours"\n{text}'
    findings = found(accepted)
    assert findings[name].reason == "ours"
    assert not findings[name].stands
    assert "stale-reason:never-matters:lanes" in findings


@pytest.mark.parametrize(
    "entry", ['"x:y" = "ours"', '"conflict" = "ours"', '"fault:nobody" = "ours"', '"fault:lanes" = " "']
)
def test_a_reason_for_what_cannot_be_found_is_refused(entry: str) -> None:
    """An unknown kind, a rule the site has not, and no words at all."""
    with pytest.raises(PolicyError, match="check"):
        Policy.loads(f"[check]\n{entry}\n{SOUND}")


def test_the_command_ends_with_1_where_something_serious_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And with 0 where nothing does; what was tried is printed."""
    (tmp_path / "site.toml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "bad.toml").write_text(planted((STAYS_IN, "")), encoding="utf-8")
    assert main(["check", str(tmp_path / "site.toml")]) == 0
    assert "0 serious findings stand" in capsys.readouterr().out
    against = ["--against", str(tmp_path / "site.toml")]
    assert main(["check", str(tmp_path / "bad.toml"), *against]) == 1
    printed = capsys.readouterr().out
    assert f"serious: {LEAVES}" in printed
    assert "deny becomes allow: quarantine-stays-in" in printed


@pytest.mark.parametrize(
    ("section", "key"),
    [
        ("[calls]\nhelper = []", "site.toml: calls.helper"),
        ('[report]\nkey_regions = ["240000"]', "site.toml: report.key_regions"),
        ('[intake.residents]\nfiles = "a.csv"', "site.toml: intake.residents.files"),
        ("[retention]\nforms = 3", "site.toml: retention.forms"),
    ],
)
def test_the_command_reads_what_deciding_does_not(
    section: str, key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip in another section is bad input, and not found out when the day is run."""
    (tmp_path / "site.toml").write_text(f"{section}\n{SOUND}", encoding="utf-8")
    assert main(["check", str(tmp_path / "site.toml")]) == 2
    assert capsys.readouterr().err.startswith(f"epiguard: {key}: expected ")
