import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dedup.copies import fingerprint, origin
from monitor.models import Article, Label, Match, Report
from tests.judge import SEARCH, Labelled, labelled_articles

BODY = (
    "Sáng 18/11, hơn 120 người ở bản Nậm Hồng ra suối dựng lại chiếc cầu tre bị lũ cuốn hồi tháng Tám.",
    "Già Páo, 74 tuổi, đi đầu hàng người vác tre. Ông bảo cầu xong thì lũ trẻ khỏi lội suối, khỏi nghỉ học.",
    "Đến chiều, cầu dài 26 m đã nối hai bờ. Xã góp 40 bao xi măng làm mố, bộ đội biên phòng góp 60 ngày công.",
)
ARTICLE = Article("https://bao-a.vn/cau-tre-a1.html", "Dựng lại cầu tre ở Nậm Hồng", "Cầu đã thông.", BODY)
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def test_a_copy_with_another_headline_lead_and_address_is_known() -> None:
    copy = replace(ARTICLE, url="https://bao-b.vn/2.html", title="Bản xa có cầu mới", lead="")
    assert fingerprint(copy) == fingerprint(ARTICLE)


@pytest.mark.parametrize(
    "body",
    [
        tuple(unicodedata.normalize("NFD", paragraph) for paragraph in BODY),
        tuple(paragraph.upper() for paragraph in BODY),
        tuple(paragraph.replace("Đ", "Ð") for paragraph in BODY),
        tuple(paragraph.replace(" ", "  ").replace(",", " ,") for paragraph in BODY),
        tuple(paragraph.replace("-", "–").replace(".", "...") for paragraph in BODY),
        (" ".join(BODY),),
        (BODY[0], " ".join(BODY[1:])),
        (*BODY[:2], BODY[2] + "/."),
        ("TTXVN - " + BODY[0], *BODY[1:]),
        ("(TTXVN) - " + BODY[0], *BODY[1:]),
        ("TTXVN: " + BODY[0], *BODY[1:]),
        (*BODY, "(TTXVN)"),
        (*BODY, "./."),
        ("(VLO) " + BODY[0], *BODY[1:]),
        ("(BLC) - " + BODY[0], *BODY[1:]),
        ("- " + BODY[0], *BODY[1:]),
        (*BODY[:2], BODY[2] + " (TTXVN/Vietnam+)"),
        (*BODY[:2], BODY[2] + " (Theo TTXVN)./."),
    ],
)
def test_spelling_paragraphs_and_the_agency_s_mark_do_not_hide_a_copy(body: tuple[str, ...]) -> None:
    assert fingerprint(replace(ARTICLE, body=body)) == fingerprint(ARTICLE)


@pytest.mark.parametrize("mark", ["(Baothanhhoa.vn) - ", "[ĐCSVN]- ", "ĐBP - ", "VOV.VN - ", "TPO - ", "NDĐT- "])
def test_any_paper_s_mark_before_the_text_does_not_hide_a_copy(mark: str) -> None:
    assert fingerprint(replace(ARTICLE, body=(mark + BODY[0], *BODY[1:]))) == fingerprint(ARTICLE)


@pytest.mark.parametrize("line", ["(TTXVN/Vietnam+)", "Theo TTXVN"])
def test_an_agency_s_signature_on_a_line_of_its_own_does_not_hide_a_copy(line: str) -> None:
    assert fingerprint(replace(ARTICLE, body=(*BODY, line))) == fingerprint(ARTICLE)


@pytest.mark.parametrize(
    "body",
    [
        (BODY[0].replace("120", "121"), *BODY[1:]),
        (BODY[0].replace("Nậm Hồng", "Nậm Mạ"), *BODY[1:]),
        BODY[:2],
        (*BODY, "Ngày mai, bản làm tiếp đoạn đường lên trường."),
        (BODY[1], BODY[0], BODY[2]),
    ],
)
def test_a_changed_figure_name_or_sentence_is_another_text(body: tuple[str, ...]) -> None:
    assert fingerprint(replace(ARTICLE, body=body)) != fingerprint(ARTICLE)


def test_bodies_too_short_to_be_told_by_are_copies_only_with_the_same_headline() -> None:
    short = replace(ARTICLE, body=("Mời bạn đọc xem ảnh.",))
    assert fingerprint(replace(short, url="https://bao-b.vn/2")) == fingerprint(short)
    assert fingerprint(replace(short, title="Chợ phiên ngày xuân")) != fingerprint(short)
    assert fingerprint(replace(short, lead="Chợ đã tan.")) != fingerprint(short)


@SEARCH
@given(
    st.lists(st.text(st.sampled_from("abcdeđêghiô 12"), min_size=90, max_size=120), min_size=3, max_size=4), st.data()
)
def test_only_the_same_letters_in_the_same_order_make_a_copy(body: list[str], data: st.DataObject) -> None:
    one = replace(ARTICLE, body=tuple(body))
    at = data.draw(st.integers(0, len(body) - 1))
    changed = [paragraph + "z" if n == at else paragraph for n, paragraph in enumerate(body)]
    assert fingerprint(replace(one, body=(" ".join(body),))) == fingerprint(one)
    assert fingerprint(replace(one, body=tuple(changed))) != fingerprint(one)


def report(number: int, hours: float | None, seen: float = 0) -> Report:
    published = None if hours is None else NOW + timedelta(hours=hours)
    article = replace(ARTICLE, published=published)
    return Report(number, 1, f"Báo {number}", None, article, Match(Label.CAMPAIGN, 3.0), NOW + timedelta(hours=seen))


def test_the_origin_is_the_earliest_and_among_equals_the_first_seen() -> None:
    assert origin([report(1, 5), report(2, 3), report(3, 4)]).id == 2
    assert origin([report(7, 3), report(4, 3)]).id == 4
    assert origin([report(1, 2), report(2, None, seen=1)]).id == 2


@SEARCH
@given(st.lists(st.tuples(st.none() | st.integers(-9, 9), st.integers(0, 9)), min_size=1, max_size=6), st.randoms())
def test_the_origin_does_not_depend_on_the_order_of_the_reports(
    times: list[tuple[int | None, int]], random: Random
) -> None:
    reports = [report(number, hours, seen) for number, (hours, seen) in enumerate(times)]
    first = origin(reports)
    random.shuffle(reports)
    assert origin(reports) == first
    assert all(first.dated <= other.dated for other in reports)


@pytest.fixture(scope="module")
def labelled() -> list[Labelled]:
    return labelled_articles()


def test_of_the_labelled_articles_only_copies_are_taken_for_copies(labelled: list[Labelled]) -> None:
    roots: dict[str, set[str]] = {}
    for one in labelled:
        roots.setdefault(fingerprint(one.article), set()).add(one.root)
    assert [found for found in roots.values() if len(found) > 1] == []
