import unicodedata
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest.edition import compose
from monitor.provinces import about, current, named
from monitor.provinces import now as today
from tests.judge import SEARCH
from tests.newsroom import report

# the 23 mergers of 1 July 2025; eleven provinces stayed what they were
MERGED = {
    "Tuyên Quang": "Hà Giang",
    "Lào Cai": "Yên Bái",
    "Thái Nguyên": "Bắc Kạn",
    "Phú Thọ": "Vĩnh Phúc, Hòa Bình",
    "Bắc Ninh": "Bắc Giang",
    "Hưng Yên": "Thái Bình",
    "Hải Phòng": "Hải Dương",
    "Ninh Bình": "Hà Nam, Nam Định",
    "Quảng Trị": "Quảng Bình",
    "Đà Nẵng": "Quảng Nam",
    "Quảng Ngãi": "Kon Tum",
    "Gia Lai": "Bình Định",
    "Khánh Hòa": "Ninh Thuận",
    "Lâm Đồng": "Đắk Nông, Bình Thuận",
    "Đắk Lắk": "Phú Yên",
    "Thành phố Hồ Chí Minh": "Bình Dương, Bà Rịa - Vũng Tàu",
    "Đồng Nai": "Bình Phước",
    "Tây Ninh": "Long An",
    "Cần Thơ": "Sóc Trăng, Hậu Giang",
    "Vĩnh Long": "Bến Tre, Trà Vinh",
    "Đồng Tháp": "Tiền Giang",
    "Cà Mau": "Bạc Liêu",
    "An Giang": "Kiên Giang",
}
UNCHANGED = "Hà Nội,Huế,Lai Châu,Điện Biên,Sơn La,Lạng Sơn,Quảng Ninh,Thanh Hóa,Nghệ An,Hà Tĩnh,Cao Bằng".split(",")
OLD = {old: new for new, olds in MERGED.items() for old in olds.split(", ")}


def test_the_country_has_34_provinces_each_with_a_heading_and_a_hashtag_of_its_own() -> None:
    assert set(current()) == {*MERGED, *UNCHANGED}
    assert len(current()) == 34
    assert len({province.slug for province in current().values()}) == 34
    hashtags = [province.hashtag for province in current().values()]
    assert len(set(hashtags)) == 34
    assert all(tag.isascii() and tag.isalnum() and not tag.isdigit() for tag in hashtags)


@pytest.mark.parametrize(("old", "new"), OLD.items())
def test_every_old_province_has_its_current_name(old: str, new: str) -> None:
    assert today(old) == new
    assert today(f"tỉnh {old}") == new


@pytest.mark.parametrize("name", [*MERGED, *UNCHANGED])
def test_a_current_name_is_its_own_current_name(name: str) -> None:
    assert today(name) == name


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("TP.HCM", "Thành phố Hồ Chí Minh"),
        ("TPHCM", "Thành phố Hồ Chí Minh"),
        ("TP Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ("BR-VT", "Thành phố Hồ Chí Minh"),
        ("Bà Rịa – Vũng Tàu", "Thành phố Hồ Chí Minh"),
        ("Đắc Lắc", "Đắk Lắk"),
        ("Đăk Lăk", "Đắk Lắk"),
        ("Daklak", "Đắk Lắk"),
        ("Bắc Cạn", "Thái Nguyên"),
        ("TT-Huế", "Huế"),
        ("Thừa Thiên Huế", "Huế"),
        ("Thừa Thiên - Huế", "Huế"),
        ("Khánh Hoà", "Khánh Hòa"),
        ("THANH HOÁ", "Thanh Hóa"),
        ("Ðiện Biên", "Điện Biên"),
    ],
)
def test_other_spellings_of_a_province_are_known(alias: str, name: str) -> None:
    assert today(alias) == name


@pytest.mark.parametrize("text", ["", "Hồ Chí Minh", "Mường Xén", "tỉnh", "Trung ương"])
def test_what_is_no_province_has_no_current_name(text: str) -> None:
    assert today(text) == ""


@SEARCH
@given(st.sampled_from([*MERGED, *UNCHANGED, *OLD]), st.booleans(), st.booleans(), st.booleans())
def test_composition_look_alike_letters_and_case_do_not_hide_a_province(
    name: str, decomposed: bool, eth: bool, capitals: bool
) -> None:
    written = name.replace("Đ", "Ð") if eth else name
    written = written.upper() if capitals else written
    written = unicodedata.normalize("NFD", written) if decomposed else written
    assert today(written) == OLD.get(name, name)
    found = named(f"Đoàn về thăm tỉnh {written}.")
    assert [today(one) for one in found] == [OLD.get(name, name)]


@pytest.mark.parametrize(
    "printed",
    ["TP.HCM", "TP HCM", "TPHCM", "Tp.HCM", "TP. HCM", "TP.Hồ Chí Minh", "TP. Hồ Chí Minh", "TP Hồ Chí Minh",
     "Thành phố Hồ Chí Minh", "thành phố Hồ Chí Minh", "Thành ủy TP.HCM"],
)  # fmt: skip
def test_the_city_is_known_by_its_prefix(printed: str) -> None:
    assert [today(name) for name in named(f"Đoàn xe rời {printed} lúc sáng sớm.")] == ["Thành phố Hồ Chí Minh"]


@pytest.mark.parametrize(
    "text",
    [
        "Học tập tư tưởng Hồ Chí Minh ở chi bộ bản",
        "Đoàn TNCS Hồ Chí Minh trao áo ấm",
        "Học viện Chính trị quốc gia Hồ Chí Minh mở lớp",
        "Cựu binh kể về Chiến dịch Hồ Chí Minh",
        "Mở rộng đường Hồ Chí Minh",
    ],
)
def test_the_name_of_the_president_alone_is_never_the_city(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Người dân mong một đời hòa bình",
        "Hòa Bình là khát vọng của trẻ thơ",
        "Cựu binh kể trận Điện Biên Phủ",
        "Em bé nuôi cá ở Đồng Tháp Mười",
        "Lớp học ở phường Phú Thọ",
        "Ngựa về đích ở trường đua Phú Thọ",
        "Ghe xuôi sông Tiền Giang rồi sông Hậu Giang",
        "Bè nổi trên sông Đồng Nai",
        "Dân huyện Quảng Ninh cấy lúa",
        "Du khách từ Hà Nam (Trung Quốc) tới",
        "Thời Hà Nam Ninh, cả nhà làm nón",
        "Vườn hoa huệ nở trắng",
        "Quân sĩ bình định vùng biên",
    ],
)
def test_rivers_wards_battles_and_common_words_are_no_provinces(text: str) -> None:
    assert named(text) == []


def test_the_pacific_ocean_is_no_province() -> None:
    assert named("Đoàn tàu vượt Thái Bình Dương") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Tỉnh ủy Hòa Bình họp", ["Hòa Bình"]),
        ("UBND tỉnh Hà Nam khen thưởng", ["Hà Nam"]),
        ("Báo Thái Bình đưa tin", ["Thái Bình"]),
        ("Người làng Vân, tỉnh Bình Định", ["Bình Định"]),
        ("Thành phố Điện Biên Phủ, tỉnh Điện Biên", ["Điện Biên"]),
    ],
)
def test_an_office_beside_it_makes_a_common_word_a_province(text: str, names: list[str]) -> None:
    assert named(text) == names


def test_names_come_as_printed_in_their_order_and_each_time() -> None:
    text = "Từ Kon Tum sang Gia Lai, rồi lại về KON TUM; xã Đăk Hà, tỉnh Quảng Ngãi."
    assert named(text) == ["Kon Tum", "Gia Lai", "KON TUM", "Quảng Ngãi"]


def test_the_longest_name_wins() -> None:
    assert named("Bà Rịa - Vũng Tàu và Thừa Thiên Huế") == ["Bà Rịa - Vũng Tàu", "Thừa Thiên Huế"]


@pytest.mark.parametrize("text", ["cả lai châu", "quê ở kiên giang"])
def test_a_name_without_its_capital_is_not_read(text: str) -> None:
    assert named(text) == []


def test_a_place_line_decides_alone() -> None:
    assert about("Hội xuân ở Sơn La", "Đoàn Điện Biên cũng dự.", ("Lai Châu gửi quà.",), "Cà Mau") == ("Cà Mau",)


def test_title_and_lead_decide_before_the_body() -> None:
    body = ("Đoàn từ Sơn La.", "Sơn La gửi giống ngô.", "Sơn La tặng sách.")
    assert about("Bản xa có lớp mới", "Ở Lai Châu, lớp học đã khai giảng.", body) == ("Lai Châu",)


@pytest.mark.parametrize(
    ("title", "lead", "name", "province"),
    [
        ("Sinh viên Đà Lạt trồng thông", "", "Đà Lạt", "Lâm Đồng"),
        ("Chợ nổi", "Ghe về Rạch Giá bán khóm.", "Rạch Giá", "An Giang"),
        ("Hơn 900 đơn vị máu ở xứ Thanh", "", "xứ Thanh", "Thanh Hóa"),
        ("CHỢ ĐÊM NHA TRANG", "", "NHA TRANG", "Khánh Hòa"),
    ],
)
def test_a_capital_or_a_by_name_tells_the_province_before_a_guest_in_the_body(
    title: str, lead: str, name: str, province: str
) -> None:
    found = about(title, lead, ("Có đoàn khách từ Hà Tĩnh.", "Hà Tĩnh gửi quà."))
    assert found == (name,)
    assert today(name) == province


def test_a_province_s_own_name_counts_before_a_capital() -> None:
    assert about("Người Đà Lạt ở Cà Mau", "", ()) == ("Cà Mau",)
    assert named("Chợ đêm Đà Lạt") == []


def test_of_the_body_only_what_is_named_often_counts() -> None:
    body = ("Ở Nghệ An, mùa gặt đã xong.", "Nghệ An được mùa.", "Nghệ An vui.", "Có khách từ Hà Tĩnh.")
    assert about("Được mùa", "", body) == ("Nghệ An",)


def test_two_spellings_of_one_province_come_out_once_as_first_printed() -> None:
    assert about("Chợ phiên ở Kon Tum", "Kon Tum, nay thuộc Quảng Ngãi, mở chợ.", ()) == ("Kon Tum",)


def test_an_article_that_names_no_province_is_about_none() -> None:
    assert about("Mùa nước nổi", "Cá về đầy đồng.", ("Trẻ con đi học bằng xuồng.",), "Ấp Giữa") == ()


def test_a_story_is_told_of_the_province_of_its_text_and_only_without_one_of_its_source_s(now: datetime) -> None:
    own = report(1, now, source_province="Lai Châu", provinces_now=("Cà Mau",))
    silent = report(2, now, source_province="Lai Châu", provinces_now=())
    edition = compose(now.date(), "x", [own, silent], [], [])
    assert {story.id: story.provinces for story in edition.stories} == {1: ("Cà Mau",), 2: ("Lai Châu",)}


@pytest.mark.parametrize(
    ("headline", "province"),
    [
        ("Đặc khu Phú Quốc trồng lại bãi cây", "An Giang"),
        ("Quân dân đặc khu Trường Sa giữ vườn rau", "Khánh Hòa"),
        ("Nông dân Thái Bình góp giống lúa", "Hưng Yên"),
        ("Tuổi trẻ Hòa Bình dựng nhà", "Phú Thọ"),
        ("Nghệ nhân Huế ra Hà Nội dự hội nghị", "Huế"),
    ],
)
def test_special_zones_and_who_acts_tell_the_province_and_where_somebody_goes_does_not(
    headline: str, province: str
) -> None:
    assert [today(name) for name in about(headline, "", ())] == [province]


def test_every_special_zone_stands_in_a_province_of_today() -> None:
    zones = (
        "Vân Đồn|Cô Tô|Cát Hải|Bạch Long Vĩ|Cồn Cỏ|Hoàng Sa|Trường Sa|Lý Sơn|Phú Quý|Côn Đảo|Phú Quốc|Thổ Châu|Kiên Hải"
    )
    assert all(about(f"Đặc khu {zone} hôm nay", "", ()) for zone in zones.split("|"))
