"""What several tests share: Telegram's own parser, the labelled articles, hostile editions, one kind of search."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import tdjson
from hypothesis import settings
from hypothesis import strategies as st

from monitor import urls
from monitor.campaign import Vocabulary, judge
from monitor.digest.words import heading
from monitor.models import Article, Edition, SourceDay, State, Story, Telling
from monitor.provinces import current
from monitor.vietnamese import sort_key

CORPUS = Path(__file__).parent / "corpus"

SEARCH = settings(max_examples=40)
"""How the property tests search: the same examples on every machine, no clock."""

# what Telegram takes in one message; the parser itself judges only the markup
POINTS, CAPTION, ENTITIES, ENTITY_BYTES, RAW_BYTES = 4096, 1024, 100, 9500, 1 << 15


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


def received(html: str, *, caption: bool = False) -> Message:
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
        "characters": (len(text.strip()), CAPTION if caption else POINTS),
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
    group: str
    documents: tuple[str, ...]
    root: str
    part: str


def labelled_articles(name: str = "articles") -> list[Labelled]:
    """Return the labelled articles of one collection: "articles", "own", "blind", "later", "fifth", "sixth"."""
    rows = [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        Labelled(
            id=row["id"],
            article=Article(
                url=row.get("url", ""),
                title=row["title"],
                lead=row["lead"],
                body=tuple(row["body"]),
                section=row["section"],
                published=datetime.fromisoformat(row["published"]),
            ),
            label=row["label"],
            group=row["group"],
            documents=tuple(row["documents"]),
            root=row.get("copy_of") or row["id"],
            part=row.get("set", ""),
        )
        for row in rows
    ]


def cited(article: Article, words: Vocabulary | None = None) -> tuple[str, ...]:
    """Return the campaign's documents that an article names, each in one spelling, in order."""
    return judge(article, words)[0].documents


# what a page, a feed or an operator may put where a headline, a name or an address should be
HOSTILE = [
    "", "Bản Nậm Hồng dựng lại cầu tre", "<b>đậm</b>", '</a><a href="https://la.example/x">bẫy</a>', "<p><br/><!-- -->",
    "& &amp; &nbsp; &lt;b&gt; &#128512;", "😀🇻🇳👨‍👩‍👧‍👦", "\u202engược\u202c \u200fphải", "\"kép\" 'đơn' “cong” «góc»",
    "Á" * 10_000, "🗞" * 3_000, "<" * 400, "&" * 400, "dòng một\n\n# dòng hai\r\n<br>", "#theTag @ten /lenh",
    "a" + "\u0301\u0323" * 200, "\x00\x07\u0085", "https://la.example/bay", "](https://la.example) [x]: y", "![ảnh](x)",
    "# Lớn", "- gạch", "* sao *", "> trích", "1. một", "15.000 người", "=====", "---", "```mã```",
    "`mã` ~~bỏ~~ __lót__ **đậm**", "| a | b |", "\\ \\* \\#", "<script>alert(1)</script>", "<https://la.example>",
    "chữ " * 400, "\u3164 \u2800",
]  # fmt: skip
_ADDRESSES = [
    "",
    "?a=1&b=2",
    "-(1)",
    "?q='\"<>",
    "/" + "x" * 1400,
    "?q=" + "y" * 6000,
    "-á-ệ",
    "?x=%22%3E&y=[1]",
    "-*_`",
]


def hostile_edition(dice: Random, count: int, pieces: Sequence[str] = HOSTILE) -> Edition:
    """Return an edition of `count` stories made of such texts; the headline of story n begins with `mark(n)`."""

    def some() -> str:
        return " ".join(dice.choices(pieces, k=dice.choice((1, 1, 2))))

    def telling(number: int, title: str) -> Telling:
        said = f"https://bao.vn/tin-{number}{dice.choice(_ADDRESSES)}"
        address = urls.clean(said) or said  # an older store may hold one that is too long to be followed today
        published = dice.choice([None, datetime(2026, 11, 20, 1, 2, tzinfo=UTC)])
        return Telling(address, f"Báo {some()}", title, published, dice.random() < 0.5, dice.choice(["", "TTXVN"]))

    def story(number: int) -> Story:
        title = f"{mark(number)} {some()}"
        articles = tuple(telling(number, title) for _ in range(dice.choice((1, 1, 1, 2, 5))))
        provinces = tuple(dice.sample(sorted(current()), k=dice.choice((0, 1, 1, 1, 2))))
        return Story(number, title, dice.choice(("", some())), provinces, articles)

    stories = sorted(map(story, range(count)), key=lambda one: (bool(one.provinces), sort_key(heading(one)), one.id))
    sources = [
        SourceDay(f"Báo {some()}", state, some() if state is State.UNREADABLE else "")
        for state in dice.choices(list(State), k=dice.choice((0, 1, 6, 60)))
    ]
    return Edition(date(2026, 11, 20), f"Tên {some()}", tuple(stories), tuple(sources))


_PIECES = st.sampled_from(HOSTILE) | st.text(max_size=12)


@st.composite
def hostile_editions(draw: st.DrawFn, most: int = 120) -> Edition:
    """Draw a hostile edition of 0 to `most` stories, also of texts that nobody thought of."""
    dice = Random(draw(st.integers(0, 2**32)))
    pieces = [*draw(st.lists(_PIECES, max_size=6)), *dice.sample(HOSTILE, 12)]
    count = draw(st.sampled_from([0, 1, 2, most // 3, most]) | st.integers(0, most))
    return hostile_edition(dice, count, pieces)


def mark(number: int) -> str:
    """Return by what a story of a hostile edition is known."""
    return f"Tin{number:03}x"
