"""Reports of one event become one story: on labelled articles, on traps, and by laws."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dedup import copies
from monitor.dedup.events import affinity
from monitor.dedup.facts import facts
from monitor.dedup.stories import Gathered, settle
from monitor.dedup.texts import keys
from monitor.models import Article, Label, Match, Relation, Report
from tests.judge import SEARCH
from tests.republished import PHRASES, Told, events, labelled, republished

NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
ALL = {"labelled": labelled(), "invented": events(), "written later": events("unseen.txt")}
BY_URL = {one.report.article.url: one for told in ALL.values() for one in told}


def partition(gathered: Iterable[Gathered]) -> set[frozenset[str]]:
    return {frozenset(member.report.article.url for member in story.members) for story in gathered}


def bcubed(told: list[Told], found: set[frozenset[str]]) -> tuple[float, float]:
    """Return precision and recall as tests/corpus/README.md defines them."""
    mine = {url: story for story in found for url in story}
    precision = recall = 0.0
    for one in told:
        same = {other.report.article.url for other in told if other.story == one.story}
        both = same & mine[one.report.article.url]
        precision += len(both) / len(mine[one.report.article.url])
        recall += len(both) / len(same)
    return precision / len(told), recall / len(told)


@pytest.mark.parametrize("name", ALL)
def test_stories_are_those_of_a_careful_reader(name: str) -> None:
    told = ALL[name]
    found = partition(settle([one.report for one in told], PHRASES))
    precision, recall = bcubed(told, found)
    assert 2 * precision * recall / (precision + recall) >= 0.985
    joined = [pair for story in found for pair in combinations(sorted(story), 2)]
    assert sum(BY_URL[a].story == BY_URL[b].story for a, b in joined) >= 0.98 * len(joined)


def test_a_text_that_more_papers_print_than_are_compared_with_each_other_stays_one_story() -> None:
    by_id = {one.id: one.report for one in ALL["invented"]}
    prints = [("e01" if number % 10 else "e13", number) for number in range(1, 131)]
    reports = [
        replace(
            again,
            id=number,
            source=f"Báo {number}",
            article=replace(again.article, url=f"https://bao-{number}.example/1"),
        )
        for name, number in prints
        for again in [republished(by_id[name], ["captions 3"], seed=number)]
    ]
    stories = settle(reports, PHRASES)
    assert sorted(len(story.members) for story in stories) == [13, 117]


@pytest.mark.parametrize(("name", "least"), [("later.jsonl", 0.88), ("fifth.jsonl", 0.96), ("sixth.jsonl", 0.96)])
def test_of_reports_by_somebody_who_knew_no_rule_no_two_events_become_one_and_every_copy_is_found(
    name: str, least: float
) -> None:
    told = [one for one in labelled(name) if one.report.match.label == "campaign"]
    settled = settle([one.report for one in told], PHRASES)
    precision, recall = bcubed(told, partition(settled))
    assert precision == 1
    assert recall >= least
    by_url = {one.report.article.url: one for one in told}
    copies = {
        by_url[member.report.article.url].id
        for story in settled
        for member in story.members
        if member.relation is Relation.COPY
    }
    assert copies == {one.id for one in told if one.root != one.id}


def test_copies_are_told_from_reports_and_named_with_their_origin() -> None:
    members = [member for story in settle([one.report for one in ALL["labelled"]], PHRASES) for member in story.members]
    origins = {
        BY_URL[member.report.article.url].id: BY_URL[member.near.article.url].id
        for member in members
        if member.relation is Relation.COPY and member.near
    }
    assert origins == {one.id: one.root for one in ALL["labelled"] if one.root != one.id}
    assert all(bool(member.because) == (member.relation is not Relation.ORIGIN) for member in members)


TRAPS = [
    *combinations(("d052", "d054", "d055"), 2), ("d086", "d087"), ("d018", "d050"), ("d039", "d060"), ("d027", "d053"),
    ("d002", "d051"), ("d003", "d065"),  # another province, another event, last year's
    ("e01", "e04"), ("e01", "e06"), ("e07", "e09"), ("e10", "e12"), ("e13", "e14"), ("e21", "e23"), ("e24", "e25"),
    ("e26", "e27"), ("e01", "e28"), ("e06", "e28"), ("e17", "e34"), ("e29", "e31"),
    ("u01", "u03"), ("u07", "u09"), ("u11", "u12"), ("u13", "u14"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), TRAPS)
def test_a_trap_does_not_join_two_events(one: str, other: str) -> None:
    by_id = {told.id: told.report for told in BY_URL.values()}
    assert len(settle([by_id[one], by_id[other]], PHRASES)) == 2


def news(number: int, title: str, lead: str, *body: str, source: str = "", **changes: object) -> Report:
    """Return a campaign report of an hour ago."""
    url = f"https://bao-{number}.example/tin-{number}.html"
    article = Article(url, title, lead, body, published=NOW - timedelta(hours=1))
    match = Match(Label.CAMPAIGN, 3.0)
    found = Report(number, 0, source or f"Báo {number}", None, article, match, NOW)
    return replace(found, **changes)  # type: ignore[arg-type]


OPENINGS = "Câu chuyện bên bếp lửa|Việc nhỏ mà không nhỏ|Từ một lời dặn|Những người giữ nếp|Buổi sáng ở xóm núi".split(
    "|"
)


def test_forty_headlines_with_one_phrase_of_twelve_words_are_forty_stories() -> None:
    phrase = "học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh"
    bodies = [one.report for one in (*ALL["labelled"], *ALL["invented"]) if one.root == one.id]
    alone = [
        one for one in bodies if [BY_URL[o.article.url].story for o in bodies].count(BY_URL[one.article.url].story) == 1
    ]
    forty = [
        replace(
            one, article=replace(one.article, title=f"{OPENINGS[n % 5]}: {phrase}"), match=Match(Label.CAMPAIGN, 3.0)
        )
        for n, one in enumerate(alone[:40])
    ]
    assert len(forty) == 40
    assert len(settle(forty, PHRASES)) == 40


def test_a_story_says_why_its_reports_stand_in_it() -> None:
    by_id = {told.id: told.report for told in BY_URL.values()}
    (story,) = settle([by_id["e10"], by_id["e11"], republished(by_id["e10"], ["cut 30 %"])], PHRASES)
    assert [member.because for member in story.members] == [
        "",
        "Đăng lại bài của Báo Cao Bằng: 100% câu chữ trùng nhau",
        (
            "Cùng sự kiện với bài của Báo Cao Bằng vì cùng ở Cao Bằng; "
            "cùng nhắc Hoàng Văn Thìn, Lũng Rịch, Quang Long; cùng nêu 1.400, 46"
        ),
    ]


def speaks_for_one_event(one: Report, other: Report) -> float:
    return affinity(facts(one, PHRASES), facts(other, PHRASES)).score


def test_a_figure_said_roughly_speaks_for_the_event_that_has_it_exactly() -> None:
    exact = news(1, "Mười năm một nếp", "", "Cả vùng có 1.284 mô hình.")
    rough, another = (
        news(n, "Nhìn lại", "", f"Nơi đây có gần {said} mô hình.") for n, said in ((2, "1.300"), (3, "1.900"))
    )
    assert speaks_for_one_event(exact, rough) > speaks_for_one_event(exact, another)


@pytest.mark.parametrize(("named", "stories"), [("", 1), ("tỉnh Lâm Đồng", 2)])
def test_a_paper_s_own_province_is_a_guess_which_shared_facts_outweigh(named: str, stories: int) -> None:
    person = "Thuyền trưởng Nguyễn Văn Rớt ở Phan Rí ba lần kéo tàu bạn vào bờ, cứu 187 ngư dân"
    near = news(1, "Không bỏ bạn giữa khơi", f"{person} {named}.", source_province="Lâm Đồng")
    far = news(
        2,
        "Lời hứa của những chủ ghe",
        f"{person} tỉnh Khánh Hòa." if named else f"{person}.",
        source_province="Khánh Hòa",
    )
    assert len(settle([near, far], PHRASES)) == stories


def test_who_comes_home_the_day_after_tells_the_same_event_and_who_is_honoured_next_week_another() -> None:
    held = news(1, "Hội thi khép lại", "Tối 18/11, anh Bùi Phụ Hải ở đặc khu Lý Sơn đoạt giải Nhì với 94,25 điểm.")
    home = "Sáng {}/11, bà con đặc khu Lý Sơn đón anh Bùi Phụ Hải, người đạt 94,25 điểm, ở cầu cảng."
    after, later = (news(n, "Tràng vỗ tay ở cầu cảng", home.format(day)) for n, day in ((2, 19), (3, 14)))
    assert speaks_for_one_event(held, after) > speaks_for_one_event(held, later) + 0.1


@pytest.mark.parametrize(("holder", "stories"), [("Tỉnh ủy Lai Châu", 1), ("Công an tỉnh Lai Châu", 2)])
def test_a_portrait_belongs_to_the_event_whose_holder_it_names_where_it_says_the_day(holder: str, stories: int) -> None:
    opening = "Sáng 19/11, Tỉnh ủy Lai Châu biểu dương 34 tập thể, 47 cá nhân làm theo gương Bác."
    report = news(
        1, "Tôn vinh những việc bình dị", opening, "Điển hình do người dân giới thiệu.", source="Báo Lai Châu"
    )
    portrait = news(
        2,
        "Đêm thức cùng sông Nậm Na",
        "Mùa lũ năm ngoái, Thiếu tá Kiệm, Phó Trưởng Công an xã, chèo thuyền nan vào thôn bị cô lập bảy lượt.",
        "Lượt thứ năm thuyền thủng, anh nhét áo mưa vào chỗ rò rồi chèo tiếp.",
        f"Anh là một trong 47 cá nhân được khen tại hội nghị do {holder} tổ chức ngày 19/11.",
        source="Gương sáng Lai Châu",
    )
    assert len(settle([report, portrait], PHRASES)) == stories


def test_an_article_that_only_mentions_the_campaign_joins_a_story_as_a_copy_alone() -> None:
    first = BY_URL["https://e10.example/tin-e10.html"].report
    report = BY_URL["https://e11.example/tin-e11.html"].report
    other = replace(report, match=Match(Label.MENTIONS, 1.0))
    assert len(settle([first, other], PHRASES)) == 2
    assert len(settle([report, other, republished(other, ["order"])], PHRASES)) == 1


def test_two_days_of_one_festival_are_one_story_and_two_years_are_two() -> None:
    urls = [f"https://u0{n}.example/tin-u0{n}.html" for n in (4, 5, 6)]
    assert len(settle([BY_URL[url].report for url in urls], PHRASES)) == 1
    later = BY_URL[urls[0]].report
    later = replace(later, article=replace(later.article, published=later.dated + timedelta(days=364)))
    assert len(settle([BY_URL[urls[1]].report, later], PHRASES)) == 2


def test_a_digest_of_several_texts_does_not_glue_their_stories_together() -> None:
    by_id = {told.id: told.report for told in BY_URL.values()}
    parts = [by_id["e21"], by_id["e15"]]
    body = tuple(p for part in parts for p in (part.article.lead, *part.article.body))
    whole = news(9, "Đọc báo giúp bạn", "", *body)
    assert len(settle([*parts, whole], PHRASES)) == 3


def told_in(story: int, report: Report) -> Report:
    return replace(report, story=story, edition=date(2026, 11, 19))


def test_what_was_told_stays_in_its_story_and_two_told_stories_stay_two() -> None:
    by_id = {told.id: told.report for told in BY_URL.values()}
    one, other, late = told_in(7, by_id["e01"]), told_in(9, by_id["e02"]), by_id["e03"]
    found = {
        story.story: {member.report.id for member in story.members} for story in settle([one, other, late], PHRASES)
    }
    assert set(found) == {7, 9}
    assert {one.id} <= found[7]
    assert {other.id} <= found[9]
    copies = [told_in(7, by_id["e01"]), told_in(9, republished(by_id["e01"], ["order"]))]
    assert {story.story for story in settle(copies, PHRASES)} == {7, 9}


def test_a_late_report_joins_the_story_that_was_told() -> None:
    by_id = {told.id: told.report for told in BY_URL.values()}
    (story,) = settle([told_in(7, by_id["e01"]), by_id["e02"]], PHRASES)
    assert story.story == 7


def test_stories_keep_their_numbers_and_one_that_falls_apart_gives_it_to_its_oldest_report() -> None:
    by_id = {told.id: told.report for told in BY_URL.values()}
    wrong = [replace(by_id["e01"], story=3), replace(by_id["e04"], story=3), replace(by_id["e02"], story=5)]
    assert {story.story: len(story.members) for story in settle(wrong, PHRASES)} == {3: 2, 0: 1}


some = st.lists(st.sampled_from(sorted(BY_URL)), min_size=1, max_size=14, unique=True)


@SEARCH
@given(some, st.randoms())
def test_the_order_of_arrival_changes_no_story(urls: list[str], dice: object) -> None:
    reports = [BY_URL[url].report for url in urls]
    settled = settle(reports, PHRASES)
    getattr(dice, "shuffle")(reports)  # noqa: B009 - Hypothesis hands out its own kind of dice
    assert settle(reports, PHRASES) == settled


@SEARCH
@given(some)
def test_every_report_stands_in_exactly_one_story_and_settling_again_changes_nothing(urls: list[str]) -> None:
    settled = settle([BY_URL[url].report for url in urls], PHRASES)
    assert sorted(member.report.article.url for story in settled for member in story.members) == sorted(urls)
    placed = [
        replace(member.report, story=number)
        for number, story in enumerate(settled, start=1)
        for member in story.members
    ]
    again = settle(placed, PHRASES)
    assert partition(again) == partition(settled)
    assert all({member.report.story for member in story.members} == {story.story} for story in again)


def copies_by_all_pairs(reports: list[Report]) -> set[frozenset[int]]:
    """Return the texts that stand several times, every pair being held against each other; none was told before."""
    alike = [pair for pair in combinations(reports, 2) if set(keys(pair[0].article)) & set(keys(pair[1].article))]
    alike = [pair for pair in alike if copies.is_copy(*pair)]
    near = {one.id: [b if a is one else a for a, b in alike if one in (a, b)] for one in reports}
    digests = {one.id for one in reports if copies.is_digest(one, near[one.id])}
    group = {one.id: frozenset([one.id]) for one in reports}
    for a, b in alike:
        if not {a.id, b.id} & digests:
            both = group[a.id] | group[b.id]
            group |= dict.fromkeys(both, both)
    return {one for one in group.values() if len(one) > 1}


@SEARCH
@given(some, st.lists(st.tuples(st.integers(0, 13), st.sampled_from(["cut 50 %", "words 15 %", "order"])), max_size=6))
def test_copies_are_those_that_holding_every_pair_against_each_other_finds(
    urls: list[str], printed: list[tuple[int, str]]
) -> None:
    reports = [BY_URL[url].report for url in urls]
    reports += [republished(reports[n % len(reports)], [change], seed) for seed, (n, change) in enumerate(printed)]
    whole = news(901, "Điểm lại", "", *(text for one in reports[:2] for text in one.article.body))
    numbered = [replace(one, id=number) for number, one in enumerate([*reports, whole], start=1)]
    found: dict[int, set[int]] = {}
    for member in (member for story in settle(numbered, PHRASES) for member in story.members):
        origin = member.near if member.relation is Relation.COPY and member.near else member.report
        found.setdefault(origin.id, {origin.id}).add(member.report.id)
    assert {frozenset(ids) for ids in found.values() if len(ids) > 1} == copies_by_all_pairs(numbered)


UNRELATED = news(
    900,
    "Chợ hoa xuân mở sớm ở làng nghề",
    "Từ sáng nay, 740 gian hàng của làng hoa đón khách.",
    "Chủ vườn Quách Tường Linh đưa ra giống lan rừng lai mất 16 năm gây dựng, giá mỗi chậu bằng một tạ thóc.",
)


@SEARCH
@given(some)
def test_an_unrelated_article_changes_no_story(urls: list[str]) -> None:
    reports = [BY_URL[url].report for url in urls]
    before, after = partition(settle(reports, PHRASES)), partition(settle([*reports, UNRELATED], PHRASES))
    assert after == before | {frozenset([UNRELATED.article.url])}


def test_a_week_of_one_event_does_not_swallow_the_week() -> None:
    reports = [one.report for one in ALL["invented"]]
    reports += [republished(one, ["words 5 %"], seed) for seed in range(6) for one in reports[:3]]
    stories = settle(reports, PHRASES)
    assert max(len(story.members) for story in stories) == 3 + 18
    assert len(stories) == len({one.story for one in ALL["invented"]})
