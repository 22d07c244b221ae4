"""OGC API Features over the snapshot: collections of areas and of focus areas, and their items."""
