"""How notable a story is: who acts in it, how many papers told it, how many provinces it concerns."""

import re
from collections.abc import Sequence

from monitor.models import Article, Report
from monitor.vietnamese import comparable

MOST = 3
"""How many stories may stand before all others."""
_FEWEST = 6  # stories of a day on which some are called notable
_ENOUGH = 2.0  # central level, or three papers, or the province's leaders and one more paper
_CENTRAL = re.compile(
    r"(?<!của )(?<!\w)(?:bộ chính trị|ban bí thư|tổng bí thư|chủ tịch nước|thủ tướng|chủ tịch quốc hội|"
    r"thường trực ban bí thư|ban chấp hành trung ương|ban tuyên giáo và dân vận trung ương|"
    r"ban tổ chức trung ương|toàn quốc)(?!\w)"
)
_PROVINCIAL = re.compile(
    r"(?<!\w)(?:tỉnh ủy|thành ủy|bí thư tỉnh|bí thư thành|ubnd tỉnh|hđnd tỉnh|quân khu|bộ tư lệnh|tỉnh đoàn|"
    r"toàn tỉnh)(?!\w)"
)


def central(article: Article) -> bool:
    """Tell whether the country's leading bodies act in title or lead; a document "của Bộ Chính trị" is no act."""
    return bool(_CENTRAL.search(comparable(f"{article.title}\n{article.lead}")))


def notability(reports: Sequence[Report], provinces: int) -> float:
    """Return how notable a story is, from its reports (the origin first) and its number of provinces."""
    origin = reports[0].article
    provincial = bool(_PROVINCIAL.search(comparable(f"{origin.title}\n{origin.lead}")))
    rank = 2.0 if central(origin) else 0.5 * provincial
    papers = len({report.source for report in reports})
    return rank + 0.8 * min(papers - 1, 5) + 0.5 * (provinces > 1)


def notable(scores: Sequence[float]) -> list[int]:
    """Return which stories (their places in `scores`) stand before all others, the most notable first."""
    if len(scores) < _FEWEST:
        return []
    best = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:MOST]
    return [place for place in best if scores[place] >= _ENOUGH]
