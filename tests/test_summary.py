import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.digest.shorten import LIMIT
from monitor.digest.summary import line
from monitor.models import Article
from monitor.vietnamese import clean
from tests.judge import SEARCH

FIRST = "Sáng 18/11, hơn 120 người ở bản Nậm Hồng dựng lại chiếc cầu tre bị lũ cuốn."
SECOND = "Cầu dài 26 m, làm trong ba ngày, hết 40 bao xi măng và 900 cây tre."


def article(lead: str = "", *body: str, title: str = "Cầu tre Nậm Hồng") -> Article:
    return Article("https://baobanmuong.vn/cau-tre-a1.html", title, lead, body)


def test_the_lead_s_first_sentence_is_told() -> None:
    assert line(article(f"{FIRST} {SECOND}", "Già Páo đi đầu hàng người vác tre từ sớm.")) == FIRST


def test_without_a_lead_the_body_speaks() -> None:
    assert line(article("", f"{FIRST} {SECOND}")) == FIRST


@pytest.mark.parametrize("title", [FIRST, FIRST.rstrip("."), FIRST.upper(), unicodedata.normalize("NFD", FIRST)])
def test_a_sentence_that_is_the_headline_again_is_passed_over(title: str) -> None:
    assert line(article(f"{FIRST} {SECOND}", title=title)) == SECOND


@pytest.mark.parametrize(
    "leaning",
    [
        "Theo đó, các hộ chia nhau từng đoạn cầu mà làm cho kịp.",
        "Tại đây, xã tặng mỗi hộ một bao gạo và hai cân muối.",
        "Ngoài ra, bộ đội còn làm giúp bản một đoạn kè đá dài.",
        "Đồng thời, xã vận động thêm tiền để lát ván mặt cầu.",
    ],
)
def test_a_sentence_that_leans_on_another_is_not_told_while_one_stands_alone(leaning: str) -> None:
    assert line(article(leaning, SECOND)) == SECOND
    assert line(article(leaning)) == leaning


@pytest.mark.parametrize("who", ["Bà con", "Chị em", "Anh em"])
def test_words_that_only_begin_like_an_address_stand_alone(who: str) -> None:
    told = f"{who} cả bản góp hẳn hai trăm cây tre già để làm cầu."
    assert line(article(f"{told} {SECOND}")) == told


@pytest.mark.parametrize("name", ["Bà Lò Thị Sao", "Ông Đèo Văn Hùng"])
def test_a_person_s_name_after_the_address_stands_alone(name: str) -> None:
    told = f"{name} góp hẳn hai trăm cây tre già của nhà mình."
    assert line(article(f"{told} {SECOND}")) == told


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ("Ông bảo cầu xong thì lũ trẻ khỏi phải lội suối đi học.", SECOND),
        (
            "Ông Ất Mùi góp hẳn hai trăm cây tre già của nhà mình.",
            "Ông Ất Mùi góp hẳn hai trăm cây tre già của nhà mình.",
        ),
    ],
)
def test_only_an_address_with_a_name_behind_it_stands_alone(first: str, told: str) -> None:
    assert line(article(first, SECOND)) == told


@pytest.mark.parametrize("short", ["Ảnh: Đèo Hùng.", "Vui quá!", "Cầu đã xong./."])
def test_what_is_too_short_to_tell_anything_is_passed_over(short: str) -> None:
    assert line(article(short, SECOND)) == SECOND
    assert line(article(short)) == ""


@pytest.mark.parametrize(
    "mark",
    ["(VLO) ", "(BLC) - ", "[ĐCSVN]- ", "(TTXVN) - ", "TTXVN - ", "ĐBP - ", "TPO - ", "NDĐT- ", "DNTH: ",
     "Laocaitv.vn - ", "(Baothanhhoa.vn) - ", "- ", "• "],
)  # fmt: skip
def test_a_paper_s_mark_is_no_part_of_the_sentence(mark: str) -> None:
    assert line(article(mark + FIRST)) == FIRST


@pytest.mark.parametrize("mark", ["VOV.VN - ", "ANTD.VN - "])
def test_a_web_paper_s_mark_is_no_part_of_the_sentence(mark: str) -> None:
    assert line(article(mark + FIRST)) == FIRST


def test_the_mark_at_the_end_of_a_text_becomes_a_full_stop() -> None:
    assert line(article(FIRST + "/.")) == FIRST


def test_an_article_without_text_has_no_line() -> None:
    assert line(article()) == ""
    assert line(article(" ", "", "\u200b")) == ""


def test_a_long_sentence_ends_at_a_clause() -> None:
    long = (
        "Bà con vác tre từ rừng về, " * 6
        + "đi suốt từ tinh mơ tới khi mặt trời đứng bóng mà chưa ai kêu mệt lấy một lời."
    )
    told = line(article(long))
    assert told.endswith("về…")
    assert long.startswith(told[:-1])
    assert LIMIT // 2 < len(told) <= LIMIT


def test_a_long_sentence_is_not_cut_at_a_clause_that_says_nothing() -> None:
    told = line(article("Sáng nay, " + "bà con vác tre từ rừng xa về bản " * 12 + "."))
    assert len(told) > LIMIT // 2


def test_a_long_sentence_without_a_clause_ends_at_a_word() -> None:
    long = "Bà con " + "vác tre từ rừng xa về bản " * 12 + "."
    told = line(article(long))
    assert long.startswith(told[:-1] + " ")
    assert told[-1] == "…"
    assert len(told) <= LIMIT


def test_a_sentence_without_a_single_space_is_cut_all_the_same() -> None:
    told = line(article("Á" * 10_000))
    assert len(told) <= LIMIT


text = st.text(st.sampled_from('aáeBĐ 5,;.!?…-–/"”)('), max_size=120) | st.text(max_size=80)
sentence = st.lists(
    st.sampled_from(["bản", "Nậm", "Hồng,", "cầu", "tre;", "1.200", "người", "–", "TP.HCM", "(TTXVN)", "17.5"]),
    min_size=5, max_size=70,
).map(" ".join)  # fmt: skip


@SEARCH
@given(text | sentence, st.lists(text | sentence, max_size=5), text)
@example("Á" * 300, [], "")
def test_the_line_is_short_on_one_line_and_copied_never_invented(lead: str, body: list[str], title: str) -> None:
    told = line(article(lead, *body, title=title))
    assert len(told) <= LIMIT
    assert told == clean(told)
    source = [clean(one) for one in (lead, *body)]
    kept = told.removesuffix("…").removesuffix(".")
    assert any(kept in one for one in source)


@SEARCH
@given(sentence, st.integers(0, 10**6))
def test_every_figure_of_the_line_stands_in_the_article(words: str, number: int) -> None:
    lead = f"{words} {number} cây tre, góp {number + 7} ngày công."
    told = line(article(lead))
    assert set(re.findall(r"\d+", told.removesuffix("…"))) <= set(re.findall(r"\d+", lead))
