"""The same program serves another campaign, by configuration alone."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from monitor.config import load
from monitor.errors import ConfigError
from tests.conftest import Run, on_both, write_config
from tests.loopback import Answer, Loopback
from tests.newsroom import article_page, campaign_body, other_body, rss

DIGITAL = """\
campaign:
  name: Chuyển đổi số ở cơ sở
  replace: true
  phrases: [chuyển đổi số, dịch vụ công trực tuyến]
  excludes: [Trung tâm Chuyển đổi số]
  documents: [57-NQ/TW, 749/QĐ-TTg]
"""
NEWS = {
    "Xã Nậm Hồng chuyển đổi số từ cái loa": (
        "Xã Nậm Hồng gắn mã QR lên từng cái loa để bà con nghe lại tin.",
        "Theo Nghị quyết số 57–NQ/TW, mỗi bản có một tổ công nghệ số cộng đồng.",
    ),
    "Già làng nộp hồ sơ trên điện thoại": (
        "Già Páo lần đầu dùng dịch vụ công trực tuyến để làm giấy khai sinh cho cháu.",
        "Tổ công nghệ đến từng nhà, việc chuyển đổi số ở bản nhờ thế nhanh hơn.",
    ),
    "Khánh thành cầu treo": (
        "Sáng nay, cầu treo qua suối Nậm Hồng đã thông, dài 46 mét.",
        "Trẻ con không còn phải lội suối đi học mùa lũ, xe máy qua được.",
        "Bà con góp bốn trăm ngày công, xong trước mùa mưa một tháng.",
        "Trưởng bản bảo sang năm còn làm đường, kéo điện, chuyển đổi số.",
    ),
    "Trung tâm Chuyển đổi số tuyển người": other_body(3),
    "Xã số 7 sơ kết việc học tập và làm theo Bác": campaign_body(7),
}


@pytest.fixture
def digital(site: Loopback, tmp_path: Path) -> Path:
    """Return the configuration of another campaign, beside a feed with its news."""
    published = datetime.now().astimezone().replace(microsecond=0)
    items = []
    for number, (title, body) in enumerate(NEWS.items(), start=1):
        path = f"/tin-ban-nam-hong-{100_000 + number}.html"
        site.routes[path] = Answer(article_page(title, body, published))
        items.append((site.url(path), title, published))
    site.routes["/rss/home.rss"] = Answer(rss(items), kind="application/rss+xml")
    return write_config(tmp_path, ("Báo Mẫu", site.url("/rss/home.rss")), more=DIGITAL)


def stored(monitor: Run) -> dict[str, dict[str, object]]:
    lines = [json.loads(line) for line in monitor("export", "--all").stdout.splitlines()]
    return {line["title"]: line for line in lines}


@on_both
@pytest.mark.usefixtures("digital")
def test_another_campaign_is_served_by_configuration_alone(monitor: Run, tmp_path: Path) -> None:
    assert json.loads(monitor("poll", "--json").stdout)["kept"] == 2
    labels = [line["label"] for line in map(stored(monitor).get, NEWS) if line]
    assert labels == ["campaign", "campaign", "mentions", "not"]  # one page holds no word of it and is turned away
    edition = json.loads(monitor("digest", "--dry-run", "--json").stdout)
    assert {story["title"] for story in edition["stories"]} == set(list(NEWS)[:2])
    assert "Chuyển đổi số ở cơ sở" in edition["text"][0]
    assert "Hồ Chí Minh" not in "".join(edition["text"])
    page = tmp_path / "trang.html"
    page.write_text(article_page(*next(iter(NEWS.items())), datetime.now().astimezone()), encoding="utf-8")
    seen = json.loads(monitor("try", "trang.html", "--json").stdout)
    assert seen["documents"] == ["57-NQ/TW"]
    assert seen["campaign"]["reasons"][0] == {"phrase": "chuyển đổi số", "where": "tiêu đề", "weight": 3.0}


@on_both
def test_mentions_wait_for_a_person_with_their_reasons_and_are_told_only_when_asked(
    monitor: Run, digital: Path
) -> None:
    monitor("poll")
    [waiting] = json.loads(monitor("status", "--json").stdout)["review"]
    assert (waiting["title"], waiting["reasons"]) == ("Khánh thành cầu treo", ["thân bài: “chuyển đổi số” +1.5"])
    shown = monitor("status").stdout
    assert "thân bài: “chuyển đổi số” +1.5" in shown
    assert str(waiting["url"]) in shown
    text = digital.read_text(encoding="utf-8")
    digital.write_text(text.replace("  replace: true", "  replace: true\n  mentions: true"), encoding="utf-8")
    told = json.loads(monitor("digest", "--dry-run", "--json").stdout)["stories"]
    assert {story["title"] for story in told} == set(list(NEWS)[:3])


def test_a_campaign_without_a_name_is_headed_with_its_first_phrase(tmp_path: Path) -> None:
    path = write_config(tmp_path, ("A", "https://a.vn/rss"), more="campaign: {replace: true, phrases: [chuyển đổi số]}")
    assert load(path).campaign.heading == "Chuyển đổi số"
    path = write_config(tmp_path, ("A", "https://a.vn/rss"), more="campaign: {phrases: [chuyển đổi số]}")
    assert load(path).campaign.heading.startswith("Học tập và làm theo")


@pytest.mark.parametrize(
    ("section", "mistake"),
    [
        ("{replace: true}", "campaign.replace: true leaves nothing to look for; give phrases or documents"),
        ("{documents: [Chỉ thị 05]}", "campaign.documents[1]: 'Chỉ thị 05' is no number of a document"),
        ('{phrases: ["…"]}', "campaign.phrases[1]: no phrase: '…'; write at least one word"),
        ('{phrases: [""]}', "campaign.phrases[1]: is empty"),
        ("{phrases: [Nét son], excludes: [nét  son]}", "campaign.excludes: stands under phrases too: nét son"),
        ("{threshold: -1}", "campaign.threshold: "),
        ("{mention: true}", "campaign.mention: unknown key; did you mean 'mentions'?"),
    ],
)
def test_a_mistake_under_campaign_is_told_with_its_line(tmp_path: Path, section: str, mistake: str) -> None:
    with pytest.raises(ConfigError) as told:
        load(write_config(tmp_path, ("A", "https://a.vn/rss"), more=f"campaign: {section}"))
    assert f"sources.yaml:2: {mistake}" in str(told.value)
