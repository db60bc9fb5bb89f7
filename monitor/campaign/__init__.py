"""Article → Match: is it about the campaign, and why."""

from monitor.campaign.decide import decide, judge
from monitor.campaign.documents import document
from monitor.campaign.vocabulary import Vocabulary, builtin, vocabulary

__all__ = ["Vocabulary", "builtin", "decide", "document", "judge", "vocabulary"]
