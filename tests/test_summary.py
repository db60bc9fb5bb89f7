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
        "Suốt 16 năm, bà nấu cơm cho 40 thợ cầu, vá áo cho lũ trẻ trong bản.",
        "Cả bản Nậm Hồng góp 300 ngày công và 900 cây tre cho công trình này.",
    ],
)
def test_a_sentence_that_leans_on_another_is_not_told_while_one_stands_alone(leaning: str) -> None:
    assert line(article(leaning, SECOND)) == SECOND
    assert line(article(leaning)) == leaning


def test_what_came_of_it_is_told_rather_than_a_meeting_that_the_headline_has() -> None:
    met = "Sáng 18/11, xã Nậm Hồng tổ chức hội nghị tổng kết ba năm phong trào làm cầu tre."
    outcome = "Đến nay, các bản đã làm 26 cây cầu, lát 4.300 m đường, bớt 15 bến đò."
    assert line(article(met, outcome, title="Xã Nậm Hồng tổng kết phong trào làm cầu tre")) == outcome


@pytest.mark.parametrize(
    "counted",
    ["Ban tổ chức trao 1 giải Nhất, 2 giải Nhì, 4 giải Ba, 6 giải Khuyến khích.",
     "Từ năm 2024 đến năm 2026, lớp 4, lớp 5 và lớp 6 học theo Kết luận 01, Chỉ thị 07."],
)  # fmt: skip
def test_prizes_years_and_numbers_of_documents_are_no_amounts(counted: str) -> None:
    assert line(article(FIRST, counted)) == FIRST


@pytest.mark.parametrize("who", ["Bà con", "Chị em", "Anh em"])
def test_words_that_only_begin_like_an_address_stand_alone(who: str) -> None:
    told = f"{who} cả bản góp hẳn hai trăm cây tre già để làm cầu qua suối."
    assert line(article(f"{told} {SECOND}")) == told


@pytest.mark.parametrize("name", ["Bà Lò Thị Sao", "Ông Đèo Văn Hùng"])
def test_a_person_s_name_after_the_address_stands_alone(name: str) -> None:
    told = f"{name} góp hẳn hai trăm cây tre già của nhà mình cho bản."
    assert line(article(f"{told} {SECOND}")) == told


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ("Ông bảo cầu xong thì lũ trẻ khỏi phải lội suối đi học.", SECOND),
        (
            "Ông Ất Mùi góp hẳn hai trăm cây tre già của nhà mình cho bản.",
            "Ông Ất Mùi góp hẳn hai trăm cây tre già của nhà mình cho bản.",
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


@pytest.mark.parametrize(
    ("rest", "end"),
    [(" 07 - CT/TW ngày 13/7/2026 của Bộ Chính trị, với đại biểu của 99 xã, phường, đặc khu.", "Bộ Chính trị…"),
     (" 07-CT/TW gắn với phong trào thi đua của lực lượng dân quân tự vệ vùng cao.", "07-CT/TW…")],
)  # fmt: skip
def test_a_long_sentence_is_cut_neither_in_a_document_s_number_nor_before_with(rest: str, end: str) -> None:
    met = "Sáng 18/11, Đảng ủy xã Nậm Hồng tổ chức hội nghị học tập, quán triệt và triển khai thực hiện tại tất cả "
    told = line(article(f"{met}các chi bộ bản vùng cao biên giới của xã Chỉ thị số{rest}"))
    assert told.endswith(end)


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
