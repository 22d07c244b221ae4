"""One publication in memory: immutable, loaded on demand, bounded in bytes."""
