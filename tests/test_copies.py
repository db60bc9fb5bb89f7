import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dedup.copies import is_copy, is_digest, origin, same_outlet, told_on
from monitor.dedup.texts import keys, text_hash
from monitor.models import Article, Label, Match, Report
from tests.judge import SEARCH
from tests.republished import CHANGES, TOGETHER, events, labelled, republished

BODY = (
    "Sáng 18/11, hơn 120 người ở bản Nậm Hồng ra suối dựng lại chiếc cầu tre bị lũ cuốn hồi tháng Tám.",
    "Già Páo, 74 tuổi, đi đầu hàng người vác tre. Ông bảo cầu xong thì lũ trẻ khỏi lội suối, khỏi nghỉ học.",
    "Đến chiều, cầu dài 26 m đã nối hai bờ. Xã góp 40 bao xi măng làm mố, bộ đội biên phòng góp 60 ngày công.",
)
ARTICLE = Article("https://bao-a.vn/cau-tre-a1.html", "Dựng lại cầu tre ở Nậm Hồng", "Cầu đã thông.", BODY)
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def test_a_copy_with_another_headline_lead_and_address_is_known() -> None:
    copy = replace(ARTICLE, url="https://bao-b.vn/2.html", title="Bản xa có cầu mới", lead="")
    assert text_hash(copy) == text_hash(ARTICLE)


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
    assert text_hash(replace(ARTICLE, body=body)) == text_hash(ARTICLE)


@pytest.mark.parametrize("mark", ["(Baothanhhoa.vn) - ", "[ĐCSVN]- ", "ĐBP - ", "VOV.VN - ", "TPO - ", "NDĐT- "])
def test_any_paper_s_mark_before_the_text_does_not_hide_a_copy(mark: str) -> None:
    assert text_hash(replace(ARTICLE, body=(mark + BODY[0], *BODY[1:]))) == text_hash(ARTICLE)


@pytest.mark.parametrize("line", ["(TTXVN/Vietnam+)", "Theo TTXVN"])
def test_an_agency_s_signature_on_a_line_of_its_own_does_not_hide_a_copy(line: str) -> None:
    assert text_hash(replace(ARTICLE, body=(*BODY, line))) == text_hash(ARTICLE)


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
    assert text_hash(replace(ARTICLE, body=body)) != text_hash(ARTICLE)


def test_bodies_too_short_to_be_told_by_are_copies_only_with_the_same_headline() -> None:
    short = replace(ARTICLE, body=("Mời bạn đọc xem ảnh.",))
    assert text_hash(replace(short, url="https://bao-b.vn/2")) == text_hash(short)
    assert text_hash(replace(short, title="Chợ phiên ngày xuân")) != text_hash(short)
    assert text_hash(replace(short, lead="Chợ đã tan.")) != text_hash(short)


@SEARCH
@given(
    st.lists(st.text(st.sampled_from("abcdeđêghiô 12"), min_size=90, max_size=120), min_size=3, max_size=4), st.data()
)
def test_only_the_same_letters_in_the_same_order_make_a_copy(body: list[str], data: st.DataObject) -> None:
    one = replace(ARTICLE, body=tuple(body))
    at = data.draw(st.integers(0, len(body) - 1))
    changed = [paragraph + "z" if n == at else paragraph for n, paragraph in enumerate(body)]
    assert text_hash(replace(one, body=(" ".join(body),))) == text_hash(one)
    assert text_hash(replace(one, body=tuple(changed))) != text_hash(one)


def report(number: int, hours: float | None, seen: float = 0, source: str = "") -> Report:
    published = None if hours is None else NOW + timedelta(hours=hours)
    article = replace(ARTICLE, published=published)
    source = source or f"Báo {number}"
    return Report(number, 1, source, None, article, Match(Label.CAMPAIGN, 3.0), NOW + timedelta(hours=seen))


def test_the_origin_is_the_earliest_and_among_equals_the_first_seen() -> None:
    assert origin([report(1, 5), report(2, 3), report(3, 4)]).id == 2
    assert origin([report(7, 3), report(4, 3)]).id == 4
    assert origin([report(1, 2), report(2, None, seen=1)]).id == 2


@pytest.mark.parametrize("source", ["TTXVN", "Thông tấn xã Việt Nam", "VietnamPlus", "Báo Tin tức (TTXVN)"])
def test_an_agency_s_own_text_is_the_origin_also_when_it_is_dated_later(source: str) -> None:
    assert origin([report(1, 1), report(2, 5, source=source), report(3, 2)]).id == 2


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


ORIGINALS = [*(one.report for one in labelled() if one.root == one.id), *(one.report for one in events())]
LONG = [original for original in ORIGINALS if len(original.article.text.split()) > 110]


@pytest.mark.parametrize("change", CHANGES)
def test_a_republication_is_found_in_the_index_and_known_for_a_copy(change: str) -> None:
    missed = []
    for original in ORIGINALS:
        copy = republished(original, [change])
        found = set(keys(copy.article)) & set(keys(original.article))
        if not (found and is_copy(copy, original) and is_copy(original, copy)):
            missed.append(original.article.title)
    assert missed == []


@pytest.mark.parametrize("changes", TOGETHER)
def test_several_changes_together_do_not_hide_a_republication(changes: tuple[str, ...]) -> None:
    missed = [one.article.title for one in LONG if not is_copy(one, republished(one, changes))]
    assert len(missed) <= 0.02 * len(LONG), missed


def test_republications_of_one_text_are_copies_of_each_other() -> None:
    for original in LONG[::5]:
        copies = [
            republished(original, [change], seed)
            for seed, change in enumerate(["cut 30 %", "captions 3", "order", "words 5 %"])
        ]
        for one in copies:
            assert all(is_copy(one, other) for other in [original, *copies])


def test_no_two_labelled_articles_are_copies_but_those_that_are() -> None:
    for collection in (labelled(), events()):
        found = {
            frozenset((one.id, other.id))
            for one, other in combinations(collection, 2)
            if is_copy(one.report, other.report)
        }
        assert found == {frozenset((a.id, b.id)) for a, b in combinations(collection, 2) if a.root == b.root}


def told(number: int, source: str, *body: str, url: str = "", days: float = 0) -> Report:
    article = Article(
        url or f"https://{number}.example/tin-{number}.html",
        f"Tin {number}",
        "",
        body,
        published=NOW + timedelta(days=days),
    )
    return Report(number, 0, source, None, article, Match(Label.CAMPAIGN, 3.0), NOW)


FORM = (
    "Sáng nay, Đảng ủy {place} sơ kết việc học tập và làm theo Bác. Các chi bộ đã triển khai nghiêm túc, bài bản.",
    "Nhận thức của cán bộ, đảng viên có chuyển biến rõ nét, nhiều cách làm hay được nhân dân đồng tình, ủng hộ.",
    "Toàn xã có {n} đảng viên đăng ký {m} việc; nhân dân hiến {k} m2 đất mở đường, góp {j} triệu đồng xây nhà văn hóa.",
    "Bí thư Đảng ủy {who} đề nghị các chi bộ tiếp tục đổi mới nội dung sinh hoạt, chọn việc khó để làm trước.",
)
ONE = {"place": "xã Nậm Cuổi", "n": 312, "m": 128, "k": 4150, "j": 690, "who": "Lò Văn Pản"}
OTHER = {"place": "xã Mường Khoa", "n": 287, "m": 96, "k": 3720, "j": 545, "who": "Vàng Thị Mỷ"}


def filled(facts: dict[str, object]) -> tuple[str, ...]:
    return tuple(paragraph.format(**facts) for paragraph in FORM)


@pytest.mark.parametrize("source", ["Báo A", "Báo B"])
def test_a_form_filled_in_with_other_names_and_figures_is_no_copy(source: str) -> None:
    assert not is_copy(told(1, "Báo A", *filled(ONE)), told(2, source, *filled(OTHER)))
    assert is_copy(told(1, "Báo A", *filled(ONE)), told(2, "Báo B", *filled(ONE | {"n": 321})))


def test_the_same_words_about_two_provinces_are_no_copies() -> None:
    both = [
        told(n, f"Báo {n}", *filled(ONE | {"place": f"tỉnh {name}"})) for n, name in ((1, "Lai Châu"), (2, "Sơn La"))
    ]
    assert not is_copy(*both)


def test_last_year_s_text_with_new_figures_is_no_copy_and_unchanged_it_is() -> None:
    now = told(1, "Báo A", *filled(ONE))
    assert not is_copy(now, told(2, "Báo B", *filled(ONE | {"n": 290, "m": 77, "k": 2500}), days=-365))
    assert is_copy(now, told(2, "Báo B", *filled(ONE), days=-365))


MORE = (
    "Sau hội nghị, đoàn kiểm tra xuống từng bản xem việc đăng ký được làm tới đâu.",
    "Ở bản Nậm Coóng, 14 hộ đã dỡ hàng rào từ sáng sớm để máy xúc vào.",
    "Trưởng bản bảo chưa bao giờ họp mà ít lời đến thế, ai cũng muốn xong trước vụ gặt.",
)


def test_within_one_paper_a_follow_up_is_no_copy_but_the_story_told_on() -> None:
    first, more = told(1, "Báo A", *filled(ONE)), told(2, "Báo A", *filled(ONE), *MORE, days=1)
    assert not is_copy(first, more)
    assert told_on(first, more) > 0.9
    assert is_copy(first, told(2, "Báo B", *filled(ONE), *MORE, days=1))
    assert told_on(first, told(2, "Báo B", *filled(ONE), *MORE, days=1)) == 0
    assert told_on(first, told(2, "Báo A", *filled(OTHER), days=1)) == 0


def test_one_site_is_one_paper_whatever_its_sources_are_called_but_not_one_machine() -> None:
    def at(url: str, source: str) -> Report:
        return told(1, source, "a", url=url)

    assert same_outlet(at("https://bao.vn/a/1", "Chính trị"), at("https://m.bao.vn/b/2", "Xã hội"))
    assert not same_outlet(at("http://127.0.0.1:80/a/1", "Báo A"), at("http://127.0.0.1:80/b/2", "Báo B"))
    assert not same_outlet(at("https://a.vn/1", "Báo A"), at("https://b.vn/1", "Báo B"))


def test_a_digest_that_holds_several_texts_is_told_from_a_copy() -> None:
    brief, other = told(1, "Báo A", *filled(ONE)), told(2, "Báo B", *MORE)
    digest = told(3, "Báo C", *filled(ONE), *MORE)
    assert is_digest(digest, [brief, other])
    assert not is_digest(digest, [brief])
    others = [paragraph for one in ORIGINALS[:5] for paragraph in one.article.body]
    assert not is_copy(brief, told(4, "Báo C", *filled(ONE), *others))


def test_texts_too_short_to_tell_are_copies_only_when_they_are_the_same() -> None:
    assert not is_copy(told(1, "Báo A"), told(2, "Báo B"))
    assert not is_copy(told(1, "Báo A", "Mời xem ảnh."), told(2, "Báo B", "Mời xem ảnh:"))
