"""A mistake in sources.yaml or the environment in an operator's words, with its place and its line."""

import difflib
from typing import Any, get_args

from monitor.config.sections import Config, Section

Place = tuple[int | str, ...]  # the keys and numbers that lead to a value
ODD_SPACE = "a space of another kind, copied from a document, stands before the first word; type plain spaces"
_WORDS = {
    "missing": "this key is missing",
    "dict_type": "here belong keys with values",
    "list_type": "here belongs a list, each entry beginning with '- '",
    "string_type": "one text belongs here",
    "too_short": "the list is empty; it needs at least one entry",
    "string_too_short": "is empty; write a value, or remove the key",
    "float_type": "here belongs a number, such as 2.4",
    "float_parsing": "here belongs a number, such as 2.4",
    "int_parsing": "here belongs a whole number",
    "int_type": "here belongs a whole number",
    "bool_parsing": "here belongs true or false",
    "bool_type": "here belongs true or false",
}


def words_for(error: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    """Return a pydantic message as an operator would say it."""
    if error["type"] == "model_type":
        is_list = isinstance(error["input"], list)
        return "here belong keys with values, " + ("without '- '" if is_list else "not a single value")
    if error["type"] == "too_short" and isinstance(error["input"], str):
        return _WORDS["string_too_short"]
    message = str(error["msg"]).removeprefix("Value error, ")
    return _WORDS.get(error["type"], message[0].lower() + message[1:])


def told(name: str, data: object, place: Place, said: str) -> str:
    """Return what is said of a place of the file `name`, whose text read as YAML is `data`, with line and place."""
    return f"{name}:{line_of(data, place)}: {_where(place)}: {said}"


def mistake(name: str, data: object, error: Any) -> str:  # noqa: ANN401
    """Return what pydantic found wrong in the file `name`, with line and place."""
    inner = ("function-", "json-or-python[", "union[", "nullable[")  # steps of the checker, not of the file
    location = tuple(part for part in error["loc"] if not str(part).startswith(inner))
    unknown = error["type"] == "extra_forbidden"
    said = f"unknown key{_did_you_mean(location)}" if unknown else words_for(error)
    if unknown and str(location[-1]) != str(location[-1]).strip():
        said = ODD_SPACE
    return told(name, data, location, said)


def _did_you_mean(location: Place) -> str:
    """Return a suggestion for an unknown key, or the list of the known ones."""
    known = list(_section(location[:-1]).model_fields)
    close = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else f"; known here: {', '.join(known)}"


def _section(location: Place) -> type[Section]:
    """Return the section at a place of the file."""
    found: type[Section] = Config
    for name in (part for part in location if isinstance(part, str)):
        waiting = [found.model_fields[name].annotation]
        while waiting:
            one = waiting.pop()
            waiting += get_args(one)
            found = one if isinstance(one, type) and issubclass(one, Section) else found
    return found


def _where(location: Place) -> str:
    """Return a place as an operator writes it: sources[2].province, counted from 1."""
    words = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(words).lstrip(".")


def line_of(data: Any, location: Place) -> int:  # noqa: ANN401 - YAML is of any shape
    """Return the line, from 1, of the deepest key of `location` that stands in the file."""
    line = 1
    for part in location:
        try:
            line = (data.lc.item(part) if isinstance(part, int) else data.lc.key(part))[0] + 1
            data = data[part]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line
