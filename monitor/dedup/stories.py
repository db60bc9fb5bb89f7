"""Reports → stories: copies first, then events, the likest first; what was told stays where it is.

One rule serves an article that comes in, held against its neighbours, and the whole open day when
its edition closes. Two stories join when their reports are alike *on average*, their likest pair
counting more: with centroids or single links a big story swells and swallows others. What is as high
as JOIN has a pair as high, so a report that is less like every other one changes no story.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace

from monitor.dedup import copies, events, reasons, texts
from monitor.dedup.facts import Facts, Phrases, facts
from monitor.dedup.grouping import Pair, agglomerate, joined, sharing
from monitor.models import Label, Relation, Report

Links = dict[Pair, events.Affinity]
_CROWD = 100  # texts with one run of words; on a day of thousands, those of the campaign's own name


@dataclass(frozen=True, slots=True)
class Member:
    """A report in its story: why it stands there, and which other report it republishes or is next to."""

    report: Report
    relation: Relation = Relation.ORIGIN
    near: Report | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A story's reports, its origin first; `story` is its number, 0 when it is to be founded."""

    story: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    """One text and its copies; `face` is the fullest of them, by which its event is known.

    Where it names no province, that of the origin's paper is the likelier one.
    """

    reports: tuple[Report, ...]
    origin: Report
    face: Report
    facts: Facts | None

    @property
    def told(self) -> int:
        """The number of the story in which an edition told it; 0: none did."""
        return next((report.story for report in self.reports if report.edition), 0)


def settle(reports: Iterable[Report], phrases: Phrases) -> list[Gathered]:
    """Put reports (no two of one address) into stories; the order in which they come changes nothing.

    Only `campaign` reports tell events; others join a story only as copies. `phrases` are the
    campaign's, which every report has. Two stories that were told stay two.
    """
    ordered = sorted(reports, key=_place)
    units = [_unit(group, phrases) for group in _copied(ordered)]
    links = _links(units)
    stories = _linked(units, links)
    numbers = _numbers([[report for place in story for report in units[place].reports] for story in stories])
    return [Gathered(number, _members(story, units, links)) for number, story in zip(numbers, stories, strict=True)]


def _place(report: Report) -> tuple[Hashable, ...]:
    return report.dated, report.article.url, report.id


def _copied(reports: list[Report]) -> list[list[Report]]:
    """Group reports of one text; a text that holds several others whole is a digest of them, no copy."""

    def alike(pair: Pair) -> bool:
        return copies.is_copy(reports[pair[0]], reports[pair[1]])

    pairs = sharing([texts.keys(report.article) for report in reports], _CROWD)
    sizes = [len(texts.letters(report.article)) for report in reports]
    uneven = {(a, b): alike((a, b)) for a, b in pairs if copies.may_hold(sizes[a], sizes[b])}
    near: defaultdict[int, set[int]] = defaultdict(set)
    for a, b in (pair for pair, holds in uneven.items() if holds):
        near[a].add(b)
        near[b].add(a)
    digests = {
        place for place, others in near.items() if copies.is_digest(reports[place], [reports[o] for o in others])
    }
    told = [report.story if report.edition else 0 for report in reports]
    whole = (pair for pair in pairs if not digests & set(pair))
    groups = joined(told, whole, lambda pair: uneven[pair] if pair in uneven else alike(pair))
    return [[reports[i] for i in group] for group in groups]


def _unit(group: list[Report], phrases: Phrases) -> _Unit:
    telling = [report for report in group if report.match.label is Label.CAMPAIGN]
    face = max(telling or group, key=lambda report: len(texts.letters(report.article)))
    origin = copies.origin(group)
    told = replace(face, source=origin.source, source_province=origin.source_province)
    return _Unit(tuple(group), origin, face, facts(told, phrases) if telling else None)


def _links(units: list[_Unit]) -> Links:
    """Return how much speaks for one event in two texts, for those pairs that have a clue in common."""
    clued = sharing([events.clues(unit.facts) if unit.facts else () for unit in units])
    links = {pair: _affinity(units[pair[0]], units[pair[1]]) for pair in clued}
    for a, b in sharing([texts.keys(unit.face.article) if unit.facts else () for unit in units], _CROWD):
        if share := copies.told_on(units[a].face, units[b].face):
            links[a, b] = events.told_on(links.get((a, b)), share)
    return links


def _affinity(one: _Unit, other: _Unit) -> events.Affinity:
    """Hold two texts against each other; those published too far apart, and round-ups, have no affinity."""
    if one.facts is None or other.facts is None or one.facts.round_up or other.facts.round_up:
        return events.NONE
    gap = max(min(r.dated for r in one.reports) - max(r.dated for r in other.reports),
              min(r.dated for r in other.reports) - max(r.dated for r in one.reports))  # fmt: skip
    if gap > events.WINDOW:
        return events.NONE
    return events.affinity(one.facts, other.facts, one_outlet=copies.same_outlet(one.face, other.face))


def _linked(units: list[_Unit], links: Links) -> list[list[int]]:
    """Join texts, the likest first, within what a strong pair connects; returns stories as places of units."""
    told, first = {i for i, unit in enumerate(units) if unit.told}, dict[int, int]()
    frozen = [(first.setdefault(unit.told, i), i) for i, unit in enumerate(units) if unit.told]
    strong = [pair for pair, link in links.items() if link.score >= events.JOIN]
    connected = joined([0] * len(units), [*frozen, *sorted(strong)])

    def asked(one: list[int], other: list[int]) -> float:
        both = [not told.isdisjoint(story) for story in (one, other)]
        return math.inf if all(both) else events.asked(len(one) + len(other), told=any(both))

    def alike(one: int, other: int) -> float:
        return _link(units, links, one, other).score

    return [story for group in connected for story in agglomerate(_joined_told(sorted(group), units), alike, asked)]


def _link(units: list[_Unit], links: Links, one: int, other: int) -> events.Affinity:
    """Return what speaks for one event in two texts, looked at once."""
    pair = min(one, other), max(one, other)
    if pair not in links:
        links[pair] = _affinity(units[pair[0]], units[pair[1]])
    return links[pair]


def _joined_told(group: list[int], units: list[_Unit]) -> list[list[int]]:
    """Return what stands together before anything is joined: the texts of each story that was told."""
    stories: dict[Hashable, list[int]] = defaultdict(list)
    for place in group:
        stories[units[place].told or ("untold", place)].append(place)
    return sorted(stories.values())


def _numbers(stories: list[list[Report]]) -> list[int]:
    """Return a number for each story: its own if it was told, else the oldest that is left of its reports'."""
    numbers = [next((report.story for report in story if report.edition), 0) for story in stories]
    taken = set(numbers) - {0}
    wishes = sorted((report.story, report.id, i) for i, story in enumerate(stories) for report in story if report.story)
    for number, _, i in wishes:
        if not numbers[i] and number not in taken:
            numbers[i] = number
            taken.add(number)
    return numbers


def _members(story: list[int], units: list[_Unit], links: Links) -> tuple[Member, ...]:
    """Say of each report why it stands in its story: each text by the one most like it, each copy by its origin."""
    members: list[Member] = []
    before: list[int] = []
    for place in sorted(story, key=lambda place: _place(units[place].origin)):
        unit = units[place]
        near = max(before, key=lambda other: _link(units, links, place, other).score, default=None)
        if near is None:
            members.append(Member(unit.origin))
        else:
            because = reasons.of_report(units[near].origin, _link(units, links, place, near))
            members.append(Member(unit.origin, Relation.REPORT, units[near].origin, because))
        members += [
            Member(report, Relation.COPY, unit.origin, reasons.of_copy(report, unit.origin))
            for report in unit.reports
            if report is not unit.origin
        ]
        before.append(place)
    return tuple(members)
