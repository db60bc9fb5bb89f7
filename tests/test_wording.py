from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.models import Article
from monitor.wording import Change, Wording, changed, compare, replaced
from tests.judge import SEARCH

VERSES = st.lists(st.sampled_from(["46", "64", "tập thể,", "cá nhân", "được", "khen"]), max_size=12).map(" ".join)
ARTICLE = Article(
    "https://bao.example/a-1.html", "46 tấm gương", "Sáng nay.", ("Đoạn một.", "Có 46 người được khen.", "Đoạn ba.")
)


def test_a_figure_put_right_is_shown_with_the_one_before_it() -> None:
    runs = compare("Tỉnh khen 46 tấm gương", "Tỉnh khen 64 tấm gương")
    assert runs == (
        Wording(Change.SAME, "Tỉnh khen"),
        Wording(Change.REMOVED, "46"),
        Wording(Change.ADDED, "64"),
        Wording(Change.SAME, "tấm gương"),
    )
    assert list(replaced(runs)) == [("46", "64")]
    assert list(replaced(compare("a b", "a x b y"))) == [("", "x"), ("", "y")]
    assert list(replaced(compare("a b c", "c"))) == [("a b", "")]


def test_only_the_parts_of_an_article_that_changed_are_compared() -> None:
    after = replace(ARTICLE, title="64 tấm gương", body=("Đoạn một.", "Có 64 người được khen.", "Đoạn ba."))
    found = changed(ARTICLE, after)
    assert set(found) == {"title", "body"}
    assert list(replaced(found["body"])) == [("46", "64")]
    assert found["body"][0].text == "Có"
    assert changed(ARTICLE, ARTICLE) == {}
    assert changed(ARTICLE, replace(ARTICLE, lead="Sáng  nay. ")) == {}


@SEARCH
@given(VERSES, VERSES)
def test_the_runs_give_both_versions_again(before: str, after: str) -> None:
    runs = compare(before, after)
    assert " ".join(run.text for run in runs if run.change is not Change.ADDED) == before
    assert " ".join(run.text for run in runs if run.change is not Change.REMOVED) == after
    old, new = (
        (" ".join(" ".join(texts).split()) for texts in zip(*replaced(runs), strict=True))
        if before != after
        else ("", "")
    )
    assert old == " ".join(run.text for run in runs if run.change is Change.REMOVED)
    assert new == " ".join(run.text for run in runs if run.change is Change.ADDED)
