"""A real browser for tests: where it comes from, and how it is driven."""
