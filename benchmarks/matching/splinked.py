"""Splink as a contestant: many queries linked with the register at once, by Fellegi and Sunter, on DuckDB.

It has no look-up of one query. m and u are given by hand: with u from random pairs no pair ever agrees in the
fields that are nearly unique, and their levels stay untrained. Blocking is one rule for each way in which a field
survives damage; the cut on the weight is low, so that a single agreeing field is a candidate.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from found import Found
from normal import normal
from register.people import FIELDS

#: Keys that are made of the normalised fields, for blocking.
_KEYS = ("pinyin", "head14", "tail6", "tail4", "birth8", "phone7", "phone4", "door", "plate6", "plate4")
_BLOCKS = (
    *(
        f"{{0}}.{field}"
        for field in ("name", "pinyin", "resident_id", "phone", "residence", "plate", "head14", "tail6")
    ),
    *("{0}.door", "{0}.plate6", "{0}.phone7", "substr({0}.phone, 1, 8)", "substr({0}.phone, 3, 8)"),
    *("substr({0}.resident_id, 1, 12)", "substr({0}.resident_id, 7, 8) || {0}.tail4"),
    *("{0}.phone4 || {0}.pinyin", "{0}.birth8 || {0}.pinyin", "{0}.plate4 || {0}.pinyin"),
)
_CUT = -18


def _keyed(written: dict[str, str]) -> dict[str, str]:
    made = normal(written)
    number, phone, plate = made.get("resident_id", ""), made.get("phone", ""), made.get("plate", "")
    estate, _, door = made.get("residence", "").partition("|")
    building, _, rest = door.partition("-")
    made["door"] = f"{estate}{building}-{rest.rpartition('-')[2]}" if door else ""
    made |= {"head14": number[:14] if len(number) >= 14 else "", "tail6": number[-6:], "tail4": number[-4:]}
    made |= {"birth8": number[6:14] if len(number) == 18 else made.get("birth_date", "")}
    made |= {"phone7": phone[-7:], "phone4": phone[-4:], "plate6": plate[-6:], "plate4": plate[-4:]}
    return made


def _level(condition: str, m: float, u: float, *, frequency: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {
        "sql_condition": condition,
        "label_for_charts": condition,
        "m_probability": m,
        "u_probability": u,
    }
    if frequency:
        made["tf_adjustment_column"] = frequency
    return made


def _comparison(field: str, *levels: dict[str, Any]) -> dict[str, Any]:
    blank = f"{field}_l IS NULL OR {field}_r IS NULL"
    null = {"sql_condition": blank, "label_for_charts": "blank", "is_null_level": True}
    return {"output_column_name": field, "comparison_levels": [null, *levels]}


def _same(field: str) -> str:
    return f"{field}_l = {field}_r"


def _near(field: str, slips: int = 1) -> str:
    return f"damerau_levenshtein({field}_l, {field}_r) <= {slips}"


def _settings(residents: int) -> dict[str, Any]:
    return {
        "link_type": "link_only",
        "unique_id_column_name": "row",
        "probability_two_random_records_match": 0.9 / residents,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"{each.format('l')} = {each.format('r')}"} for each in _BLOCKS
        ],
        "comparisons": [
            _comparison(
                "name",
                _level(_same("name"), 0.6, 2e-4, frequency="name"),
                _level(_same("pinyin"), 0.15, 5e-4),
                _level(_near("name"), 0.2, 0.02),
                _level("ELSE", 0.05, 0.98),
            ),
            _comparison("sex", _level(_same("sex"), 0.98, 0.5), _level("ELSE", 0.02, 0.5)),
            _comparison(
                "resident_id",
                _level(_same("resident_id"), 0.6, 1e-8),
                _level(
                    "contains(resident_id_r, resident_id_l) OR contains(resident_id_l, resident_id_r)",
                    0.2,
                    1e-4,
                ),
                _level(_near("resident_id", 2), 0.15, 1e-6),
                _level("ELSE", 0.05, 1.0),
            ),
            _comparison("birth_date", _level(_same("birth_date"), 0.9, 5e-5), _level("ELSE", 0.1, 1.0)),
            _comparison(
                "phone",
                _level(_same("phone"), 0.6, 1e-7),
                _level(_near("phone"), 0.2, 1e-6),
                _level(_near("phone", 2), 0.1, 1e-5),
                _level(_same("phone4"), 0.05, 1e-4),
                _level("ELSE", 0.05, 1.0),
            ),
            _comparison(
                "residence",
                _level(_same("residence"), 0.6, 3e-6),
                _level(_same("door"), 0.2, 1e-5),
                _level(_near("residence"), 0.1, 1e-4),
                _level("ELSE", 0.1, 1.0),
            ),
            _comparison(
                "plate",
                _level(_same("plate"), 0.7, 1e-7),
                _level(_same("plate6"), 0.1, 1e-6),
                _level(_near("plate"), 0.1, 1e-5),
                _level("ELSE", 0.1, 1.0),
            ),
        ],
        "retain_matching_columns": False,
    }


class Splink:
    """Splink, all queries at once."""

    decides = False

    def __init__(self, columns: dict[str, list[str]], folder: Path) -> None:
        import duckdb  # noqa: PLC0415 - the same
        from splink.backends.duckdb import DuckDBAPI  # noqa: PLC0415 - a peer's package

        base = duckdb.connect(config={"threads": 1})
        self.api = DuckDBAPI(connection=base)
        rows = range(len(columns["person_id"]))
        self.residents = len(rows)
        self.register = self._taken(
            "register", ({field: columns[field][row] for field in FIELDS} for row in rows)
        )

    def _taken(self, name: str, records: Any) -> Any:  # noqa: ANN401 - a peer's table
        import pyarrow as pa  # noqa: PLC0415 - what Splink's engine reads

        fields = [*FIELDS, *(each for each in _KEYS if each not in FIELDS)]
        made: dict[str, list[str | None]] = {field: [] for field in fields}
        for record in records:
            keyed = _keyed(record)
            for field, column in made.items():
                column.append(keyed.get(field) or None)
        count = len(made["name"])
        types = {field: pa.array(column, pa.string()) for field, column in made.items()}
        return self.api.register(
            pa.table({"row": pa.array(range(count)), **types}), dataset_display_name=name
        )

    def find_all(self, many: list[dict[str, str]]) -> list[Found]:
        """Link all queries with the register, and keep each one's best five."""
        from splink import Linker  # noqa: PLC0415 - a peer's package

        queries = self._taken("queries", many)
        linker = Linker([queries, self.register], _settings(self.residents), log_level=40)
        pairs = linker.inference.predict(threshold_match_weight=_CUT, warning_mode="never")
        found: list[list[tuple[float, int]]] = [[] for _ in many]
        for pair in pairs.as_record_list():
            sides = {pair["source_dataset_l"]: pair["row_l"], pair["source_dataset_r"]: pair["row_r"]}
            found[sides["queries"]].append((-pair["match_weight"], sides["register"]))
        best = [sorted(each)[:5] for each in found]
        return [Found([row for _, row in each], [-weight for weight, _ in each]) for each in best]

    def file_size(self) -> int | None:
        """Nothing on disk."""
        return None
