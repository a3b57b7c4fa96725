"""What a change of the rules would have done, as one page for a committee: counts, and nobody's data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import attrs

from epiguard.decisions import Effect
from epiguard.errors import ExportError
from epiguard.places import Site
from epiguard.policy import Change, Replay
from epiguard.reports._files import write_whole
from epiguard.reports._html import checked_languages, render_page
from epiguard.reports._words import LANGUAGES, Words, packaged, words

__all__ = ["render_replay", "write_replay_html"]


@attrs.frozen
class Reason:
    """Why some answers would have been others.

    Attributes:
        text: What the rule says, in Chinese and English.
        code: For whoever looks it up in the site file's rules.
        outcome: Which answer would have become which.
        count: Of how many crossings.
    """

    text: Words
    code: str
    outcome: Words
    count: int


@attrs.frozen
class Group:
    """The reasons of one entry of a site file."""

    rule: Words
    count: int
    reasons: tuple[Reason, ...]


def write_replay_html(  # noqa: PLR0913 - what a reader must be told
    replay: Replay,
    path: str | Path,
    *,
    site: Site,
    candidate: str,
    as_known: str = "then",
    versions: tuple[str, str] | None = None,
    languages: Sequence[str] = LANGUAGES,
) -> Path:
    """Write a replay as one self-contained HTML page; the same replay gives the same bytes.

    It holds counts by rule, by answer and by day, and what rules say; nobody, no decision and no instant of
    a crossing is named.

    Args:
        replay: What ``Policy.replay`` gave.
        path: The file; written whole or not at all.
        site: Where.
        candidate: What was tried, such as the name of its file.
        as_known: ``"then"`` or ``"now"``, as it was given to ``Ledger.history``.
        versions: Of the policy in force and of the one that was tried.
        languages: As of :func:`write_html`.

    Returns:
        The path.

    Raises:
        ExportError: If an argument is not known, Jinja2 is not installed or the file cannot be written.
    """
    text = render_replay(
        replay, site=site, candidate=candidate, as_known=as_known, versions=versions, languages=languages
    )
    return write_whole(path, text.encode(), private=False)


def render_replay(  # noqa: PLR0913 - see above
    replay: Replay,
    *,
    site: Site,
    candidate: str,
    as_known: str = "then",
    versions: tuple[str, str] | None = None,
    languages: Sequence[str] = LANGUAGES,
) -> str:
    """The page as text; see :func:`write_replay_html`."""
    shown = checked_languages(languages, "write_replay_html(languages=)")
    if as_known not in packaged("words.toml")["as-known"]:
        raise ExportError(
            "write_replay_html(as_known=)", expected="'then' or 'now'", got="another word", do="'then'"
        )
    return render_page(
        "replay.html",
        languages=shown,
        site_name=site.name or site.id,
        candidate=candidate,
        versions=versions,
        known=words("as-known", as_known),
        span=_span(each.day for each in replay.days),
        replay=replay,
        stricter=sum(each.stricter for each in replay.days),
        milder=sum(each.milder for each in replay.days),
        groups=tuple(_groups(replay)),
    )


def _span(days: Iterable[date]) -> str:
    known = sorted(days)
    if not known:
        return ""
    first, last = known[0].isoformat(), known[-1].isoformat()
    return first if first == last else f"{first} – {last}"


def _groups(replay: Replay) -> Iterator[Group]:
    counts: Counter[str] = Counter()
    for each in replay.changes:
        counts[each.rule] += each.count
    for rule, count in counts.most_common():
        mine = [each for each in replay.changes if each.rule == rule]
        name = (rule, rule) if rule else ("没有规则可放行,或名额已用", "no rule allows it, or it is used up")
        yield Group(name, count, tuple(map(_reason, mine)))


def _reason(change: Change) -> Reason:
    zh, en = (change.texts.get(language, "") for language in LANGUAGES)
    # Where it said different things of different crossings, its code stands for all of them.
    text = (zh or en, en or zh) if zh or en else words("reason", change.code)
    return Reason(text, change.code, _outcome(change.before, change.after), change.count)


def _outcome(before: Effect, after: Effect) -> Words:
    (from_zh, from_en), (to_zh, to_en) = words("effect", before.value), words("effect", after.value)
    return f"{from_zh} → {to_zh}", f"{from_en} → {to_en}"
