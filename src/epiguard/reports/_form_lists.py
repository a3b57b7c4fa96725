"""The morning's lists of forms: found, to be asked about, and strangers."""

from __future__ import annotations

from collections.abc import Iterator

from epiguard.registrations import FORM_FIELDS
from epiguard.reports._cells import EVIDENCE, FORM, JOURNEY, REGISTER, WRITTEN, Record, Row, both
from epiguard.reports._names import as_written, building_of, joined
from epiguard.reports._sheet import Column, Sheet
from epiguard.reports._words import words

__all__ = ["matched", "not_in_register", "to_confirm"]


def matched(record: Record) -> Sheet:
    """Forms that are taken to be somebody's in the register."""
    return record.sheet(
        "matched", "已对应", "matched forms",
        (*FORM, *WRITTEN, *REGISTER, *JOURNEY, *EVIDENCE, Column("confirmed", "人工确认", "confirmed", 10)),
        _matched(record),
    )  # fmt: skip


def _matched(record: Record) -> Iterator[Row]:
    matches = record.reconciliation.matched if record.reconciliation is not None else ()
    for match in sorted(matches, key=lambda each: each.registration.id):
        form = match.registration
        candidates = match.answer.candidates if match.answer is not None else ()
        best = next((each for each in candidates if each.person_id == match.person_id), None)
        yield [
            *record.form(form), *record.written(form), *record.register(match.person_id),
            *record.journey(form), *(record.evidence(best) if best is not None else (None, "", "")),
            both("misc", "yes" if form.id in record.state.confirmed else "no"),
        ]  # fmt: skip


def to_confirm(record: Record) -> Sheet:
    """Forms to be asked about by phone: one row per candidate, a form without any has one row too."""
    return record.sheet(
        "to-confirm", "待确认", "to confirm by phone",
        (
            *FORM, *WRITTEN,
            Column("question_zh", "电话询问", "question (Chinese)", 24),
            Column("question_en", "电话询问(英文)", "question to ask", 24),
            Column("rank", "候选序号", "candidate", 8), *REGISTER, *EVIDENCE,
        ),
        _to_confirm(record),
    )  # fmt: skip


def _to_confirm(record: Record) -> Iterator[Row]:
    unsure = record.reconciliation.to_confirm if record.reconciliation is not None else ()

    # Door by door, so that calls that end at the door make one round.
    for each in sorted(
        unsure, key=lambda one: (building_of(as_written(one.registration, "residence")), one.registration.id)
    ):
        form = each.registration
        question = words("question", each.question) if each.question else words("misc", "whose-form")
        front = [*record.form(form), *record.written(form), *question]
        shown = each.likely
        for rank, candidate in enumerate(shown, start=1):
            yield [*front, rank, *record.register(candidate.person_id), *record.evidence(candidate)]
        if not shown:
            yield [*front, *[None] * (1 + len(REGISTER) + len(EVIDENCE))]


def not_in_register(record: Record) -> Sheet:
    """Forms of people who are not in the register, with all that was written, to add them."""
    return record.sheet(
        "not-in-register", "库中查无", "not in the register",
        (
            *FORM, *(Column(f"written_{field}", *words("field", field), 16) for field in FORM_FIELDS),
            Column("other", "其他内容", "other answers", 30), *JOURNEY,
            Column("same_as", "与此表同一人", "same person as form", 18),
        ),
        _strangers(record),
    )  # fmt: skip


def _strangers(record: Record) -> Iterator[Row]:
    strangers = record.reconciliation.not_in_register if record.reconciliation is not None else ()
    for stranger in sorted(strangers, key=lambda each: each.registration.id):
        form = stranger.registration
        other = joined(
            f"{heading}: {text.value}" for heading, text in form.written.items() if heading not in FORM_FIELDS
        )
        yield [
            *record.form(form), *(as_written(form, field) for field in FORM_FIELDS), other,
            *record.journey(form), stranger.same_as or "",
        ]  # fmt: skip
