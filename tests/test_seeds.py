"""Five real texts in the layouts they were printed in and in poor ones: every field exact."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from monitor.campaign import vocabulary
from monitor.models import VIETNAM, Article
from monitor.scrape.extract import extract
from monitor.vietnamese import clean
from tests import skins
from tests.conftest import ROOT
from tests.judge import cited
from tests.skins import Told

SEEDS = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
NOW = datetime(2024, 6, 1, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.skipif(not SEEDS, reason="the five seeds are not here")


def lines(number: int) -> list[str]:
    text = SEEDS[number].read_text(encoding="utf-8") if SEEDS else ""
    return [clean(line) for line in text.split("\n") if line.strip()] or [""] * 50


def told(number: int) -> Told:
    """Return a seed's lines by their part, as a person parts them."""
    line = lines(number)
    if number == 0:
        return Told(
            section=line[0], title=line[1], place=line[2], lead=line[3], body=tuple(line[6:14]), byline=line[14],
            captions=((0, (line[4], line[5])),), after=tuple(line[15:]),
            published=datetime(2024, 5, 17, 15, 42, tzinfo=VIETNAM),
        )  # fmt: skip
    if number == 1:
        return Told(
            title=line[0], date_line=line[1], lead=line[2], captions=((0, (line[3], line[4])),),
            body=tuple(line[5:16]), byline=line[16], after=tuple(line[17:]),
        )  # fmt: skip
    if number == 2:
        return Told(
            title=line[0], date_line=line[1], captions=((0, (line[2], line[3])),), body=tuple(line[4:11]),
            byline=line[11],
        )  # fmt: skip
    if number == 3:
        at = {5: 1, 8: 3, 10: 4, 13: 6, 15: 7, 18: 9}
        body = tuple(line[i] for i in range(4, 20) if i not in at)
        return Told(
            title=line[2], date_line=line[1], date_above=True, lead=line[3], body=body, byline=line[20],
            captions=tuple((place, (line[i],)) for i, place in at.items()), after=tuple(line[21:]),
        )  # fmt: skip
    return Told(
        section=line[0], title=line[1], place=line[2], lead=line[3], captions=((0, (line[4],)),),
        body=tuple(line[5:12]),
        byline=line[12], after=tuple(line[13:]), published=datetime(2024, 5, 17, 20, 5, tzinfo=VIETNAM),
    )  # fmt: skip


AUTHORS = (("Nguyễn Oanh",), ("Lê Đức Dục",), ("HẢI YẾN",), ("Thanh Nga", "Hoàng Tuân"), ("Trung Hiếu",))
PUBLISHED = ("", "2023-01-06T07:19:00+07:00", "2023-06-12T22:21:00+07:00", "2024-05-16T14:42:00+07:00", "")
PROVINCES = ("Lai Châu", "Lai Châu", "Vĩnh Long", "Long An", "Sóc Trăng")
DOCUMENTS = (
    {"01-KL/TW"},
    {"01-KL/TW", "05-CT/TW"},
    {"01-KL/TW", "05-CT/TW"},
    {"01-KL/TW", "05-CT/TW"},
    {"01-KL/TW"},
)
CREDITS = ("Nguyễn Oanh-TTXVN", "", "NGUYÊN KHÁNH", "", "Trung Hiếu/TTXVN")
OF_THE_AGENCY = (True, False, False, False, True)
SKINS = {0: skins.one_cms, 1: skins.nukeviet, 2: skins.dated_folder, 3: skins.small_captions, 4: skins.one_cms}
CASES = [
    *((number, SKINS[number]) for number in range(5)),
    *((number, skin) for number in range(5) for skin in skins.POOR),
]


def read(number: int, skin: Callable[[Told], str]) -> Article:
    return extract(skin(told(number)), "https://bao.example/tin-bai-4711.html", NOW)


def caption_text(lines_: tuple[str, ...]) -> str:
    return lines_[0].partition(" Ảnh:")[0].partition(" (Ảnh:")[0].strip()


@pytest.mark.parametrize(("number", "skin"), CASES, ids=lambda part: getattr(part, "__name__", str(part)))
def test_a_seed_is_read_exactly(number: int, skin: Callable[[Told], str]) -> None:
    wanted, article = told(number), read(number, skin)
    assert article.title == wanted.title
    assert article.lead == wanted.lead
    assert article.body == wanted.body
    assert article.authors == AUTHORS[number]
    assert [image.caption for image in article.images] == [caption_text(lines_) for _, lines_ in wanted.captions]
    assert (article.images[0].credit if article.images else "") == CREDITS[number]
    assert set(cited(article, vocabulary())) == DOCUMENTS[number]
    assert PROVINCES[number] in article.provinces
    assert article.agency == ("TTXVN" if OF_THE_AGENCY[number] else "")
    moment = article.published.isoformat() if article.published else ""
    if wanted.published and skin is skins.one_cms:
        assert moment == wanted.published.isoformat()
    elif wanted.published:  # the year is not printed: "Ngày 17/5"
        assert moment == "2024-05-17T00:00:00+07:00"
    else:
        assert moment == PUBLISHED[number]
