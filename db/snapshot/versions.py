"""Which version of each thing a publication has, as its head tells it."""

from db.core.block import SeriesKey
from db.repository.head import Head
from db.snapshot.keys import Key, LinksKey, Version


class Versions:
    """Of one publication; what its head does not tell apart has the version of the whole."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._number = head.publication.number
        self._linked = {
            LinksKey(level, each.pair.old, each.pair.new): each.version
            for level, pairs in head.linked.items()
            for each in pairs
        }
        self._published = {each.number: each.published_at for each in head.publications}

    def of(self, key: Key) -> Version | None:
        """The version of what `key` names; None where this publication has no such thing."""
        head = self._head
        if isinstance(key, SeriesKey):
            if key not in head.series:
                return None
            number = head.block_versions.get(key, self._number)
        elif isinstance(key, LinksKey):
            if key not in self._linked:
                return None
            number = self._linked[key]
        else:
            if key.vintage not in head.vintages.get(key.level, ()):
                return None
            number = head.area_versions.get((key.level, key.vintage), self._number)
        return Version(number, self._published[number])
