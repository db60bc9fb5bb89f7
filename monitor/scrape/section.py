"""The section a paper filed an article under: the name on its shelf."""

import re
from itertools import pairwise

from monitor.provinces import now as current_name
from monitor.scrape import dates
from monitor.scrape.blocks import Block
from monitor.scrape.evidence import Evidence
from monitor.scrape.framing import words_of
from monitor.scrape.furniture import apart
from monitor.scrape.headline import is_office
from monitor.scrape.layout import Layout
from monitor.vietnamese import clean, comparable

_LONGEST = 90  # letters; the campaign's own section has 62
_SHORT = 40  # letters of a label
_NEAR = 3  # lines above a title among which its category may stand
_CATEGORY = re.compile(r"(?:^|[-_ ])(?:cate?(?:-?name)?|categor(?:y|ies)|chuyen-?muc|zone)(?=$|[-_ ])", re.IGNORECASE)
_LABELLED = re.compile(r"\b(?:chuyên mục|danh mục|category)\s*:\s*", re.IGNORECASE)
_HEADINGS = frozenset(("h2", "h3", "h4"))
_STEP = re.compile(r" [›»>/→] ")
_FRONT = re.compile(r"trang (?:chủ|nhất)", re.IGNORECASE)
_TRAIL = frozenset("›»>/→")  # between the links of a trail


def read(page: Evidence, layout: Layout, title: str) -> str:
    """Return the section the paper filed it under."""
    chosen = page.fields.get("section", "")
    if 1 < len(chosen) < _LONGEST:
        return chosen
    if page.meta.section:
        return page.meta.section
    if filed := _filed_under(page, layout) or _filed_above(page, layout):
        return filed
    names = [text for text in page.crumbs if comparable(text) != comparable(title)]
    if names:
        return names[-1]
    for i in reversed(layout.above[-2:]):
        text = "" if page.blocks[i].src else page.blocks[i].text
        bare = dates.without(text)  # "Quốc phòng - Ngày đăng: 10:14, 18/11/2026"
        text = bare if text.startswith(f"{bare} - ") else text
        label = 1 < len(text) < _SHORT and not re.search(r"\d|[|\[]|://", text) and not is_office(text)
        if label and not current_name(text) and not _is_of_a_menu(page.blocks[i]):
            return text
    return ""


def _filed_under(page: Evidence, layout: Layout) -> str:
    """Return what stands behind "Chuyên mục:" beside the title: a link, or a line's short rest; "" where nothing."""
    for i in (*layout.head, *layout.above[-2:]):
        block = page.blocks[i]
        if label := _LABELLED.search(block.text):
            named = block.text[label.end() :]
            alone = [named] if not label.start() and len(named) < _SHORT else []
            return next((text for text in (*_links(block), *alone) if named.startswith(text)), "")
    return ""


def _filed_above(page: Evidence, layout: Layout) -> str:
    """Return the last link of a line above the title that is a trail, a heading or called a category; "" if none."""
    for i in reversed(layout.above[-_NEAR:]):
        block, links = page.blocks[i], _links(page.blocks[i])
        called = _CATEGORY.search(apart(words_of(block.element))) or block.element.name in _HEADINGS
        nearest = i == layout.above[-1]
        dated = dates.is_line(block.text) and dates.without(block.text) in links
        trail = nearest and (dated or _is_trail(block.text, links) or _leads_down(block))
        if links and ((called and block.linked > 0.9) or trail) and len(links[-1]) < _LONGEST:
            return links[-1]
        front, *steps = _STEP.split(block.text)
        printed = [one for one in steps if not is_office(one) and one != page.title]
        if nearest and _FRONT.fullmatch(front) and printed:
            return printed[-1]
    return ""


def _leads_down(block: Block) -> bool:
    """Tell whether each link of a line leads below the one before it: "/xa-hoi", "/xa-hoi/giao-duc"."""
    steps = [str(a.get("href") or "").removesuffix("/") for a in block.element.find_all("a")]
    return len(steps) > 1 and all(step and below.startswith(f"{step}/") for step, below in pairwise(steps))


def _links(block: Block) -> list[str]:
    return [text for a in block.element.find_all("a") if (text := clean(a.get_text()))]


def _is_trail(line: str, links: list[str]) -> bool:
    """Tell whether a line is links with marks between them: "Xã hội / Giáo dục"."""
    for link in links:
        line = line.replace(link, "", 1)
    between = {*line} - {" "}
    return len(links) > 1 and bool(between) and between <= _TRAIL


def _is_of_a_menu(block: Block) -> bool:
    """Tell whether a line is one of many links: in one element, or in a list."""
    item = block.element if block.element.name == "li" else block.element.find_parent("li")
    return len(block.element.find_all("a")) > 1 or bool(item and item.parent and len(item.parent.find_all("li")) > 3)
