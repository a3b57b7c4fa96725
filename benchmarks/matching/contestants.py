"""The contestants: each builds an index of the register and answers queries."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from found import Found
from normal import normal
from ranking import Ranker
from register.people import FIELDS
from splinked import Splink

from epiguard.matching import MatchDecision, Query, ResidentIndex


class Contestant(Protocol):
    """An index and its look-up."""

    #: Whether it says itself which match it takes; of the others a threshold is tuned.
    decides: bool

    def find(self, written: dict[str, str]) -> Found:
        """Look one query up, text in, candidates out."""
        ...


class Epiguard:
    """This library, through its public interface."""

    decides = True

    def __init__(self, columns: dict[str, list[str]], folder: Path) -> None:
        self.index = ResidentIndex.from_table(columns)
        self._folder = folder

    def find(self, written: dict[str, str]) -> Found:
        """Look up and read everything but the evidence."""
        return self._found(self.index.find(Query(**written)))

    def look(self, written: dict[str, str]) -> object:
        """Look up and read nothing."""
        return self.index.find(Query(**written))

    def look_and_read(self, written: dict[str, str]) -> object:
        """Look up and read the evidence of every candidate."""
        answer = self.index.find(Query(**written))
        return [(each.person_id, each.probability, each.evidence) for each in answer.candidates]

    def find_many(self, many: Iterable[dict[str, str]]) -> list[Found]:
        """Look up many at once."""
        return [self._found(answer) for answer in self.index.find_many([Query(**each) for each in many])]

    def file_size(self) -> int | None:
        """Bytes of the saved index, where this edition can save one."""
        save = getattr(self.index, "save", None)
        if save is None:
            return None
        save(self._folder / "residents.index")
        return (self._folder / "residents.index").stat().st_size

    @staticmethod
    def _found(answer: Any) -> Found:  # noqa: ANN401 - an Answer
        rows = [int(each.person_id[1:]) for each in answer.candidates]
        taken = rows[0] if answer.decision is MatchDecision.MATCH else None
        return Found(rows, [each.probability for each in answer.candidates], taken)


class _Ranked:
    """What the peers share: normalised columns and the re-ranker."""

    decides = False

    def __init__(self, columns: dict[str, list[str]], folder: Path) -> None:
        rows = range(len(columns["person_id"]))
        self.columns: dict[str, list[str]] = {field: [] for field in (*FIELDS, "pinyin")}
        for row in rows:
            made = normal({field: columns[field][row] for field in FIELDS})
            for field, column in self.columns.items():
                column.append(made.get(field, ""))
        self.ranker = Ranker(self.columns)
        self.folder = folder
        self.prepare()

    def prepare(self) -> None:
        """Build the index."""

    def find(self, written: dict[str, str]) -> Found:
        """Bring up candidates and rank them."""
        query = normal(written)
        ranked = self.ranker.rank(query, self.candidates(query))
        return Found([row for row, _ in ranked], [score for _, score in ranked])

    def candidates(self, query: dict[str, str]) -> Iterable[int]:
        """The rows to rank."""
        raise NotImplementedError

    def file_size(self) -> int | None:
        """Bytes on disk."""
        return None


class RapidFuzz(_Ranked):
    """RapidFuzz ``process.extract`` over every field of every resident: the ceiling of the re-ranker."""

    CUTOFFS = (
        ("name", 50),
        ("pinyin", 85),
        ("resident_id", 72),
        ("phone", 70),
        ("residence", 70),
        ("plate", 80),
    )

    def candidates(self, query: dict[str, str]) -> Iterable[int]:
        """The union of the fields' best hundred."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - a peer's package

        found: set[int] = set()
        for field, cutoff in self.CUTOFFS:
            text = query.get(field)
            if not text:
                continue
            if field == "resident_id" and len(text.replace("?", "")) < 18:
                pattern = re.compile(text.replace("?", "."))
                found.update(row for row, each in enumerate(self.columns[field]) if pattern.search(each))
                continue
            hits = process.extract(
                text, self.columns[field], scorer=fuzz.ratio, score_cutoff=cutoff, limit=200, processor=None
            )
            found.update(row for _, _, row in hits)
        return found


class Fts5(_Ranked):
    """SQLite FTS5 with trigrams: the rare trigrams of each column, best hundred by bm25, then the re-ranker."""

    RARE = 4

    def prepare(self) -> None:
        """Build the table of trigrams."""
        self.path = self.folder / "fts5.db"
        self.base = sqlite3.connect(self.path)
        columns = ("name", "pinyin", "resident_id", "phone", "residence", "plate")
        self.fields = columns
        self.base.execute(
            f"CREATE VIRTUAL TABLE r USING fts5({', '.join(columns)}, tokenize='trigram', content='')"
        )
        self.base.executemany(
            f"INSERT INTO r(rowid, {', '.join(columns)}) VALUES (?{', ?' * len(columns)})",  # noqa: S608 - constants
            (
                (row, _padded(name), pinyin, *rest)
                for row, (name, pinyin, *rest) in enumerate(
                    zip(*(self.columns[field] for field in columns), strict=True)
                )
            ),
        )
        self.base.execute("INSERT INTO r(r) VALUES ('optimize')")
        self.base.execute("CREATE VIRTUAL TABLE v USING fts5vocab(r, 'row')")
        self.base.commit()
        self.often: dict[str, int] = dict(self.base.execute("SELECT term, doc FROM v"))

    def candidates(self, query: dict[str, str]) -> Iterable[int]:
        """An OR of the rarest trigrams of each column."""
        asked = []
        for field in self.fields:
            text = query.get(field, "")
            text = _padded(text) if field == "name" else text
            grams = {text[place : place + 3].lower() for place in range(len(text) - 2)}
            known = sorted((self.often[gram], gram) for gram in grams if gram in self.often)
            asked += [f'{field} : "{gram}"' for _, gram in known[: self.RARE] if '"' not in gram]
        if not asked:
            return ()
        rows = self.base.execute(
            "SELECT rowid FROM r WHERE r MATCH ? ORDER BY bm25(r) LIMIT 100", (" OR ".join(asked),)
        )
        return [row for (row,) in rows]

    def file_size(self) -> int | None:
        """Bytes on disk."""
        return self.path.stat().st_size


def _padded(name: str) -> str:
    """A name with marks at its ends, for names of two characters hold no trigram."""
    return f"^{name}$" if name else ""


class Tantivy(_Ranked):
    """Tantivy: fuzzy terms for numbers, grams for names and addresses, best hundred, then the re-ranker."""

    def prepare(self) -> None:
        """Build the index on disk."""
        import tantivy  # noqa: PLC0415 - a peer's package

        self.tantivy = tantivy
        path = self.folder / "tantivy"
        path.mkdir()
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("row", stored=True)
        for field in self.TEXTS:
            builder.add_text_field(field, tokenizer_name="whitespace" if field in self.GRAMS else "raw")
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema, path=str(path))
        writer = self.index.writer(heap_size=256_000_000, num_threads=1)
        for row in range(len(self.columns["name"])):
            document = tantivy.Document()
            document.add_unsigned("row", row)
            for field, text in self._texts(
                {each: column[row] for each, column in self.columns.items()}
            ).items():
                document.add_text(field, text)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()
        self.path = path

    TEXTS = ("name", "pinyin", "resident_id", "head", "tail6", "tail4", "phone", "residence", "plate", "body")
    GRAMS = ("name", "residence")

    @staticmethod
    def _texts(values: dict[str, str]) -> dict[str, str]:
        number, plate = values.get("resident_id", ""), values.get("plate", "")
        texts = {
            "name": " ".join(_grams(values.get("name", ""))),
            "pinyin": values.get("pinyin", ""),
            "resident_id": number,
            "head": number[:14],
            "tail6": number[-6:],
            "tail4": number[-4:],
            "phone": values.get("phone", ""),
            "residence": " ".join(_door_grams(values.get("residence", ""))),
            "plate": plate,
            "body": plate[-6:],
        }
        return {field: text for field, text in texts.items() if text}

    def candidates(self, query: dict[str, str]) -> Iterable[int]:
        """Whatever any field brings up, the best hundred."""
        must = [(self.tantivy.Occur.Should, each) for each in self._asked(query)]
        if not must:
            return ()
        hits = self.searcher.search(self.tantivy.Query.boolean_query(must), 100).hits
        return [self.searcher.doc(address)["row"][0] for _, address in hits]

    def _asked(self, query: dict[str, str]) -> Iterable[Any]:
        one = self.tantivy.Query
        for gram in _grams(query.get("name", "")):
            yield one.term_query(self.schema, "name", gram)
        if "pinyin" in query:
            yield one.term_query(self.schema, "pinyin", query["pinyin"])
        for gram in _door_grams(query.get("residence", "")):
            yield one.term_query(self.schema, "residence", gram)
        phone = query.get("phone", "")
        if "?" in phone:
            yield one.regex_query(self.schema, "phone", phone.replace("?", "."))
        elif phone and len(phone) <= 9:
            yield one.regex_query(self.schema, "phone", f"{phone}.*|.*{phone}")
        elif phone:
            yield one.fuzzy_term_query(self.schema, "phone", phone, distance=2)
        number = query.get("resident_id", "")
        if "?" in number:
            yield one.regex_query(self.schema, "resident_id", number.replace("?", "."))
        elif len(number) in (4, 6, 14):
            yield one.term_query(self.schema, {4: "tail4", 6: "tail6", 14: "head"}[len(number)], number)
        elif number:
            yield one.fuzzy_term_query(self.schema, "resident_id", number, distance=2)
        plate = query.get("plate", "")
        if plate:
            yield one.fuzzy_term_query(self.schema, "plate", plate, distance=1)
            yield one.term_query(self.schema, "body", plate[-6:])

    def file_size(self) -> int | None:
        """Bytes on disk."""
        return sum(each.stat().st_size for each in self.path.iterdir())


def _grams(name: str) -> list[str]:
    return [*dict.fromkeys([*name, *(name[place : place + 2] for place in range(len(name) - 1))])]


def _door_grams(residence: str) -> list[str]:
    estate, _, door = residence.partition("|")
    building, _, rest = door.partition("-")
    unit, _, room = rest.partition("-")
    whole = f"{estate}{building}-{room}" if room else residence
    return [
        each
        for each in (estate, whole, f"{building}-{unit}-{room}", f"{estate}{building}", f"r{room}")
        if each
    ]


CONTESTANTS: dict[str, Any] = {
    "epiguard": Epiguard,
    "rapidfuzz": RapidFuzz,
    "fts5": Fts5,
    "tantivy": Tantivy,
    "splink": Splink,
}
