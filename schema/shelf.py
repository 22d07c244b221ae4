"""Pages of lists of one kind as a ground: a page is a row of it, and what is in a page are others.

A connection says the same of every page of a kind but for which rows it shows and where it was cut.
"""

from schema.ground import Ground, Kept


class Shelf(Kept):
    """Pages of lists of the rows of one ground."""

    type_name = "Connection"
    # A connection of areas has one type for each level: the field that holds it knows which.

    def __init__(self, items: Kept) -> None:
        self.items = items
        self.bound = items.bound
        self.name = ("pages", items.name)


class Edges(Ground):
    """The items of a page, each with its cursor."""

    type_name = "Edge"

    def __init__(self, shelf: Shelf) -> None:
        self.items = shelf.items


class PageInfos(Ground):
    """Where pages stand in their lists."""

    type_name = "PageInfo"
