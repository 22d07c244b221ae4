"""Filters in CQL2 (OGC 21-065r2): read, checked and worked out over columns, never as SQL."""
