"""A site looked at without keeping anything: what it offers, what its first articles look like.

`check` visits a source of the configuration, `survey` an address that may become one. Both fetch
politely through the same door as a poll, and write nothing.
"""

from monitor.survey.check import Check, check
from monitor.survey.sample import Sample
from monitor.survey.site import Survey, survey

__all__ = ["Check", "Sample", "Survey", "check", "survey"]
