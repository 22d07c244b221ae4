"""The GraphQL language of the domain."""
