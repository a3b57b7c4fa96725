"""Words of installed packages, and distributions pinned by version and content."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import epiguard
from plugin_package.test_discovery import CURFEW, HERE, SITE, install

TEMPERATURE = '[[rules]]\nuse = "admit-kinds"\n[[rules]]\nuse = "temperature"\n'
COURIERS = '[[rules]]\nuse = "couriers"\nanswer = "hold"\n'
NO_HASH = f"sha256:{'0' * 64}"

PROGRAM = """
import json, sys
from datetime import UTC, datetime
from epiguard import Crossing, EpiguardError, Policy, Situation, Traveller

try:
    policy = Policy.loads(sys.argv[1])
except EpiguardError as error:
    said = f"{type(error).__name__}: {error}"
else:
    said = {"version": policy.version}
    for person, options in (("p-7", {}), ("p-8", {"temperature": 37.5}), (None, {"role": "courier"})):
        asked = Crossing(checkpoint="north", direction="in", at=datetime(2020, 2, 14, 3, tzinfo=UTC),
                         travellers=[Traveller(person=person, **options)])
        decision = policy.decide(asked, Situation.of([], asked, site=policy.site))
        said |= {each.code: dict(each.texts) for each in decision.verdicts}
        said.setdefault("explained", policy.explain(decision).text("ne"))
modules = sorted(name for name in sys.modules if name.startswith("epiguard_"))
print(json.dumps({"said": said, "modules": modules}))
"""


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the package of rules was installed."""
    return install(HERE, tmp_path_factory.mktemp("rules") / "site")


@pytest.fixture(scope="module")
def nepali(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the package of words was installed."""
    return install(HERE / "nepali", tmp_path_factory.mktemp("words") / "site")


def load(text: str, *folders: Path) -> tuple[Any, list[str]]:
    """What a fresh interpreter, which sees the folders, says of a site file, and what it imported."""
    path = os.pathsep.join([*map(str, folders), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, text],
        env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    result = json.loads(done.stdout)
    return result["said"], result["modules"]


def site(rules: str, head: str = "", tail: str = "") -> str:
    """A site file: keys before its tables, rules, and tables after them."""
    return f"{head}\n{SITE}{rules}{tail}"


def test_a_package_adds_a_language_and_rewords_another(nepali: Path) -> None:
    """What it says takes the place of the rule's own; what it does not say stays."""
    said, _ = load(site(TEMPERATURE, 'messages = ["nepali"]'), nepali)
    assert said["not-measured"] == {
        "zh": "请先测量体温",
        "en": "please have your temperature taken",
        "ne": "पहिले तापक्रम नाप्नुहोस्",
    }
    assert said["fever-retest"]["ne"] == "37.3 °C वा बढी; 15 मिनेट आराम गरेर फेरि नाप्नुहोस्"
    assert said["fever-retest"]["en"] == "37.3 °C or more; rest for 15 minutes and measure again"
    assert set(said["unknown-resident"]) == {"zh", "en"}


def test_a_text_within_a_text_is_in_the_same_language(nepali: Path) -> None:
    """The gate is called what the package calls it."""
    said, _ = load(site(COURIERS, 'messages = ["nepali"]'), nepali)
    assert said["courier-waits"] == {
        "zh": "请在门岗等候收件人领取",
        "en": "please wait at the gate for the receiver",
        "ne": "कृपया गेट मा पर्खनुहोस्",
    }


def test_an_explanation_speaks_the_language_too(nepali: Path) -> None:
    """What it says itself can be offered like a rule's texts; what is not stays Chinese."""
    said, _ = load(site(TEMPERATURE, 'messages = ["nepali"]'), nepali)
    who = "自述为住户但查无此人,请先核实身份(返程人员先登记);非住户请按访客办理"
    assert said["explained"].splitlines() == [
        f"अहिले नछोड्नुहोस्: {who};पहिले तापक्रम नाप्नुहोस्।",
        "- 核实身份:查登记册、看证件,或联系家属",
        "- तापक्रम नाप्नुहोस्",
    ]
    without, _ = load(site(TEMPERATURE))
    assert without["explained"].startswith("暂不放行:")


def test_what_the_library_says_of_a_decision_can_be_said_otherwise(nepali: Path) -> None:
    """Nobody allows it, and the guard reads so in the language of the site."""
    rules = '[[rules]]\nuse = "temperature"\n'
    said, _ = load(site(rules, 'messages = ["nepali"]'), nepali)
    assert set(said["unreviewed"]) == {"zh", "en", "ne"}
    assert said["unreviewed"]["ne"] == "कुनै नियमले अनुमति दिएको छैन; समितिलाई सोध्नुहोस्"


def test_words_are_part_of_the_version(nepali: Path) -> None:
    """A decision tells whose words it was given in; installing the package alone changes nothing."""
    with_words, _ = load(site(TEMPERATURE, 'messages = ["nepali"]'), nepali)
    without, modules = load(site(TEMPERATURE), nepali)
    assert with_words["version"] != without["version"]
    assert without["version"] == load(site(TEMPERATURE))[0]["version"]
    assert modules == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "nepali-slip",
            (
                "RuleLoadError: epiguard_nepali_slip: messages/ne.toml: temperature.not-mesured: "
                "expected an entry that 'temperature' has, got another one; did you mean 'not-measured'?"
            ),
        ),
        (
            "nepali-hole",
            (
                "RuleLoadError: epiguard_nepali_hole: messages/ne.toml: temperature.not-measured: "
                "expected placeholders that the rule fills, got name; use those of the rule's own text"
            ),
        ),
        (
            "nepali-bare",
            (
                "RuleLoadError: site.toml: messages: expected a folder messages in the package "
                "epiguard_nepali_bare, got none; put the catalogue's files there and into the package's data"
            ),
        ),
        (
            "nepal",
            (
                "RuleLoadError: site.toml: messages: expected the names of installed messages, "
                "got 'nepal', which no installed package offers; did you mean 'nepali'?"
            ),
        ),
    ],
)
def test_words_that_do_not_fit_are_refused(nepali: Path, name: str, message: str) -> None:
    """At load, not at the gate: an entry or a placeholder that the rule does not know, or none at all."""
    said, _ = load(site(TEMPERATURE, f'messages = ["{name}"]'), nepali)
    assert said == message


def test_words_that_are_not_installed() -> None:
    """The policy does not load without the language that its file names."""
    said, _ = load(site(TEMPERATURE, 'messages = ["nepali"]'))
    assert said.endswith("which no installed package offers; install the package that offers it")


def test_a_distribution_that_is_not_admitted_is_not_imported(village: Path, nepali: Path) -> None:
    """Neither its rules nor its words, where the file lists what it admits; the library's own are."""
    only = '[plugins.epiguard-qingpu]\nversion = "1.2"\n'
    said, modules = load(site(TEMPERATURE, 'messages = ["nepali"]', only), village, nepali)
    assert said == (
        "RuleLoadError: site.toml: messages: expected a rule of epiguard or of a distribution named under "
        "[plugins], got 'nepali' of epiguard-nepali; add [plugins.epiguard-nepali] if its code is trusted"
    )
    assert modules == []
    said, modules = load(site(CURFEW, "", "[plugins.epiguard-nepali]\n"), village, nepali)
    assert "got 'night-curfew' of epiguard-qingpu; add [plugins.epiguard-qingpu]" in said
    assert modules == []


def test_an_admitted_distribution_is_imported(village: Path) -> None:
    """With its version as pinned, however its name is spelt."""
    for name in ("epiguard-qingpu", "Epiguard_Qingpu"):
        _, modules = load(site(CURFEW, "", f'[plugins.{name}]\nversion = "1.2"\n'), village)
        assert modules == ["epiguard_qingpu"]


def test_another_version_is_not_imported(village: Path) -> None:
    """The message names both."""
    said, modules = load(site(CURFEW, "", '[plugins.epiguard-qingpu]\nversion = "1.3"\n'), village)
    assert said == (
        "RuleLoadError: site.toml: plugins.epiguard-qingpu: expected epiguard-qingpu 1.3, as "
        "[plugins.epiguard-qingpu] says, got version 1.2; "
        "install that version, or review the other one and change the pin"
    )
    assert modules == []


def test_a_pin_is_checked_where_no_rule_of_it_is_used(village: Path) -> None:
    """It would look like a check, and nobody would look at it."""
    for pinned in ('version = "1.3"', f'hash = "{NO_HASH}"'):
        said, modules = load(site(TEMPERATURE, "", f"[plugins.epiguard-qingpu]\n{pinned}\n"), village)
        assert said.startswith("RuleLoadError: site.toml: plugins.epiguard-qingpu: expected epiguard-qingpu ")
        assert modules == []


def test_what_is_admitted_is_installed(village: Path) -> None:
    """A list that names what is not there looks like a check and checks nothing: it is refused."""
    for name in ("epiguard-beekeeping", "epiguard_quingpu"):
        said, modules = load(site(TEMPERATURE, "", f"[plugins.{name}]\n"), village)
        assert said == (
            f"RuleLoadError: site.toml: plugins.{name}: expected the name of an installed distribution, "
            "got one that is not installed; install it, correct its name, or remove the table"
        )
        assert modules == []


def test_the_library_itself_can_be_pinned() -> None:
    """It needs no admission, but a version that stands there is the one that may be loaded."""
    said, _ = load(site(TEMPERATURE, "", '[plugins.epiguard]\nversion = "0.0.1"\n'))
    assert said == (
        "RuleLoadError: site.toml: plugins.epiguard: expected epiguard 0.0.1, as [plugins.epiguard] says, "
        f"got version {epiguard.__version__}; "
        "install that version, or review the other one and change the pin"
    )
    said, _ = load(site(TEMPERATURE, "", f'[plugins.epiguard]\nversion = "{epiguard.__version__}"\n'))
    assert "version" in said


def pin(hash_: str) -> str:
    """A pin by content."""
    return f'[plugins.epiguard-qingpu]\nhash = "{hash_}"\n'


def test_other_content_is_not_imported(village: Path, tmp_path: Path) -> None:
    """The message gives the hash that was found, which then loads, until a single file is changed."""
    copy = install(HERE, tmp_path / "site")
    said, modules = load(site(CURFEW, "", pin(NO_HASH)), village)
    assert modules == []
    found = re.search(r"sha256:[0-9a-f]{64}", said)
    assert found is not None
    assert said == (
        "RuleLoadError: site.toml: plugins.epiguard-qingpu: expected epiguard-qingpu with the content that "
        f"[plugins.epiguard-qingpu] pins, got {found[0]}; "
        "review what is installed; if it is right, put this hash into the site file"
    )
    # The same content has the same hash wherever it is installed, run before or not.
    for folder in (village, copy, copy):
        assert load(site(CURFEW, "", pin(found[0])), folder)[1] == ["epiguard_qingpu"]
    changed = copy / "epiguard_qingpu_unwanted.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    said, modules = load(site(CURFEW, "", pin(found[0])), copy)
    assert "with the content that [plugins.epiguard-qingpu] pins" in said
    assert modules == []
    changed.unlink()
    said, modules = load(site(CURFEW, "", pin(found[0])), copy)
    assert said.endswith("expected all files of epiguard-qingpu, got nothing of that name; reinstall it")
    assert modules == []


def test_an_editable_installation_has_no_hash(tmp_path: Path) -> None:
    """Its code can change under the pin, so only its version can be pinned."""
    editable = install(HERE, tmp_path / "site", "--editable")
    said, modules = load(site(CURFEW, "", pin(NO_HASH)), editable)
    assert said == (
        "RuleLoadError: site.toml: plugins.epiguard-qingpu: expected epiguard-qingpu installed from a "
        "wheel, so that its content can be checked, got an editable installation, or one without a list "
        "of files; install it without --editable, or pin its version only"
    )
    assert modules == []


def test_a_package_that_stands_before_the_pinned_one_is_not_imported(village: Path, tmp_path: Path) -> None:
    """The hash is of what was installed, so what is imported must be that."""
    [found] = re.findall(r"sha256:[0-9a-f]{64}", load(site(CURFEW, "", pin(NO_HASH)), village)[0])
    other = tmp_path / "epiguard_qingpu"
    other.mkdir()
    (other / "__init__.py").write_text("raise SystemExit\n", encoding="utf-8")
    said, modules = load(site(CURFEW, "", pin(found)), tmp_path, village)
    assert said == (
        "RuleLoadError: site.toml: rules[1].use: expected package 'epiguard_qingpu' to be imported from what "
        "epiguard-qingpu installed, got another place, or none; "
        "remove the other one from the path, or pin the version only"
    )
    assert modules == []


def test_the_metadata_of_a_source_folder_have_no_hash(tmp_path: Path) -> None:
    """They name files, and whoever may write into the folder may change both."""
    metadata = tmp_path / "epiguard_qingpu.egg-info"
    metadata.mkdir()
    (metadata / "PKG-INFO").write_text("Name: epiguard-qingpu\nVersion: 1.2\n", encoding="utf-8")
    (metadata / "SOURCES.txt").write_text("epiguard_qingpu/__init__.py\n", encoding="utf-8")
    offered = "[epiguard.rules]\nnight-curfew = epiguard_qingpu:NightCurfew\n"
    (metadata / "entry_points.txt").write_text(offered, encoding="utf-8")
    package = tmp_path / "epiguard_qingpu"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit\n", encoding="utf-8")
    said, modules = load(site(CURFEW, "", pin(NO_HASH)), tmp_path)
    assert "expected epiguard-qingpu installed from a wheel" in said
    assert modules == []


def test_a_pin_that_is_no_pin_is_refused() -> None:
    """A hash of another length, or an unknown key."""
    said, _ = load(site(CURFEW, "", pin("sha256:12")))
    assert said.startswith(
        "PolicyError: site.toml: plugins.epiguard-qingpu.hash: expected 'sha256:' and 64 hex"
    )
    said, _ = load(site(CURFEW, "", '[plugins.epiguard-qingpu]\nversions = "1"\n'))
    assert "plugins.epiguard-qingpu.versions: expected one of" in said
