"""The full-text index of both databases: the words of each article, and of what is asked for."""

import re

from monitor.edges.store.database import Transaction
from monitor.models import Article
from monitor.vietnamese import fold

_WORD = 100  # letters of a word that are searched: PostgreSQL indexes some 2,700 bytes


def add(db: Transaction, number: int, article: Article) -> None:
    """Make an article (id) findable by its words within a transaction."""
    text = "\n".join((article.lead, *article.body, *article.provinces_now, *article.documents))
    db.execute(
        "INSERT INTO article_text (rowid, title, text) VALUES (?, ?, ?)",
        (number, _words(article.title), _words(text)),
    )


def replace(db: Transaction, number: int, article: Article) -> None:
    """Make an article findable by the words of its new text within a transaction."""
    db.execute("DELETE FROM article_text WHERE rowid = ?", (number,))
    add(db, number, article)


def phrases(text: str) -> list[str]:
    """Return what is asked for: words, and words in quotes, which must stand together."""
    asked = [_words(phrase or word) for phrase, word in re.findall(r'"([^"]+)"|(\S+)', text)]
    return [phrase for phrase in asked if phrase]


def _words(text: str) -> str:
    """Return the words of a text as they are searched: letters and figures without marks, single spaces."""
    return " ".join(word[:_WORD] for word in re.findall(r"[^\W_]+", fold(text)))
