import unicodedata
from itertools import pairwise, permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.vietnamese import clean, comparable, fold, normalise, sentences, sort_key
from tests.judge import SEARCH

# letters, tones set apart, look-alikes, dashes, quotes and what nobody sees
_TRICKY = "aAăâêoOôơuUưyYdđĐÐðƉɖBbcChHqQtT\u0301\u0300\u0309\u0303\u0323\u0302\u031b -–—‑−“”«»‘’`.,;:!?…/05CTWKL\n\t"
_UNSEEN = "\u00a0\u00ad\u200b\u200c\u200d\u200e\u202e\u2060\ufeff\ufffd\u2028\u3000\u0000\u0007\u0085\u061c"
texts = st.text(st.sampled_from(_TRICKY + _UNSEEN), max_size=30) | st.text(max_size=30)
letters = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
toned = [
    unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in "\u0300\u0309\u0303\u0301\u0323"
]
words = st.text(st.sampled_from([*letters, *toned]), min_size=1, max_size=6)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)


@SEARCH
@given(texts)
@example("Ba\u200b\u0301c")
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@SEARCH
@given(texts)
@example("05 - –CT")
@example("Ba\u200b\u0301c")
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@SEARCH
@given(texts)
@example("ba \u0301 ca")
@example("Ba\u200b\u0301c")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@SEARCH
@given(texts)
def test_clean_text_is_composed_on_one_line_and_without_double_spaces(text: str) -> None:
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == " ".join(cleaned.split())
    assert not set(cleaned) & (set(_UNSEEN) | set("ÐðƉɖ"))


@pytest.mark.parametrize("text", ["Chợ phiên \ud83d vùng cao", "\udc4f"])
def test_clean_text_can_always_be_written_to_a_file(text: str) -> None:
    assert [ascii(letter) for letter in clean(text) if "\ud800" <= letter <= "\udfff"] == []


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("  Bản\u00a0Nậm \t\n Lúc ", "Bản Nậm Lúc"),
        ("Ðồng Ðăng", "Đồng Đăng"),
        ("ðường Ɖông, ɖò", "đường Đông, đò"),
        ("Hô\u0323i nghi\u0323", "Hội nghị"),
        ("\ufeffDu\u00adyên hải\u200b", "Duyên hải"),
        ("Mường\u2028Lát", "Mường Lát"),
        ("bà\u202e con\u202c", "bà con"),
        ("bà\u061c con\u180e\ufff9\U000e0041\u3164", "bà con"),
    ],
)
def test_clean_text_is_what_a_person_sees(raw: str, seen: str) -> None:
    assert clean(raw) == seen


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("Tỉnh uỷ", "Tỉnh ủy"),
        ("TỈNH UỶ", "TỈNH ỦY"),
        ("Uỷ ban", "Ủy ban"),
        ("hoà giải", "hòa giải"),
        ("Hoà An", "Hòa An"),
        ("HOÀ AN", "HÒA AN"),
        ("văn hoá", "văn hóa"),
        ("toả sáng", "tỏa sáng"),
        ("đoạ", "đọa"),
        ("hoạ sĩ", "họa sĩ"),
        ("khoẻ", "khỏe"),
        ("loè", "lòe"),
        ("thuỷ lợi", "thủy lợi"),
        ("tuỳ", "tùy"),
        ("luỹ tre", "lũy tre"),
        ("suy luỵ", "suy lụy"),
    ],
)
def test_tone_placement_never_separates_two_spellings_of_one_word(new: str, old: str) -> None:
    assert normalise(new) == old
    assert comparable(new) == comparable(old)
    assert fold(new) == fold(old)


@pytest.mark.parametrize(
    "word", ["quý", "Quỳ Hợp", "QUỲNH", "quỷ", "toàn", "hoàn", "khoảng", "xoè hoa".replace("oè", "òe"), "thuyền"]
)
def test_words_with_one_spelling_keep_it(word: str) -> None:
    assert normalise(word) == word


@pytest.mark.parametrize(
    "printed",
    [
        "05-CT/TW",
        "05–CT/TW",
        "05 - CT/TW",
        "05 — CT/TW",
        "05\u2010CT/TW",
        "05\u2011CT/TW",
        "05−CT/TW",
        "05 -CT/TW",
        "05\u00a0– CT/TW",
    ],
)
def test_a_document_number_has_one_spelling_whatever_its_dash(printed: str) -> None:
    assert normalise(f"Chỉ thị {printed} của Bộ Chính trị") == "Chỉ thị 05-CT/TW của Bộ Chính trị"


def test_dashes_and_quotes_become_plain_and_case_and_marks_stay() -> None:
    assert normalise("“Đổi công” – ‘Góp gạo’ năm 2025 - 2026") == "\"Đổi công\" - 'Góp gạo' năm 2025 - 2026"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đạo đức", "dao duc"),
        ("ĐẢNG BỘ", "dang bo"),
        ("Ðường về", "duong ve"),
        ("Hoà Bình", "hoa binh"),
        ("ằắẳẵặ ầấẩẫậ ềếểễệ ồốổỗộ ờớởỡợ ừứửữự ỳýỷỹỵ", "aaaaa aaaaa eeeee ooooo ooooo uuuuu yyyyy"),
        ("05–CT/TW", "05-ct/tw"),
    ],
)
def test_a_search_without_marks_finds_every_letter(text: str, folded: str) -> None:
    assert fold(text) == folded


@SEARCH
@given(names)
def test_folding_leaves_only_plain_letters_and_is_blind_to_composition_and_case(name: str) -> None:
    assert fold(name).replace(" ", "").isascii()
    assert fold(unicodedata.normalize("NFD", name)) == fold(name) == fold(name.upper())


@SEARCH
@given(st.lists(names, min_size=3, max_size=3))
def test_dictionary_order_is_a_total_order(three: list[str]) -> None:
    orders = [sorted(order, key=sort_key) for order in permutations(three)]
    assert all([sort_key(name) for name in order] == [sort_key(name) for name in orders[0]] for order in orders)
    for one, other in pairwise(orders[0]):
        assert sort_key(one) <= sort_key(other)
        assert (sort_key(one) == sort_key(other)) == (normalise(one) == normalise(other))


@SEARCH
@given(texts, texts)
def test_any_two_texts_can_be_put_in_order(one: str, other: str) -> None:
    assert (sort_key(one) < sort_key(other)) + (sort_key(one) > sort_key(other)) + (
        sort_key(one) == sort_key(other)
    ) == 1


@pytest.mark.parametrize(
    "ordered",
    [
        ["Cà Mau", "Cao Bằng"],
        ["Bạc Liêu", "Bắc Giang", "Bến Tre", "Bình Định"],
        ["Dốc Mít", "Đà Bắc", "Đắk Nông", "Đăk Pék", "Đèo Gia", "Gò Dầu"],
        ["Hà Nội", "Hải Phòng", "Huế", "Hưng Yên"],
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["tan", "tán", "tăng", "tâm"],
        ["Quảng Nam", "Quảng Ngãi", "Quảng Trị"],
        ["Yên Bái"],
    ],
)
def test_names_stand_as_in_a_vietnamese_dictionary(ordered: list[str]) -> None:
    assert sorted(set(ordered), key=sort_key) == ordered


def test_order_does_not_depend_on_case_composition_or_tone_placement() -> None:
    assert sort_key("KHÁNH HOÀ") == sort_key(unicodedata.normalize("NFD", "Khánh Hòa"))


prose = st.text(st.sampled_from("aáBĐƯ5 .!?…/\"”»')(-–,;\n\u00a0TPSvn"), max_size=80) | st.text(max_size=60)


@SEARCH
@given(prose)
def test_splitting_into_sentences_loses_no_letter(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@SEARCH
@given(prose)
def test_no_sentence_is_empty_or_padded(text: str) -> None:
    assert all(sentence and sentence == sentence.strip() for sentence in sentences(text))


@pytest.mark.parametrize(
    "whole",
    [
        "Đoàn công tác của TP. Hồ Chí Minh thăm bản Nậm Ngà.",
        "Nhà trường ở TX. Mường Lay vừa khai giảng.",
        "Lớp học do PGS.TS. Hà Thị Mơ đứng lớp.",
        "Tham gia có ThS. Lò Văn Pản và TS. Đèo Thị Sa.",
        "Người khám là BS.CKII. Vàng A Chứ ở trạm xá.",
        "Bản vẽ của KTS. Lưu Quang được chọn.",
        "Ông N.V.T. Người dân gọi là bác cả Tường.",
        "Có ngô, khoai, sắn, v.v. Các hộ tự chia nhau.",
        "Lễ ra quân diễn ra ngày 17.5 tại nhà văn hóa.",
        "Cả xã góp 4.585 ngày công trong tháng.",
        "Bà con đọc tin trên trang baobanmuong.vn mỗi tối.",
        "Chợ họp... nửa buổi là tan.",
    ],
)
def test_abbreviations_initials_dates_and_figures_do_not_end_a_sentence(whole: str) -> None:
    assert sentences(whole) == [whole]


def test_a_class_of_prizes_ends_a_sentence() -> None:
    assert sentences("Ban tổ chức trao 14 giải A, 25 giải B. Vở diễn mở màn.") == [
        "Ban tổ chức trao 14 giải A, 25 giải B.",
        "Vở diễn mở màn.",
    ]


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("Lũ rút. Dân về bản.", ["Lũ rút.", "Dân về bản."]),
        ("Khép lại chương trình.Cùng dự có già làng.", ["Khép lại chương trình.", "Cùng dự có già làng."]),
        ("Ai cũng vui? Vui chứ! Mùa này được ngô.", ["Ai cũng vui?", "Vui chứ!", "Mùa này được ngô."]),
        ("Chị bảo: “Cứ làm đi.” Rồi chị cười.", ["Chị bảo: “Cứ làm đi.”", "Rồi chị cười."]),
        ("Đã họp ngày 17.5. Sau đó dân góp đá.", ["Đã họp ngày 17.5.", "Sau đó dân góp đá."]),
        ("Đoàn từ TP.HCM. Họ ở lại hai đêm.", ["Đoàn từ TP.HCM.", "Họ ở lại hai đêm."]),
        ("Năm nay trồng 1.200 cây. 300 cây đã bén rễ.", ["Năm nay trồng 1.200 cây.", "300 cây đã bén rễ."]),
        ("Bản đã có đường mới./.", ["Bản đã có đường mới./."]),
        ("Bản đã có đường mới./. Tin khác", ["Bản đã có đường mới./.", "Tin khác"]),
        ("Gió lặng… Đò lại sang sông.", ["Gió lặng…", "Đò lại sang sông."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_a_paragraph_comes_apart_at_its_sentences(text: str, split: list[str]) -> None:
    assert sentences(text) == split


@pytest.mark.parametrize("name", ["VOV.VN", "ANTD.VN"])
def test_the_name_of_a_web_paper_in_capitals_does_not_end_a_sentence(name: str) -> None:
    text = f"{name} - Chiều nay, bản Phìn Hồ khánh thành lớp học mới."
    assert sentences(text) == [text]
