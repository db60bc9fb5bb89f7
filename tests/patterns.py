"""Every regular expression of the program, and texts made to keep each of them busy."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from inspect import signature
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined] # the parser of re itself, which has no public name
from re import _parser as parser  # type: ignore[attr-defined] # likewise
from types import ModuleType
from typing import Any

import monitor

_CALLS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
_GENERIC = (" ", "\n", "a", "A", "0", "-", ".", "<", "&", '"', "(", "/", "ạ", "a ", "0.", "<a ", "a,", "\t\n ", "aA0 ")


def modules() -> Iterator[ModuleType]:
    """Return every module of the program, imported."""
    for found in pkgutil.walk_packages(monitor.__path__, "monitor."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def patterns() -> dict[str, re.Pattern[Any]]:
    """Return each pattern once, with the module in which it stands: compiled, made from data, or written in a call."""
    known: dict[tuple[Any, int], tuple[str, re.Pattern[Any]]] = {}
    for module in modules():
        held = [*_held(vars(module), set()), *_held(_made_once(module), set()), *_called(module)]
        for pattern in held:
            known.setdefault((pattern.pattern, pattern.flags), (module.__name__, pattern))
    return {f"{where} {pattern.pattern!r}": pattern for where, pattern in known.values()}


def _made_once(module: ModuleType) -> list[object]:
    """Return what the module's cached functions without parameters give: what is read from package data."""
    cached = [value for value in vars(module).values() if hasattr(value, "cache_info")]
    return [value() for value in cached if not signature(value).parameters]


def _held(value: object, seen: set[int]) -> Iterator[re.Pattern[Any]]:
    """Return the patterns in a value and in what it holds."""
    if id(value) in seen or isinstance(value, ModuleType | str | bytes):
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for inner in list(value.values()):
            yield from _held(inner, seen)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _held(inner, seen)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _held(getattr(value, field.name, None), seen)


def _called(module: ModuleType) -> Iterator[re.Pattern[Any]]:
    """Return the patterns written in calls such as `re.sub(r"…", …)`."""
    if not module.__file__:
        return
    for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _CALLS
            and node.args
        ):
            first = node.args[0]
            of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            if of_re and isinstance(first, ast.Constant) and isinstance(first.value, str | bytes):
                yield re.compile(first.value)


def busy(pattern: re.Pattern[Any]) -> list[tuple[str, str, str]]:
    """Return texts as (head, what is repeated, tail) that lead a backtracking matcher astray.

    For each repeat of the pattern: an example of what stands before it, then what it repeats, then
    something that nothing matches; and simple texts besides.
    """
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    parsed = parser.parse(
        text,
        pattern.flags & ~(re.DEBUG | re.UNICODE) if isinstance(pattern.pattern, bytes) else pattern.flags & ~re.DEBUG,
    )
    found = {("", body, "\x01") for body in _GENERIC}
    for head, body in _repeats(list(parsed), ""):
        for one in body:
            found |= {(head, one, "\x01"), ("", one, "\x01"), ("", head + one, "\x01")}
    return sorted(found)


def _repeats(items: Iterable[Any], before: str) -> Iterator[tuple[str, list[str]]]:
    """Return for each repeat an example of what comes before it, and examples of what it repeats."""
    for code, value in items:
        if code in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            _, most, body = value
            if most > 20:
                yield before, [one for one in _examples(list(body)) if one]
            yield from _repeats(list(body), before)
        elif code is op.SUBPATTERN:
            yield from _repeats(list(value[3]), before)
        elif code is op.BRANCH:
            for branch in value[1]:
                yield from _repeats(list(branch), before)
        elif code in {op.ASSERT, op.ASSERT_NOT}:
            yield from _repeats(list(value[1]), before)
        elif code is op.ATOMIC_GROUP:
            yield from _repeats(list(value), before)
        before += next(iter(_examples([(code, value)])), "")


def _examples(items: list[Any]) -> list[str]:
    """Return up to four texts that a part of a pattern matches, as far as can be told without its context."""
    texts = [""]
    for code, value in items:
        texts = [(head + tail)[:200] for head in texts for tail in _one(code, value)][:4]
    return texts


def _one(code: Any, value: Any) -> list[str]:  # noqa: ANN401, PLR0911 - the parser's own types
    if code is op.LITERAL:
        return [chr(value)]
    if code is op.NOT_LITERAL:
        return ["a" if value != ord("a") else "b"]
    if code is op.ANY:
        return ["a", " "]
    if code is op.IN:
        return _in(value)
    if code in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        least, _, body = value
        return [one * max(least, 1) for one in _examples(list(body))] if least < 50 else ["a" * least]
    if code is op.SUBPATTERN:
        return _examples(list(value[3]))
    if code is op.ATOMIC_GROUP:
        return _examples(list(value))
    if code is op.BRANCH:
        return [text for branch in value[1] for text in _examples(list(branch))[:2]][:4]
    return [""]


_CLASSES = {
    op.CATEGORY_DIGIT: "0", op.CATEGORY_WORD: "a", op.CATEGORY_SPACE: " ", op.CATEGORY_NOT_DIGIT: "a",
    op.CATEGORY_NOT_WORD: " ", op.CATEGORY_NOT_SPACE: "a",
}  # fmt: skip


def _in(members: list[Any]) -> list[str]:
    """Return up to four letters of a class."""
    if members and members[0][0] is op.NEGATE:
        barred = (
            re.compile("[" + "".join(re.escape(chr(c)) for c in _listed(members[1:])) + "]")
            if _listed(members[1:])
            else None
        )
        return [one for one in "a 0-" if not (barred and barred.match(one))][:2] or ["\x02"]
    letters = []
    for code, value in members:
        if code is op.LITERAL:
            letters.append(chr(value))
        elif code is op.RANGE:
            letters.append(chr(value[0]))
        elif code is op.CATEGORY:
            letters.append(_CLASSES[value])
    return [*letters[:2], *letters[-2:]] if len(letters) > 4 else letters


def _listed(members: list[Any]) -> list[int]:
    listed: list[int] = []
    for code, value in members:
        if code is op.LITERAL:
            listed.append(value)
        elif code is op.RANGE:
            listed += range(value[0], min(value[1], value[0] + 200) + 1)
        elif code is op.CATEGORY and value in _CLASSES:
            listed += [ord(c) for c in "a0 -" if re.match({"0": r"\d", "a": r"\w", " ": r"\s"}[_CLASSES[value]], c)]
    return listed
