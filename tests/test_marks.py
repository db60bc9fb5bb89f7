"""Marks of papers and agencies: they say who sent a text, and are no part of it."""

import pytest

from monitor.marks import closes_with_agency, is_signature, opens_with_agency, without_closing, without_opening


@pytest.mark.parametrize("line", ["(TTXVN/Vietnam+)", "(TTXVN)", "Theo TTXVN", "TTXVN.", "VietnamPlus"])
def test_an_agency_s_signature_is_known(line: str) -> None:
    assert is_signature(line)


@pytest.mark.parametrize("line", ["TTXVN đưa tin bản có điện", "Đèo Hùng", "", "Theo dõi TTXVN"])
def test_a_line_that_says_more_is_no_signature(line: str) -> None:
    assert not is_signature(line)


MARKS = [
    "TTXVN - ", "(VLO) ", "(QBĐT) - ", "(BLC) - ", "(BTN) - ", "(QNO) -", "(GLO)-", "(ĐN)-", "(NTO) ", "(TTV) ",
    "(Baothanhhoa.vn) - ", "(PNTĐ) -", "(PLO)-", "(TG)-", "(LLCT) - ", "(TUAG)-", "(Ngày Nay) - ", "(THO) - ", "(CTG) ",
    "(Quanlynhanuoc.vn) – ", "[ĐCSVN]- ", "ĐBP - ", "BHG - ", "LCĐT - ", "CTTĐT - ", "TCCSĐT - ", "CSVNO – ",
    "VOV.VN - ", "ANTD.VN - ", "TPO - ", "TP - ", "QĐND - ", "NDĐT- ", "KTĐT - ", "DNTH: ", "Laocaitv.vn - ",
    "LTS - ", "LTS: ",
]  # fmt: skip


@pytest.mark.parametrize("mark", MARKS)
def test_a_paper_s_mark_before_its_text_is_no_part_of_it(mark: str) -> None:
    assert without_opening(f"{mark}Sáng nay bà con dựng cầu tre.") == "Sáng nay bà con dựng cầu tre."


@pytest.mark.parametrize(
    "text",
    ["Bà con dựng cầu tre.", "UBND xã khen bà con.", "TP.HCM - nơi đoàn xuất phát - cách bản hai ngày đường.", "",
     "Nậm Hồng - bản nhỏ bên suối - đã có điện.", "(Hai năm trước bản chưa có đường)"],
)  # fmt: skip
def test_a_text_without_a_mark_stays_as_it_is(text: str) -> None:
    assert without_opening(text) == text


@pytest.mark.parametrize("sign", ["(TTXVN/Vietnam+)", "(TTXVN)", "(Theo TTXVN)", "[TTXVN]", "Theo TTXVN./."])
def test_the_agency_s_signature_at_the_end_is_no_part_of_the_text(sign: str) -> None:
    assert without_closing(f"Bà con dựng cầu tre. {sign}") == "Bà con dựng cầu tre."
    assert closes_with_agency(f"Bà con dựng cầu tre. {sign}")
    assert not closes_with_agency("Bà con đọc TTXVN mỗi sáng.")


def test_only_the_agency_s_own_mark_opens_its_text() -> None:
    assert opens_with_agency("TTXVN - Ngày 17/5, bản dựng cầu tre.")
    assert not opens_with_agency("(VLO) Ngày 17/5, bản dựng cầu tre.")
    assert not opens_with_agency("Theo TTXVN, bản dựng cầu tre.")
