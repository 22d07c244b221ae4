"""Data: the way in (ingest), the store (Postgres) and the way out (snapshot)."""
