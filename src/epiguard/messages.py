"""Texts by language, from catalogues: one template per language for everything a rule can say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from string import Formatter
from typing import Self

import attrs

from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import FrozenMapping

__all__ = ["Catalogue", "Message", "Template", "Value", "as_texts"]

#: What may fill a placeholder: a text that is the same in every language, a number, or texts by language.
Value = str | int | float | Mapping[str, str]


@attrs.frozen
class Template:
    """One text of one language, with named placeholders such as ``{limit:g}``.

    Attributes:
        text: As the catalogue has it.
        fields: The names of its placeholders.
        plain: Whether these are all of the kind ``{limit}``, which shows any text and any number.
    """

    text: str
    fields: frozenset[str]
    plain: bool = False

    @classmethod
    def of(cls, text: str, where: str) -> Template:
        """Read a template.

        Args:
            text: With placeholders; ``{{`` and ``}}`` are braces.
            where: File and key, for messages.

        Raises:
            InvalidValueError: If it is blank, a brace stands alone, or a placeholder is no plain name.
        """
        if not isinstance(text, str) or not text.strip():
            raise InvalidValueError(where, expected="a text", got=kind_of(text))
        try:
            found = [each for each in Formatter().parse(text) if each[1] is not None]
        except ValueError as error:
            raise InvalidValueError(
                where,
                expected="placeholders such as {limit}",
                got=f"a text in which {error.args[0]}",
                do="write {{ and }} for braces",
            ) from None
        names = [name or "" for _, name, _, _ in found]
        for name in names:
            # A dot or a bracket would reach into the value; a number or nothing is no name.
            if not name.isidentifier():
                raise InvalidValueError(
                    where, expected="placeholders that are plain names", got="another one", do="{limit}"
                )
        plain = not any(spec or conversion for _, _, spec, conversion in found)
        return cls(text, frozenset(names), plain)

    def filled(self, values: Mapping[str, Value], language: str) -> str:
        """The text with its placeholders filled."""
        return self.text.format_map(
            {name: _in(values[name], language) for name in self.fields} if self.fields else {}
        )


def _in(value: Value, language: str) -> str | int | float:
    # Asked this way round: whether something is a mapping takes longer to find out than to write it down.
    if isinstance(value, str | int | float):
        return value
    return value.get(language) or next(iter(value.values()), "")


#: More digits than this Python refuses to write down.
_LARGEST = 10**18


def _frozen(value: Value) -> Value | None:
    """A value that every plain placeholder can show and that nobody changes any more; else nothing."""
    if type(value) is int:
        return value if -_LARGEST < value < _LARGEST else None
    if type(value) is not FrozenMapping and type(value) is not Message:
        return None
    for words in value.values():
        if type(words) is not str:
            return None
    return value


class Message(FrozenMapping[str, str]):
    """A text per language that remembers which entry of a catalogue it was made from."""

    __slots__ = ("_made_from",)

    def __new__(cls, rule: str, key: str, filling: Mapping[str, Value], texts: Mapping[str, str]) -> Self:
        """Texts that were made from an entry."""
        made = super().__new__(cls, texts)
        _put(made, (rule, key, dict(filling), {}))
        return made

    @classmethod
    def late(
        cls, rule: str, key: str, filling: Mapping[str, Value], templates: Mapping[str, Template]
    ) -> Self:
        """Texts that are made when somebody reads them: most duties are done before anybody does.

        Args:
            rule: The table of the catalogue.
            key: The entry of the table.
            filling: What its placeholders can show whatever it is, and nobody changes.
            templates: By language.
        """
        made = object.__new__(cls)
        _put(made, (rule, key, filling, templates))
        return made

    def _made_late(self) -> dict[str, str]:
        _, _, filling, templates = _made_from(self)
        return {language: template.filled(filling, language) for language, template in templates.items()}

    @property
    def rule(self) -> str:
        """The table of the catalogue."""
        return _made_from(self)[0]

    @property
    def key(self) -> str:
        """The entry of the table."""
        return _made_from(self)[1]

    @property
    def filling(self) -> Mapping[str, Value]:
        """What filled its placeholders."""
        return FrozenMapping(_made_from(self)[2])

    def __reduce__(self) -> tuple[object, ...]:
        # What was said is kept; where it was taken from does not outlive the process.
        return FrozenMapping, (dict(self),)


# As of the mapping itself: in no attribute.
_Origin = tuple[str, str, Mapping[str, Value], Mapping[str, Template]]
_made_from: Callable[[Message], _Origin] = vars(Message)["_made_from"].__get__
_put: Callable[[Message, _Origin], None] = vars(Message)["_made_from"].__set__
delattr(Message, "_made_from")


#: Templates by language, and the names of the values that they need together.
_Late = tuple[Mapping[str, Template], frozenset[str] | None]


class Catalogue:
    """What rules say, by rule, key and language.

    Args:
        templates: Rule to key to language to template.
    """

    __slots__ = ("_constant", "_late", "_templates")

    def __init__(self, templates: Mapping[str, Mapping[str, Mapping[str, Template]]]) -> None:
        self._templates = {
            rule: {key: dict(by_language) for key, by_language in keys.items()}
            for rule, keys in templates.items()
        }
        self._constant: dict[tuple[str, str], Message] = {}
        self._late: dict[tuple[str, str], _Late] = {}

    def __iter__(self) -> Iterator[tuple[str, str, str, Template]]:
        """Every rule, key, language and template."""
        for rule, keys in self._templates.items():
            for key, by_language in keys.items():
                for language, template in by_language.items():
                    yield rule, key, language, template

    def find(self, rule: str, key: str) -> Mapping[str, Template]:
        """The templates of an entry by language; nothing where there is none."""
        return self._templates.get(rule, {}).get(key, {})

    def keys(self, rule: str) -> frozenset[str]:
        """The keys of a rule's table."""
        return frozenset(self._templates.get(rule, ()))

    def words(self, rule: str, key: str, values: Mapping[str, Value]) -> Message:
        """The texts of an entry.

        Args:
            rule: The table.
            key: The entry; one that is missing gives no text, so that the code is shown instead.
            values: What fills the placeholders; never anything personal.

        Raises:
            InvalidValueError: If a placeholder has no value, or one that it cannot show.
        """
        if not values:
            made = self._constant.get((rule, key))
            if made is None:
                made = self._constant[rule, key] = self._made(rule, key, values)
            return made
        templates, needed = self._late.get((rule, key)) or self._find_late(rule, key)
        if needed is None or not needed <= values.keys():
            return self._made(rule, key, values)
        filling: dict[str, Value] = {}
        for name, value in values.items():
            shown = value if type(value) is str or type(value) is float else _frozen(value)
            if shown is None:
                return self._made(rule, key, values)
            filling[name] = shown
        return Message.late(rule, key, filling, templates)

    def _find_late(self, rule: str, key: str) -> _Late:
        """An entry's templates and what they need; nothing where they may be unable to show some value."""
        templates = self.find(rule, key)
        plain = all(each.plain for each in templates.values())
        needed = frozenset().union(*(each.fields for each in templates.values())) if plain else None
        found = self._late[rule, key] = (templates, needed)
        return found

    def reworded(self, message: Message) -> Message:
        """A message with the texts that this catalogue has for it in place of, or beside, its own."""
        mine = self.find(message.rule, message.key)
        if not mine:
            return message
        # What fills a placeholder may be such texts too.
        filling = {
            name: self.reworded(value) if type(value) is Message else value
            for name, value in message.filling.items()
        }
        made = self._made(message.rule, message.key, filling)
        return Message(message.rule, message.key, filling, {**message, **made})

    def _made(self, rule: str, key: str, values: Mapping[str, Value]) -> Message:
        texts = {}
        for language, template in self.find(rule, key).items():
            missing = template.fields - values.keys()
            if missing:
                raise InvalidValueError(
                    f"{rule}.{key} ({language})",
                    expected="a value for each placeholder",
                    got=f"none for {', '.join(sorted(missing))}",
                )
            try:
                texts[language] = template.filled(values, language)
            except (TypeError, ValueError):
                raise InvalidValueError(
                    f"{rule}.{key} ({language})",
                    expected="values that the placeholders can show",
                    got="another kind of value",
                ) from None
        return Message(rule, key, values, texts)


def as_texts(texts: Mapping[str, str], where: str) -> Mapping[str, str]:
    """Texts by language; blank ones are left out, so that the other language is shown.

    Raises:
        InvalidValueError: If something else than texts stands there.
    """
    if type(texts) is Message:
        return texts
    for words in texts.values() if isinstance(texts, Mapping) else [texts]:
        if not isinstance(texts, Mapping) or not isinstance(words, str):
            raise InvalidValueError(where, expected="a text per language", got=kind_of(words))
    return FrozenMapping({language: words for language, words in texts.items() if words.strip()})
