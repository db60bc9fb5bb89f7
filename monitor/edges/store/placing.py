"""Where articles stand: put into their stories, which are founded and removed with them."""

from collections.abc import Iterable
from datetime import datetime

from monitor.edges.store.database import Transaction, stamp
from monitor.models import Placement


class Places:
    """Placements being carried out within one transaction."""

    def __init__(self, db: Transaction, now: datetime) -> None:
        self._db, self._now = db, now
        self._founded: dict[int, int] = {}

    def story(self, place: Placement) -> int:
        """Return the number of a placement's story, founding it when it is negative."""
        if place.story > 0:
            return place.story
        if place.story not in self._founded:
            self._founded[place.story] = _found_story(self._db, self._now)
        return self._founded[place.story]

    def carry_out(self, places: Iterable[Placement], new: int = 0) -> None:
        """Put articles into their stories; `new` is the id of the one that is placed as 0.

        What was told stays in its story, though it may turn out to be a copy; what joins a story
        that was told is told with it. Stories left empty are removed.
        """
        left = set()
        for place in places:
            number, story = place.article or new, self.story(place)
            left.add(self._db.execute("SELECT story_id FROM article WHERE id = ?", (number,)).fetchone()["story_id"])
            self._db.execute(
                "UPDATE article SET copy_of = :copy_of, relation = :relation, because = :because,"
                " story_id = CASE WHEN edition IS NULL THEN :story ELSE story_id END,"
                " edition = coalesce(edition, (SELECT max(edition) FROM article WHERE story_id = :story))"
                " WHERE id = :id",
                {"id": number, "story": story, "copy_of": new if place.copy_of == 0 else place.copy_of,
                 "relation": place.relation, "because": place.because},
            )  # fmt: skip
        self._db.executemany(
            "DELETE FROM story WHERE id = ? AND NOT EXISTS (SELECT 1 FROM article WHERE story_id = story.id)",
            [(story,) for story in left],
        )


def _found_story(db: Transaction, now: datetime) -> int:
    return int(db.execute("INSERT INTO story (begun_at) VALUES (?) RETURNING id", (stamp(now),)).fetchone()["id"])
