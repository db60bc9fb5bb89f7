"""A page → its article and what the campaign makes of it: all that is done in a reader's process."""

from datetime import datetime

from monitor.campaign import Vocabulary, judge
from monitor.models import Article, Match, Page, Select
from monitor.scrape.discover.walls import leads_on
from monitor.scrape.extract import extract
from monitor.scrape.markup import parse
from monitor.scrape.repair import decode


def read(
    page: Page, now: datetime, words: Vocabulary, select: Select | None = None, published: datetime | None = None
) -> tuple[Article, Match]:
    """Return the article on a page, judged; `published` is what its listing says. Raises UnreadableError."""
    return judge(extract(decode(page.content, page.content_type), page.url, now, select, published), words)


def onward(page: Page) -> str:
    """Return where a page that is only a doorstep leads, "" for any other."""
    return leads_on(parse(decode(page.content, page.content_type)), page.url)
