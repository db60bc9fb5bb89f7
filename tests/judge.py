"""What the tests lean on from outside: Telegram's own parser, the labelled articles, one kind of search."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import tdjson
from hypothesis import settings

from monitor.models import Article

LABELLED = Path(__file__).parents[2] / "shared" / "corpus" / "articles.jsonl"

SEARCH = settings(max_examples=60, deadline=None, derandomize=True)
"""How the property tests search: the same examples on every machine, no clock."""

# what Telegram takes in one message; the parser itself judges only the markup
POINTS, ENTITIES, ENTITY_BYTES, RAW_BYTES = 4096, 100, 9500, 1 << 15


@dataclass(frozen=True, slots=True)
class Entity:
    """A formatted piece of a message: `kind` is "Bold", "Italic", "TextUrl"…"""

    kind: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a subscriber sees of a message."""

    text: str
    entities: tuple[Entity, ...]

    def of(self, kind: str) -> list[Entity]:
        """Return the entities of one kind in their order."""
        return [entity for entity in self.entities if entity.kind == kind]


class RefusedError(AssertionError):
    """Telegram would not take this message as it is; says why."""


def _ask(request: dict[str, object]) -> dict[str, Any]:
    answer = tdjson.td_execute(json.dumps(request).encode())
    assert answer is not None
    parsed: dict[str, Any] = json.loads(answer)
    return parsed


_ask({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})


def received(html: str) -> Message:
    """Parse a message as Telegram does and hold it against Telegram's limits; RefusedError if it fails."""
    answer = _ask({"@type": "parseTextEntities", "text": html, "parse_mode": {"@type": "textParseModeHTML"}})
    if answer["@type"] != "formattedText":
        raise RefusedError(f"{answer['message']}: {html[:300]!r}")
    text = str(answer["text"])
    units = text.encode("utf-16-le")
    entities = tuple(
        Entity(
            str(entity["type"]["@type"]).removeprefix("textEntityType"),
            units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le"),
            str(entity["type"].get("url", "")),
        )
        for entity in answer["entities"]
    )
    used = {
        "characters": (len(text.strip()), POINTS),
        "entities": (len(entities), ENTITIES),
        "bytes of entities": (sum(16 + len(entity.url.encode()) for entity in entities), ENTITY_BYTES),
        "bytes of markup": (len(html.encode()), RAW_BYTES),
    }
    over = [f"{amount} {name}, {limit} are allowed" for name, (amount, limit) in used.items() if amount > limit]
    if over or not text.strip():
        raise RefusedError("; ".join(over) or "message text is empty")
    return Message(text, entities)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One article of the labelled collection and what a careful reader made of it."""

    id: str
    article: Article
    label: str
    documents: tuple[str, ...]
    root: str


def labelled_articles() -> list[Labelled]:
    """Return the labelled articles; skips the test where the collection is not at hand."""
    if not LABELLED.exists():
        pytest.skip("the labelled articles are not on this machine (../shared/corpus/articles.jsonl)")
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    return [
        Labelled(
            id=row["id"],
            article=Article(
                url=row["url"],
                title=row["title"],
                lead=row["lead"],
                body=tuple(row["body"]),
                section=row["section"],
                published=datetime.fromisoformat(row["published"]),
            ),
            label=row["label"],
            documents=tuple(row["documents"]),
            root=row["copy_of"] or row["id"],
        )
        for row in rows
    ]
