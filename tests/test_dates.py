from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.models import VIETNAM
from monitor.scrape import dates, timestamps
from monitor.scrape.extract import extract
from tests.judge import SEARCH

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=VIETNAM)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)


# every form of a date line counted on provincial pages, with dates of our own
LINES = {
    "weekday - date time views comments": ("Thứ ba - 14/02/2023 08:43 1207 3", at(2023, 2, 14, 8, 43)),
    "updated, time, weekday, date": ("Cập nhật, 21:09, Thứ Ba, 18/07/2023 (GMT+7)", at(2023, 7, 18, 21, 9)),
    "updated at time date": ("Cập nhật lúc 16:38 05/05/2025 (GMT+7)", at(2025, 5, 5, 16, 38)),
    "weekday, date, time [GMT+7]": ("Thứ Năm, 12/03/2015, 09:47 [GMT+7]", at(2015, 3, 12, 9, 47)),
    "weekday, date, time (GMT+7)": ("Thứ Sáu, 07/11/2025, 05:04 (GMT+7)", at(2025, 11, 7, 5, 4)),
    "weekday, date - time'": ("Thứ hai, 11/11/2019 - 13:58'", at(2019, 11, 11, 13, 58)),
    "weekday, date - time": ("Thứ hai, 11/11/2019 - 13:58", at(2019, 11, 11, 13, 58)),
    "weekday, ngày date, time": ("Chủ Nhật, ngày 08/10/2023, 17:26", at(2023, 10, 8, 17, 26)),
    "weekday: time ngày date": ("Thứ bảy: 06:31 ngày 16/03/2024", at(2024, 3, 16, 6, 31)),
    "weekday time date": ("Thứ Tư 23:15 04/07/2018", at(2018, 7, 4, 23, 15)),
    "weekday, day Tháng month year time": ("Thứ bảy, 09 Tháng 12 2023 10:02", at(2023, 12, 9, 10, 2)),
    "time | date": ("14:27 | 30/01/2026", at(2026, 1, 30, 14, 27)),
    "time, ngày date": ("19:44, ngày 23-05-2018", at(2018, 5, 23, 19, 44)),
    "author - time, date": ("Lò Thanh và Mai Sa - 05:55, 22/01/2024", at(2024, 1, 22, 5, 55)),
    "section - Ngày đăng : time, date": ("Đời sống - Ngày đăng : 15:36, 29/02/2012", at(2012, 2, 29, 15, 36)),
    "Ngày Đăng: date time Lượt xem: n": ("Ngày Đăng: 03/09/2020 11:21 Lượt xem: 2045", at(2020, 9, 3, 11, 21)),
    "Ngày xuất bản: date": ("Ngày xuất bản: 27-06-2023", at(2023, 6, 27)),
    "time, date": ("18:07, 13/08/2023", at(2023, 8, 13, 18, 7)),
    "time - date": ("04:50 - 25/12/2023", at(2023, 12, 25, 4, 50)),
    "time date": ("12:33 06/10/2017", at(2017, 10, 6, 12, 33)),
    "date - time": ("28/06/2024 - 20:11", at(2024, 6, 28, 20, 11)),
    "date time CH": ("02/06/2025 4:48 CH", at(2025, 6, 2, 16, 48)),
    "date time SA": ("02/06/2025 4:48 SA", at(2025, 6, 2, 4, 48)),
    "noon by the 12-hour clock": ("02/06/2025 12:10 CH", at(2025, 6, 2, 12, 10)),
    "midnight by the 12-hour clock": ("02/06/2025 12:10 SA", at(2025, 6, 2, 0, 10)),
    "date time Số lượt xem: n": ("15/11/2021 09:36 Số lượt xem: 318", at(2021, 11, 15, 9, 36)),
    "date time": ("31/08/2023 22:14", at(2023, 8, 31, 22, 14)),
    "(date)": ("(12/04/2020)", at(2020, 4, 12)),
    "date": ("05/09/2023", at(2023, 9, 5)),
    "place, ngày day tháng month năm year": ("Mường Lay, ngày 9 tháng 2 năm 2024", at(2024, 2, 9)),
    "date - time AM": ("14-09-2026 - 10:25 AM", at(2026, 9, 14, 10, 25)),
    "a 24-hour clock with AM": ("14-09-2026 - 00:06 AM", at(2026, 9, 14, 0, 6)),
    "a 24-hour clock with PM": ("14-09-2026 - 15:06 PM", at(2026, 9, 14, 15, 6)),
    "date time GMT+7": ("14/09/2026 07:52 GMT+7", at(2026, 9, 14, 7, 52)),
    "single digits": ("Thứ bảy, 5/9/2026, 00:09 (GMT+7)", at(2026, 9, 5, 0, 9)),
    "dots between": ("12.6.2025", at(2025, 6, 12)),
    "hour with g": ("07/07/2026 08g15", at(2026, 7, 7, 8, 15)),
    "offset behind": ("07/07/2026 08:15 +07:00", at(2026, 7, 7, 8, 15)),
    "hour with h": ("07/07/2026 08h15", at(2026, 7, 7, 8, 15)),
    "seconds": ("Thứ Ba, ngày 07 tháng 07 năm 2026, 09:25:27", at(2026, 7, 7, 9, 25) + timedelta(seconds=27)),
    "seconds on the 12-hour clock": ("14/04/2026 3:27:06 CH", at(2026, 4, 14, 15, 27) + timedelta(seconds=6)),
    "yesterday": ("Hôm qua, 07:15", at(2026, 11, 19, 7, 15)),
    "today": ("hôm nay lúc 07:15", at(2026, 11, 20, 7, 15)),
    "no year": ("Thứ Sáu, 13/11 - 07:15", at(2026, 11, 13, 7, 15)),
    "no year, time first": ("18h05, ngày 24/12", at(2025, 12, 24, 18, 5)),
    "day glued to its label": ("Hôm nay:07/07/2026", at(2026, 7, 7)),
    "updated on date at time": ("Cập nhật ngày: 12/03/2026 lúc 09:30", at(2026, 3, 12, 9, 30)),
    "views behind": ("Ngày đăng: 03/06/2026 | Lượt xem: 1.024", at(2026, 6, 3)),
    "views behind the zone": ("Thứ Ba, 07/07/2026 | 08:15 [GMT+7] - Lượt xem: 1203", at(2026, 7, 7, 8, 15)),
    "half before the date": ("Đăng lúc: 8:05 SA, 03/06/2026", at(2026, 6, 3, 8, 5)),
    "half as a word": ("26/03/2025 lúc 9:15 chiều", at(2025, 3, 26, 21, 15)),
    "month as a word": ("26 Tháng Ba, 2025", at(2025, 3, 26)),
    "month as two words": ("26 Tháng Mười Một, 2025 lúc 9:15 sáng", at(2025, 11, 26, 9, 15)),
    "the month of May as a word": ("19 tháng Năm, 2025", at(2025, 5, 19)),
    "short weekday": ("CN, 05/07/2026 06:00", at(2026, 7, 5, 6)),
    "hour as a word": ("06 giờ 15 phút, ngày 05 tháng 7 năm 2026", at(2026, 7, 5, 6, 15)),
    "minute mark before the date": ("14:05' 05/07/2026", at(2026, 7, 5, 14, 5)),
    "year of two digits beside a time": ("05/07/26 - 06:00", at(2026, 7, 5, 6)),
    "year first": ("2026-07-05 14:47", at(2026, 7, 5, 14, 47)),
    "English": ("December 20, 2016", at(2016, 12, 20)),
    "English, day first": ("Tuesday, 20 December 2016 14:47", at(2016, 12, 20, 14, 47)),
    "English, at": ("December 20, 2016 at 2:47 PM", at(2016, 12, 20, 14, 47)),
    "English, Greenwich": ("20 December 2016, 14:47 GMT", datetime(2016, 12, 20, 14, 47, tzinfo=UTC)),
    "English, eastern": ("Dec 15, 2016, 1:55pm EST", datetime(2016, 12, 15, 18, 55, tzinfo=UTC)),
    "English, eastern in summer": ("Jul. 5, 2026 2:47 p.m. EDT", datetime(2026, 7, 5, 18, 47, tzinfo=UTC)),
    "American, which nothing else can be": ("11/28/2016 04:23 pm ET", datetime(2016, 11, 28, 21, 23, tzinfo=UTC)),
}


@pytest.mark.parametrize(("text", "moment"), LINES.values(), ids=LINES)
def test_a_date_line_is_read_as_printed(text: str, moment: datetime) -> None:
    assert dates.line(text, NOW) == moment
    assert dates.is_line(text)


@pytest.mark.parametrize("text", ["22:21, 12/05/2026 (GMT+07:00)", "22:21 12/05/2026 UTC+07:00"])
def test_the_minutes_of_a_zone_are_no_time_of_day(text: str) -> None:
    assert dates.line(text, NOW) == at(2026, 5, 12, 22, 21)


@pytest.mark.parametrize(
    "text",
    [
        "Ngày 3/9, bản làm đường", "sáng nay (4/8)", "Chiều 21.7", "ngày 25.2", "18 và 19-9", "tối 8-11",
    ],
)  # fmt: skip
def test_without_day_month_and_year_there_is_no_date(text: str) -> None:
    assert dates.line(text, NOW) is None


@pytest.mark.parametrize(
    "text",
    ["23/54 cá nhân", "8.793/6.500 lượt", "1.017/1.020", "45.799/36.875 tỷ đồng", "83,2%/50%", "27-28/7/2020",
     "15.000 đồng", "1/2/3/2024", "2.025m²", "05-CT/TW", "35/2024/NĐ-CP"],
)  # fmt: skip
def test_figures_ranges_and_document_numbers_are_no_dates(text: str) -> None:
    assert dates.line(text, NOW) is None


@pytest.mark.parametrize("text", ["19.5.1890", "12-8-1952", "30/04/1975", "02/09/1945", "01/01/1996"])
def test_a_historical_date_is_never_a_publication_date(text: str) -> None:
    assert dates.line(text, NOW) is None


def test_a_date_in_the_future_is_refused_but_for_a_clock_that_runs_ahead() -> None:
    assert dates.line("22/11/2026 12:01", NOW) is None
    assert dates.line("21/11/2026 11:59", NOW) == at(2026, 11, 21, 11, 59)
    assert timestamps.read("2027-11-20T12:00:00+07:00", NOW) is None


@SEARCH
@given(
    st.datetimes(datetime(1997, 1, 1), datetime(2026, 11, 20, 11)),  # noqa: DTZ001 - printed without a zone
    st.sampled_from(["/", "-", "."]),
    st.sampled_from(["{day} {time}", "{time} {day}", "{time}, {day}", "{day} - {time}'", "{time} | {day}"]),
)  # fmt: skip
def test_the_day_always_comes_before_the_month(moment: datetime, mark: str, form: str) -> None:
    text = form.format(day=f"{moment:%d{mark}%m{mark}%Y}", time=f"{moment:%H:%M}")
    assert dates.line(text, NOW) == moment.replace(second=0, microsecond=0, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-09-14T07:52:00+07:00", at(2026, 9, 14, 7, 52)),
        ("2026-09-14T00:52:00Z", at(2026, 9, 14, 7, 52)),
        ("2026-09-14T07:52:00", at(2026, 9, 14, 7, 52)),
        ("2026-09-14 07:52:00 +0700", at(2026, 9, 14, 7, 52)),
        ("2026-09-14T07:52:00.1234567+07:00", at(2026, 9, 14, 7, 52)),
        ("2026-09-14T07:52+07:00", at(2026, 9, 14, 7, 52)),
        ("2026-09-14T02:52:00+0200", at(2026, 9, 14, 7, 52)),
        (" 2026-09-14 ", at(2026, 9, 14)),
        ("14/09/2026 07:52", at(2026, 9, 14, 7, 52)),
        ("2026-13-14T07:52:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00+00:00", None),
        ("20260914T005200Z", at(2026, 9, 14, 7, 52)),
        ("2026-09-14T07:52:00+7:00", at(2026, 9, 14, 7, 52)),
        ("2026-09-14T07:52:00 07:00", at(2026, 9, 14, 7, 52)),
        ("2026-09-14T00:52:00Z[Asia/Ho_Chi_Minh]", at(2026, 9, 14, 7, 52)),
        ("1789347120", at(2026, 9, 14, 7, 52)),
        ("1789347120000", at(2026, 9, 14, 7, 52)),
        ("Mon, 14 Sep 2026 07:52:00 +0700", at(2026, 9, 14, 7, 52)),
        ("Mon, 14 Sep 2026 00:52:00 GMT", at(2026, 9, 14, 7, 52)),
        ("Mon Sep 14 07:52:00 ICT 2026", at(2026, 9, 14, 7, 52)),
        ("9/14/2026 7:52:00 AM", at(2026, 9, 14, 7, 52)),
        ("14/9/2026 7:52:00 CH", at(2026, 9, 14, 19, 52)),
        ("14-Sep-2026 07:52", at(2026, 9, 14, 7, 52)),
        ("", None),
        ("hôm qua", None),
    ],
)
def test_a_date_for_machines_keeps_its_moment_and_is_vietnamese_time_unless_said(
    text: str, moment: datetime | None
) -> None:
    assert timestamps.read(text, NOW) == moment


@SEARCH
@given(
    st.datetimes(datetime(1998, 1, 1), datetime(2026, 11, 18)),  # noqa: DTZ001 - the zone is drawn beside it
    st.sampled_from([timezone(timedelta(hours=h)) for h in (-5, 0, 7, 9)]),
)
def test_an_iso_moment_comes_back_to_the_second_with_its_own_offset(moment: datetime, zone: timezone) -> None:
    written = moment.replace(microsecond=0, tzinfo=zone)
    read = timestamps.read(written.isoformat(), NOW)
    assert read == written
    assert read is not None
    assert read.utcoffset() == written.utcoffset()


@SEARCH
@given(st.text(max_size=60) | st.text(st.sampled_from("0123456789/-.:hgTZ+ SACHthángnăm"), max_size=40))
def test_any_text_gives_a_possible_moment_or_none(text: str) -> None:
    for moment in (dates.line(text, NOW), timestamps.read(text, NOW)):
        assert moment is None or (moment.tzinfo is not None and 1997 <= moment.year <= 2026)


@pytest.mark.parametrize(
    "text",
    [
        "Ngày 12/05/2026, Hội Phụ nữ xã tổ chức phiên chợ không đồng cho các hộ khó khăn",
        "Nghị quyết ban hành ngày 12/05/2026",
        "Ngày 12/05/2026, cầu Nậm Hồng thông xe.",
        "Sáng sớm ngày 12/05/2026, khi sương còn phủ kín thung lũng, bà con đã có mặt ở đầu con đường mới mở vào bản.",
    ],
)
def test_a_sentence_with_a_date_in_it_is_no_date_line(text: str) -> None:
    assert not dates.is_line(text)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Mai Sương - 07:00, 04/12/2025", "Mai Sương"),
        ("Mai Sương và Đèo Hùng | Thứ bảy, 05/07/2026 06:00", "Mai Sương và Đèo Hùng"),
        ("Tuesday, 20 December 2016", ""),
        ("Chính trị", "Chính trị"),
    ],
)
def test_what_stands_before_a_date_line_is_told_from_it(text: str, bare: str) -> None:
    assert dates.without(text) == bare


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Sửa lần cuối Thứ hai, 27 Tháng 11 2023 08:12", "Sửa lần cuối Thứ hai, 27 Tháng 11 2023 08:12"),
        ("December 22, 2016 at 2:47 PM, updated December 22, 2016", "updated December 22, 2016"),
        ("Cập nhật lúc 10:24 01/04/2025 (GMT+7)", ""),
    ],
)  # fmt: skip
def test_the_last_change_is_told_from_the_publication(text: str, part: str) -> None:
    assert dates.change(text) == part


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Ngày 17/5, bản làm đường", at(2026, 5, 17)),
        ("Sáng nay (11/6), bản làm đường", at(2026, 6, 11)),
        ("Chiều 12.6, bản làm đường", at(2026, 6, 12)),
        ("Tối 6-12, bản làm đường", at(2025, 12, 6)),
        ("Trong hai ngày 26 và 27-10, bản làm đường", at(2026, 10, 27)),
        ("Từ ngày 12 đến 14/8, bản làm đường", at(2026, 8, 14)),
        ("Trong hai ngày 5-6/11, bản làm đường", at(2026, 11, 6)),
        ("Ngày 30/2, bản làm đường", None),
        ("Ngày 19/5/1890, tại làng Sen", None),
        ("Chỉ thị 05-CT/TW đi vào bản", None),
    ],
)
def test_the_day_a_report_opens_with_is_the_last_such_day(text: str, moment: datetime | None) -> None:
    assert dates.yearless(text, NOW) == moment


PARAGRAPH = "Con đường mới vào bản dài gần ba cây số, do bà con cùng bộ đội góp đá, góp ngày công làm suốt mùa khô. "


def page(above: str, below: str, head: str = "", after: str = "") -> str:
    return f"""<html><head><title>Bản Nậm Hồng mở con đường mới qua đèo</title>{head}</head><body>
    <div>{above}</div><h1>Bản Nậm Hồng mở con đường mới qua đèo</h1><div>{below}</div>
    <article><p>{PARAGRAPH}</p><p>{PARAGRAPH * 2}</p><p>{PARAGRAPH}</p></article><div>{after}</div></body></html>"""


def published(html: str, url: str = "https://baobanmuong.vn/duong-moi-qua-deo-a77.html") -> datetime | None:
    return extract(html, url, NOW.astimezone(UTC)).published


def test_a_running_clock_above_the_title_is_never_the_date() -> None:
    clock = f"Thứ sáu, {NOW:%d/%m/%Y - %H:%M}"
    assert published(page(clock, "18/11/2026 - 06:40")) == at(2026, 11, 18, 6, 40)
    assert published(page(clock, "")) is None


def test_dates_of_other_articles_below_the_text_are_not_its_date() -> None:
    others = "<h4>Các tin khác</h4><ul><li><a href='/b'>Bản Nậm Hồng có điện</a> (12/11/2026)</li></ul>"
    assert published(page("", "", after=others)) is None


def test_a_line_of_the_last_change_is_the_date_only_where_there_is_no_other() -> None:
    changed = "Sửa lần cuối: 19/11/2026 08:00"
    assert published(page("", f"<p>{changed}</p><p>18/11/2026 - 06:40</p>")) == at(2026, 11, 18, 6, 40)
    assert published(page("", changed)) == at(2026, 11, 19, 8)


def test_of_two_date_lines_the_one_nearer_the_title_counts() -> None:
    assert published(page("16/11/2026 - 09:00", "18/11/2026 - 06:40")) == at(2026, 11, 18, 6, 40)
    assert published(page("<p>10/11/2026 - 05:00</p><p>16/11/2026 - 09:00</p>", "")) == at(2026, 11, 16, 9)


def test_a_date_line_at_the_end_of_the_text_counts_where_there_is_no_other() -> None:
    assert published(page("", "", after="<p>22:38 - 11/09/2026</p>")) == at(2026, 9, 11, 22, 38)


def test_the_page_s_word_for_machines_counts_before_its_printed_line() -> None:
    meta = '<meta property="article:published_time" content="2026-11-17T19:30:00&#x2B;07:00">'
    assert published(page("", "18/11/2026 - 06:40", meta)) == at(2026, 11, 17, 19, 30)


def test_a_date_without_time_for_machines_takes_the_printed_time_of_the_same_day() -> None:
    meta = '<meta property="article:published_time" content="2026-11-18">'
    assert published(page("", "18/11/2026 - 06:40", meta)) == at(2026, 11, 18, 6, 40)


def test_an_agency_s_time_stamp_in_the_address_is_the_last_resort() -> None:
    stamped = "https://baobanmuong.vn/duong-moi-20261117081502123.htm"
    assert published(page("", ""), stamped) == at(2026, 11, 17, 8, 15)
    assert published(page("", "18/11/2026 - 06:40"), stamped) == at(2026, 11, 18, 6, 40)
