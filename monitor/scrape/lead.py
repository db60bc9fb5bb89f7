"""The lead (sapo): the paragraph that sums an article up before its text begins."""

import re
from collections.abc import Collection, Iterator
from itertools import chain, takewhile

from bs4 import Tag

from monitor import marks
from monitor.scrape import bylines, dates
from monitor.scrape.blocks import Block
from monitor.scrape.evidence import Evidence
from monitor.scrape.framing import words_of
from monitor.scrape.furniture import NOISE
from monitor.scrape.layout import ENDS, LONG, Layout, is_paragraph
from monitor.vietnamese import alike, comparable

_CALLED = re.compile(
    r"sapo|lead|summary|desc|hometext|intro|chap+eau|chapo|tom-?tat|mo-?ta|trich-?(?:dan|yeu)|standfirst|excerpt|dek\b",
    re.IGNORECASE,
)
_VIETNAMESE = re.compile(r"[ăâđêôơưạảấầậắặẹẻếềệịọỏốồộớờợụủứừự]", re.IGNORECASE)
# "Sáng 16/5, …", "Ngày 17/5, …", "Chiều nay (11/6), …": where the report itself begins
_DATELINE = re.compile(
    r"^(?:vào |trong )?(?:ngày|sáng|trưa|chiều|tối|đêm)(?: (?:nay|qua|ngày))?[ ,(]*\d{1,2}\s*[/.-]\s*\d{1,2}|"
    r"^(?:sáng|trưa|chiều|tối|hôm) (?:nay|qua)\b",
    re.IGNORECASE,
)
_LONGEST = 900  # letters of a lead
_FEWEST = 8  # words of a description that is a lead
_SITE = re.compile(r"(?:báo|đài|cổng|trang|kênh|tạp chí|tin tức)\b", re.IGNORECASE)
_SLOGAN = re.compile(
    r"\b(?:tin tức|tin nhanh|cập nhật|thông tin (?:nhanh|chính thức|điện tử)|"
    r"cơ quan (?:ngôn luận|của)|tiếng nói của)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"^(?:P\.?V\b|phóng viên)|\?[”\"]?$", re.IGNORECASE)  # of an interview, bold as its lead
_FOLLOWING = 2  # paragraphs that stand together behind a lead


def read_lead(page: Evidence, layout: Layout, pictured: Collection[int]) -> tuple[str, int]:
    """Return the lead and its place among the blocks (-1: nowhere, or not printed as one).

    `pictured` are the places of pictures and their captions.

    It is what a selector names; else a paragraph that stands apart from the text, by place, by
    markup or by what the page calls it; else the first paragraph where the second one begins the
    report. A page without text may still say its lead for machines.
    """
    if text := page.fields.get("lead"):
        return text, next((i for i, block in enumerate(page.blocks) if block.text == text), -1)
    said = [text for text in page.meta.descriptions if _can_be_lead(text, page)]
    for i in layout.head:
        if i not in pictured and _is_candidate(page.blocks[i]) and not _is_title(page.blocks[i], page):
            return page.blocks[i].text, i
    prose = [i for i in layout.body if i not in pictured and is_paragraph(page.blocks[i])][:4]
    if prose and _is_candidate(page.blocks[prose[0]]):
        parted = any(place in pictured for place in range(*prose[:2])) if len(prose) > 1 else False
        if _is_marked(page, prose) or _stands_outside(page, prose) or _sums_up(page, prose, said, parted=parted):
            return page.blocks[prose[0]].text, prose[0]
    return (said[0], -1) if said and not prose else ("", -1)


def _can_be_lead(said: str, page: Evidence) -> bool:
    """Tell whether a description is of this article: neither its title again nor the site's slogan."""
    if len(said.split()) < _FEWEST or alike(said, page.title) >= 0.8 or "://" in said:
        return False
    names = {name for name in (*page.meta.publishers, page.meta.site) if name}
    return not (_SLOGAN.search(said) and (_SITE.match(said) or said.startswith(tuple(names))))


def _is_candidate(block: Block) -> bool:
    """Tell whether a block is a paragraph: no caption, no date line, no links."""
    apart = block.caption or block.src or block.linked > 0.5 or dates.is_line(block.text) or NOISE.match(block.text)
    return LONG <= len(block.text) <= _LONGEST and not apart and not bylines.has_credit(block.text)


def _is_title(block: Block, page: Evidence) -> bool:
    """Tell whether a block prints the headline once more, as for another width of the screen."""
    return comparable(block.text) == comparable(page.title)


def _is_marked(page: Evidence, prose: list[int]) -> bool:
    """Tell whether the first paragraph is printed or called differently from those after it."""
    block, *others = (page.blocks[i] for i in prose)
    after = [other for other in others if not _QUESTION.search(other.text)]
    bold = block.strong and not any(other.strong for other in after)
    slanted = block.slanted and not any(other.slanted for other in after)
    inked = (bold or slanted) and bool(ENDS.search(block.text[-60:]))
    return inked or any(_CALLED.search(words_of(one)) for one in _alone_in(block.element))


def _alone_in(element: Tag) -> Iterator[Tag]:
    """Return an element and those round it that hold nothing else."""
    text = element.get_text(strip=True)
    around = takewhile(lambda one: len(one.get_text(strip=True)) == len(text), element.parents)
    return chain((element,), around)


def _stands_outside(page: Evidence, prose: list[int]) -> bool:
    """Tell whether the first paragraph stands outside the element that holds all those after it."""
    first, *after = (page.blocks[i].element for i in prose)
    lines = len({id(element) for element in after}) == 1  # of one element, parted by breaks
    holders = {id(element if lines else element.parent) for element in after}
    if len(after) < _FOLLOWING or len(holders) > 1 or not _VIETNAMESE.search(page.blocks[prose[0]].text):
        return False
    headed = bool(first.parent and (first.parent.name == "header" or first.parent.find("h1")))
    around = {id(first), id(first.parent)} if headed else {id(element) for element in (first, *first.parents)}
    return around.isdisjoint(holders)


def _sums_up(page: Evidence, prose: list[int], said: list[str], *, parted: bool) -> bool:
    """Tell whether the first of equal paragraphs is the lead, as Vietnamese papers write it.

    The page's description is the lead. Where there is none, the report begins with its date line,
    or a picture parts the lead from it.
    """
    text = page.blocks[prose[0]].text
    if len(prose) < 2 or not _VIETNAMESE.search(text):
        return False
    report = page.blocks[prose[1]]
    if said:
        cut = any(alike(text, d.rstrip(".… ")) > 0.85 for d in said)
        alone = page.blocks[prose[0]].element.name != report.element.name
        return any(comparable(text) == comparable(d) for d in said) or (cut and alone)
    return not _begins_report(text) and (_begins_report(report.text) or parted)


def _begins_report(text: str) -> bool:
    """Tell whether a paragraph opens as a report does: with a paper's mark or with a date."""
    bare = marks.without_opening(text)
    return bare != text or bool(_DATELINE.match(bare))
