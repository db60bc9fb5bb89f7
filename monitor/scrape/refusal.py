"""What a page is when it is no article, or an article without its text: each case has a name."""

import re

from monitor.errors import UnreadableError
from monitor.models import Image
from monitor.scrape.evidence import Evidence
from monitor.scrape.layout import Layout, is_prose

_WALL = re.compile(r"enable javascript|bật javascript|document\.cookie\s*=|__cf_chl|location\.reload", re.IGNORECASE)
# a text nobody can read: a value of its own, in the alphabet of Base64, longer than any token
_SEALED = re.compile(r"""["'>]\s*[A-Za-z0-9+/_-]{400,}={0,2}\s*["'<]""")


def is_listing(page: Evidence, layout: Layout) -> bool:
    """Tell whether this is a column of teasers: linked headlines with little text, no date of its own."""
    prose = [len(page.blocks[i].text) for i in layout.body if is_prose(page.blocks[i])]
    teasers = sum(page.blocks[i].linked > 0.8 and len(page.blocks[i].text) > 25 for i in layout.body)
    column = teasers >= 6 and teasers > 0.6 * len(prose)
    return (column or (page.headlines >= 8 and sum(prose) < 400)) and not page.meta.published


def refusal(page: Evidence, html: str) -> UnreadableError:
    """Say what a page that is no article looks like, and whether it may become one."""
    if not html.strip():
        return UnreadableError("the answer is empty", passing=True)
    if page.letters < 400 and _WALL.search(html):
        return UnreadableError("a wall of script, no text: the site wants a browser", passing=True)
    if page.headlines > 10:
        return UnreadableError("a list of links, not an article")
    return UnreadableError("no article text found")


def missing_text(html: str, images: tuple[Image, ...]) -> str:
    """Say why a page with a title and a lead has no text; `images` are those with captions."""
    if images:
        return "the text is in its pictures"
    return "the text is encrypted" if _SEALED.search(html) else "the text is not in the page: a script puts it there"
