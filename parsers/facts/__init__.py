"""What a report says of itself: title, publisher, year, period, day of publication, numbers, contacts, scope."""

from parsers.facts.contacts import without_contacts
from parsers.facts.summary import Facts, read

__all__ = ["Facts", "read", "without_contacts"]
