"""The public page of a channel: its last posts, to be read without an account."""

from urllib.parse import quote

import httpx
from lxml import html
from lxml.etree import ParserError

from monitor.edges.authorities import trusted
from monitor.errors import UnknownError
from monitor.models import Post

_PATIENCE = 20.0
_LARGEST = 4_000_000
_PAGES = 5  # of some twenty posts each


async def posts(base: str, name: str, above: int, proxy: str | None = None) -> tuple[list[Post], bool]:
    """Return the newest posts of a public channel (its name without @) with an id above this one, oldest first.

    And whether these are all: a hundred are read at most. Raises UnknownError when there is no such page.
    """
    found: dict[int, Post] = {}
    whole = False
    async with httpx.AsyncClient(proxy=proxy, timeout=_PATIENCE, verify=trusted()) as client:
        for _ in range(_PAGES):
            page = await _page(client, f"{base}{quote(name)}", min(found, default=0))
            found |= {post.id: post for post in page}
            whole = not page or min(found) <= above + 1
            if whole:
                break
    return [found[number] for number in sorted(found) if number > above], whole


async def _page(client: httpx.AsyncClient, address: str, before: int) -> list[Post]:
    try:
        answer = await client.get(address, params={"before": before} if before else None)
    except httpx.HTTPError as fault:
        raise UnknownError(f"the channel's public page: {type(fault).__name__}") from None
    if answer.status_code != httpx.codes.OK or len(answer.content) > _LARGEST:
        raise UnknownError(f"the channel's public page: HTTP {answer.status_code}")
    try:
        return read(answer.text)
    except ValueError:
        raise UnknownError("the channel's public page cannot be read") from None


def read(page: str) -> list[Post]:
    """Return the posts of such a page in their order; raises ValueError when it is another page."""
    try:
        tree = html.document_fromstring(page)
    except ParserError as fault:
        raise ValueError(str(fault)) from fault
    if not tree.xpath("//*[contains(@class, 'tgme_channel_history')]"):
        raise ValueError("no channel's page")
    found = []
    for element in tree.xpath("//*[@data-post]"):
        number = str(element.get("data-post")).rpartition("/")[2]
        forwarded = element.xpath(".//*[contains(@class, 'tgme_widget_message_forwarded_from')]")
        texts = element.xpath(".//*[contains(concat(' ', @class, ' '), ' tgme_widget_message_text ')]")
        text = "\n".join(str(part) for part in texts[-1].itertext()) if texts and not forwarded else ""
        if number.isdecimal():
            found.append(Post(int(number), text))
    return found
