"""Two executors, one answer: what is asked of graphql-core is asked of ours, and compared."""
