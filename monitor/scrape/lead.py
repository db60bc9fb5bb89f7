"""The lead (sapo): the paragraph that sums an article up before its text begins."""

import re
from collections.abc import Collection

from monitor import marks
from monitor.scrape import bylines, dates
from monitor.scrape.blocks import Block, words_of
from monitor.scrape.evidence import Evidence
from monitor.scrape.layout import ENDS, LONG, Layout, is_prose
from monitor.vietnamese import alike, comparable

_CALLED = re.compile(r"sapo|lead|summary|desc|hometext|intro|chapeau|tom-?tat|standfirst", re.IGNORECASE)
_VIETNAMESE = re.compile(r"[ăâđêôơưạảấầậắặẹẻếềệịọỏốồộớờợụủứừự]", re.IGNORECASE)
# "Sáng 16/5, …", "Ngày 17/5, …", "Chiều nay (11/6), …": where the report itself begins
_DATELINE = re.compile(
    r"^(?:vào |trong )?(?:ngày|sáng|trưa|chiều|tối|đêm)(?: (?:nay|qua|ngày))?[ ,(]*\d{1,2}\s*[/.-]\s*\d{1,2}|"
    r"^(?:sáng|trưa|chiều|tối|hôm) (?:nay|qua)\b",
    re.IGNORECASE,
)
_LONGEST = 900  # letters of a lead


def read_lead(page: Evidence, layout: Layout, pictured: Collection[int]) -> tuple[str, int]:
    """Return the lead and its place among the blocks (-1: nowhere, or not printed as one).

    `pictured` are the places of pictures and their captions.
    It is what a selector names; else a paragraph that stands apart from the text, by place, by
    markup or by what the page calls it; else the first paragraph where the second one begins the
    report. A page without text may still say its lead for machines.
    """
    if text := page.fields.get("lead"):
        return text, next((i for i, block in enumerate(page.blocks) if block.text == text), -1)
    said = [d for d in page.meta.descriptions if alike(d, page.title) < 0.8 and len(d.split()) >= 8]
    for i in layout.head:
        if i not in pictured and _is_candidate(page.blocks[i]):
            return page.blocks[i].text, i
    prose = [i for i in layout.body if i not in pictured and is_prose(page.blocks[i])][:4]
    if prose and _is_candidate(page.blocks[prose[0]]):
        parted = any(place in pictured for place in range(*prose[:2])) if len(prose) > 1 else False
        if _is_marked(page, prose) or _sums_up(page, prose, said, parted=parted):
            return page.blocks[prose[0]].text, prose[0]
    return (said[0], -1) if said and not prose else ("", -1)


def _is_candidate(block: Block) -> bool:
    """Tell whether a block is a paragraph: no caption, no date line, no links."""
    apart = block.caption or block.src or block.linked > 0.5 or dates.is_line(block.text)
    return LONG <= len(block.text) <= _LONGEST and not apart and not bylines.has_credit(block.text)


def _is_marked(page: Evidence, prose: list[int]) -> bool:
    """Tell whether the first paragraph is printed or called differently from those after it."""
    block, *after = (page.blocks[i] for i in prose)
    bold = block.strong and bool(ENDS.search(block.text[-60:])) and not any(other.strong for other in after)
    return bold or bool(_CALLED.search(words_of(block.element)))


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
