import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.scrape import bylines
from tests.judge import SEARCH


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("LÒ THỊ SAO", ("LÒ THỊ SAO",)),
        ("Vàng A Páo", ("Vàng A Páo",)),
        ("Mai Sương - Đèo Hùng", ("Mai Sương", "Đèo Hùng")),
        ("MAI SƯƠNG – ĐÈO HÙNG", ("MAI SƯƠNG", "ĐÈO HÙNG")),
        ("Mai Sương, Đèo Hùng; Tòng Liên", ("Mai Sương", "Đèo Hùng", "Tòng Liên")),
        ("Mai Sương và Đèo Hùng", ("Mai Sương", "Đèo Hùng")),
        ("H'Lan Niê", ("H'Lan Niê",)),
        ("V.D", ("V.D",)),
        ("PV", ("PV",)),
        ("MAI SƯƠNG |", ("MAI SƯƠNG",)),
        ("ThS. Mai Thị Sương", ("Mai Thị Sương",)),
        ("PGS.TS. Đèo Văn Hùng", ("Đèo Văn Hùng",)),
        ("Mai Sương (Thực hiện)", ("Mai Sương",)),
        ("Mai Sương (tổng hợp)", ("Mai Sương",)),
        ("MAI SƯƠNG (báo Bản Mường)", ("MAI SƯƠNG",)),
        ("Tác giả: Mai Sương - Ủy viên Ban Thường vụ Đảng ủy, Trưởng ban Xây dựng Đảng", ("Mai Sương",)),
        ("Tác giả bài viết: Mai Văn Sương", ("Mai Văn Sương",)),
        ("Bài, ảnh: Mai Sương", ("Mai Sương",)),
        ("Bài và ảnh: Mai Sương - Đèo Hùng", ("Mai Sương", "Đèo Hùng")),
        ("Tin, ảnh: ĐÈO HÙNG", ("ĐÈO HÙNG",)),
        ("Bài: MAI SƯƠNG - Ảnh: ĐÈO HÙNG", ("MAI SƯƠNG",)),
        ("Đèo Hùng (TTXVN)", ("Đèo Hùng",)),
        ("Đèo Hùng/TTXVN", ("Đèo Hùng",)),
        ("Đèo HùngTTXVN", ("Đèo Hùng",)),
        ("Mai Sương - Mai Sương", ("Mai Sương",)),
        ("CTV Mai Sương", ("Mai Sương",)),
        ("Trung tá Mai Thị Sương", ("Mai Thị Sương",)),
        ("Mai Sương - Trung tâm Văn hóa xã", ("Mai Sương",)),
        ("Phóng sự của MAI SƯƠNG", ("MAI SƯƠNG",)),
        ("Nội dung: Mai Sương - Đèo Hùng", ("Mai Sương", "Đèo Hùng")),
        ("Đèo Văn Hội - Mai Phòng", ("Đèo Văn Hội", "Mai Phòng")),
        ("Ma\u0301i Sương\u200b", ("Mái Sương",)),
    ],
)
def test_a_byline_gives_its_persons_as_printed(line: str, names: tuple[str, ...]) -> None:
    assert bylines.names(line) == names


@pytest.mark.parametrize(
    "line",
    [
        "",
        " ",
        "Báo Bản Mường",
        "Ban Tuyên giáo và Dân vận Tỉnh ủy",
        "Theo Báo Bản Mường",
        "Tin liên quan",
        "Chia sẻ bài viết",
        "TIN LIÊN QUAN",
        "BÌNH LUẬN",
        "TỪ KHÓA",
        "BAN TUYÊN GIÁO",
        "Con đường mới đã thông xe.",
        "(Xã Nậm Hồng-Mường Lay)",
        "19/11/2026",
        "Hotline: 0123 456 789",
        "www.baobanmuong.vn",
        "Mùa này bà con trồng ngô, trồng lạc và nuôi cá",
        "Vàng " * 50,
    ],
)
def test_what_is_no_person_is_no_byline(line: str) -> None:
    assert bylines.names(line) == ()


@SEARCH
@given(st.text(st.sampled_from("AĐaéị .,;-–/|():TXVN1"), max_size=60) | st.text(max_size=60))
def test_any_line_gives_names_of_it_or_none(line: str) -> None:
    for name in bylines.names(line):
        assert name == name.strip()
        assert name[0].isupper()
        assert not any(c.isdigit() for c in name)


def test_names_for_machines_are_persons_once_and_never_the_site() -> None:
    said = ["Báo Bản Mường", "baobanmuong.vn", "Mai Sương", "Đèo Hùng - Mai Sương", "", "BẢN MƯỜNG ONLINE", "admin"]
    assert bylines.people(said, {"Báo Bản Mường", "Bản Mường Online", ""}) == ("Mai Sương", "Đèo Hùng")


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Bà con dựng cầu tre. Ảnh: ĐÈO HÙNG", ("Bà con dựng cầu tre.", "ĐÈO HÙNG")),
        ("Bà con dựng cầu tre. Ảnh: Đ.H", ("Bà con dựng cầu tre.", "Đ.H")),
        ("Bà con dựng cầu tre. Ảnh:Đèo Hùng", ("Bà con dựng cầu tre.", "Đèo Hùng")),
        ("Bà con dựng cầu tre _ Ảnh: Đèo Hùng", ("Bà con dựng cầu tre", "Đèo Hùng")),
        ("Bà con dựng cầu tre. (Ảnh: Đèo Hùng/TTXVN)", ("Bà con dựng cầu tre.", "Đèo Hùng/TTXVN")),
        ("Bà con dựng cầu tre. Ảnh: Đèo Hùng-TTXVN", ("Bà con dựng cầu tre.", "Đèo Hùng-TTXVN")),
        ("Bà con dựng cầu tre. ẢNH: TTXVN", ("Bà con dựng cầu tre.", "TTXVN")),
        ("Bà con dựng cầu tre (Ảnh: Đèo Hùng)|", ("Bà con dựng cầu tre", "Đèo Hùng")),
        ("Bà con dựng cầu tre. Ảnh BTC", ("Bà con dựng cầu tre.", "BTC")),
        ("Bà con dựng cầu tre (Ảnh tư liệu)", ("Bà con dựng cầu tre", "")),
        ("Bà con dựng cầu tre (Ảnh minh họa).", ("Bà con dựng cầu tre", "")),
        ("Ảnh: CTV", ("", "CTV")),
        ("Bà con dựng cầu tre", ("Bà con dựng cầu tre", "")),
        ("Các cháu chụp ảnh với chú bộ đội", ("Các cháu chụp ảnh với chú bộ đội", "")),
        ("Nhà nào cũng treo ảnh Bác", ("Nhà nào cũng treo ảnh Bác", "")),
    ],
)
def test_a_caption_parts_into_what_is_seen_and_who_took_it(line: str, parts: tuple[str, str]) -> None:
    assert bylines.caption(line) == parts
    assert bylines.has_credit(line) == (line != parts[0])


BODY = ("Bà con dựng cầu tre qua suối.", "Trẻ em đã tới lớp.")


@pytest.mark.parametrize(
    ("lead", "body", "signed", "credits_", "authors"),
    [
        ("TTXVN - Bà con dựng cầu.", BODY, [], [], []),
        ("(TTXVN) - Bà con dựng cầu.", BODY, [], [], []),
        ("", ("TTXVN: Bà con dựng cầu.", *BODY), [], [], []),
        ("", (*BODY, "(TTXVN/Vietnam+)"), [], [], []),
        ("", (*BODY, "Theo TTXVN"), [], [], []),
        ("", (*BODY, "Cầu đã xong. (TTXVN)"), [], [], []),
        ("", (*BODY, "Cầu đã xong (Theo TTXVN)./."), [], [], []),
        ("", BODY, ["Đèo Hùng (TTXVN)"], [], []),
        ("", BODY, [], ["Đèo Hùng - TTXVN"], ["Đèo Hùng"]),
    ],
)
def test_a_text_of_the_agency_is_known_by_its_mark_its_end_or_its_author(
    lead: str, body: tuple[str, ...], signed: list[str], credits_: list[str], authors: list[str]
) -> None:
    assert bylines.agency(lead, body, signed, credits_, authors) == "TTXVN"


@pytest.mark.parametrize(
    ("lead", "body", "credits_", "authors"),
    [
        ("Bà con dựng cầu.", BODY, [], ["Đèo Hùng"]),
        ("Bà con dựng cầu.", BODY, ["Mai Sương/TTXVN"], ["Đèo Hùng"]),
        ("Phóng viên TTXVN kể chuyện bản.", BODY, [], []),
        ("Hai phóng viên của TTXVN tại địa phương tặng sách.", BODY, [], []),
        ("", ("Bản có cầu mới, một hãng tin viết. (TTXVN)", *BODY), [], []),
    ],
)
def test_a_picture_or_a_word_of_the_agency_is_no_sign(
    lead: str, body: tuple[str, ...], credits_: list[str], authors: list[str]
) -> None:
    assert bylines.agency(lead, body, [], credits_, authors) == ""
